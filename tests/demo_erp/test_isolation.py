"""Nobody sees or changes another branch's records, whichever door they come through.

Each door of the API is a row of a table here, with the query that says what ought to be seen.
"""

import re

import pytest

from tests.demo_erp.shop import BRANCHES, Shop

ROLES_AT = {"sales": ("manager", "sales"), "production": ("manager", "production"), "manager": ("manager",)}
COSTS = "SELECT c.id FROM costs c JOIN production_orders o ON o.id = c.order_id WHERE o.branch_id = ?"
LISTS = [
    # path, who of a branch may, the records of a branch
    ("/sales", "sales", "SELECT id FROM sales WHERE branch_id = ?"),
    ("/customers", "sales", "SELECT id FROM customers WHERE branch_id = ?"),
    ("/production/orders", "production", "SELECT id FROM production_orders WHERE branch_id = ?"),
    ("/costs", "production", COSTS),
    ("/issues", "sales", "SELECT id FROM issue_reports WHERE branch_id = ?"),
    ("/issues", "production", "SELECT id FROM issue_reports WHERE branch_id = ?"),
    ("/users", "manager", "SELECT id FROM users WHERE branch_id = ?"),
    ("/activity", "manager", "SELECT id FROM activity_log WHERE branch_id = ?"),
    ("/branches", "sales", "SELECT id FROM branches WHERE id = ?"),
]
AN_ORDER = "SELECT min(id) FROM production_orders WHERE branch_id = ? AND state <> 'done'"
RECORDS = [
    # path, who of a branch may, one record of a branch
    ("/sales/{}", "sales", "SELECT min(id) FROM sales WHERE branch_id = ?"),
    ("/customers/{}", "sales", "SELECT min(id) FROM customers WHERE branch_id = ?"),
    ("/production/orders/{}", "production", AN_ORDER),
    ("/production/orders/{}/costs", "production", AN_ORDER),
    ("/issues/{}", "sales", "SELECT min(id) FROM issue_reports WHERE branch_id = ?"),
]
A_STEP = """SELECT min(s.id) FROM production_steps s JOIN production_orders o ON o.id = s.order_id
    WHERE o.branch_id = ? AND o.state <> 'done' AND s.state = 'waiting'"""
A_FINAL_SALE = "SELECT min(id) FROM sales WHERE branch_id = ? AND state = 'final'"
AN_ISSUE = "SELECT min(id) FROM issue_reports WHERE branch_id = ?"
CHANGES = [
    # method, path, record, what is sent to the API, what is sent to the page at the same path (None: there is none)
    ("POST", "/sales/{}/lines", A_FINAL_SALE, {"product_id": 1}, {"product": "1"}),
    ("POST", "/sales/{}/finalise", A_FINAL_SALE, {"payments": []}, {"method": "cash", "amount": "1.00"}),
    ("POST", "/sales/{}/void", A_FINAL_SALE, {"reason": "Mine now"}, {"reason": "Mine now"}),
    ("POST", "/sales/{}/delete", A_FINAL_SALE, None, {}),
    ("PATCH", "/sales/{}", A_FINAL_SALE, {"note": "Mine now"}, None),
    ("DELETE", "/sales/{}", A_FINAL_SALE, {}, None),
    ("DELETE", "/sales/{}/lines/1", A_FINAL_SALE, {}, None),
    ("POST", "/production/steps/{}/assign", A_STEP, {"user_id": None}, {"worker": ""}),
    ("POST", "/production/steps/{}/start", A_STEP, {}, {}),
    ("POST", "/production/steps/{}/finish", A_STEP, {}, {}),
    (
        "POST",
        "/production/orders/{}/costs",
        AN_ORDER,
        {"kind": "labour", "amount": "1.00"},
        {"kind": "labour", "amount": "1"},
    ),
    ("POST", "/issues/{}/classify", AN_ISSUE, {"category": "wish"}, None),
    ("POST", "/issues/{}/respond", AN_ISSUE, {}, {"category": "wish"}),
    ("POST", "/issues/{}/resolve", AN_ISSUE, {"resolution": "Done"}, {"resolution": "Done"}),
]
ON_THE_PHONE = [
    ("/m/sales/{}/finalise", A_FINAL_SALE),
    ("/m/sales/{}/void", A_FINAL_SALE),
    ("/m/sales/{}/delete", A_FINAL_SALE),
    ("/m/steps/{}/start", A_STEP),
    ("/m/steps/{}/finish", A_STEP),
]
PAGES = [
    "/", "/search?q=20", "/reports/day", "/sales", "/sales/new", "/production", "/production/orders", "/costs",
    "/issues", "/users", "/activity", "/branches", "/m/", "/m/sales", "/m/sales/new", "/m/steps",
]  # fmt: skip
PAGE_RECORDS = [
    ("/sales/{}", A_FINAL_SALE),
    ("/production/orders/{}", AN_ORDER),
    ("/issues/{}", AN_ISSUE),
    ("/m/sales/{}", A_FINAL_SALE),
]
CHANGEABLE = ("sales", "sale_lines", "payments", "production_orders", "production_steps", "costs", "issue_reports")


