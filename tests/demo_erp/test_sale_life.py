"""A sale from its draft to its end, and the books beside it."""

from decimal import Decimal

import pytest

from tests.demo_erp.shop import Shop

LEDGER = """SELECT a.code, sum(e.debit) - sum(e.credit) FROM ledger_entries e
    JOIN ledger_postings p ON p.id = e.posting_id JOIN ledger_accounts a ON a.id = e.account_id
    WHERE p.sale_id = ? GROUP BY a.code HAVING sum(e.debit) <> sum(e.credit)"""
UNBALANCED = """SELECT posting_id FROM ledger_entries e JOIN ledger_postings p ON p.id = e.posting_id
    WHERE p.sale_id = ? GROUP BY posting_id HAVING abs(sum(debit) - sum(credit)) > 0.001"""


@pytest.fixture
def seller(shop):
    return shop.api("check.har.sales")


def ledger(shop: Shop, sale_id: int) -> dict[str, str]:
    return {code: f"{balance:.2f}" for code, balance in shop.rows(LEDGER, sale_id)}


def pay(seller, sale, *payments):
    given = [{"method": method, "amount": amount} for method, amount in payments]
    return seller.post(f"/sales/{sale['id']}/finalise", json={"payments": given})


def test_a_draft_has_no_number_and_is_not_in_the_books(shop, seller):
    sale = shop.draft(seller, "HAR")
    assert (sale["state"], sale["number"]) == ("draft", None)
    assert ledger(shop, sale["id"]) == {}


def test_an_amount_is_quantity_times_price_less_discount_rounded_half_up(shop, seller):
    sale = shop.draft(seller, "HAR")
    product_id, price = shop.a_product()
    line = {"product_id": product_id, "quantity": "2.50", "discount_percent": "7.5"}
    changed = seller.post(f"/sales/{sale['id']}/lines", json=line).json()
    exact = Decimal("2.50") * Decimal(price) * Decimal("0.925")
    assert changed["lines"][1]["amount"] == str(exact.quantize(Decimal("0.01"), "ROUND_HALF_UP"))
    assert Decimal(changed["total"]) == sum(Decimal(line["amount"]) for line in changed["lines"])


def test_a_line_taken_out_is_taken_off_the_total(shop, seller):
    sale = shop.draft(seller, "HAR")
    product_id, price = shop.a_product()
    changed = seller.post(f"/sales/{sale['id']}/lines", json={"product_id": product_id}).json()
    left = seller.delete(f"/sales/{sale['id']}/lines/{changed['lines'][0]['id']}").json()
    assert (len(left["lines"]), left["total"]) == (1, price)


@pytest.mark.parametrize("short", ["-0.01", "0.01"])
def test_a_payment_that_is_not_the_total_is_refused_and_changes_nothing(shop, seller, short):
    sale = shop.draft(seller, "HAR")
    wrong = str(Decimal(sale["total"]) + Decimal(short))
    answer = pay(seller, sale, ("cash", wrong))
    assert answer.status_code == 422
    assert wrong in answer.json()["error"]["message"]
    after = seller.get(f"/sales/{sale['id']}").json()
    assert (after["state"], after["payments"], ledger(shop, sale["id"])) == ("draft", [], {})


@pytest.mark.parametrize(
    "payments",
    [
        [],
        [("cheque", "10.00")],
        [("cash", "0.00")],
        [("cash", "-5.00")],
        [("cash", "1.001")],
        [("cash", "1e40")],
        [("cash", "NaN")],
    ],
)
def test_payments_that_make_no_sense_are_refused(shop, seller, payments):
    assert pay(seller, shop.draft(seller, "HAR"), *payments).status_code == 422


def test_a_final_sale_has_the_next_number_of_its_branch(shop, seller):
    first, second = shop.final(seller, "HAR"), shop.final(seller, "HAR")
    assert first["number"].startswith("HAR-2026-")
    assert int(second["number"][-6:]) == int(first["number"][-6:]) + 1


def test_a_final_sale_is_balanced_in_the_books_by_method(shop, seller):
    sale = shop.draft(seller, "HAR")
    rest = str(Decimal(sale["total"]) - Decimal("1.00"))
    pay(seller, sale, ("cash", "1.00"), ("transfer", rest))
    assert ledger(shop, sale["id"]) == {"1000": "1.00", "1020": rest, "4000": f"-{sale['total']}"}
    assert shop.rows(UNBALANCED, sale["id"]) == []


def test_a_final_sale_queues_its_receipt_and_is_on_record(shop, seller):
    sale = shop.final(seller, "HAR")
    assert shop.value("SELECT payload FROM jobs ORDER BY id DESC LIMIT 1").count(sale["number"]) == 1
    query = "SELECT action FROM activity_log WHERE entity = 'sale' AND entity_id = ? ORDER BY id"
    assert [row[0] for row in shop.rows(query, sale["id"])] == ["sale.create", "sale.finalise"]


