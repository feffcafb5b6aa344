"""Tables called and built as ERPNext's are: spaces in names, text keys called "name", whole numbers for a document's state."""

# ruff: noqa: E501 - a table a line reads best
from tests.init.schemas.filling import day, lines, price, put, stamp, total

COMMON = "name VARCHAR(140) PRIMARY KEY, creation DATETIME, modified DATETIME, modified_by VARCHAR(140), owner VARCHAR(140), docstatus INTEGER NOT NULL DEFAULT 0, idx INTEGER"
CHILD = COMMON + ", parent VARCHAR(140), parentfield VARCHAR(140), parenttype VARCHAR(140)"
DDL = f"""
CREATE TABLE "tabCompany" ({COMMON}, company_name VARCHAR(140), abbr VARCHAR(140), default_currency VARCHAR(140));
CREATE TABLE "tabUser" ({COMMON}, enabled INTEGER, email VARCHAR(140), username VARCHAR(140), full_name VARCHAR(140), user_type VARCHAR(140));
CREATE TABLE "tabCustomer" ({COMMON}, customer_name VARCHAR(140), customer_type VARCHAR(140), customer_group VARCHAR(140), disabled INTEGER);
CREATE TABLE "tabCustomer Group" ({COMMON}, customer_group_name VARCHAR(140));
CREATE TABLE "tabItem" ({COMMON}, item_code VARCHAR(140), item_name VARCHAR(140), item_group VARCHAR(140), disabled INTEGER, standard_rate DECIMAL(21,9));
CREATE TABLE "tabItem Price" ({COMMON}, item_code VARCHAR(140), price_list VARCHAR(140), price_list_rate DECIMAL(21,9));
CREATE TABLE "tabSales Order" ({COMMON}, customer VARCHAR(140), customer_name VARCHAR(140), company VARCHAR(140), transaction_date DATE, delivery_date DATE, total_qty DECIMAL(21,9), total DECIMAL(21,9), net_total DECIMAL(21,9), grand_total DECIMAL(21,9), status VARCHAR(140));
CREATE TABLE "tabSales Order Item" ({CHILD}, item_code VARCHAR(140), item_name VARCHAR(140), qty DECIMAL(21,9), rate DECIMAL(21,9), amount DECIMAL(21,9), discount_percentage DECIMAL(21,9));
CREATE TABLE "tabPurchase Order" ({COMMON}, supplier VARCHAR(140), company VARCHAR(140), transaction_date DATE, grand_total DECIMAL(21,9), status VARCHAR(140));
CREATE TABLE "tabSupplier" ({COMMON}, supplier_name VARCHAR(140));
CREATE TABLE "tabPayment Entry" ({COMMON}, payment_type VARCHAR(140), posting_date DATE, company VARCHAR(140), mode_of_payment VARCHAR(140), party VARCHAR(140), paid_amount DECIMAL(21,9));
CREATE TABLE "tabGL Entry" ({COMMON}, posting_date DATE, account VARCHAR(140), debit DECIMAL(21,9), credit DECIMAL(21,9), voucher_type VARCHAR(140), voucher_no VARCHAR(140), company VARCHAR(140), is_cancelled INTEGER);
CREATE TABLE "tabWork Order" ({COMMON}, production_item VARCHAR(140), company VARCHAR(140), sales_order VARCHAR(140), qty DECIMAL(21,9), status VARCHAR(140), planned_end_date DATETIME, actual_end_date DATETIME, planned_operating_cost DECIMAL(21,9));
CREATE TABLE "tabWork Order Operation" ({CHILD}, operation VARCHAR(140), status VARCHAR(140), workstation VARCHAR(140), sequence_id INTEGER, actual_start_time DATETIME, actual_end_time DATETIME);
CREATE TABLE "tabActivity Log" ({COMMON}, subject TEXT, operation VARCHAR(140), status VARCHAR(140), user VARCHAR(140), ip_address VARCHAR(140), reference_doctype VARCHAR(140), reference_name VARCHAR(140), communication_date DATETIME);
CREATE TABLE "tabSessions" (user VARCHAR(140), sid VARCHAR(140), sessiondata TEXT, ipaddress VARCHAR(16), lastupdate DATETIME, status VARCHAR(20));
CREATE TABLE "tabIssue" ({COMMON}, subject VARCHAR(140), raised_by VARCHAR(140), status VARCHAR(140), priority VARCHAR(140), issue_type VARCHAR(140), company VARCHAR(140), opening_date DATE, response_by DATETIME, resolution_by DATETIME, first_responded_on DATETIME, resolution_date DATETIME);
CREATE TABLE "tabScheduled Job Log" ({COMMON}, scheduled_job_type VARCHAR(140), status VARCHAR(140), details TEXT);
"""


def common(name, number):
    return {"name": name, "creation": stamp(number), "modified": stamp(number), "owner": f"u{1 + number % 3}@example.com",
            "modified_by": f"u{1 + number % 3}@example.com", "docstatus": 1}  # fmt: skip


