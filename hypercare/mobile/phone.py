"""The `phone` resource: the mobile app on an emulated phone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from hypercare.api.endpoints import judged
from hypercare.api.json_shape import Moment
from hypercare.browser.browser import Browser
from hypercare.browser.guard import Guard
from hypercare.browser.page import PageSession
from hypercare.browser.page_watch import not_of_our_doing
from hypercare.clients.accounts import Accounts
from hypercare.clients.adapters import adapter_named
from hypercare.clients.browser_client import BrowserClient, opened
from hypercare.clients.client import Client, LogInRefused
from hypercare.clients.declared_client import declared_client
from hypercare.clients.log_in_page import how_slow, not_a_log_in_page
from hypercare.http.certificate import require_certificate_holds
from hypercare.http.exchange import Exchange, short
from hypercare.http.reachability import NO_NETWORK
from hypercare.mobile.speed import WATCH, PageSpeed, measured, worst_share
from hypercare.outcome.finding import Finding
from hypercare.outcome.signals import ChannelDown, CheckFailed, MonitorFault, NotCovered
from hypercare.target_file.business_terms import Channel, Task
from hypercare.target_file.config import Account, LimitsSection, MobileSection
from hypercare.target_file.target import Target

_ASK = """async ([url, method]) => {
  const answer = await fetch(url, {method, headers: {accept: 'application/json'}});
  return {status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') ?? ''};
}"""
_HAS_WORKER = """() => navigator.serviceWorker === undefined ? false : Promise.race([
  navigator.serviceWorker.ready.then(() => true), new Promise(give => setTimeout(() => give(false), 10000))])"""
_MOST_TRIES = 3
_ERROR_PAGE = "the browser's own error page appears"


@dataclass(frozen=True)
class Connection:
    """How one device got on: `troubles` are what keeps it from opening a session, in words.

    `complaints` are what went wrong on the page while a session can be opened all the same. `gap` is why it was not
    tried beyond the log-in page; None when it was.
    """

    device: str
    troubles: tuple[str, ...]
    complaints: tuple[str, ...] = ()
    gap: NotCovered | None = None

    def require_log_in_tried(self) -> None:
        """Raises NotCovered when no session was tried to open: what was not looked at does not pass."""
        if self.gap is not None:
            raise NotCovered(
                f"{self.device}: the app was opened up to its log-in page only. {self.gap.reason}",
                remedy=self.gap.remedy,
            )

    def row(self) -> dict[str, object]:
        return {"device": self.device, "trouble": "; ".join((*self.troubles, *self.complaints))}


@dataclass(frozen=True)
class Speeds:
    """Pages that were measured; `gap` is why the one behind the log-in was not, None when it was."""

    pages: Sequence[PageSpeed]
    gap: NotCovered | None = None

    def require_all_measured(self) -> None:
        """Raises NotCovered when only the log-in page was measured."""
        if self.gap is not None:
            raise NotCovered(f"Only the log-in page was measured. {self.gap.reason}", remedy=self.gap.remedy)


class PhoneAdapter(Protocol):
    """What an adapter promises of the mobile app."""

    def mobile_client(self, phone: Phone) -> Client: ...


class Phone:
    """Chromium in the shape of a phone; an iPhone is then its size and touch, not its own browser."""

    channel = Channel.MOBILE

    def __init__(self, target: Target, browser: Browser, device: str | None = None) -> None:
        self.target = target
        self._browser = browser
        self._device = device

    @property
    def section(self) -> MobileSection:
        """Raises NotCovered when the target file names no mobile app."""
        if self.target.config.mobile is None:
            raise NotCovered("No mobile app is configured.", remedy="Add [mobile] url to the target file.")
        return self.target.config.mobile

    @property
    def devices(self) -> list[Phone]:
        """A phone for each device that is to be tried."""
        names = dict.fromkeys((self.section.device, *self.section.also))
        return [Phone(self.target, self._browser, name) for name in names]

    @property
    def device(self) -> str:
        return self._device or self.section.device

    def new_page_session(self, *, script: str = "") -> PageSession:
        """A fresh session with nothing kept from earlier ones, to be closed by the caller."""
        return PageSession(
            self.target,
            self._browser,
            way="mobile",
            url=self.section.url,
            seconds=self.section.timeout.total_seconds(),
            guard=Guard.of(self.target, "mobile", self.section),
            options=self._browser.device(self.device),
            script=script or WATCH,
        )

    def require_certificate_holds(self) -> None:
        """Raises CheckFailed when its certificate does not hold, or will not for much longer."""
        require_certificate_holds("mobile", self.section.url, self.section.timeout)

    @contextmanager
    def client(self, account: Account | None = None) -> Iterator[Client]:
        """A new client of the adapter, logged in as `account` if given, closed at the end of the block."""
        client = declared_client(self.section, self.channel, self.new_page_session)
        if client is None:
            adapter: PhoneAdapter = adapter_named(self.target.config.target.adapter)
            client = adapter.mobile_client(self)
        with opened(client, account):
            yield client

    def connections(self, accounts: Accounts) -> list[Connection]:
        """Each device in turn; one for which there is no time any more is said not to have been tried."""
        budget, tried = self.target.time_budget, list[Connection]()
        with budget.running():
            for phone in self.devices:
                if tried and not budget.has(self.section.timeout.total_seconds() * 2):
                    tried.append(Connection(phone.device, (), gap=budget.gap(f"Only {len(tried)} phones were tried")))
                else:
                    tried.append(phone.connection(accounts))
        return tried

    def connection(self, accounts: Accounts) -> Connection:
        """Open the app, shake hands with the API from within it, and open a session as a seller of the canary."""
        try:
            troubles, complaints = self._arrival()
            gap = None if troubles else self._session_gap(accounts)
        except (CheckFailed, ChannelDown) as refused:
            return Connection(self.device, (refused.finding.sentence,))
        return Connection(self.device, troubles, complaints, gap)

    def speeds(self, accounts: Accounts, limits: LimitsSection) -> Speeds:
        """The first page as a newcomer gets it, and the page behind the log-in if somebody is there to log in.

        What is beyond a limit is measured again, three times in all, and the best stands: the machine that measures
        has its own bad moments.
        """
        with self.target.time_budget.running():
            return self._speeds(accounts, limits)

    def _speeds(self, accounts: Accounts, limits: LimitsSection) -> Speeds:
        first = self._best(limits, self._first_page)
        try:
            return Speeds((first, self._best(limits, lambda: self._page_behind(accounts))))
        except NotCovered as gap:
            return Speeds((first,), gap)
        except LogInRefused as refused:
            nobody = f"Nobody was let in, so no page behind the log-in was measured: {refused.finding.sentence}"
            return Speeds((first,), NotCovered(nobody, remedy="See the finding about who cannot log in."))

    def opens_offline(self, accounts: Accounts) -> str:
        """What keeps the app from opening without a network; empty when it opens.

        Raises:
            NotCovered: it is not meant to, or nobody is configured to log in: only then is all of it on the phone.
        """
        if not self.section.offline:
            raise NotCovered(
                "The mobile app is not meant to open without a network.",
                remedy="If it is, set [mobile] offline = true.",
            )
        with accounts.client_for(self, Task.SELL) as client:
            page_session = _page_session_of(client)
            if not page_session.page.evaluate(_HAS_WORKER):
                return "it has installed nothing on the phone that could open it"
            page_session.go()
            before = list(page_session.watch.troubles)
            page_session.context.set_offline(True)
            try:
                with page_session.guard.aside(page_session.context):
                    page = page_session.go()
            except ChannelDown:
                return _ERROR_PAGE
            except MonitorFault as fault:
                # That there is no network is our own doing here.
                if NO_NETWORK not in fault.reason:
                    raise
                return _ERROR_PAGE
            finally:
                page_session.context.set_offline(False)
                # That requests fail without a network is no trouble.
                page_session.watch.troubles[:] = before
            page_session.keep_trace = not (page.text and page.title)
            return "the page is blank" if page_session.keep_trace else ""

    def _session_gap(self, accounts: Accounts) -> NotCovered | None:
        """Open a session; why that could not be tried, None when it was."""
        try:
            with accounts.client_for(self, Task.SELL):
                return None
        except NotCovered as gap:
            return gap

    def _arrival(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What keeps people from logging in at all, and what else went wrong as the app opened."""
        section = self.section
        page_session = self.new_page_session()
        try:
            page = page_session.go(settle=0.4, until_field=True)
            web = self.target.config.web
            hosts = web.hosts if web is not None else ()
            missing = not_a_log_in_page(page, hosts=hosts, password_first=section.password_first)
            slow = how_slow(page, section.timeout)
            if missing and page.status is not None and page.status < 400:
                page_session.guard.require_nothing_held_since(0, "a phone shows the log-in page", missing[0])
            troubles = not_of_our_doing(
                page_session.guard, page_session.watch.troubles, "the mobile app opens without errors"
            )
            broken = tuple(f"{trouble.kind}: {trouble.what}" for trouble in troubles)
            broken = (f"it is slow: {slow}", *broken) if slow else broken
            page_session.keep_trace = bool(missing or broken)
            closed = (*missing, *self._handshake(page_session))
            return ((*closed, *broken), ()) if closed else ((), broken)
        finally:
            page_session.close()

    def _handshake(self, page_session: PageSession) -> list[str]:
        endpoint, api = self.section.handshake, self.target.config.api
        if endpoint is None or api is None:
            return []
        url = api.url.rstrip("/") + "/" + endpoint.path.lstrip("/")
        started = time.perf_counter()
        try:
            answer = self._fetched_from_within(page_session, url, endpoint.method)
        except self._browser.error as error:
            page_session.own_trouble(error)
            return ["the API cannot be reached from the phone"]
        exchange = _exchange(endpoint.method, url, answer, time.perf_counter() - started)
        now = self.target.now()
        moment = Moment(now, self.target.calendar.date_of(now).isoformat())
        return [f"the API's handshake {trouble}" for trouble in judged(endpoint, exchange, moment)]

    def _fetched_from_within(self, page_session: PageSession, url: str, method: str) -> dict[str, Any]:
        """By the page itself where the API is at its own address, else by the phone's browser beside it."""
        if urlsplit(url).netloc == urlsplit(page_session.page.url).netloc:
            with page_session.guard.asking(url):
                response: dict[str, Any] = page_session.page.evaluate(_ASK, [url, method])
            return response
        answer = page_session.context.request.fetch(
            url, method=method, timeout=self.section.timeout.total_seconds() * 1000
        )
        return {"status": answer.status, "text": answer.text(), "type": answer.headers.get("content-type", "")}

    def _best(self, limits: LimitsSection, measure: Callable[[], PageSpeed]) -> PageSpeed:
        best: PageSpeed | None = None
        for _ in range(_MOST_TRIES):
            began = time.perf_counter()
            speed = measure()
            if best is None or worst_share(speed, limits) < worst_share(best, limits):
                best = speed
            if worst_share(best, limits) <= 1 or not self.target.time_budget.has(time.perf_counter() - began):
                break
        assert best is not None
        return best

    def _first_page(self) -> PageSpeed:
        page_session = self.new_page_session()
        try:
            return self._measured(page_session)
        finally:
            page_session.close()

    def _page_behind(self, accounts: Accounts) -> PageSpeed:
        with accounts.client_for(self, Task.SELL) as client:
            return self._measured(_page_session_of(client))

    def _measured(self, page_session: PageSession) -> PageSpeed:
        try:
            return measured(page_session, "", self.section.tap)
        except self._browser.error as error:
            page_session.own_trouble(error)
            raise CheckFailed(_unmeasurable(self.section.url, error)) from None


def _page_session_of(client: Client) -> PageSession:
    if not isinstance(client, BrowserClient):
        raise NotCovered("The adapter's client into the mobile app is not a browser's.")
    return client.page_session


def _exchange(method: str, url: str, answer: dict[str, Any], seconds: float) -> Exchange:
    try:
        content, is_json = json.loads(answer["text"]), True
    except ValueError:
        content, is_json = None, False
    return Exchange(
        method=method,
        url=url,
        status=answer["status"],
        seconds=seconds,
        request_headers={},
        request_body=None,
        headers={"content-type": answer["type"]},
        text=answer["text"],
        json=content,
        is_json=is_json,
    )


def _unmeasurable(url: str, error: Exception) -> Finding:
    return Finding(
        sentence="The mobile app stopped answering while its speed was measured.",
        where=url,
        next_step="Open it on a phone and see where it stops.",
        detail=short(str(error), 300),
    )