def test_a_final_sale_can_no_longer_be_changed(shop, seller):
    path = f"/sales/{shop.final(seller, 'HAR')['id']}"
    line = {"product_id": shop.a_product()[0]}
    answers = [
        seller.post(f"{path}/lines", json=line),
        seller.patch(path, json={"note": "later"}),
        seller.delete(path),
        seller.post(f"{path}/finalise", json={"payments": []}),
    ]
    assert [answer.status_code for answer in answers] == [409] * 4


def test_a_void_gives_the_money_back_the_way_it_came_and_takes_it_out_of_the_books(shop, seller):
    sale = shop.draft(seller, "HAR")
    rest = str(Decimal(sale["total"]) - Decimal("1.00"))
    pay(seller, sale, ("cash", "1.00"), ("card", rest))
    voided = seller.post(f"/sales/{sale['id']}/void", json={"reason": "Wrong size"}).json()
    assert (voided["state"], voided["void_reason"]) == ("void", "Wrong size")
    assert voided["number"] is not None
    paid = [(payment["method"], payment["amount"]) for payment in voided["payments"]]
    assert paid == [("cash", "1.00"), ("card", rest), ("cash", "-1.00"), ("card", f"-{rest}")]
    assert ledger(shop, sale["id"]) == {}
    assert shop.rows(UNBALANCED, sale["id"]) == []


def test_a_void_cancels_the_production_order(shop, seller):
    sale = shop.final(seller, "HAR", "studio")
    seller.post(f"/sales/{sale['id']}/void", json={"reason": "Wedding off"})
    order = shop.api("check.har.manager").get(f"/production/orders/{sale['production_order_id']}").json()
    assert order["state"] == "cancelled"


def test_a_sale_is_voided_once_and_with_a_reason(shop, seller):
    path = f"/sales/{shop.final(seller, 'HAR')['id']}/void"
    statuses = [seller.post(path, json={"reason": reason}).status_code for reason in (" ", "Wrong", "Again")]
    assert statuses == [422, 200, 409]


WHO_MAY_VOID = [
    # who, hours after the sale, allowed: it is made at 15:00, so nine hours later is another day
    ("check.har.sales", 0, True),
    ("check.har.sales", 8.9, True),
    ("check.har.sales", 9, False),
    ("lena.hartmann", 0, False),
    ("check.har.manager", 0, True),
    ("check.har.manager", 48, True),
    ("check.administrator", 48, True),
    ("check.owner", 48, True),
    ("check.har.production", 0, False),
]


@pytest.mark.parametrize(("username", "hours", "allowed"), WHO_MAY_VOID)
def test_sales_people_void_only_their_own_sale_of_the_day_and_managers_any(shop, seller, username, hours, allowed):
    sale = shop.final(seller, "HAR")
    shop.pass_time(hours=hours)
    answer = shop.api(username).post(f"/sales/{sale['id']}/void", json={"reason": "Returned"})
    assert answer.status_code == (200 if allowed else 403)


def test_the_same_client_reference_makes_one_sale(shop, seller):
    product_id, _price = shop.a_product()
    sale = {
        "customer_id": shop.a_customer("HAR"),
        "lines": [{"product_id": product_id}],
        "client_reference": "phone-7-draft-1",
    }
    first, second = seller.post("/sales", json=sale).json(), seller.post("/sales", json=sale).json()
    assert first == second
    assert shop.value("SELECT count(*) FROM sales WHERE client_reference = 'phone-7-draft-1'") == 1


def test_a_client_reference_of_another_branch_is_not_told(shop, seller):
    other = shop.api("check.old.sales")
    sale = {"client_reference": "phone-7-draft-2"}
    other.post("/sales", json=sale | {"customer_id": shop.a_customer("OLD")})
    answer = seller.post("/sales", json=sale | {"customer_id": shop.a_customer("HAR")})
    assert answer.status_code in (404, 409)


def test_a_draft_can_be_thrown_away(shop, seller):
    path = f"/sales/{shop.draft(seller, 'HAR')['id']}"
    assert seller.delete(path).status_code == 204
    assert seller.get(path).status_code == 404


def test_a_retail_sale_holds_nothing_from_the_studio(shop, seller):
    product_id, _price = shop.a_product("studio")
    path = f"/sales/{shop.draft(seller, 'HAR')['id']}/lines"
    assert seller.post(path, json={"product_id": product_id}).status_code == 422


def test_training_products_are_sold_in_the_training_room_only(shop, seller):
    product_id, _price = shop.a_product(training=True)
    path = f"/sales/{shop.draft(seller, 'HAR')['id']}/lines"
    assert seller.post(path, json={"product_id": product_id}).status_code == 422


def test_only_those_at_the_counter_sell(shop):
    for username in ("check.owner", "check.har.production"):
        sale = {"customer_id": shop.a_customer("HAR")}
        assert shop.api(username).post("/sales", json=sale).status_code == 403
