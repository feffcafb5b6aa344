"""The phone: light, installable, and no sale is lost without a network."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.demo_erp.served_business import ServedBusiness, Visitor

pytestmark = pytest.mark.long

pytest_plugins = ["tests.demo_erp.browser_fixtures"]

MOST_BYTES_AT_FIRST = 60_000


@pytest.mark.long
def test_the_first_opening_is_light(phone: Visitor) -> None:
    watched = phone.context.new_cdp_session(phone.page)
    watched.send("Network.enable")
    sizes: list[int] = []
    watched.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    phone.opens("/m/")
    phone.page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < MOST_BYTES_AT_FIRST
    assert phone.complaints == []


def test_it_can_be_installed(served_business: ServedBusiness) -> None:
    with httpx.Client(base_url=served_business.url) as client:
        manifest = client.get("/m/manifest.webmanifest").raise_for_status().json()
        assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/m/", "/m/", "standalone")
        for icon in manifest["icons"]:
            assert client.get(icon["src"]).headers["content-type"] == icon["type"]
        worker = client.get("/m/sw.js")
        assert worker.headers["content-type"].startswith("text/javascript")


@pytest.mark.long
def test_a_sale_drafted_offline_waits_and_is_sent_once(phone: Visitor) -> None:
    page = _at_home(phone, "check.trn.sales")
    phone.context.set_offline(True)
    page.get_by_role("link", name="New sale", exact=True).click()
    page.get_by_label("Customer", exact=True).select_option(label="Training customer")
    page.get_by_label("Product").select_option(index=1)
    page.get_by_label("Note").fill("written without a network")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("1 draft waiting")).to_be_visible()
    phone.opens("/m/steps")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    expect(page.get_by_text("1 draft waiting")).to_be_visible()

    # What the phone sends arrives, but the answers are lost: it has to send the draft again and again.
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/v1/sales", lose_the_answer)
    before = _drafts(phone)
    phone.context.set_offline(False)
    phone.opens("/m/")
    expect(page.get_by_text("1 draft waiting")).to_be_visible()
    assert _drafts(phone) == before + 1
    page.unroute("**/api/v1/sales")
    page.reload()
    expect(page.get_by_text("1 draft sent")).to_be_visible()
    assert _drafts(phone) == before + 1
    page.get_by_role("link", name="Training customer").click()
    expect(page.get_by_text("written without a network")).to_be_visible()
    page.get_by_role("button", name="Finalise").click()
    expect(page.locator("#sale")).to_have_attribute("data-state", "final")


@pytest.mark.long
def test_a_worker_starts_and_finishes_a_step(phone: Visitor) -> None:
    page = _at_home(phone, "check.har.production")
    page.get_by_role("link", name="My steps", exact=True).click()
    page.get_by_role("button", name="Start").first.click()
    expect(page.get_by_role("status").filter(has_text="The step was started.")).to_be_visible()
    page.get_by_role("button", name="Finish").first.click()
    expect(page.get_by_role("status").filter(has_text="The step was finished.")).to_be_visible()
    assert phone.complaints == []


def _at_home(phone: Visitor, username: str) -> Page:
    """Logged in, with the shell and the sale form kept for later."""
    page = phone.logs_in(username, door="/m")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_load_state("networkidle")
    return page


def _drafts(phone: Visitor) -> int:
    answer = phone.page.request.get(f"{phone.business.url}/api/v1/sales?state=draft")
    return int(answer.json()["total"])
