"""Stretches of time in one state, each with its receipts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hypercare.uptime.state import State


class Evidence(StrEnum):
    SAMPLES = "samples"
    SILENCE = "silence"
    MAINTENANCE = "maintenance"
    CORRECTION = "correction"


@dataclass(frozen=True)
class Receipt:
    """Why a stretch of time stands as it does.

    `by` is the prober or the person; `start` and `end` are what the receipt as a whole speaks of, which may be more
    than the stretch; `count` is how many looks there were; `says` what they or the person said.
    """

    kind: Evidence
    by: str
    start: datetime
    end: datetime
    state: State
    way: str = ""
    branch: str = ""
    count: int = 0
    says: str = ""
    at: datetime | None = None
    withdraws: bool = False


@dataclass(frozen=True)
class Span:
    """A half-open stretch of time. `sampled` is what the samples alone say, before anybody's word was laid over it."""

    start: datetime
    end: datetime
    state: State
    receipts: tuple[Receipt, ...] = ()
    sampled: State | None = None

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def underneath(self) -> State:
        return self.state if self.sampled is None else self.sampled

    def between(self, start: datetime, end: datetime) -> Span:
        """The part of it that lies between two instants."""
        return replace(self, start=max(self.start, start), end=min(self.end, end))


Timeline = Sequence[Span]
"""Spans in order and apart. Where there is none, nobody has begun to look."""


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same with neighbours that touch and agree made one, which keeps the receipts of both."""
    result: list[Span] = []
    for span in spans:
        if span.end <= span.start:
            continue
        before = result[-1] if result else None
        if before is not None and before.end == span.start and _agree(before, span):
            receipts = before.receipts
            if span.receipts != receipts:
                receipts = tuple(dict.fromkeys((*receipts, *span.receipts)))
            result[-1] = replace(before, end=span.end, receipts=receipts)
        else:
            result.append(span)
    return result


def _agree(one: Span, other: Span) -> bool:
    return one.state is other.state and one.underneath is other.underneath
