"""Why a stretch of time stands as it does, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypercare.reports.words import to_the_second
from hypercare.uptime.span import Evidence, Receipt, Span
from hypercare.uptime.state import State

_FOUND = {
    State.UP: "answered",
    State.DEGRADED: "answered late",
    State.FLAKY: "failed, and answered when tried again",
    State.DOWN: "failed",
    State.MAINTENANCE: "was in maintenance",
    State.UNKNOWN: "could not be judged from here",
}
_MOST = 6
# What rounds to no second at all is not worth a line of its own.
SHORTEST_SHOWN = timedelta(seconds=0.5)


def words_of(interval: Span, zone: ZoneInfo) -> list[str]:
    """A sentence for each receipt, the newest word of a person first; what is too many is counted."""
    sentences = list(dict.fromkeys(_sentences(sorted(interval.receipts, key=_order), zone)))
    if not sentences:
        return ["Nobody looked."]
    if len(sentences) > _MOST:
        return [*sentences[: _MOST - 1], f"And {len(sentences) - _MOST + 1} more."]
    return sentences


def _sentences(receipts: list[Receipt], zone: ZoneInfo) -> Iterator[str]:
    """What was silent at the same time, as it is when a prober stops, is told in one sentence."""
    silent: dict[tuple[str, datetime, datetime], list[str]] = {}
    for receipt in receipts:
        if receipt.kind is Evidence.SILENCE:
            silent.setdefault((receipt.by, receipt.start, receipt.end), []).append(_place(receipt))
        else:
            yield _sentence(receipt, zone)
    for (by, start, end), places in silent.items():
        yield f"{', '.join(places)}: nothing from {by} {_between(start, end, zone)}."


def _order(receipt: Receipt) -> tuple[int, float, datetime, str]:
    """Corrections before maintenance before samples before silence; of corrections the newest first."""
    rank = (Evidence.CORRECTION, Evidence.MAINTENANCE, Evidence.SAMPLES, Evidence.SILENCE).index(receipt.kind)
    return rank, -(receipt.at.timestamp() if receipt.at else 0.0), receipt.start, receipt.way


def _sentence(receipt: Receipt, zone: ZoneInfo) -> str:
    between, place = _between(receipt.start, receipt.end, zone), _place(receipt)
    if receipt.kind is Evidence.CORRECTION:
        state_text = "as sampled" if receipt.withdraws else receipt.state.value
        stated_at = _instant(receipt.at, zone) if receipt.at else ""
        return f'{receipt.by} on {stated_at}: {place + " " if place else ""}{state_text} {between} ("{receipt.says}").'
    if receipt.kind is Evidence.MAINTENANCE:
        return f"Announced: {receipt.says}, {between}{f' ({place})' if place else ''}."
    count_text = "1 look" if receipt.count == 1 else f"{receipt.count:,} looks"
    when = f"at {_instant(receipt.start, zone)}" if receipt.start == receipt.end else between
    says = f": {receipt.says}" if receipt.says else "."
    return f"{place}: {count_text} of {receipt.by} {when} {_FOUND[receipt.state]}{says}"


def _place(receipt: Receipt) -> str:
    return f"{receipt.way} of {receipt.branch}" if receipt.branch and receipt.way else receipt.way


def _between(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    return f"from {_instant(start, zone)} to {_instant(end, zone)}"


def _instant(instant: datetime, zone: ZoneInfo) -> str:
    local = to_the_second(instant).astimezone(zone)
    return f"{local.day} {local:%b %H:%M:%S}" if local.second else f"{local.day} {local:%b %H:%M}"
