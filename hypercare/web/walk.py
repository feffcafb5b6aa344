"""A walk through the pages that the navigation leads to, and how the log-in page was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from hypercare.browser.page import NoPage, PageSeen, PageSession
from hypercare.browser.page_watch import SLOW, PageTrouble, PageTroubles, not_of_our_doing
from hypercare.http.navigation import LINKS, Link, only_navigates, origin_of
from hypercare.http.reachability import TooSlow
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import ChannelDown, NotCovered

_MOST_PAGES = 12
_LEAST_TEXT = 3
# So many in a row that do not open, and it is no longer a page but the whole.
_MOST_CLOSED = 3
# The others are left for the next round, where one in so many was opened.
_LEAST_WALKED = 2


@dataclass(frozen=True)
class LogInPage:
    """The log-in page as it was seen: `missing` is what keeps people from using it, and `slow` how slow, in words."""

    page: PageSeen
    missing: tuple[str, ...]
    slow: str
    troubles: PageTroubles


@dataclass(frozen=True)
class Walk:
    """Pages that were opened, and what went wrong on any of them."""

    pages: tuple[PageSeen, ...]
    troubles: PageTroubles


def walked(page_session: PageSession, timeout: timedelta, also: Sequence[str] = ()) -> Walk:
    """Open each page of the navigation in turn, starting from the page that `page_session` stands on, and those `also`.

    Only what is proven to show a page and do nothing is opened; `also` is what the adapter knows to be so.

    Raises:
        ChannelDown: no page opens any more.
        NotCovered: there are links, and none of them is proven to do nothing; time was up before half of the pages were
            opened, and nothing was wrong on those; or what went wrong may come of what was held back.
    """
    pages: list[PageSeen] = []
    found: list[PageTrouble] = []
    closed: list[ChannelDown] = []
    addresses = list(dict.fromkeys([*_addresses(page_session, bool(also)), *also]))[:_MOST_PAGES]
    found_addresses = len(addresses)
    for number, address in enumerate(addresses):
        if number and not page_session.target.time_budget.has(page_session.seconds):
            addresses = addresses[:number]
            break
        try:
            page = page_session.go(address)
        except NoPage:
            continue
        except ChannelDown as down:
            # Somebody is logged in and stands on a page: one that does not open is that page's trouble.
            closed.append(down)
            if len(closed) == _MOST_CLOSED:
                raise
            found.append(_not_open(down, address))
            continue
        closed.clear()
        pages.append(page)
        found += _page_troubles(page, timeout)
    if closed and not pages:
        raise closed[-1]
    took_in(page_session.url, "pages behind the log-in", found_addresses, len(pages))
    troubles = not_of_our_doing(
        page_session.guard, (*found, *page_session.watch.troubles), "the pages behind the log-in work"
    )
    if not troubles and len(addresses) * _LEAST_WALKED < found_addresses:
        raise page_session.target.time_budget.gap(
            f"Only {len(addresses)} of {found_addresses} pages behind the log-in were opened"
        )
    return Walk(tuple(pages), PageTroubles(troubles, of=max(1, len(addresses)), where=page_session.url))


def _addresses(page_session: PageSession, others_known: bool) -> list[str]:
    links = [Link.of(raw_link) for raw_link in page_session.read(LINKS)]
    origins = {origin_of(page_session.url), origin_of(page_session.page.url)}
    own = {origin for origin in origins if origin[1] == (urlsplit(page_session.url).hostname or "").lower()}
    proven = [link.address for link in links if any(only_navigates(link, origin) for origin in own)]
    took_in(page_session.url, "navigation links", len(links), len(proven))
    if links and not proven and not others_known:
        raise NotCovered(
            f"None of the {len(links)} links after the log-in is proven to do nothing but show a page, so none was "
            "followed.",
            remedy='Name the main pages: [web] main_pages = ["orders", "customers"].',
        )
    return proven


def _not_open(down: ChannelDown, address: str) -> PageTrouble:
    if isinstance(down, TooSlow):
        return PageTrouble(SLOW, f"it had not answered after {down.seconds:.1f} s", address, is_theirs=True)
    return PageTrouble("page that does not open", down.finding.sentence, address, is_theirs=True)


def _page_troubles(page: PageSeen, timeout: timedelta) -> list[PageTrouble]:
    found = []
    if len(page.text) < _LEAST_TEXT:
        found.append(PageTrouble("blank page", "there is nothing to be seen", page.address))
    if page.has_password:
        found.append(PageTrouble("logged out", "the log-in page appeared", page.requested_url))
    if page.seconds > timeout.total_seconds():
        found.append(PageTrouble(SLOW, f"it took {page.seconds:.1f} s to load", page.address, is_theirs=True))
    return found
