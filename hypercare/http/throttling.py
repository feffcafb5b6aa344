"""An answer that says that we ask too much: that is about us, and says nothing of how the system is for others."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from hypercare.http.exchange import Exchange
from hypercare.outcome.signals import NotCovered

_TOO_MANY, _UNAVAILABLE = 429, 503
_LONGEST_WAIT = 5.0  # seconds; a round has no time for more
_WITHOUT_A_WORD = 1.0


class Throttled(NotCovered):
    """The system takes no more requests from us for now."""

    def __init__(self, request: str, way: str = "the API", seconds: float | None = None) -> None:
        until = "" if seconds is None else f", and none for {seconds:.0f} s"
        super().__init__(
            f"{request} answers {_TOO_MANY}: {way} takes no more requests from us for now{until}. How it is for "
            "others, that does not tell.",
            remedy="Let the suite's address or accounts through the rate limit, or have the round ask less.",
        )

    @classmethod
    def of(cls, exchange: Exchange) -> Throttled:
        return cls(f"{exchange.method} {exchange.url}", seconds=seconds_to_wait(exchange))


def require_not_throttled(exchange: Exchange) -> None:
    """Raises Throttled."""
    if exchange.status == _TOO_MANY:
        raise Throttled.of(exchange)


def require_page_not_throttled(status: int | None, url: str, way: str) -> None:
    """The same for a page that a browser asked for."""
    if status == _TOO_MANY:
        raise Throttled(url, way)


def seconds_to_wait(exchange: Exchange) -> float | None:
    """What Retry-After asks for, in seconds or as a date; None where it says nothing that can be understood."""
    retry_after = exchange.headers.get("retry-after", "").strip()
    if retry_after.isdigit():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def pause_before_asking_again(exchange: Exchange) -> float | None:
    """How long to wait for one more try; None where there is none to be made."""
    if exchange.status not in {_TOO_MANY, _UNAVAILABLE}:
        return None
    seconds = seconds_to_wait(exchange)
    if seconds is None:
        return _WITHOUT_A_WORD if exchange.status == _TOO_MANY else None
    return seconds if seconds <= _LONGEST_WAIT else None
