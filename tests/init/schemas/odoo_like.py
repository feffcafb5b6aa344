"""Tables called and built as Odoo's are: a party model, states as text, a document's sums stored with and without tax."""

# ruff: noqa: E501 - a table a line reads best
from tests.init.schemas.filling import day, lines, price, put, stamp, total

DDL = """
CREATE TABLE res_company (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, partner_id INTEGER, currency_id INTEGER, create_uid INTEGER, create_date TIMESTAMP, write_uid INTEGER, write_date TIMESTAMP);
CREATE TABLE res_partner (id INTEGER PRIMARY KEY, name VARCHAR, company_id INTEGER REFERENCES res_company(id), ref VARCHAR, email VARCHAR, phone VARCHAR, active BOOLEAN, is_company BOOLEAN, parent_id INTEGER, create_uid INTEGER, create_date TIMESTAMP, write_uid INTEGER, write_date TIMESTAMP);
CREATE TABLE res_users (id INTEGER PRIMARY KEY, active BOOLEAN, login VARCHAR NOT NULL, password VARCHAR, company_id INTEGER NOT NULL REFERENCES res_company(id), partner_id INTEGER NOT NULL REFERENCES res_partner(id), signature TEXT, create_uid INTEGER, create_date TIMESTAMP, write_uid INTEGER, write_date TIMESTAMP);
CREATE TABLE res_company_users_rel (cid INTEGER NOT NULL REFERENCES res_company(id), user_id INTEGER NOT NULL REFERENCES res_users(id), PRIMARY KEY (cid, user_id));
CREATE TABLE product_template (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, list_price NUMERIC, type VARCHAR, active BOOLEAN, categ_id INTEGER, create_uid INTEGER, create_date TIMESTAMP);
CREATE TABLE product_product (id INTEGER PRIMARY KEY, default_code VARCHAR, active BOOLEAN, product_tmpl_id INTEGER NOT NULL REFERENCES product_template(id), barcode VARCHAR, create_uid INTEGER, create_date TIMESTAMP);
CREATE TABLE sale_order (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, state VARCHAR, date_order TIMESTAMP NOT NULL, partner_id INTEGER NOT NULL REFERENCES res_partner(id), company_id INTEGER NOT NULL REFERENCES res_company(id), user_id INTEGER REFERENCES res_users(id), client_order_ref VARCHAR, amount_untaxed NUMERIC, amount_tax NUMERIC, amount_total NUMERIC, invoice_status VARCHAR, note TEXT, create_uid INTEGER REFERENCES res_users(id), create_date TIMESTAMP, write_uid INTEGER, write_date TIMESTAMP);
CREATE TABLE sale_order_line (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES sale_order(id), name TEXT, sequence INTEGER, product_id INTEGER REFERENCES product_product(id), product_uom_qty NUMERIC, price_unit NUMERIC, discount NUMERIC, price_subtotal NUMERIC, price_tax DOUBLE, price_total NUMERIC, state VARCHAR, company_id INTEGER, create_uid INTEGER, create_date TIMESTAMP);
CREATE TABLE purchase_order (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, state VARCHAR, date_order TIMESTAMP, partner_id INTEGER REFERENCES res_partner(id), company_id INTEGER REFERENCES res_company(id), amount_total NUMERIC, create_date TIMESTAMP);
CREATE TABLE purchase_order_line (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES purchase_order(id), product_id INTEGER, product_qty NUMERIC, price_unit NUMERIC, price_subtotal NUMERIC);
CREATE TABLE account_journal (id INTEGER PRIMARY KEY, name VARCHAR, type VARCHAR, code VARCHAR);
CREATE TABLE account_account (id INTEGER PRIMARY KEY, name VARCHAR, code VARCHAR, account_type VARCHAR);
CREATE TABLE account_move (id INTEGER PRIMARY KEY, name VARCHAR, date DATE, state VARCHAR, move_type VARCHAR, partner_id INTEGER REFERENCES res_partner(id), company_id INTEGER REFERENCES res_company(id), journal_id INTEGER REFERENCES account_journal(id), amount_total NUMERIC, create_date TIMESTAMP);
CREATE TABLE account_move_line (id INTEGER PRIMARY KEY, move_id INTEGER NOT NULL REFERENCES account_move(id), date DATE, account_id INTEGER REFERENCES account_account(id), company_id INTEGER REFERENCES res_company(id), debit NUMERIC, credit NUMERIC, balance NUMERIC, quantity NUMERIC, price_unit NUMERIC, product_id INTEGER, create_date TIMESTAMP);
CREATE TABLE account_payment (id INTEGER PRIMARY KEY, amount NUMERIC, payment_type VARCHAR, partner_id INTEGER, payment_method_id INTEGER, date DATE, state VARCHAR, create_uid INTEGER REFERENCES res_users(id), create_date TIMESTAMP);
CREATE TABLE mrp_production (id INTEGER PRIMARY KEY, name VARCHAR, product_id INTEGER REFERENCES product_product(id), product_qty NUMERIC, state VARCHAR, origin VARCHAR, company_id INTEGER REFERENCES res_company(id), user_id INTEGER, date_start TIMESTAMP, date_finished TIMESTAMP, date_deadline TIMESTAMP, create_uid INTEGER, create_date TIMESTAMP);
CREATE TABLE mrp_workcenter (id INTEGER PRIMARY KEY, name VARCHAR, costs_hour NUMERIC);
CREATE TABLE mrp_workorder (id INTEGER PRIMARY KEY, name VARCHAR, production_id INTEGER NOT NULL REFERENCES mrp_production(id), workcenter_id INTEGER REFERENCES mrp_workcenter(id), state VARCHAR, sequence INTEGER, date_start TIMESTAMP, date_finished TIMESTAMP, duration NUMERIC, create_uid INTEGER, create_date TIMESTAMP, write_uid INTEGER REFERENCES res_users(id), write_date TIMESTAMP);
CREATE TABLE res_users_log (id INTEGER PRIMARY KEY, create_uid INTEGER REFERENCES res_users(id), create_date TIMESTAMP);
CREATE TABLE mail_message (id INTEGER PRIMARY KEY, model VARCHAR, res_id INTEGER, body TEXT, author_id INTEGER, date TIMESTAMP, create_uid INTEGER);
CREATE TABLE ir_cron (id INTEGER PRIMARY KEY, cron_name VARCHAR, active BOOLEAN, nextcall TIMESTAMP);
CREATE TABLE helpdesk_ticket (id INTEGER PRIMARY KEY, name VARCHAR, priority VARCHAR, company_id INTEGER REFERENCES res_company(id), user_id INTEGER, close_date TIMESTAMP, create_uid INTEGER REFERENCES res_users(id), create_date TIMESTAMP);
"""

