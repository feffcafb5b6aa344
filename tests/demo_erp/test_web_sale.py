"""A sale from the first line to its void, at a desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo_erp.served_business import ServedBusiness, Visitor

pytest_plugins = ["tests.demo_erp.browser_fixtures"]

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.long
def test_a_studio_sale_is_paid_made_and_voided(visitor: Visitor) -> None:
    page = visitor.logs_in("check.trn.manager")
    page.get_by_role("link", name="New sale").click()
    page.get_by_role("radio", name="Studio").check()
    page.get_by_label("Customer", exact=True).select_option(label=_option(page, "Customer", "Training customer"))
    first = page.get_by_role("group", name="Line 1")
    first.get_by_label("Product").select_option(label=_option(page, "Product", "Training gown"))
    page.get_by_role("button", name="Add line").click()
    second = page.get_by_role("group", name="Line 2")
    second.get_by_label("Product").select_option(label=_option(page, "Product", "Training veil"))
    second.get_by_label("Quantity").fill("2")
    second.get_by_label("Discount %").fill("10")
    page.get_by_label("Note").fill(HOSTILE)
    page.get_by_role("button", name="Save draft").click()
    sale = page.locator("#sale")
    expect(sale).to_have_attribute("data-total", "579.82")  # 490.00 + 2 x 49.90 less 10 %
    expect(page.get_by_text(HOSTILE)).to_be_visible()

    page.get_by_label("Amount").fill("100")
    page.get_by_role("button", name="Finalise").click()
    expect(page.get_by_role("alert")).to_contain_text("must be equal")
    page.get_by_role("button", name="Split payment").click()
    expect(page.get_by_role("group", name="Payment 2").get_by_label("Amount")).to_have_value("479.82")
    page.get_by_role("button", name="Finalise").click()
    expect(sale).to_have_attribute("data-state", "final")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Sale TRN-2026-\d{6}$"))
    address = page.url

    page.get_by_role("link", name=re.compile("^Production order")).click()
    while page.get_by_role("button", name="Start").is_visible():
        page.get_by_role("button", name="Start").click()
        page.get_by_role("button", name="Finish").click()
        expect(page.get_by_role("status")).to_have_text("The step was finished.")
    expect(page.locator("#order")).to_have_attribute("data-progress", "100")

    page.goto(address)
    page.get_by_label("Reason").fill("entered to practise")
    page.get_by_role("button", name="Void").click()
    expect(sale).to_have_attribute("data-state", "void")


@pytest.mark.long
def test_the_list_is_filtered_searched_and_taken_out(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.logs_in("check.har.sales")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Sales").click()
    page.get_by_label("Kind").select_option("studio")
    expect(page.get_by_role("link", name="Export CSV")).to_have_attribute("href", re.compile("kind=studio"))
    number = page.get_by_role("table").get_by_role("link").first.inner_text()
    with page.expect_download() as started:
        page.get_by_role("link", name="Export CSV").click()
    started.value.save_as(tmp_path / "sales.csv")
    rows = (tmp_path / "sales.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) - 1 == int(page.locator("#results").get_attribute("data-total") or 0)
    page.get_by_role("searchbox", name="Search").fill(number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=number)).to_be_visible()
    assert visitor.complaints == []


@pytest.mark.long
def test_another_branchs_sale_is_not_there(visitor: Visitor) -> None:
    page = visitor.logs_in("check.har.sales")
    visitor.opens("/sales")
    address = page.get_by_role("table").get_by_role("link").first.get_attribute("href")
    visitor.logs_in("check.old.manager")
    visitor.opens(str(address))
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")


@pytest.mark.long
def test_a_sale_can_be_made_without_scripts(served_business: ServedBusiness, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = Visitor(served_business, context, context.new_page()).logs_in("check.trn.sales")
    page.get_by_role("link", name="New sale").click()
    page.get_by_label("Customer", exact=True).select_option(label=_option(page, "Customer", "Training customer"))
    page.get_by_label("Product").select_option(label=_option(page, "Product", "Training veil"))
    page.get_by_role("button", name="Add line").click()
    expect(page.get_by_role("group", name="Line 2")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("button", name="Finalise").click()
    expect(page.locator("#sale")).to_have_attribute("data-state", "final")
    expect(page.locator("#sale")).to_have_attribute("data-total", "49.90")
    context.close()


def _option(page: Page, label: str, beginning: str) -> str:
    """The whole text of the option that begins like this."""
    options = page.get_by_label(label, exact=True).first.locator("option").all_inner_texts()
    return next(option for option in options if option.startswith(beginning))
