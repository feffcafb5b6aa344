"""A walk through the pages that the navigation leads to, and how the log-in page was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from hypercare.outcome.signals import WayDown
from hypercare.target.look import Look, PageSeen
from hypercare.target.page_watch import PageTrouble, PageTroubles

_MOST_PAGES = 12
# A link is followed for what it shows; one that ends the session or changes something is left alone.
_LEFT_ALONE = re.compile(r"log-?out|sign-?out|log-?off|delete|remove|void|cancel|export|download|print", re.IGNORECASE)
# Where no part of the page is called navigation, any link of it may lead to a main page.
_LINKS = """() => {
  const shown = parts => [...document.querySelectorAll(parts)].filter(link => link.offsetParent !== null)
    .map(link => [link.href, link.innerText.trim()]);
  const links = shown('nav a[href], [role=navigation] a[href], header a[href]');
  return links.length ? links : shown('a[href]');
}"""
_LEAST_TEXT = 3
# So many in a row that do not open, and it is no longer a page but the whole.
_MOST_CLOSED = 3


@dataclass(frozen=True)
class LogInPage:
    """The log-in page as it was seen: `missing` is what keeps people from using it, in words."""

    page: PageSeen
    missing: tuple[str, ...]
    troubles: PageTroubles


@dataclass(frozen=True)
class Walk:
    """Pages that were opened, and what went wrong on any of them."""

    pages: tuple[PageSeen, ...]
    troubles: PageTroubles


def walked(look: Look, within: timedelta, also: Sequence[str] = ()) -> Walk:
    """Open each page of the navigation in turn, starting from the page that `look` stands on, and those `also`.

    Raises:
        WayDown: no page opens any more.
    """
    pages: list[PageSeen] = []
    found: list[PageTrouble] = []
    closed: list[WayDown] = []
    for address in list(dict.fromkeys([*_addresses(look), *also]))[:_MOST_PAGES]:
        try:
            page = look.go(address)
        except WayDown as down:
            # Somebody is logged in and stands on a page: one that does not open is that page's trouble.
            closed.append(down)
            if len(closed) == _MOST_CLOSED:
                raise
            found.append(PageTrouble("page that does not open", down.finding.sentence, address))
            continue
        closed.clear()
        pages.append(page)
        found += _page_troubles(page, within)
    if closed and not pages:
        raise closed[-1]
    return Walk(tuple(pages), PageTroubles((*found, *look.watch.troubles), of=max(1, len(pages)), source=look.url))


def _addresses(look: Look) -> list[str]:
    links: list[list[str]] = look.read(_LINKS)
    host = urlsplit(look.url).hostname
    return [
        href.partition("#")[0]
        for href, text in links
        if urlsplit(href).hostname == host and not _LEFT_ALONE.search(f"{urlsplit(href).path} {text}")
    ]


def _page_troubles(page: PageSeen, within: timedelta) -> list[PageTrouble]:
    found = []
    if len(page.text) < _LEAST_TEXT:
        found.append(PageTrouble("blank page", "there is nothing to be seen", page.address))
    if page.has_password:
        found.append(PageTrouble("logged out", "the log-in page appeared", page.asked))
    if page.seconds > within.total_seconds():
        found.append(PageTrouble("slow page", f"it took {page.seconds:.1f} s to load", page.address))
    return found
