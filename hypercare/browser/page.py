"""One session with the target in a browser: its own context, one page, everything that goes wrong collected."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from hypercare.browser.browser import Browser
from hypercare.browser.guard import Guard
from hypercare.browser.page_script import PIERCING
from hypercare.browser.page_watch import PageWatch
from hypercare.browser.trace import scrubbed
from hypercare.http.reachability import too_slow, unreachable_in_browser, words_of
from hypercare.http.throttling import require_page_not_throttled
from hypercare.outcome.evidence import attach, is_collecting
from hypercare.outcome.intake import took_in
from hypercare.outcome.redaction import bare_address
from hypercare.outcome.signals import ChannelDown, MonitorFault
from hypercare.target_file.target import Target

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Response

_LOG = logging.getLogger(__name__)
_DEAD = ("has been closed", "crashed", "Connection closed", "Browser closed")
# Pages that lead elsewhere by themselves, as Playwright tells it.
_TURNED, _MOST_TURNS = "Execution context was destroyed", 3
_INTERRUPTED = "interrupted by another navigation"

# Files, and answers without content: the page before stays.
_NO_PAGE = ("Download is starting", "net::ERR_ABORTED")

# What a person would see: nothing that is hidden, transparent or without extent counts. A button that waits until
# something is typed is one.
_SEE = f"""() => {{ {PIERCING}
  const all = (root, selector) => everywhere(root, selector).filter(visible);
  const fields = 'input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=image])';
  const buttons = 'button:not([type=reset]), input[type=submit], input[type=image], input[type=button], [role=button], '
    + 'a[onclick], a[href^="javascript:"], a.btn, a.button, [onclick]';
  const passwords = all(document, 'input[type=password]').filter(e => !e.disabled);
  const form = passwords.length ? passwords[0].closest('form') : null;
  return {{
    title: document.title,
    text: (document.body ? document.body.innerText : '').trim().slice(0, 4000),
    has_password: passwords.length > 0,
    has_field: all(document, fields).length > 0,
    has_button: all(form || document, buttons).length > 0 || all(document, buttons).length > 0,
  }};
}}"""
_MOST_FRAMES = 6
_WITHOUT_WORDS = "ERR_HTTP_RESPONSE_CODE_FAILURE"


_LONGEST_DRAWING = 5.0  # seconds
_HAS_FIELD = f"""{PIERCING} const drawn = everywhere(document, 'input:not([type=hidden])').some(visible);"""
_FIELD_DRAWN = f"() => {{ {_HAS_FIELD} return drawn; }}"
_SOMETHING_DRAWN = f"""() => {{ {_HAS_FIELD}
  return drawn || (document.body && document.body.innerText.trim().length > 2); }}"""


class NoPage(ChannelDown):
    """The address gives no page but a file, or an answer without content."""


@dataclass(frozen=True)
class PageSeen:
    """A page as it stood when it had loaded. `seconds` is until the load event; `hops` are the addresses that
    redirected on the way, the first asked for first; `status` is None for a page that never was an HTTP answer."""

    requested_url: str
    address: str
    status: int | None
    seconds: float
    hops: tuple[str, ...]
    title: str
    text: str
    has_password: bool
    has_field: bool
    has_button: bool


class PageSession:
    """Open with a context of the browser; `way` is who answers when nothing can be reached: "web" or "mobile"."""

    def __init__(
        self,
        target: Target,
        browser: Browser,
        *,
        way: str,
        url: str,
        seconds: float,
        guard: Guard | None = None,
        options: Mapping[str, Any] | None = None,
        script: str = "",
    ) -> None:
        self.target = target
        self.url = url
        self.browser = browser
        self.way = way
        self.seconds = seconds
        self.secrets: set[str] = set()
        self.context: BrowserContext = browser.context(options)
        self.context.set_default_timeout(seconds * 1000)
        self.guard = guard or Guard(way)
        self.guard.stand_before(self.context)
        if script:
            self.context.add_init_script(script)
        self.page: Page = self.context.new_page()
        self.watch = PageWatch(urlsplit(url).hostname or "")
        self.watch.listen(self.page)
        # A trace is kept only of what went wrong: a healthy day's would fill the report for nobody.
        self.keep_trace = False
        self._traced = is_collecting()
        self._pictured = False
        if self._traced:
            self.context.tracing.start(snapshots=True)

    def go(self, path: str = "", *, settle: float = 0.15, until_field: bool = False) -> PageSeen:
        """Open a page of the target; `path` follows the address unless it is a whole address itself.

        A client that draws its page by script is given some seconds to show something, or a field to fill in.

        Raises:
            NoPage: the address is a file, or an answer without a page.
            ChannelDown: no answer, or none within twice the time limit (TooSlow).
            NotCovered: what the check may take is over before that, or the system takes no more requests from us.
            MonitorFault: our own network or browser is at fault.
        """
        url = path if "://" in path else self.url.rstrip("/") + ("/" + path.lstrip("/") if path else "")
        started = time.perf_counter()
        try:
            response = self._answer_to(url)
            self._loaded_after(started)
            seconds = self._drawn_after(started, until_field=until_field)
            # Scripts that stumble after loading are given the time to.
            self.page.wait_for_timeout(settle * 1000)
            page = self._page_seen(url, response, seconds)
            _LOG.debug("page %s: %s in %.0f ms", bare_address(page.address), page.status, seconds * 1000)
            require_page_not_throttled(page.status, url, words_of(self.way))
            return page
        except self.browser.timeout_error:
            self.keep_trace = True
            waited = time.perf_counter() - started
            _LOG.info("page %s does not load within %.0f ms", bare_address(url), waited * 1000)
            if waited < self.seconds:
                raise self.target.time_budget.gap("Not every page could be looked at") from None
            too_slow(self.way, url, waited)
        except self.browser.error as error:
            self.keep_trace = True
            # Behind " at " it holds the whole address again.
            message = str(error).partition("\n")[0].partition(" at ")[0]
            _LOG.info("page %s does not open: %s", bare_address(url), message)
            self.own_trouble(error)
            if _WITHOUT_WORDS in str(error):
                return self._without_words(url, time.perf_counter() - started)
            self._unreachable(url, str(error))

    def _without_words(self, url: str, seconds: float) -> PageSeen:
        """An answer of nothing but its status, which the browser shows a page of its own for."""
        status = self.watch.status
        require_page_not_throttled(status, url, words_of(self.way))
        return PageSeen(url, url, status, seconds, (), "", "", False, False, False)

    def _unreachable(self, url: str, message: str) -> NoReturn:
        try:
            unreachable_in_browser(self.way, url, message)
        except ChannelDown as down:
            if any(words in message for words in _NO_PAGE):
                raise NoPage(down.way, down.finding, address=down.address) from None
            raise

    def see(self) -> PageSeen:
        """The page as it stands now, wherever it was led to."""
        return self._page_seen(self.page.url, None, 0.0)

    def read(self, script: str) -> Any:
        """What a script finds on the page; asked again when the page leads itself elsewhere meanwhile."""
        for _ in range(_MOST_TURNS):
            try:
                return self.page.evaluate(script)
            except self.browser.error as error:
                if _TURNED not in str(error):
                    raise
                self.page.wait_for_load_state("domcontentloaded")
        return self.page.evaluate(script)

    def own_trouble(self, error: Exception) -> None:
        """Raise MonitorFault when the browser itself has died."""
        if any(word in str(error) for word in _DEAD):
            self.browser.forget()
            raise MonitorFault("The browser died while it looked at a page.", remedy="Give it more memory.") from None

    def hide(self, secret: str) -> None:
        """Keep a secret that is typed on this page out of the trace."""
        self.secrets.add(secret)

    def hide_cookies(self) -> None:
        """The same for the cookies of now: a log-out takes them away before the trace is written."""
        if self._traced:
            self.secrets |= {str(cookie.get("value", "")) for cookie in self.context.cookies()}

    def picture(self, name: str) -> None:
        if is_collecting():
            with suppress(self.browser.error):
                attach(name, self.page.screenshot(timeout=5000), "image/png")
                self._pictured = True

    def close(self) -> None:
        """Attach what was recorded if anybody collects it, and let go; never raises what the browser says."""
        try:
            if self._traced:
                if not self._pictured:
                    self.picture("screenshot")
                if self.keep_trace or self.watch.troubles:
                    self._attach_trace()
        finally:
            with suppress(self.browser.error):
                self.context.close()
            self._report_requests()

    def _report_requests(self) -> None:
        held_requests = self.guard.held_requests
        _LOG.debug(
            "%s is left: %d requests, %d held back", bare_address(self.url), self.watch.requests, len(held_requests)
        )
        took_in(self.url, "page requests", self.watch.requests)
        if held_requests:
            took_in(self.url, "requests held back", len(held_requests))
            attach(f"held back in {self.way}", self.guard.held_in_words)

    def _attach_trace(self) -> None:
        with tempfile.TemporaryDirectory(prefix="hypercare-trace-") as folder, suppress(self.browser.error, OSError):
            path = Path(folder) / "trace.zip"
            self.hide_cookies()
            self.context.tracing.stop(path=path)
            attach("trace.zip", scrubbed(path, self.secrets), "application/zip")

    def _answer_to(self, url: str) -> Response | None:
        self.watch.leaving = self.page.url if self.page.url != url else ""
        try:
            with self.guard.going():
                return self.page.goto(url, wait_until="domcontentloaded", timeout=self._patience * 1000)
        except self.browser.error as error:
            if _INTERRUPTED not in str(error):
                raise
            self.page.wait_for_load_state("domcontentloaded")
            return None
        finally:
            self.watch.leaving = ""

    def _loaded_after(self, started: float) -> None:
        """Until everything was there. What hangs (a picture from elsewhere) is slow, not down."""
        with suppress(self.browser.timeout_error):
            self.page.wait_for_load_state("load", timeout=self._left(started) * 1000)

    def _drawn_after(self, started: float, *, until_field: bool) -> float:
        """Seconds until the page was loaded and drawn, with a field where one is waited for.

        What a busy server or browser draws late is slow and not blank, so a page to log in on is given its whole time.
        """
        drawn = time.perf_counter() - started
        blank_for = self._left(started) if until_field else min(_LONGEST_DRAWING, self.seconds - drawn)
        try:
            self.page.wait_for_function(_SOMETHING_DRAWN, timeout=max(0.1, blank_for) * 1000)
            drawn = time.perf_counter() - started
            if until_field:
                self.page.wait_for_function(_FIELD_DRAWN, timeout=min(_LONGEST_DRAWING, self._left(started)) * 1000)
                drawn = time.perf_counter() - started
        except self.browser.error as error:
            if not isinstance(error, self.browser.timeout_error) and _TURNED not in str(error):
                raise
        return drawn

    def _left(self, started: float) -> float:
        return max(0.1, self._patience - (time.perf_counter() - started))

    @property
    def _patience(self) -> float:
        return min(self.seconds * 2, max(0.5, self.target.time_budget.left))

    def _page_seen(self, requested_url: str, response: Response | None, seconds: float) -> PageSeen:
        shown = self.read(_SEE)
        if len(self.page.frames) > 1 and not shown["has_password"]:
            shown = self._with_frames(shown)
        return PageSeen(
            requested_url=requested_url,
            address=self.page.url,
            status=response.status if response is not None else None,
            seconds=seconds,
            hops=_hops(response),
            **shown,
        )

    def _with_frames(self, shown: dict[str, Any]) -> dict[str, Any]:
        """What the page shows together with the frames in it, in one of which people may log in."""
        parts = [shown]
        for frame in self.page.frames[1:_MOST_FRAMES]:
            with suppress(self.browser.error):
                parts.append(frame.evaluate(_SEE))
        has = {key: any(part[key] for part in parts) for key in ("has_password", "has_field", "has_button")}
        text = shown["text"] or "\n".join(part["text"] for part in parts).strip()
        return {**shown, **has, "text": text[:4000]}


def _hops(response: Response | None) -> tuple[str, ...]:
    addresses: list[str] = []
    request = response.request.redirected_from if response is not None else None
    while request is not None:
        addresses.append(request.url)
        request = request.redirected_from
    return tuple(reversed(addresses))
