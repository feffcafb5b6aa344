"""Every role finds its pages, and every page is in order."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.demo_erp.served_business import ServedBusiness, Visitor

pytest_plugins = ["tests.demo_erp.browser_fixtures"]

EVERYTHING = ["Dashboard", "Sales", "Production", "Costs", "Branches", "Users", "Activity", "Issues"]
NAVIGATION = {
    "check.owner": EVERYTHING,
    "check.administrator": EVERYTHING,
    "check.har.manager": EVERYTHING,
    "check.har.sales": ["Dashboard", "Sales", "Branches", "Issues"],
    "check.har.production": ["Dashboard", "Production", "Costs", "Branches", "Issues"],
}


@pytest.mark.long
@pytest.mark.parametrize("username", NAVIGATION)
def test_each_role_walks_through_its_pages_without_a_complaint(visitor: Visitor, username: str) -> None:
    page = visitor.logs_in(username)
    main = page.get_by_role("navigation", name="Main")
    assert main.get_by_role("link").all_inner_texts() == NAVIGATION[username]
    for label in NAVIGATION[username]:
        main.get_by_role("link", name=label).click()
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(main.locator("[aria-current=page]")).to_have_text(label)
    visitor.opens("/reports/day")
    expect(page.get_by_role("heading", level=1)).to_have_text("Day report")
    assert visitor.complaints == []


@pytest.mark.long
def test_every_input_has_a_label_and_every_table_a_caption(visitor: Visitor) -> None:
    page = visitor.logs_in("check.administrator")
    for path in ("/sales", "/sales/new", "/production", "/costs", "/users", "/activity", "/issues", "/reports/day"):
        visitor.opens(path)
        unlabelled = "e => e.type !== 'hidden' && !e.labels.length && !e.ariaLabel"
        assert page.eval_on_selector_all("input, select, textarea", f"all => all.filter({unlabelled}).length") == 0
        without_caption = "all => all.filter(table => !table.caption).length"
        assert page.eval_on_selector_all("table", without_caption) == 0, path


@pytest.mark.long
def test_a_wrong_password_is_told_and_five_lock_the_account(visitor: Visitor) -> None:
    page = visitor.logs_in("check.nor.sales", password="wrong")
    expect(page.get_by_role("alert")).to_contain_text("username or password is wrong")
    for _ in range(4):
        visitor.logs_in("check.nor.sales", password="wrong")
    visitor.logs_in("check.nor.sales")
    expect(page.get_by_role("alert")).to_contain_text("locked")

    visitor.logs_in("check.administrator")
    visitor.opens("/users?q=check.nor.sales")
    page.get_by_role("button", name=re.compile("^Unlock")).click()
    expect(page.get_by_role("status")).to_have_text("The account was unlocked.")


@pytest.mark.long
def test_after_the_log_in_one_comes_where_one_wanted_to_go_but_never_elsewhere(visitor: Visitor) -> None:
    page = visitor.opens("/sales?state=final")
    assert "/login?next=" in page.url
    page.get_by_label("Username").fill("check.har.sales")
    page.get_by_label("Password").fill(visitor.business.passwords["check.har.sales"])
    page.get_by_role("button", name="Log in").click()
    assert page.url.endswith("/sales?state=final")
    for elsewhere in ("https://example.org/", "//example.org/", "/\\example.org/"):
        answer = httpx.post(
            f"{visitor.business.url}/login",
            data={
                "username": "check.har.sales",
                "password": visitor.business.passwords["check.har.sales"],
                "next": elsewhere,
            },
        )
        assert answer.headers["location"] == "/"


@pytest.mark.long
def test_pages_run_nothing_from_elsewhere_and_unknown_ones_are_kindly_refused(
    served_business: ServedBusiness,
) -> None:
    page = httpx.get(f"{served_business.url}/login")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?://", page.text)
    missing = httpx.get(f"{served_business.url}/no-such-page")
    assert missing.status_code == 404
    assert "There is no such page" in missing.text
    assert httpx.get(f"{served_business.url}/favicon.ico").status_code == 200
