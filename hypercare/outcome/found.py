"""Records that should not be there: what a resource answers a check with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, Self

from hypercare.outcome.evidence import rows_wanted
from hypercare.outcome.finding import Extent, Row


@dataclass(frozen=True)
class Doubt:
    """Why a rule may not be one on this system, and what decides it.

    What is `told_by_records` themselves holds whatever earlier rounds came to: they may have had nothing to judge yet.
    """

    reason: str
    remedy: str = (
        "If that is how this business works, nothing is to be done; if the mapping says something else than it should, "
        "correct it; if the rule must hold all the same, name the check in [mapping.agreed] holds."
    )
    told_by_records: bool = False


class Violations(Protocol):
    """Records that should not be there, known already or asked for when they are first needed."""

    @property
    def found(self) -> Found: ...


@dataclass(frozen=True, kw_only=True)
class Found(Extent):
    """Violations that are known. `minor` says why they matter little, `doubt` why their rule may be none here."""

    count: int
    minor: str = ""
    doubt: Doubt | None = None

    @property
    def found(self) -> Self:
        return self

    @classmethod
    def of_rows(cls, rows: Iterable[Row], *, where: str, of: int | None = None) -> Self:
        """Count all rows and keep the first of them."""
        wanted = rows_wanted()
        sample: list[Row] = []
        count = 0
        for row in rows:
            count += 1
            if len(sample) < wanted:
                sample.append(row)
        return cls(count=count, of=of, sample=sample, where=where)

    @classmethod
    def together(cls, violations: Sequence[Violations]) -> Self:
        """Several answers as one: counts and money added up, of each a share of the sample.

        What one of them doubts is told only where all that is wrong is in doubt.
        """
        parts = [one.found for one in violations]
        broken = [part for part in parts if part.count]
        wrong = [part for part in broken if part.doubt is None] or broken
        of_each = [(*part.sample, *part.more) for part in wrong]
        longest = max(map(len, of_each), default=0)
        rows = [row for place in range(longest) for one in of_each for row in one[place : place + 1]]
        sums = [part.money for part in wrong if part.money is not None]
        return cls(
            count=sum(part.count for part in wrong),
            of=sum(part.of or 0 for part in parts),
            money=sum(sums, Decimal(0)) if sums else None,
            sample=rows,
            currency=parts[0].currency if parts else "",
            where=", ".join(dict.fromkeys(part.where for part in wrong or parts)),
            branches=tuple(sorted({branch for part in wrong for branch in part.branches})),
            doubt=wrong[0].doubt if wrong else None,
            concerns=tuple(sorted({root for part in wrong for root in part.concerns})),
            rank=max((part.rank for part in wrong), default=0),
        )
