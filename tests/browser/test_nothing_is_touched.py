"""In observe nothing arrives at a server full of traps but pages that are shown, and the log-in."""

from collections.abc import Iterator

import pytest

from hypercare.clients.accounts import Accounts
from hypercare.mobile.phone import Phone
from hypercare.outcome import evidence
from hypercare.outcome.intake import listening
from hypercare.web.web import Web
from tests.standins.some_target import some_account, some_target
from tests.standins.trap_shop import TrapShop


@pytest.fixture
def shop() -> Iterator[TrapShop]:
    opened = TrapShop()
    yield opened
    opened.stop()


@pytest.fixture
def target(tmp_path, shop):
    people = [some_account(tmp_path, "anna", "clerk", "A")]
    way = {"url": shop.url, "timeout": "5s", "flow": {}}
    return some_target(tmp_path, mode="observe", web=way, mobile=way, accounts=people, canary={"branch": "A"})


def test_the_web_app_is_walked_and_nothing_happens(target, shop, browser):
    web = Web(target, browser)
    web.log_in_page()
    with listening() as taken_in:
        walk = web.walk(Accounts(target).all)
    assert shop.harm == set()
    assert ("POST", "/login") in shop.arrived
    assert {page.requested_url.removeprefix(shop.url) for page in walk.pages} >= {
        "/orders",
        "/customers",
        "/reports?year=2026",
    }
    held = next(intake for (_, what), intake in taken_in.items() if what == "requests held back")
    assert held.read > 5


def test_log_ins_are_tried_and_nothing_happens(target, shop, browser):
    refused = Accounts(target).refused_by(Web(target, browser))
    assert refused.count == 0
    assert shop.harm == set()


@pytest.mark.long
def test_phones_are_opened_and_nothing_happens(target, shop, browser):
    connection = Phone(target, browser).connection(Accounts(target))
    assert connection.troubles == ()
    assert shop.harm == set()


@pytest.mark.long
def test_the_speed_of_a_phone_is_measured_and_nothing_is_touched(target, shop, browser):
    speeds = Phone(target, browser).speeds(Accounts(target), target.config.limits)
    speeds.require_all_measured()
    assert shop.harm == set()
    assert not [path for _, path in shop.arrived if path.startswith("/on/")]


@pytest.mark.long
def test_nothing_on_a_page_is_touched_where_writing_is_allowed(tmp_path, shop, browser):
    people = [some_account(tmp_path, "anna", "clerk", "A")]
    way = {"url": shop.url, "timeout": "5s", "flow": {}}
    target = some_target(tmp_path, mode="transact", mobile=way, accounts=people, canary={"branch": "A"})
    Phone(target, browser).speeds(Accounts(target), target.config.limits)
    assert not [path for _, path in shop.arrived if path.startswith("/on/touch") or path == "/orders/1/void"]


@pytest.mark.long
def test_what_was_held_back_is_evidence(target, browser):
    kept: list[evidence.Attachment] = []
    with evidence.collecting(kept.append):
        Web(target, browser).log_in_page()
    told = next(str(one.body) for one in kept if one.name == "held back in web")
    assert "POST /visits: 1" in told
