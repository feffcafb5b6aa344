"""What people say of time: maintenance that was announced, and corrections of what was sampled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hypercare.uptime.span import Evidence, Receipt, Span, Timeline, joined
from hypercare.uptime.state import State


@dataclass(frozen=True)
class Maintenance:
    """Announced time. Without ways or branches it is that of all. `by` is who announced it, where that is known."""

    name: str
    start: datetime
    end: datetime
    ways: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    by: str = ""

    @property
    def is_of_all(self) -> bool:
        return not self.ways and not self.branches

    def holds_at(self, instant: datetime) -> bool:
        return self.start <= instant < self.end


@dataclass(frozen=True)
class Correction:
    """Somebody's word on a stretch of time, said at `at`. Without a state it withdraws what was said before."""

    start: datetime
    end: datetime
    state: State | None
    by: str
    reason: str
    at: datetime
    way: str = ""
    branch: str = ""


def laid_over(timeline: Timeline, maintenance: Iterable[Maintenance], corrections: Iterable[Correction]) -> list[Span]:
    """The timeline with maintenance over what was sampled, and the newest correction over both.

    Each span keeps the receipts of what lies underneath, so that nothing that was said before is lost.
    """
    spans = list(timeline)
    for window in sorted(maintenance, key=lambda one: (one.start, one.end, one.name)):
        spans = _with(spans, _maintenance_span(window))
    for correction in sorted(corrections, key=_in_order):
        spans = _with(spans, _correction_span(correction), withdrawn=correction.state is None)
    return joined(spans)


def _maintenance_span(window: Maintenance) -> Span:
    receipt = Receipt(
        Evidence.MAINTENANCE,
        "",
        window.start,
        window.end,
        State.MAINTENANCE,
        ", ".join(window.ways),
        says=f"{window.name} (by {window.by})" if window.by else window.name,
    )
    return Span(window.start, window.end, State.MAINTENANCE, (receipt,), sampled=State.UNKNOWN)


def _in_order(one: Correction) -> tuple[object, ...]:
    """Of what was said at one instant, what says a state goes above what takes one back."""
    state = "" if one.state is None else one.state.value
    return one.at, one.start, one.end, one.by, one.reason, state, one.way, one.branch


def _correction_span(correction: Correction) -> Span:
    state = correction.state or State.UNKNOWN
    receipt = Receipt(
        Evidence.CORRECTION,
        correction.by,
        correction.start,
        correction.end,
        state,
        correction.way,
        correction.branch,
        says=correction.reason,
        at=correction.at,
        withdraws=correction.state is None,
    )
    return Span(correction.start, correction.end, state, (receipt,), sampled=State.UNKNOWN)


def _with(spans: Sequence[Span], layer: Span, *, withdrawn: bool = False) -> list[Span]:
    """The spans with one more laid over them; where there were none, the layer stands alone."""
    return [piece for piece in _pieces(spans, layer, withdrawn) if piece.end > piece.start]


def _pieces(spans: Sequence[Span], layer: Span, withdrawn: bool) -> Iterator[Span]:
    reached = layer.start
    for span in spans:
        if span.end <= layer.start:
            yield span
            continue
        if reached < min(span.start, layer.end):
            yield from _alone(layer.between(reached, span.start), withdrawn)
        yield span.between(span.start, layer.start)
        yield _covered(span.between(layer.start, layer.end), layer, withdrawn)
        yield span.between(layer.end, span.end)
        reached = max(reached, span.end)
    if reached < layer.end:
        yield from _alone(layer.between(reached, layer.end), withdrawn)


def _covered(span: Span, layer: Span, withdrawn: bool) -> Span:
    state = span.underneath if withdrawn else layer.state
    return replace(span, state=state, sampled=span.underneath, receipts=(*layer.receipts, *span.receipts))


def _alone(layer: Span, withdrawn: bool) -> Iterator[Span]:
    if not withdrawn:
        yield layer