@pytest.fixture(scope="module")
def callers(open_shop):
    """API clients by user name, each logged in once."""
    clients = {}

    def caller(username):
        if username not in clients:
            clients[username] = open_shop.api(username)
        return clients[username]

    return caller


def who(at):
    """Every check account of a branch that may: code and user name."""
    return [(code, f"check.{code.lower()}.{role}") for code in BRANCHES for role in ROLES_AT[at]]


def ids(shop: Shop, sql: str, code: str) -> set[int]:
    return {row[0] for row in shop.rows(sql, shop.branch_id(code))}


def listed(client, path) -> set[int]:
    """All ids behind a listing, page after page."""
    found, offset = set(), 0
    while True:
        answer = client.get(path, params={"limit": 500, "offset": offset}).json()
        items = answer if isinstance(answer, list) else answer["items"]
        found |= {item["id"] for item in items}
        offset += 500
        if isinstance(answer, list) or offset >= answer["total"]:
            return found


def others(code):
    return [other for other in BRANCHES if other != code]


@pytest.mark.long
@pytest.mark.parametrize(("path", "at", "sql"), LISTS)
def test_a_list_holds_all_of_the_own_branch_and_nothing_else(open_shop, callers, path, at, sql):
    for code, username in who(at):
        assert listed(callers(username), path) == ids(open_shop, sql, code), username


@pytest.mark.long
@pytest.mark.parametrize(("path", "at", "sql"), LISTS)
@pytest.mark.parametrize("username", ["check.owner", "check.administrator"])
def test_owner_and_administrator_see_every_branch(open_shop, callers, path, at, sql, username):
    everything = set().union(*(ids(open_shop, sql, code) for code in BRANCHES))
    assert everything <= listed(callers(username), path)


@pytest.mark.long
@pytest.mark.parametrize(("path", "at", "sql"), RECORDS)
def test_a_record_of_another_branch_is_not_there(open_shop, callers, path, at, sql):
    for code, username in who(at):
        own = open_shop.value(sql, open_shop.branch_id(code))
        assert callers(username).get(path.format(own)).status_code == 200, username
        for other in others(code):
            there = open_shop.value(sql, open_shop.branch_id(other))
            answer = callers(username).get(path.format(there))
            assert answer.status_code == 404, (username, other)
            nowhere = callers(username).get(path.format(999999))
            assert answer.json() == nowhere.json()  # that there is one elsewhere is not told either


def contents(shop: Shop):
    return {table: shop.rows(f"SELECT * FROM {table} ORDER BY id") for table in CHANGEABLE}


@pytest.mark.long
@pytest.mark.parametrize(("method", "path", "sql", "body", "_form"), [row for row in CHANGES if row[3] is not None])
def test_a_record_of_another_branch_is_not_changed_by_the_api(open_shop, callers, method, path, sql, body, _form):
    before = contents(open_shop)
    for other in others("HAR"):
        there = open_shop.value(sql, open_shop.branch_id(other))
        assert callers("check.har.manager").request(method, path.format(there), json=body).status_code == 404
    assert contents(open_shop) == before


@pytest.mark.long
def test_a_record_of_another_branch_is_not_changed_by_a_page(open_shop):
    before = contents(open_shop)
    browser = open_shop.browser("check.har.manager")
    pages = [(path, sql, form) for _method, path, sql, _body, form in CHANGES if form is not None]
    for path, sql, form in pages + [(path, sql, {"reason": "Mine now"}) for path, sql in ON_THE_PHONE]:
        for other in others("HAR"):
            there = open_shop.value(sql, open_shop.branch_id(other))
            assert browser.post(path.format(there), data=form).status_code == 404, path
    assert contents(open_shop) == before


def test_nothing_is_entered_for_another_branch(open_shop, callers):
    seller, before = callers("check.har.sales"), contents(open_shop)
    for other in others("HAR"):
        sale = {"customer_id": open_shop.a_customer(other)}
        assert seller.post("/sales", json=sale).status_code == 404
        assert seller.post("/sales", json=sale | {"branch_id": open_shop.branch_id(other)}).status_code == 404
        customer = {"name": "Somebody", "branch_id": open_shop.branch_id(other)}
        assert seller.post("/customers", json=customer).status_code == 404
    assert contents(open_shop) == before


@pytest.mark.parametrize("code", BRANCHES)
def test_the_export_holds_the_own_branch_only(open_shop, callers, code):
    rows = callers(f"check.{code.lower()}.sales").get("/sales/export.csv").text.splitlines()[1:]
    assert {row.split(",")[1] for row in rows} == {code}
    assert len(rows) == len(ids(open_shop, LISTS[0][2], code))


@pytest.mark.parametrize("path", ["/sales", "/sales/export.csv"])
def test_asking_for_another_branch_by_its_code_finds_nothing(callers, path):
    answer = callers("check.har.sales").get(path, params={"branch": "OLD"})
    assert len(answer.text.splitlines()) == 1
    assert "OLD-" not in answer.text


