"""What a phone keeps of pages that it has seen: scripts, styles, pictures, fonts.

Whoever stands before the network of a browser takes its cache away, so what people have on their phones by then is
given to the page from here, as long as its own headers let it be kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Response, Route

_PARTS = frozenset({"script", "stylesheet", "image", "font"})
_NEVER = re.compile(r"\b(?:no-store|no-cache)\b|\bmax-age\s*=\s*0\b", re.IGNORECASE)
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d+)", re.IGNORECASE)
_LONG_ENOUGH = timedelta(minutes=1)
_GUESSED = 0.1  # of its age may pass before a part without a word on that is asked for anew, as browsers have it
_MOST = 300
# The body is given unpacked, and whole.
_OF_THE_WAY = {"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"}


@dataclass
class PartCache:
    """`responses` are answers that may be kept, by address; `parts_by_url` those whose content is here."""

    responses: dict[str, Response] = field(default_factory=dict)
    parts_by_url: dict[str, dict[str, Any]] = field(default_factory=dict)

    def listen(self, context: BrowserContext) -> None:
        context.on("response", self._note)

    def collect(self, error: type[Exception]) -> list[str]:
        """Take in what came with the pages so far; the addresses of all that is kept. `error` is the browser's own."""
        for url, response in self.responses.items():
            try:
                body = response.body()
            except error:
                continue  # what the browser has forgotten by now is asked for anew
            headers = {name: value for name, value in response.headers.items() if name not in _OF_THE_WAY}
            self.parts_by_url[url] = {"status": response.status, "headers": headers, "body": body}
        self.responses.clear()
        return list(self.parts_by_url)

    def fulfils(self, route: Route) -> bool:
        """Whether the part that is asked for was here, and is given."""
        request = route.request
        part = (
            self.parts_by_url.get(request.url) if request.method == "GET" and request.resource_type in _PARTS else None
        )
        if part is not None:
            route.fulfill(**part)
        return part is not None

    def _note(self, response: Response) -> None:
        request = response.request
        is_part = request.method == "GET" and request.resource_type in _PARTS and response.status == 200
        if is_part and len(self.responses) < _MOST and is_cacheable(response.headers, datetime.now(UTC)):
            self.responses[response.url] = response


def is_cacheable(headers: Mapping[str, str], now: datetime) -> bool:
    """Whether a browser would use such an answer again within the next minute, without asking."""
    cache_control = headers.get("cache-control", "")
    if _NEVER.search(cache_control) or "*" in headers.get("vary", ""):
        return False
    age = _MAX_AGE.search(cache_control)
    if age is not None or "immutable" in cache_control.lower():
        return age is None or timedelta(seconds=min(int(age[1]), 10**9)) > _LONG_ENOUGH
    expires, changed = _moment(headers.get("expires", "")), _moment(headers.get("last-modified", ""))
    if "expires" in headers:
        return expires is not None and expires - now > _LONG_ENOUGH
    return changed is not None and (now - changed) * _GUESSED > _LONG_ENOUGH


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