STATES = ("draft", "sent", "sale", "sale", "sale", "cancel")


def build(connection):
    connection.executescript(DDL)
    put(connection, "res_company", ({"id": n, "name": f"Company {n}", "create_date": stamp(n)} for n in (1, 2)))
    put(
        connection,
        "res_partner",
        ({"id": n, "name": f"Party {n}", "ref": f"R{n}", "active": 1, "create_date": stamp(n)} for n in range(1, 20)),
    )
    put(
        connection,
        "res_users",
        (
            {"id": n, "active": 1, "login": f"u{n}", "company_id": 1 + n % 2, "partner_id": n, "create_date": stamp(n)}
            for n in range(1, 5)
        ),
    )
    put(connection, "res_company_users_rel", ({"cid": 1 + n % 2, "user_id": n} for n in range(1, 5)))
    put(
        connection,
        "product_template",
        ({"id": n, "name": f"Desk {n}", "list_price": price(n), "type": "consu", "active": 1} for n in range(1, 15)),
    )
    put(
        connection,
        "product_product",
        ({"id": n, "default_code": f"D{n}", "active": 1, "product_tmpl_id": n} for n in range(1, 15)),
    )
    put(
        connection,
        "sale_order",
        ({"id": n, "name": f"S{n:05}", "state": STATES[n % 6], "date_order": stamp(n), "partner_id": 1 + n % 19,
          "company_id": 1 + n % 2, "user_id": 1 + n % 4, "amount_untaxed": total(n), "amount_tax": round(total(n) * 0.2, 2),
          "amount_total": round(total(n) * 1.2, 2), "create_uid": 1 + n % 3, "create_date": stamp(n), "write_uid": 1,
          "write_date": stamp(n)} for n in range(1, 60)),
    )  # fmt: skip
    put(
        connection,
        "sale_order_line",
        ({"order_id": n, "name": "Desk", "sequence": 10, "product_id": 1 + (n + at) % 14, "product_uom_qty": q, "price_unit": p,
          "discount": 0, "price_subtotal": round(q * p, 2), "price_tax": round(q * p * 0.2, 2), "price_total": q * p * 1.2,
          "state": "sale", "company_id": 1 + n % 2} for n in range(1, 60) for at, (q, p) in enumerate(lines(n))),
    )  # fmt: skip
    put(
        connection,
        "account_account",
        ({"id": n, "name": f"Account {n}", "code": f"{n}00", "account_type": "income"} for n in range(1, 60)),
    )
    put(
        connection,
        "account_move",
        (
            {"id": n, "name": f"INV/{n}", "date": day(n), "state": "posted", "company_id": 1, "amount_total": total(n)}
            for n in range(1, 40)
        ),
    )
    put(
        connection,
        "account_move_line",
        ({"move_id": n, "date": day(n), "account_id": n, "company_id": 1, "debit": d, "credit": c}
         for n in range(1, 40) for d, c in ((total(n), 0), (0, total(n)))),
    )  # fmt: skip
    put(
        connection,
        "account_payment",
        (
            {
                "amount": total(n),
                "payment_type": "inbound",
                "payment_method_id": 1,
                "date": day(n),
                "create_uid": 1,
                "create_date": stamp(n),
            }
            for n in range(1, 40)
        ),
    )
    put(
        connection,
        "mrp_production",
        ({"id": n, "name": f"MO{n}", "product_id": 1 + n % 14, "state": ("draft", "confirmed", "progress", "done", "cancel")[n % 5],
          "origin": f"S{n:05}", "company_id": 1 + n % 2, "date_start": stamp(n), "date_finished": stamp(n + 9),
          "date_deadline": stamp(n + 20), "create_uid": 1, "create_date": stamp(n)} for n in range(1, 30)),
    )  # fmt: skip
    put(connection, "mrp_workcenter", [{"id": 1, "name": "Saw", "costs_hour": 30}])
    put(
        connection,
        "mrp_workorder",
        ({"name": f"Step {s}", "production_id": n, "workcenter_id": 1, "state": ("pending", "ready", "progress", "done")[n % 4],
          "sequence": s, "date_start": stamp(n), "date_finished": stamp(n + s), "write_uid": 1, "write_date": stamp(n)}
         for n in range(1, 30) for s in (1, 2)),
    )  # fmt: skip
    put(
        connection,
        "helpdesk_ticket",
        (
            {
                "id": n,
                "name": f"Help {n}",
                "priority": str(n % 4),
                "company_id": 1,
                "create_uid": 1,
                "create_date": stamp(n),
            }
            for n in range(1, 9)
        ),
    )