def build(connection):
    connection.executescript(DDL)
    put(
        connection,
        "tabCompany",
        ({**common(f"Branch {n}", n), "company_name": f"Branch {n}", "abbr": f"B{n}"} for n in (1, 2)),
    )
    put(
        connection,
        "tabUser",
        (
            {
                **common(f"u{n}@example.com", n),
                "enabled": 1 if n else 0,
                "email": f"u{n}@example.com",
                "username": f"u{n}",
                "full_name": f"User {n}",
            }
            for n in range(1, 4)
        ),
    )
    put(
        connection,
        "tabCustomer",
        (
            {
                **common(f"CUST-{n}", n),
                "customer_name": f"Inn {n}",
                "customer_type": "Company",
                "customer_group": "All",
                "disabled": 0,
            }
            for n in range(1, 9)
        ),
    )
    put(
        connection,
        "tabItem",
        (
            {
                **common(f"ITEM-{n}", n),
                "item_code": f"ITEM-{n}",
                "item_name": f"Chair {n}",
                "item_group": "Chairs",
                "disabled": 0,
                "standard_rate": price(n),
            }
            for n in range(1, 20)
        ),
    )
    put(
        connection,
        "tabSales Order",
        ({**common(f"SO-{n}", n), "customer": f"CUST-{1 + n % 8}", "customer_name": f"Inn {1 + n % 8}", "company": f"Branch {1 + n % 2}",
          "transaction_date": day(n), "total_qty": sum(q for q, _ in lines(n)), "total": total(n), "net_total": total(n),
          "grand_total": round(total(n) * 1.1, 2), "status": ("Draft", "To Deliver and Bill", "Completed", "Cancelled", "Closed")[n % 5]}
         for n in range(1, 60)),
    )  # fmt: skip
    put(
        connection,
        "tabSales Order Item",
        ({**common(f"row{n}-{at}", n), "parent": f"SO-{n}", "parentfield": "items", "parenttype": "Sales Order",
          "item_code": f"ITEM-{1 + (n + at) % 19}", "item_name": "Chair", "qty": q, "rate": p, "amount": round(q * p, 2)}
         for n in range(1, 60) for at, (q, p) in enumerate(lines(n))),
    )  # fmt: skip
    put(
        connection,
        "tabPayment Entry",
        (
            {
                **common(f"PAY-{n}", n),
                "payment_type": "Receive",
                "posting_date": day(n),
                "company": "Branch 1",
                "mode_of_payment": "Cash",
                "paid_amount": total(n),
            }
            for n in range(1, 30)
        ),
    )
    put(
        connection,
        "tabGL Entry",
        (
            {
                **common(f"gl{n}{s}", n),
                "posting_date": day(n),
                "account": f"A{s}",
                "debit": total(n) * s,
                "credit": total(n) * (1 - s),
                "voucher_no": f"PAY-{n}",
                "company": "Branch 1",
                "is_cancelled": 0,
            }
            for n in range(1, 30)
            for s in (0, 1)
        ),
    )
    put(
        connection,
        "tabWork Order",
        ({**common(f"WO-{n}", n), "production_item": f"ITEM-{1 + n % 19}", "company": f"Branch {1 + n % 2}", "sales_order": f"SO-{n}",
          "qty": 1, "status": ("Not Started", "In Process", "Completed", "Cancelled")[n % 4], "planned_end_date": stamp(n + 9),
          "actual_end_date": stamp(n + 8)} for n in range(1, 30)),
    )  # fmt: skip
    put(
        connection,
        "tabWork Order Operation",
        ({**common(f"op{n}{s}", n), "parent": f"WO-{n}", "operation": f"Saw {s}", "status": ("Pending", "Work in Progress", "Completed")[n % 3],
          "sequence_id": s, "actual_start_time": stamp(n), "actual_end_time": stamp(n + 1)} for n in range(1, 30) for s in (1, 2)),
    )  # fmt: skip
    put(
        connection,
        "tabActivity Log",
        (
            {
                **common(f"log{n}", n),
                "subject": "logged in",
                "operation": "Login",
                "status": "Success",
                "user": "u1@example.com",
                "ip_address": "10.0.0.1",
            }
            for n in range(1, 20)
        ),
    )
    put(
        connection,
        "tabSessions",
        (
            {
                "user": "u1@example.com",
                "sid": f"s{n}",
                "ipaddress": "10.0.0.1",
                "lastupdate": stamp(n),
                "status": "Active",
            }
            for n in range(1, 9)
        ),
    )
    put(
        connection,
        "tabIssue",
        (
            {
                **common(f"ISS-{n}", n),
                "subject": f"Help {n}",
                "raised_by": "u1@example.com",
                "status": ("Open", "Replied", "Closed")[n % 3],
                "priority": "High",
                "opening_date": day(n),
            }
            for n in range(1, 20)
        ),
    )
