"""What goes wrong on a page without anybody touching it: scripts break, parts are missing, requests fail.

What an application writes to its console, and how it answers its own pages ("nobody is logged in", "no cart yet"), is
its own affair: healthy ones do so on every visit. It is noted, and is no trouble. What the browser itself says there of
a part that it refuses is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hypercare.browser.guard import HELD_BACK, Guard
from hypercare.http.exchange import short
from hypercare.http.reachability import browser_words
from hypercare.outcome.found import Found

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request, Response
    from playwright.sync_api import Error as PlaywrightError

_MOST = 50
SLOW = "slow page"
# The browser asks for this one by itself, and cuts off what a new page makes needless.
_NOBODY_ASKED_FOR = "/favicon.ico"
_CUT_OFF = "net::ERR_ABORTED"
_ASKED_BY_SCRIPT = {"xhr", "fetch"}
_REFUSED_TYPE = re.compile(
    r"Refused to (?:execute script|apply style) from '(?P<url>[^']+)' because its MIME type"
    r"|Failed to load module script: .*MIME type"
)


@dataclass(frozen=True)
class PageTrouble:
    """`kind` is "script error", "failed request", "error answer" or "refused part".

    `is_theirs` is whether it would be there whatever was held back of what the page wanted to send.
    """

    kind: str
    what: str
    page: str
    is_theirs: bool = field(default=False, compare=False)

    def row(self) -> dict[str, object]:
        return {"trouble": self.kind, "what": self.what, "page": self.page}


@dataclass(frozen=True)
class PageTroubles:
    """Troubles as violations: `of` is the number of pages that were watched."""

    troubles: Sequence[PageTrouble]
    of: int
    where: str

    @property
    def found(self) -> Found:
        return Found(count=self.count, of=self.of, sample=self.sample, where=self.where)

    @property
    def count(self) -> int:
        return len(self.troubles)

    @property
    def sample(self) -> Sequence[dict[str, object]]:
        return [trouble.row() for trouble in self.troubles]

    @property
    def are_slowness_alone(self) -> bool:
        return bool(self.troubles) and all(trouble.kind == SLOW for trouble in self.troubles)

    @property
    def first(self) -> str:
        return f"{self.troubles[0].kind}: {self.troubles[0].what}" if self.troubles else ""

    @property
    def first_in_words(self) -> str:
        return self.troubles[0].what if self.troubles else ""


@dataclass
class PageWatch:
    """Listens to a page from before it is opened. `host` is the target's: what fails elsewhere is not the target's.

    `noted` is what nobody has to mend for that: failures elsewhere, words on the console, answers that pages expect.
    """

    host: str
    troubles: list[PageTrouble] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    # The address that is being left: what a page is cut off from then is our doing.
    leaving: str = ""
    # Requests that were sent and those that were answered; pages among them, and the status of the last.
    requests_sent: int = 0
    requests: int = 0
    pages: int = 0
    status: int | None = None

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self._script_error(page, error))
        page.on("console", lambda message: self._console(page, message))
        page.on("request", self._count_request)
        page.on("requestfailed", lambda request: self._failed(page, request))
        page.on("response", lambda response: self._answered(page, response))

    def _script_error(self, page: Page, error: PlaywrightError) -> None:
        self._add("script error", short(error.message, 200), page.url)

    def _console(self, page: Page, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        # What a page writes has arguments; what the browser says has none.
        refused = None if message.args else _REFUSED_TYPE.match(message.text)
        if refused is not None and self._is_ours(url := refused["url"] or message.location["url"]):
            what = f"{_without_query(url)} comes as a type that browsers refuse for it"
            self._add("refused part", what, page.url)
            return
        # A failed resource is told twice; its own listener knows more.
        if not message.text.startswith("Failed to load resource"):
            self._note(f"on the console of {_without_query(page.url)}: {message.text}")

    def _failed(self, page: Page, request: Request) -> None:
        reason = request.failure or ""
        if reason == _CUT_OFF or HELD_BACK in reason:
            return
        if not self._is_ours(request.url):
            self._note(f"{request.url}: {browser_words(reason)}")
            return
        what = f"{request.method} {_without_query(request.url)}: {browser_words(reason)}"
        self._add("failed request", what, _page_of(request, page))

    def _count_request(self, request: Request) -> None:
        self.requests_sent += 1

    def _answered(self, page: Page, response: Response) -> None:
        self.requests += 1
        if response.request.is_navigation_request() and response.frame == page.main_frame:
            if not 300 <= response.status < 400:
                self.pages += 1
            self.status = response.status
        if response.status < 400 or response.url.endswith(_NOBODY_ASKED_FOR):
            return
        if not self._is_ours(response.url):
            self._note(f"{response.url}: {response.status}")
            return
        request = response.request
        what = f"{request.method} {_without_query(response.url)}: {response.status}"
        if request.resource_type in _ASKED_BY_SCRIPT and response.status < 500:
            self._note(what)
            return
        is_theirs = response.status >= 500 or request.is_navigation_request()
        self._add("error answer", what, _page_of(request, page), is_theirs)

    def _add(self, kind: str, what: str, page: str, is_theirs: bool = False) -> None:
        if self.leaving and page == self.leaving:
            return
        trouble = PageTrouble(kind, what, _without_query(page), is_theirs)
        if trouble not in self.troubles and len(self.troubles) < _MOST:
            self.troubles.append(trouble)

    def _is_ours(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"", "data", "blob"} or parts.hostname == self.host

    def _note(self, what: str) -> None:
        if len(self.noted) < _MOST:
            self.noted.append(short(what, 200))


def not_of_our_doing(guard: Guard, troubles: Sequence[PageTrouble], what: str) -> list[PageTrouble]:
    """The troubles, without those that may come of what was held back.

    Raises:
        NotCovered: there are no others, so `what` ("the pages behind the log-in work") is not known.
    """
    if not guard.has_changed_pages:
        return list(troubles)
    theirs = [trouble for trouble in troubles if trouble.is_theirs]
    if troubles and not theirs:
        guard.require_nothing_held_since(0, what, f"{troubles[0].kind}: {troubles[0].what}")
    return theirs


def _page_of(request: Request, page: Page) -> str:
    """The page that a request is for: a page's own is answered while the browser still shows the one before."""
    return request.url if request.is_navigation_request() else page.url


def _without_query(url: str) -> str:
    return url.partition("?")[0]
