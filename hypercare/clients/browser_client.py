"""What every client that is a page in a browser has in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from hypercare.browser.page import PageSession
from hypercare.browser.page_watch import PageTrouble
from hypercare.clients.accounts import entering
from hypercare.clients.client import Client, SystemRefused
from hypercare.clients.log_ins import let_in
from hypercare.http.exchange import short
from hypercare.http.reachability import unreachable_in_browser
from hypercare.outcome.signals import Signal
from hypercare.target_file.business_terms import Channel

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from hypercare.target_file.config import Account


class BrowserClient:
    """A client with a page session of its own. Pages are driven by role and label, as a person finds their way."""

    channel: Channel

    def __init__(self, page_session: PageSession) -> None:
        self.page_session = page_session

    @property
    def page(self) -> Page:
        return self.page_session.page

    @property
    def troubles(self) -> list[PageTrouble]:
        """What went wrong on the pages so far without being asked for: script errors, failed requests."""
        return self.page_session.watch.troubles

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Turn what the browser raises into the system's refusal to do `what` ("create a sale").

        Raises:
            NotCovered: something that the page wanted to send was held back meanwhile, so it is not the system's.
        """
        earlier = len(self.page_session.guard.held_requests)
        try:
            with self._our_own_doing(what, earlier):
                yield
        except self.page_session.browser.timeout_error as error:
            raise self.refused(what, f"the page did not offer it{_looked_for(error)}") from None
        except self.page_session.browser.error as error:
            self.page_session.own_trouble(error)
            if "net::ERR_" in str(error):
                unreachable_in_browser(self.page_session.way, self.page.url, str(error))
            raise self.refused(what, short(str(error), 160)) from None
        except ValueError as error:
            # Something that should have been an amount or a number was not.
            raise self.refused(what, short(str(error), 160)) from None

    @contextmanager
    def _our_own_doing(self, what: str, earlier: int) -> Iterator[None]:
        try:
            yield
        except (self.page_session.browser.error, ValueError, SystemRefused) as error:
            self.page_session.guard.require_nothing_held_since(
                earlier, f"{self.channel.words} can {what}", short(str(error).splitlines()[0], 120)
            )
            raise

    def refused(self, what: str, because: str = "") -> SystemRefused:
        """The refusal, with what the page itself says."""
        self.page_session.picture(f"{what}: refused")
        alert = self.alert()
        because = because if not alert else f'the page says "{alert}"'
        return SystemRefused(
            self.channel,
            f"{self.channel.words.capitalize()} was asked to {what}, but {because or 'did not'}.",
            where=self.page.url.partition("?")[0],
            detail="; ".join(f"{trouble.kind}: {trouble.what}" for trouble in self.troubles[:5]),
        )

    def alert(self) -> str:
        """What the page tells the person in an alert; empty when it tells nothing."""
        with suppress(self.page_session.browser.error):
            alerts = self.page.get_by_role("alert")
            if alerts.count():
                return short(" ".join(alerts.first.inner_text().split()), 160)
        return ""

    def settle(self) -> None:
        """Wait until a click has led wherever it leads."""
        self.page.wait_for_load_state("load")
        self.page_session.hide_cookies()

    def close(self) -> None:
        try:
            self.page_session.picture("screenshot")
            # A browser that is closed already raises an error of its own at any touch.
            with suppress(Signal, self.page_session.browser.error), self.page_session.guard.leaving():
                self.leave()
        finally:
            self.page_session.close()

    def pages(self) -> Sequence[str]:
        """Addresses of main pages that no link of the navigation leads to, as in a client that is all one page."""
        return ()

    def leave(self) -> None:
        """Log out if somebody is logged in."""


@contextmanager
def opened(client: Client, account: Account | None) -> Iterator[None]:
    """Log in if an account is given, keep the trace if the block goes wrong, close at its end."""
    with ExitStack() as stack:
        try:
            if account is not None:
                _let_in(client, account, stack)
            yield
        except BaseException:
            if isinstance(client, BrowserClient):
                client.page_session.keep_trace = True
            raise
        finally:
            client.close()


def _let_in(client: Client, account: Account, seat: ExitStack) -> None:
    """Log in, on a seat that is kept until the client is closed."""
    if not isinstance(client, BrowserClient):
        let_in(client, account)
        return
    target = client.page_session.target
    seat.enter_context(target.seats.taken(account.username, client.channel.words))
    with entering(target, client, account):
        let_in(client, account)


def _looked_for(error: Exception) -> str:
    """The thing that was waited for, as Playwright tells it: 'get_by_role("button", name="Finalise")'."""
    text = str(error)
    start = text.find("waiting for ")
    if start < 0:
        return ""
    return f" (looked for {short(text[start + len('waiting for ') :].splitlines()[0], 90)})"
