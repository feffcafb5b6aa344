"""A phone without anybody to log in as is opened all the same, and says where it stopped."""

from contextlib import contextmanager

import pytest

from hypercare.clients.accounts import Accounts
from hypercare.clients.browser_client import BrowserClient
from hypercare.clients.client import LogInRefused
from hypercare.mobile.phone import Phone
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel
from tests.standins.some_target import some_account, some_target

FORM = "<h1>Welcome</h1><form><input name=u><input type=password name=p><button>Log in</button></form>"


@pytest.fixture
def target(tmp_path, standin):
    return some_target(tmp_path, mobile={"url": standin.url, "timeout": "3s"})


def page(body: str) -> str:
    return f"<!doctype html><html><head><title>Shop</title></head><body>{body}</body></html>"


@pytest.mark.long
def test_without_accounts_the_log_in_page_is_judged_and_the_rest_said(target, standin, browser):
    standin.page("/", page(FORM))
    connection = Phone(target, browser).connection(Accounts(target))
    assert connection.troubles == ()
    with pytest.raises(NotCovered, match=r"up to its log-in page only\. No account") as gap:
        connection.require_log_in_tried()
    assert "[[accounts]]" in gap.value.remedy


@pytest.mark.long
def test_without_accounts_a_broken_log_in_page_is_a_trouble(target, standin, browser):
    standin.page("/", page("<h1>Bad Gateway</h1>"), 502)
    connection = Phone(target, browser).connection(Accounts(target))
    assert "it answers 502" in connection.troubles
    connection.require_log_in_tried()


def test_what_goes_wrong_on_a_page_that_opens_is_a_complaint_and_keeps_nobody_out(target, standin, browser):
    standin.page("/", page(f"{FORM}<script src='/worker.js'></script>"))
    connection = Phone(target, browser).connection(Accounts(target))
    assert connection.troubles == ()
    assert connection.complaints == (f"error answer: GET {standin.url}/worker.js: 404",)


def test_an_adapter_that_cannot_log_in_is_said(tmp_path, standin, browser):
    people = [some_account(tmp_path, "check.trn", "sales", "TRN")]
    target = some_target(
        tmp_path, mobile={"url": standin.url, "timeout": "3s"}, accounts=people, canary={"branch": "TRN"}
    )
    standin.page("/", page(FORM))
    connection = Phone(target, browser).connection(Accounts(target))
    assert connection.troubles == ()
    with pytest.raises(NotCovered, match="No adapter says how people log in"):
        connection.require_log_in_tried()


@pytest.mark.long
def test_without_accounts_the_log_in_page_is_measured(target, standin, browser):
    standin.page("/", page(FORM))
    speeds = Phone(target, browser).speeds(Accounts(target), target.config.limits)
    assert [speed.page for speed in speeds.pages] == [f"{standin.url}/"]
    with pytest.raises(NotCovered, match="Only the log-in page was measured"):
        speeds.require_all_measured()


@pytest.mark.long
def test_where_nobody_is_let_in_the_log_in_page_is_measured(target, standin, browser, monkeypatch):
    def refuse(*_):
        raise LogInRefused(Channel.MOBILE, "check.trn was not let in: this account is disabled.")

    monkeypatch.setattr(Accounts, "client_for", refuse)
    standin.page("/", page(FORM))
    speeds = Phone(target, browser).speeds(Accounts(target), target.config.limits)
    assert [speed.page for speed in speeds.pages] == [f"{standin.url}/"]
    with pytest.raises(NotCovered, match="this account is disabled"):
        speeds.require_all_measured()


def test_without_a_browser_nothing_was_looked_at(target, browser, monkeypatch):
    browser.forget()
    monkeypatch.setenv("HYPERCARE_BROWSER", "/no/such/browser")
    with pytest.raises(NotCovered, match="/no/such/browser"):
        Phone(target, browser).connection(Accounts(target))


INSTALLS = """<script>navigator.serviceWorker.register('/worker.js')</script><button>Log out</button>"""
WORKER = """addEventListener('install', event => { skipWaiting();
  event.waitUntil(caches.open('all').then(kept => kept.add('/'))); });
addEventListener('activate', event => event.waitUntil(clients.claim()));
addEventListener('fetch', event => event.respondWith(
  fetch(event.request).catch(() => caches.match('/'))));"""


@pytest.mark.parametrize("mode", ["observe", "transact"])
def test_an_app_that_is_on_the_phone_opens_without_a_network(tmp_path, standin, browser, monkeypatch, mode):
    target = some_target(tmp_path, mode=mode, mobile={"url": standin.url, "timeout": "5s", "offline": True})
    standin.page("/", page(f"<h1>Orders</h1>{INSTALLS}"))
    standin.answers["/worker.js"] = (200, "text/javascript", WORKER)
    phone = Phone(target, browser)

    @contextmanager
    def inside(*_):
        client = BrowserClient(phone.new_page_session())
        client.page_session.go()
        yield client
        client.page_session.close()

    monkeypatch.setattr(Accounts, "client_for", inside)
    assert phone.opens_offline(Accounts(target)) == ""
