"""Every way into a target, tried one after the other; what is not in the target file is left out, and said so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from hypercare.api.api import Api
from hypercare.browser.browser import Browser
from hypercare.browser.local_certificate_keys import keys_only_known_here
from hypercare.clients.accounts import Accounts
from hypercare.clients.client import Way
from hypercare.doctor.attempt import Attempt, AttemptOutcome, Wrong, attempted
from hypercare.mobile.phone import Phone
from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import Account, Endpoint
from hypercare.target_file.target import Target
from hypercare.web.web import Web

_CLOCKS_DIFFER_BY = timedelta(minutes=2)


def try_clients(target: Target) -> Iterator[Attempt]:
    """Browser, web, mobile, API, its endpoints, and every account; nothing is opened before its turn."""
    config = target.config
    browser, api = Browser(lambda: keys_only_known_here(config)), Api(target)
    web, phone = Web(target, browser), Phone(target, browser)
    try:
        found = attempted("browser", "browser", lambda: _browser(browser), needed=bool(config.web or config.mobile))
        yield found
        yield attempted("web", "web", lambda: _web(web))
        yield attempted("mobile", "mobile", lambda: _mobile(phone))
        yield attempted("api", "api", lambda: _api(target, api))
        for endpoint in config.api.endpoints if config.api else ():
            yield attempted("api", f"api {endpoint.name}", lambda one=endpoint: _endpoint(api, one))  # type: ignore[misc]
        yield from _log_ins(target, api, web, in_browser=found.outcome is AttemptOutcome.WORKS)
    finally:
        api.close()
        browser.close()


def _browser(browser: Browser) -> str:
    context = browser.context()
    version = context.browser.version if context.browser else ""
    context.close()
    return f"Chromium {version} starts".replace("  ", " ")


def _web(web: Web) -> str:
    log_in_page = web.log_in_page()
    if log_in_page.missing:
        raise Wrong(
            f"{log_in_page.page.address} is no log-in page: {'; '.join(log_in_page.missing)}.",
            "Name the address at which people log in as [web] url; for a central log-in also [web] hosts; where the "
            "password is asked for on a second page, [web] password_first = false.",
        )
    web.require_certificate_holds()
    page = log_in_page.page
    return f"log-in page after {page.seconds:.1f} s" + (f', "{page.title}"' if page.title else "")


def _mobile(phone: Phone) -> str:
    _ = phone.section
    page_session = phone.new_page_session()
    try:
        page = page_session.go()
    finally:
        page_session.close()
    if page.status is not None and page.status >= 400:
        raise Wrong(f"{page.address} answers {page.status}.", "Correct [mobile] url.")
    return f"opens on a {phone.device} after {page.seconds:.1f} s"


def _api(target: Target, api: Api) -> str:
    exchange = api.send("GET", api.section.url)
    api.require_certificate_holds()
    if exchange.status >= 500:
        raise Wrong(f"{exchange.url} answers {exchange.status}.", "See the log of the server; correct [api] url.")
    return f"answers {exchange.status}{_clock_agreement(target, exchange.headers.get('date'))}"


def _clock_agreement(target: Target, date_header: str | None) -> str:
    """Compares the server's clock with ours, where it tells and lives in real time."""
    if not date_header or target.config.business.clock is not None:
        return ""
    try:
        theirs = parsedate_to_datetime(date_header)
    except ValueError:
        return ""
    apart = abs(theirs - datetime.now(theirs.tzinfo))
    if apart > _CLOCKS_DIFFER_BY:
        raise Wrong(
            f"The clock of the API's server is {rounded_duration(apart)} away from ours.",
            "Set both clocks by the same time server.",
        )
    return ", clocks agree"


def _endpoint(api: Api, endpoint: Endpoint) -> str:
    result = api.check_endpoint(endpoint)
    if result.troubles:
        raise Wrong(
            f"{result.exchange.method} {result.exchange.url}: {'; '.join(result.troubles)}.",
            f"Correct the endpoint {endpoint.name!r} in [[api.endpoints]], or the system.",
        )
    if result.is_slow:
        limit = endpoint.timeout.total_seconds()
        raise Wrong(
            f"It takes {result.exchange.seconds:.1f} s, and its limit is {limit:g} s.",
            "Raise its timeout, or make it faster.",
        )
    return f"answers {result.exchange.status} as expected"


def _log_ins(target: Target, api: Api, web: Web, *, in_browser: bool) -> Iterator[Attempt]:
    accounts = Accounts(target)
    if not target.config.accounts:
        yield attempted("accounts", "accounts", lambda: str(len(accounts.all)))
        return
    if target.config.api is not None:
        for account in accounts.all:
            yield _log_in(accounts, api, account)
    if target.config.web is not None and in_browser:
        for account in accounts.one_of_each_role():
            yield _log_in(accounts, web, account)


_CORRECT_PASSWORD = "Correct the password that [[accounts]] refers to, or unlock the account."
_CORRECT_WAY = "Log in by hand and compare each step; correct how it is declared in the target file, or the page."


def _log_in(accounts: Accounts, way: Way, account: Account) -> Attempt:
    def enter() -> str:
        refused = accounts.refused_by(way, [account])
        if refused.count:
            raise Wrong(
                f"{account.username} is refused: {refused.accounts[0][1]}.",
                _CORRECT_PASSWORD if refused.by_password else _CORRECT_WAY,
            )
        try:
            others = accounts.with_other_rights_in(way, [account])
        except NotCovered:
            return "let in; nothing that is read there tells its rights"
        if others.count:
            raise Wrong(f"Let in, but {others.who}.", "Correct role and branch in [[accounts]], or the account.")
        only = "" if len(others.compared) > 1 else "".join(others.compared)
        return f"let in, {only} as agreed; nothing else is read of its rights" if only else "let in, rights as agreed"

    return attempted("accounts", f"log-in {account.username} in {way.channel.words}", enter)


def try_clock(target: Target) -> Attempt:
    def action() -> str:
        now = target.now().astimezone(target.calendar.zone)
        if target.config.business.clock is not None:
            return f"the target's own clock says {now:%Y-%m-%d %H:%M}"
        return f"{now:%Y-%m-%d %H:%M} in {target.calendar.zone.key}, day {_day(target, now)} since go-live"

    return attempted("clock", "clock", action)


def _day(target: Target, now: datetime) -> int:
    day = (now.date() - target.calendar.go_live).days + 1
    if day < 1:
        raise NotCovered(
            "Go-live is still to come, so no round has anything to do.", remedy="Correct [business] go_live."
        )
    return day
