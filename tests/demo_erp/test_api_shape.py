"""How the API answers: its values, its errors, and what it refuses."""

import re
from datetime import datetime, timedelta

import pytest

from tests.demo_erp.shop import API, Shop

PUBLIC = {"/auth/login", "/health", "/health/live", "/clock", "/mobile/handshake"}
FAR_TOO_LARGE = 10**20


@pytest.fixture(scope="module")
def owner(open_shop: Shop):
    return open_shop.api("check.administrator")


def values(answer, name):
    """Every value under a name, however deep."""
    if isinstance(answer, list):
        return [value for item in answer for value in values(item, name)]
    if not isinstance(answer, dict):
        return []
    own = [answer[name]] if name in answer else []
    return own + [value for item in answer.values() for value in values(item, name)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/sales/1", "total"),
        ("/sales/1", "amount"),
        ("/sales/1", "unit_price"),
        ("/products", "unit_price"),
        ("/costs", "amount"),
        ("/production/orders", "budget"),
        ("/reports/sales", "amount"),
        ("/reports/production", "costs_amount"),
    ],
)
def test_money_is_text_with_two_places(owner, path, name):
    found = values(owner.get(path).json(), name)
    assert found
    assert all(re.fullmatch(r"-?\d+\.\d\d", value) for value in found)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/sales", "created_at"),
        ("/customers", "created_at"),
        ("/activity", "at"),
        ("/jobs", "queued_at"),
        ("/issues", "respond_by"),
        ("/clock", "now"),
        ("/health", "checked_at"),
        ("/mobile/handshake?app_version=1.4.0", "server_time"),
    ],
)
def test_instants_are_in_utc_with_their_offset(owner, path, name):
    found = values(owner.get(path).json(), name)
    assert found
    assert {datetime.fromisoformat(value).utcoffset() for value in found} == {timedelta(0)}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/sales/999999", 404, "not_found"),
        ("/nowhere", 404, "not_found"),
        ("/sales?limit=501", 422, "invalid"),
        ("/sales?sort=id", 422, "invalid"),
        ("/reports/sales?day=yesterday", 422, "invalid"),
        ("/activity?from=2026-01-08T00:00:00", 422, "invalid"),
        ("/mobile/handshake?app_version=new", 422, "invalid"),
        ("/sales/1/finalise", 405, "method_not_allowed"),
    ],
)
def test_an_error_has_a_code_and_a_message(owner, path, status, code):
    answer = owner.get(path)
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path",
    [
        f"/sales/{FAR_TOO_LARGE}",
        f"/production/orders/{FAR_TOO_LARGE}",
        f"/activity?user={FAR_TOO_LARGE}",
        f"/sales?offset={FAR_TOO_LARGE}",
        "/reports/sales?day=0001-01-01",
        "/costs?day=9999-12-31",
        "/activity?from=0001-01-01T00:00:00%2B14:00",
    ],
)
def test_what_no_column_and_no_calendar_holds_is_wrong_input_and_no_fault(open_shop, owner, path):
    before = open_shop.state.logs.database_lines.path.read_text(encoding="utf-8")
    assert owner.get(path).status_code == 422
    assert open_shop.state.logs.database_lines.path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/customers", r'{"name": "\ud800", "branch_id": 1}'),
        ("/issues", r'{"title": "\udfff"}'),
        ("/auth/login", r'{"username": "\ud800", "password": "x"}'),
    ],
)
def test_half_a_character_is_wrong_input_and_no_fault(owner, path, text):
    answer = owner.post(path, content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_a_field_that_nobody_knows_is_an_error(owner):
    answer = owner.post("/customers", json={"name": "Ada", "branch_id": 1, "vip": True})
    assert (answer.status_code, answer.json()["error"]["message"][:4]) == (422, "vip:")


def test_everything_but_the_public_parts_asks_for_a_log_in(open_shop):
    """Taken from the API's own description, so that a new path is asked too."""
    visitor = open_shop.visitor()
    described = visitor.get(f"{API}/openapi.json").json()["paths"]
    assert {f"{API}{path}" for path in PUBLIC} <= set(described)
    for path, methods in described.items():
        if path.removeprefix(API) in PUBLIC:
            continue
        for method in methods:
            answer = visitor.request(method, re.sub(r"\{\w+\}", "1", path))
            assert answer.status_code == 401, (method, path)


@pytest.mark.parametrize(
    ("path", "login"),
    [
        ("/", "/login?next=%2F"),
        ("/sales?state=draft", "/login?next=%2Fsales%3Fstate%3Ddraft"),
        ("/m/steps", "/m/login?next=%2Fm%2Fsteps"),
    ],
)
def test_a_page_leads_to_its_log_in_and_back(open_shop, path, login):
    answer = open_shop.visitor().get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, login)


