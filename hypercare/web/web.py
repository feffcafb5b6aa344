"""The `web` resource: the web app in a real browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Protocol

from hypercare.browser.browser import Browser
from hypercare.browser.guard import Guard
from hypercare.browser.page import PageSession
from hypercare.browser.page_watch import PageTroubles, not_of_our_doing
from hypercare.clients.accounts import entered
from hypercare.clients.adapters import adapter_named
from hypercare.clients.browser_client import BrowserClient, opened
from hypercare.clients.client import Client, LogInRefused
from hypercare.clients.declared_client import declared_client
from hypercare.clients.log_in_page import how_slow, not_a_log_in_page
from hypercare.http.certificate import require_certificate_holds
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.config import Account, WebSection
from hypercare.target_file.target import Target
from hypercare.web.walk import LogInPage, Walk, walked


class WebAdapter(Protocol):
    """What an adapter promises of the web app."""

    def web_client(self, web: Web) -> Client: ...


class Web:
    """Every look and every client has a context of its own in the one browser of the session."""

    channel = Channel.WEB

    def __init__(self, target: Target, browser: Browser) -> None:
        self.target = target
        self._browser = browser

    @property
    def section(self) -> WebSection:
        """Raises NotCovered when the target file names no web app."""
        if self.target.config.web is None:
            raise NotCovered("No web app is configured.", remedy="Add [web] url to the target file.")
        return self.target.config.web

    def new_page_session(self) -> PageSession:
        """A fresh session, to be closed by the caller."""
        section = self.section
        return PageSession(
            self.target,
            self._browser,
            way="web",
            url=section.url,
            seconds=section.timeout.total_seconds(),
            guard=Guard.of(self.target, "web", section),
            options={"viewport": {"width": 1366, "height": 850}},
        )

    def log_in_page(self) -> LogInPage:
        """Open the web app as somebody who comes in the morning does."""
        section = self.section
        page_session = self.new_page_session()
        try:
            page = page_session.go(settle=0.4, until_field=True)
            missing = not_a_log_in_page(page, hosts=section.hosts, password_first=section.password_first)
            slow = how_slow(page, section.timeout)
            page_session.keep_trace = bool(missing or slow)
            if missing and page.status is not None and page.status < 400:
                page_session.guard.require_nothing_held_since(0, "the web app shows its log-in page", missing[0])
            troubles = not_of_our_doing(
                page_session.guard, page_session.watch.troubles, "the log-in page opens without errors"
            )
            return LogInPage(page, tuple(missing), slow, PageTroubles(tuple(troubles), of=1, where=section.url))
        finally:
            page_session.close()

    def walk(self, among: Sequence[Account]) -> Walk:
        """Log in as the first who is let in and open every page that the navigation leads to.

        Raises:
            NotCovered: nobody is let in, which the check of the log-ins tells.
        """
        with ExitStack() as stack:
            stack.enter_context(self.target.time_budget.running())
            try:
                client = stack.enter_context(entered(self, among))
            except LogInRefused as refused:
                raise NotCovered(f"Nobody was let in to look behind the log-in: {refused}") from None
            if not isinstance(client, BrowserClient):
                raise NotCovered("The adapter's client into the web app is not a browser's.")
            return walked(client.page_session, self.section.timeout, (*client.pages(), *self.section.main_pages))

    def require_certificate_holds(self) -> None:
        """Raises CheckFailed when its certificate does not hold, or will not for much longer."""
        require_certificate_holds("web", self.section.url, self.section.timeout)

    @contextmanager
    def client(self, account: Account | None = None) -> Iterator[Client]:
        """A new client of the adapter, logged in as `account` if given, closed at the end of the block."""
        client = declared_client(self.section, self.channel, self.new_page_session)
        if client is None:
            adapter: WebAdapter = adapter_named(self.target.config.target.adapter)
            client = adapter.web_client(self)
        with opened(client, account):
            yield client