def test_search_finds_only_what_the_caller_may_see(open_shop, callers):
    query = "SELECT number FROM sales WHERE branch_id = ? AND number IS NOT NULL LIMIT 1"
    for code in BRANCHES:
        number = open_shop.value(query, open_shop.branch_id(code))
        for asking in BRANCHES:
            found = callers(f"check.{asking.lower()}.manager").get("/search", params={"q": number}).json()
            assert [sale["number"] for sale in found["sales"]] == ([number] if asking == code else [])
    for code in BRANCHES:
        found = callers(f"check.{code.lower()}.manager").get("/search", params={"q": "a"}).json()
        shown = found["customers"] + found["orders"] + found["sales"]
        assert {record["branch"] for record in shown} == {code}


def test_search_shows_no_sales_to_the_workshop_and_no_orders_to_the_counter(callers):
    for text in ("HAR-", "a"):
        workshop = callers("check.har.production").get("/search", params={"q": text}).json()
        counter = callers("check.har.sales").get("/search", params={"q": text}).json()
        assert (workshop["sales"], workshop["customers"], counter["orders"]) == ([], [], [])


def test_the_board_shows_the_own_branch_only(open_shop, callers):
    for code, username in who("production"):
        board = callers(username).get("/production/board").json()
        assert {order["branch"] for column in board for order in column["orders"]} == {code}


@pytest.mark.parametrize(("path", "at"), [("/reports/sales", "sales"), ("/reports/production", "production")])
def test_a_report_is_of_the_own_branch_and_of_all_but_the_training_room_for_the_owner(callers, path, at):
    for code, username in who(at):
        assert [row["branch"] for row in callers(username).get(path).json()["branches"]] == [code]
    shown = [row["branch"] for row in callers("check.owner").get(path).json()["branches"]]
    assert sorted(shown) == ["GAR", "HAR", "NOR", "OLD"]


def test_the_training_room_is_in_no_figure_of_the_business(open_shop, callers):
    trained = callers("check.trn.manager").get("/reports/sales").json()
    of_all = callers("check.owner").get("/reports/sales").json()
    query = """SELECT count(*) FROM sales s JOIN branches b ON b.id = s.branch_id
        WHERE s.state = 'final' AND date(s.finalised_at, '+1 hour') = ? AND NOT b.training"""
    assert trained["count"] > 0
    assert of_all["count"] == open_shop.value(query, of_all["day"])


def test_training_products_are_shown_only_where_they_can_be_sold(callers):
    def shown(username):
        items = callers(username).get("/products", params={"limit": 500}).json()["items"]
        return {item["sku"] for item in items if item["category"] == "training"}

    assert shown("check.har.sales") == set()
    assert shown("check.trn.sales") == {"TRN-RET", "TRN-STU"}


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        (
            "sales",
            [
                "/users",
                "/activity",
                "/jobs",
                "/production/orders",
                "/production/board",
                "/costs",
                "/reports/production",
            ],
        ),
        ("production", ["/users", "/activity", "/jobs", "/sales", "/sales/export.csv", "/customers", "/reports/sales"]),
        ("manager", ["/jobs"]),
    ],
)
def test_what_a_role_does_not_do_is_closed_to_it(callers, role, closed):
    for path in closed:
        assert callers(f"check.har.{role}").get(path).status_code == 403, path


@pytest.mark.long
@pytest.mark.parametrize("code", ["HAR", "TRN"])
def test_no_page_shows_anything_of_another_branch(open_shop, code):
    """Neither its documents' numbers, nor its customers, nor its name."""
    browser, phone = (open_shop.browser(f"check.{code.lower()}.manager", prefix) for prefix in ("", "/m"))
    own_id = open_shop.branch_id(code)
    own = {row[0] for row in open_shop.rows("SELECT name FROM customers WHERE branch_id = ?", own_id)}
    own |= {row[0] for row in open_shop.rows("SELECT full_name FROM users")}
    names = {row[0] for row in open_shop.rows("SELECT name FROM customers WHERE branch_id <> ?", own_id)} - own
    names |= {row[0] for row in open_shop.rows("SELECT name FROM branches WHERE id <> ?", own_id)}
    numbers = rf"\b(?:{'|'.join(others(code))})-(?:P-)?2026-\d+"
    forbidden = re.compile(rf"{numbers}|\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    seen = ""
    for path in PAGES:
        answer = (phone if path.startswith("/m/") else browser).get(path)
        assert answer.status_code == 200, path
        assert forbidden.findall(answer.text) == [], path
        seen += answer.text
    assert f"{code}-2026-" in seen
    assert f"{code}-P-2026-" in seen


def test_a_page_of_another_branchs_record_is_not_there(open_shop):
    browser = open_shop.browser("check.har.manager")
    for path, sql in PAGE_RECORDS:
        assert browser.get(path.format(open_shop.value(sql, open_shop.branch_id("HAR")))).status_code == 200, path
        for other in others("HAR"):
            there = open_shop.value(sql, open_shop.branch_id(other))
            assert browser.get(path.format(there)).status_code == 404, path


def test_the_exported_page_holds_the_own_branch_only(open_shop):
    rows = open_shop.browser("check.har.sales").get("/sales/export.csv").text.splitlines()[1:]
    assert {row.split(",")[1] for row in rows} == {"HAR"}
