"""What may leave a browser that only reads: reading, the log-in and the log-out, and what the target file allows.

Everything else is held back before it reaches the network, and told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hypercare.browser.entry_requests import EntryWindow
from hypercare.browser.part_cache import PartCache
from hypercare.http.navigation import acts
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.allowed_request import AllowedRequest
from hypercare.target_file.config import MobileSection, Mode, WebSection
from hypercare.target_file.target import Target

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Request, Route, WebSocketRoute

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_NEVER_READS = frozenset({"PUT", "PATCH", "DELETE"})
HELD_BACK = "ERR_BLOCKED_BY_CLIENT"
# What a page sends without waiting for an answer, so that it goes on as if it had been sent.
_UNANSWERED = frozenset({"ping", "cspviolationreport", "cspreport"})
_MOST_TOLD, _MOST_HELD = 3, 500

# What is sent as a page is left, or from a worker that pages share, gets past whoever listens at the page's client: the
# one is not sent, the other is not there.
_IN_THE_OPEN = """(() => {
  const send = window.fetch;
  if (!send) return;
  let leaving = false;
  addEventListener('beforeunload', () => { leaving = true; setTimeout(() => { leaving = false; }, 2000); }, true);
  addEventListener('pagehide', () => { leaving = true; }, true);
  const reads = method => ['GET', 'HEAD', 'OPTIONS'].includes(String(method || 'GET').toUpperCase());
  window.fetch = function (what, how) {
    const asked = what instanceof Request ? what : {};
    if (leaving && !reads(how?.method ?? asked.method)) return Promise.reject(new TypeError('Failed to fetch'));
    if (how && how.keepalive) how = {...how, keepalive: false};
    if (asked.keepalive) what = new Request(what, {keepalive: false});
    return send.call(this, what, how);
  };
  navigator.sendBeacon = (url, data) => {
    window.fetch(url, {method: 'POST', body: data, mode: 'no-cors', credentials: 'include'}).catch(() => {});
    return true;
  };
  const {open, send: sendIt} = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, ...rest) {
    this.hypercareReads = reads(method);
    return open.call(this, method, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (!leaving || this.hypercareReads) sendIt.call(this, body);
  };
  for (const name of ['SharedWorker', 'fetchLater', 'WebTransport']) { try { delete window[name]; } catch {} }
})()"""


@dataclass(frozen=True)
class HeldRequest:
    """A request that was not let out; `is_waited_for` is whether the page may be another one without its answer."""

    method: str
    url: str
    is_waited_for: bool = True

    @property
    def words(self) -> str:
        parts = urlsplit(self.url)
        return f"{self.method} {parts.path or '/'}"


@dataclass
class Guard:
    """Stands before the network of one page session. `key` is the part of the target file that allows: "web" or
    "mobile"; `hosts` are those where people log in."""

    key: str
    hosts: frozenset[str] = frozenset()
    allowed: Sequence[AllowedRequest] = ()
    stands: bool = False
    held_requests: list[HeldRequest] = field(default_factory=list)
    part_cache: PartCache = field(default_factory=PartCache)
    _entry: EntryWindow | None = None
    _next_is_chosen: bool = False
    _declared_url: str = ""

    @classmethod
    def of(cls, target: Target, key: str, section: WebSection | MobileSection) -> Guard:
        """For the pages of [web] or [mobile]; it stands where nothing may be written."""
        ways = (target.config.web, target.config.mobile, target.config.api)
        own = {urlsplit(way.url).hostname or "" for way in ways if way is not None}
        hosts = (*own, *(target.config.web.hosts if target.config.web is not None else ()))
        stands = target.config.target.mode is Mode.OBSERVE or target.only_looks
        return cls(key, frozenset(host.lower() for host in hosts), section.allow, stands)

    def stand_before(self, context: BrowserContext) -> None:
        if not self.stands:
            return
        context.add_init_script(_IN_THE_OPEN)
        self.part_cache.listen(context)
        context.route("**/*", self._judge)
        context.route_web_socket(re.compile(""), self._listen_only)

    @contextmanager
    def aside(self, context: BrowserContext) -> Iterator[None]:
        """While there is no network at all: what an app has installed answers only where nobody stands between."""
        if not self.stands:
            yield
            return
        context.unroute_all()
        try:
            yield
        finally:
            context.route("**/*", self._judge)

    @contextmanager
    def entering(self, username: str, password: str, *, pressed: bool = False) -> Iterator[None]:
        """While somebody logs in: what carries what was typed, or goes where one logs in, is let out.

        `pressed` is for clients that do not tell when they send it off.
        """
        self._entry = EntryWindow.to_log_in(self.hosts, (username, password), pressed)
        try:
            yield
        finally:
            self._entry = None

    @contextmanager
    def asking(self, url: str) -> Iterator[None]:
        """While the suite itself asks what the target file declares, by whatever method."""
        self._declared_url = url
        try:
            yield
        finally:
            self._declared_url = ""

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """The same while somebody logs out."""
        self._entry = EntryWindow.to_log_out(self.hosts)
        try:
            yield
        finally:
            self._entry = None

    @contextmanager
    def going(self) -> Iterator[None]:
        """While the suite itself opens an address: where that leads was chosen."""
        self._next_is_chosen = True
        try:
            yield
        finally:
            self._next_is_chosen = False

    @contextmanager
    def pressing(self) -> Iterator[None]:
        """While it presses what the target file, or the adapter, says: of a log-in it sends what was typed."""
        if self._entry is not None:
            self._entry.pressed = True
        with self.going():
            yield

    def require_nothing_held_since(self, earlier: int, what: str, because: str) -> None:
        """Raises NotCovered when what was held back may be why something went wrong: it was our doing."""
        missed = [request for request in self.held_requests[earlier:] if request.is_waited_for]
        if not missed:
            return
        words = "; ".join(dict.fromkeys(request.words for request in missed[:_MOST_TOLD]))
        paths = list(dict.fromkeys(urlsplit(request.url).path or "/" for request in missed))
        raise NotCovered(
            f"Whether {what} is not known: nothing is sent that may write in observe, so {len(missed)} "
            f"{'request was' if len(missed) == 1 else 'requests were'} held back ({words}), and without: {because}.",
            remedy="If they only read, allow them: "
            f"[{self.key}] allow = [{', '.join(f'{path!r}' for path in paths[:3])}]"
            ", with `says` where the same address also writes.",
        )

    @property
    def has_changed_pages(self) -> bool:
        """Whether a page may be another one for what was held back."""
        return any(request.is_waited_for for request in self.held_requests)

    @property
    def held_in_words(self) -> str:
        """What was held back, a line a kind; empty where nothing was."""
        counted = Counter(request.words for request in self.held_requests)
        return "\n".join(f"{words}: {times}" for words, times in counted.most_common(50))

    def _judge(self, route: Route) -> None:
        request = route.request
        if self._lets_out(request):
            if not self.part_cache.fulfils(route):
                route.continue_()
            return
        self._hold(HeldRequest(request.method, request.url, request.resource_type not in _UNANSWERED))
        route.abort("blockedbyclient")

    def _hold(self, request: HeldRequest) -> None:
        if len(self.held_requests) < _MOST_HELD:
            self.held_requests.append(request)

    def _lets_out(self, request: Request) -> bool:
        if request.method in _READS:
            return not self._leads_to_a_deed(request)
        if request.url == self._declared_url:
            return True
        body = (request.post_data_buffer or b"").decode("utf-8", "replace")
        if request.method not in _NEVER_READS and any(one.covers(request.url, body) for one in self.allowed):
            return True
        return self._entry is not None and self._entry.lets_out(request.url, body)

    def _leads_to_a_deed(self, request: Request) -> bool:
        """Whether a page leads by itself to an address that names a deed, which nobody has chosen."""
        if not request.is_navigation_request():
            return False
        chosen, self._next_is_chosen = self._next_is_chosen, False
        return not chosen and self._entry is None and acts(request.url)

    def _listen_only(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        allowed = [one for one in self.allowed if fnmatchcase(urlsplit(socket.url).path, one.path)]

        def from_page(message: str | bytes) -> None:
            text = message if isinstance(message, str) else message.decode("utf-8", "replace")
            if any(one.covers(socket.url, text) for one in allowed):
                server.send(message)
            else:
                self._hold(HeldRequest("message to", socket.url))

        socket.on_message(from_page)
