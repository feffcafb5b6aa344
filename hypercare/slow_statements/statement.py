"""One kind of statement with what it cost, and how the engine goes about it."""

from __future__ import annotations

from dataclasses import dataclass

from hypercare.outcome.finding import Row
from hypercare.slow_statements.normalising import shortened
from hypercare.target_file.sections.limits import LimitsSection

# One that came once or twice is somebody's report, unless it took that long in all.
_LEAST_CALLS = 3
_LONG_IN_ALL_MS = 60_000


@dataclass(frozen=True)
class Statement:
    """`text` is normalised. `example` is one as it was put, values and all: it is only ever given to the engine, to be
    explained. `source` is who counted."""

    text: str
    calls: int
    total_ms: float
    source: str
    longest_ms: float | None = None
    example: str = ""

    @property
    def mean_ms(self) -> float:
        return self.total_ms / self.calls if self.calls else 0.0

    def is_slow(self, limits: LimitsSection) -> bool:
        often_enough = self.calls >= _LEAST_CALLS or self.total_ms >= _LONG_IN_ALL_MS
        return often_enough and self.mean_ms >= limits.slow_statement.total_seconds() * 1000


@dataclass(frozen=True)
class Plan:
    """In words; `index` is the one that would help, empty where that cannot be told."""

    words: str = ""
    index: str = ""


def row_of(statement: Statement, plan: Plan) -> Row:
    longest = {} if statement.longest_ms is None else {"longest_ms": round(statement.longest_ms)}
    return {
        "statement": shortened(statement.text),
        "calls": statement.calls,
        "mean_ms": round(statement.mean_ms),
        "total_s": round(statement.total_ms / 1000, 1),
        **longest,
        "plan": plan.words or "not told",
        "index": plan.index,
        "by": statement.source,
    }