@pytest.mark.parametrize("token", ["", "nonsense", "0" * 4000])
def test_a_token_that_is_none_opens_nothing(open_shop, token):
    assert open_shop.visitor(Authorization=f"Bearer {token}").get(f"{API}/me").status_code == 401


@pytest.mark.parametrize("path", [f"{API}/health/live", "/login", "/m/offline", "/nowhere", f"{API}/nowhere"])
def test_every_answer_carries_a_trace_id_and_takes_one_over(open_shop, path):
    visitor = open_shop.visitor()
    given = [visitor.get(path).headers["x-trace-id"] for _ in range(2)]
    assert len(set(given)) == 2
    assert visitor.get(path, headers={"X-Trace-Id": "abcdef-1234"}).headers["x-trace-id"] == "abcdef-1234"
    assert visitor.get(path, headers={"X-Trace-Id": "a\tb"}).headers["x-trace-id"] != "a\tb"


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_another_site_cannot_make_a_browser_change_anything(open_shop, headers):
    browser = open_shop.browser("check.har.sales")
    before = open_shop.value("SELECT count(*) FROM issue_reports")
    for path in ("/issues", f"{API}/issues"):
        assert browser.post(path, data={"title": "Click here"}, headers=headers).status_code == 403
    assert open_shop.value("SELECT count(*) FROM issue_reports") == before


def test_no_page_of_the_api_loads_from_elsewhere(open_shop):
    visitor = open_shop.visitor()
    assert [visitor.get(path).status_code for path in ("/docs", "/redoc", f"{API}/docs")] == [404] * 3


@pytest.mark.parametrize(("version", "supported"), [("1.1.9", False), ("1.2.0", True), ("1.10", True), ("2", True)])
def test_the_handshake_tells_whether_an_app_is_new_enough(owner, version, supported):
    answer = owner.get("/mobile/handshake", params={"app_version": version}).json()
    assert answer["supported"] is supported


def test_an_unforeseen_failure_is_told_by_its_trace_id_and_logged_with_a_traceback(shop, monkeypatch):
    def fail(*_arguments, **_named):
        raise ZeroDivisionError("nobody thought of this")

    owner = shop.api("check.owner")
    monkeypatch.setattr("demo_erp.services.branches.listing", fail)
    answer = owner.get("/branches")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
    assert "nobody thought" not in answer.text
    last = shop.log("app")[-1]
    assert (last["level"], last["trace_id"], last["user"]) == ("ERROR", answer.headers["x-trace-id"], "check.owner")
    assert "ZeroDivisionError: nobody thought of this" in last["exception"]


def test_the_access_log_names_the_route_not_only_the_path(shop):
    shop.api("check.har.sales").get("/sales/1")
    last = shop.log("access")[-1]
    assert (last["path"], last["route"]) == (f"{API}/sales/1", f"{API}/sales/{{sale_id}}")
    assert (last["method"], last["status"], last["channel"], last["user"]) == ("GET", 404, "api", "check.har.sales")
