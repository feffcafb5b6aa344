"""Lists that come page by page, and lookups: the entry of a list that has the right name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from hypercare.adapters.rest.asking import Asking
from hypercare.adapters.rest.values import Values
from hypercare.clients.client import SystemRefused, canary_is_gone
from hypercare.http.exchange import Exchange
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.expression import found
from hypercare.target_file.sections.rest_request import Lookup, Pages, Request
from hypercare.target_file.template import filled, placeholders

_NEXT_LINK = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


def entries(asking: Asking, request: Request, values: Values, doing: str, *, most: int) -> list[Any]:
    """At most `most` entries of a list, page after page.

    Raises:
        SystemRefused: what comes is no list.
    """
    gathered: list[Any] = []
    for page in _pages(asking, request, values, doing):
        gathered += page
        if len(gathered) >= most:
            break
    return gathered[:most]


def _pages(asking: Asking, request: Request, values: Values, doing: str) -> Iterator[list[Any]]:
    pages = request.pages or Pages(by="link", most=1)
    place: dict[str, Any] = {"page": pages.first, "offset": 0, "cursor": None}
    url, before = "", None
    for _ in range(pages.most):
        here = values.with_more(place)
        exchange = asking.send(request, here, url=url)
        asking.require_session(exchange, doing)
        if asking.is_gone(request, exchange):
            return
        asking.require_well(request, exchange, doing)
        page = asking.record_of(request, exchange, doing)
        if not isinstance(page, list):
            asking.refuse(exchange, doing, "sent no list" + ("" if page is None else f" but {type(page).__name__}"))
        yield page
        # A system that does not know the page's parameter would send the first for ever.
        if not page or page == before or request.pages is None:
            return
        before = page
        place["page"] += 1
        place["offset"] += len(page)
        if pages.by in {"cursor", "link"}:
            onward = _onward(asking, pages, exchange, doing)
            if not onward:
                return
            place["cursor"] = onward
            url = urljoin(exchange.url, str(onward)) if pages.by == "link" else ""


def _onward(asking: Asking, pages: Pages, exchange: Exchange, doing: str) -> Any:
    if pages.next and exchange.is_json:
        return asking.found_in(exchange.json, pages.next, exchange, doing)
    link = _NEXT_LINK.search(exchange.headers.get("link", ""))
    return link[1] if link else None


def value_looked_up(asking: Asking, name: str, lookup: Lookup, values: Values) -> Any:
    """The value of a placeholder that is looked up.

    Raises:
        NotCovered: the canary's thing is not there (any more).
        SystemRefused: the system does not answer, or knows nothing at all.
    """
    sought = str(filled(lookup.equals, values, asking.writing)) if lookup.equals else name
    doing = f"find {sought!r}"
    try:
        return _value_of(asking, name, lookup, values, sought, doing)
    except ValueError as error:
        raise SystemRefused(
            Channel.API, f"The API was asked to {doing} and sent something else: {error}.", where=lookup.path
        ) from None


def _value_of(asking: Asking, name: str, lookup: Lookup, values: Values, sought: str, doing: str) -> Any:
    if not lookup.match:
        answer = asking.once(lookup, values, doing)
        value = None if answer.is_gone else found(lookup.value, answer.record)
        if value is None:
            raise canary_is_gone(_sought(lookup, values, name))
        return value
    for entry in entries(asking, lookup, values, doing, most=1000):
        if str(found(lookup.match, entry)) == sought:
            value = found(lookup.value, entry)
            if value is not None:
                return value
    if entries(asking, lookup, _wider(lookup, values), f"list what {sought!r} should be among", most=1):
        raise canary_is_gone(sought)
    raise SystemRefused(Channel.API, f"The API was asked for {sought!r} and knows nothing at all.", where=lookup.path)


def _wider(lookup: Lookup, values: Values) -> Values:
    """The same question without what narrows it down."""
    return values.with_more({mentioned: "" for mentioned, _ in placeholders(lookup.equals)})


def _sought(lookup: Lookup, values: Values, name: str) -> str:
    """The thing that was looked for, in the words of the canary."""
    for template in lookup.templates:
        for mentioned, _ in placeholders(template):
            value = values(mentioned)
            if isinstance(value, str) and value and mentioned not in {"token", "password"}:
                return value
    return name
