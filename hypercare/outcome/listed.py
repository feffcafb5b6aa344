"""Records that should not be there, already listed: what the resources beside the operations model hand to a check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from hypercare.outcome.finding import SAMPLE_SIZE

Row = Mapping[str, object]


@dataclass(frozen=True)
class Listed:
    """`count` of `of` records, at most five of them as rows, and where they were seen."""

    count: int
    sample: tuple[Row, ...] = ()
    source: str = ""
    of: int | None = None
    money: Decimal | None = None
    currency: str = ""


def listed(rows: Iterable[Row], *, source: str, of: int | None = None) -> Listed:
    """Count all rows and keep the first few."""
    kept: list[Row] = []
    count = 0
    for row in rows:
        count += 1
        if len(kept) < SAMPLE_SIZE:
            kept.append(row)
    return Listed(count, tuple(kept), source, of)
