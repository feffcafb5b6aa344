"""A log-in page looked at without a browser: judged by what it holds, not by its status alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from httpx import TimeoutException

from hypercare.browser.page import PageSeen
from hypercare.clients.log_in_page import not_a_log_in_page
from hypercare.http.reachability import WORDS, address_of, unfinished, unreachable
from hypercare.outcome.signals import ChannelDown, MonitorFault
from hypercare.probing.answer import Answer
from hypercare.probing.fetching import TROUBLES, Fetched, Fetcher
from hypercare.probing.page_content import PageContent
from hypercare.uptime.state import State

_DRAWN = "drawn by a script"
_TOO_MANY = 429


def page_answer(
    way: str,
    url: str,
    *,
    degraded_after: timedelta,
    timeout: timedelta,
    hosts: tuple[str, ...] = (),
    password_first: bool = True,
) -> Answer:
    """Fetch the page and say how the way stands. Never raises for what the target or the network does."""
    with Fetcher(url, timeout) as fetcher:
        try:
            fetched = _arrived(fetcher, url)
            missing = _missing(fetcher, url, fetched, hosts, password_first)
        except TROUBLES as error:
            return unreached(way, url, error, timeout if fetcher.has_begun else None)
    if fetched.status == _TOO_MANY:
        says = f"{WORDS.get(way, way)} answers 429: it takes no more requests from us for now."
        return Answer(State.UNKNOWN, None, says)
    if missing:
        says = f"{WORDS.get(way, way)} shows no page to log in on: {'; '.join(missing)}."
        return Answer(State.DOWN, fetched.seconds, says, address_of(url))
    return timed(fetched.seconds, degraded_after)


def timed(seconds: float, degraded_after: timedelta) -> Answer:
    """Up, or degraded when it took too long."""
    limit = degraded_after.total_seconds()
    if seconds > limit:
        return Answer(State.DEGRADED, seconds, f"It answered after {seconds:.1f} s, more than {limit:g} s.")
    return Answer(State.UP, seconds)


def unreached(way: str, url: str, error: BaseException, begun: timedelta | None = None) -> Answer:
    """Down, or unknown when the error is of our own machine or network. `begun` is how long was waited for an answer
    that had begun."""
    try:
        if begun is not None and isinstance(error, TimeoutException):
            unfinished(way, url, begun.total_seconds())
        unreachable(way, url, error)
    except ChannelDown as down:
        return Answer(State.DOWN, None, down.finding.sentence, down.address)
    except MonitorFault as fault:
        return Answer(State.UNKNOWN, None, fault.reason)


def _arrived(fetcher: Fetcher, url: str) -> Fetched:
    """The page that somebody ends up on; a page that leads on by itself is followed once."""
    fetched = fetcher.page(url)
    onward = PageContent.of(fetched.text, fetched.address).leads_on if fetched.status < 400 else None
    if onward is None or onward == fetched.address or not onward.startswith(("http://", "https://")):
        return fetched
    last = fetcher.page(onward)
    return replace(last, seconds=fetched.seconds + last.seconds, hops=(*fetched.hops, fetched.address, *last.hops))


def _missing(fetcher: Fetcher, url: str, fetched: Fetched, hosts: tuple[str, ...], password_first: bool) -> list[str]:
    content = PageContent.of(fetched.text, fetched.address)
    page = PageSeen(
        requested_url=url,
        address=fetched.address,
        status=fetched.status,
        seconds=fetched.seconds,
        hops=fetched.hops,
        title=content.title.strip(),
        text=content.text,
        has_password=content.has_password,
        has_field=content.has_field,
        has_button=content.has_button,
    )
    missing = not_a_log_in_page(page, hosts=hosts, password_first=password_first)
    drawn = _as_drawn(page)
    if not missing or not_a_log_in_page(drawn, hosts=hosts, password_first=password_first):
        return missing
    # All that is missing could be drawn by a script, which only a browser would run.
    scripts = _own_scripts(content, fetched.address, hosts)
    if scripts:
        return _script_missing(fetcher, scripts[0])
    drawn_somehow = content.goes_elsewhere or (content.has_script and not content.text)
    return [] if drawn_somehow else missing


def _as_drawn(page: PageSeen) -> PageSeen:
    return replace(
        page,
        title=page.title or _DRAWN,
        text=page.text if len(page.text) > 2 else _DRAWN,
        has_password=True,
        has_field=True,
        has_button=True,
    )


def _own_scripts(content: PageContent, address: str, hosts: tuple[str, ...]) -> list[str]:
    """Those that lie where the page lies: one that counts visitors for somebody else draws no page."""
    own = {urlsplit(address).hostname, *hosts}
    return [script for script in content.scripts if urlsplit(script).hostname in own]


def _script_missing(fetcher: Fetcher, script: str) -> list[str]:
    status, media_type = fetcher.status_of(script)
    if status >= 400 or media_type == "text/html":
        what = f"answers {status}" if status >= 400 else "is a web page"
        return [f"the script that draws the page {what} ({urlsplit(script).path})"]
    return []
