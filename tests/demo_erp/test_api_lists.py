"""The lists of the API: filtered, sorted, in pages."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.demo_erp.lived_business import day_number
from tests.demo_erp.shop import BRANCHES, Shop

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def owner(open_shop: Shop):
    return open_shop.api("check.owner")


def counted(shop: Shop, condition: str) -> int:
    query = f"SELECT count(*) FROM sales s JOIN branches b ON b.id = s.branch_id WHERE {condition}"
    return shop.value(query)


@pytest.mark.parametrize(
    ("given", "condition"),
    [
        ({}, "true"),
        ({"state": "final"}, "s.state = 'final'"),
        ({"state": "void"}, "s.state = 'void'"),
        ({"kind": "studio"}, "s.kind = 'studio'"),
        ({"branch": "gar"}, "b.code = 'GAR'"),
        ({"q": "nor-2026"}, "s.number LIKE 'NOR-2026%'"),
        ({"q": "%"}, "false"),
        ({"day_from": day_number(2).isoformat()}, "date(s.created_at, '+1 hour') >= '2026-01-09'"),
        ({"day_to": day_number(1).isoformat()}, "date(s.created_at, '+1 hour') <= '2026-01-08'"),
    ],
)
def test_a_filter_keeps_what_it_says(open_shop, owner, given, condition):
    assert owner.get("/sales", params=given).json()["total"] == counted(open_shop, condition)
    lines = owner.get("/sales/export.csv", params=given).text.splitlines()
    assert len(lines) == 1 + counted(open_shop, condition)


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "number", "-total", "-finalised_at"])
def test_a_sort_orders_and_pages_neither_skip_nor_repeat(owner, sort):
    asked = {"sort": sort, "state": "final", "limit": 40}
    pages = [owner.get("/sales", params=asked | {"offset": offset}).json() for offset in (0, 40, 80)]
    items = [item for page in pages for item in page["items"]]
    assert len({item["id"] for item in items}) == 120
    name = sort.removeprefix("-")
    values = [float(item[name]) if name == "total" else item[name] for item in items]
    assert values == sorted(values, reverse=sort.startswith("-"))


def test_a_page_past_the_end_is_empty_but_knows_the_total(open_shop, owner):
    page = owner.get("/sales", params={"offset": 100_000}).json()
    assert (page["items"], page["total"]) == ([], counted(open_shop, "true"))


def test_the_export_is_on_record(shop):
    shop.api("check.har.manager").get("/sales/export.csv")
    query = "SELECT action, user_id FROM activity_log ORDER BY id DESC LIMIT 1"
    user_id = shop.value("SELECT id FROM users WHERE username = 'check.har.manager'")
    assert shop.rows(query) == [("export", user_id)]


def test_many_take_sales_out_at_once(shop):
    people = [shop.api(f"check.{branch.lower()}.sales") for branch in BRANCHES]
    with ThreadPoolExecutor(len(people)) as crew:
        answers = list(crew.map(lambda person: person.get("/sales/export.csv"), people * 6))
    assert {answer.status_code for answer in answers} == {200}


def test_a_name_that_looks_like_a_formula_is_exported_as_text(shop):
    seller = shop.api("check.har.sales")
    customer = seller.post("/customers", json={"name": '=HYPERLINK("http://evil.example")'}).json()
    seller.post("/sales", json={"customer_id": customer["id"]})
    assert "'=HYPERLINK" in seller.get("/sales/export.csv").text


def test_customers_are_found_by_name_and_telephone(open_shop):
    seller = open_shop.api("check.har.sales")
    name, phone = open_shop.rows("SELECT name, phone FROM customers WHERE id = ?", open_shop.a_customer("HAR"))[0]
    for asked in (name.upper(), phone[-6:]):
        found = seller.get("/customers", params={"q": asked}).json()["items"]
        assert (name, phone) in {(customer["name"], customer["phone"]) for customer in found}


def test_the_report_of_a_day_equals_the_sales_behind_it(open_shop, owner):
    for day in (day_number(1), day_number(2)):
        report = owner.get("/reports/sales", params={"day": day.isoformat()}).json()
        condition = f"NOT b.training AND s.state = 'final' AND date(s.finalised_at, '+1 hour') = '{day}'"
        query = f"SELECT sum(s.total) FROM sales s JOIN branches b ON b.id = s.branch_id WHERE {condition}"
        assert report["count"] == counted(open_shop, condition)
        assert report["amount"] == f"{open_shop.value(query):.2f}"
        by_method = sum(float(amount) for amount in report["by_method"].values())
        assert by_method == pytest.approx(float(report["amount"]))


def test_an_issue_is_due_by_its_severity_and_answered_once(shop):
    manager = shop.api("check.har.manager")
    issue = shop.api("check.har.sales").post("/issues", json={"title": "Till stuck", "severity": "critical"}).json()
    assert (issue["reported_at"][11:16], issue["respond_by"][11:16], issue["resolve_by"][11:16]) == (
        "14:00",
        "14:15",
        "18:00",
    )
    path = f"/issues/{issue['id']}"
    assert manager.post(f"{path}/respond", json={"category": "error"}).json()["state"] == "acknowledged"
    assert manager.post(f"{path}/respond").status_code == 409
    assert manager.post(f"{path}/resolve", json={"resolution": "Oiled"}).json()["state"] == "resolved"
    assert manager.post(f"{path}/resolve", json={"resolution": "Again"}).status_code == 409
