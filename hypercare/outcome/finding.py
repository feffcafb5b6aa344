"""What a failed check says, and of which records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from hypercare.outcome.level import Level

SAMPLE_SIZE = 5
# So many rows of a finding are kept for the file of its rows, the sample among them.
MOST_ROWS = 1_000

Row = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much is wrong: `count` of `of` records, with `money` at stake in the business's `currency`.

    `sample` holds at most five of them as rows, `more` what is known of the others, for the file of a finding's rows
    alone; `where` says where to look: tables, files or addresses, in words.
    `branches` are those concerned, where they are known. `concerns` are the things that the records come down to: of
    several findings that concern the same things, the one of the highest `rank` tells of them.
    """

    count: int | None = None
    of: int | None = None
    money: Decimal | None = None
    currency: str = ""
    sample: Sequence[Row] = field(default_factory=tuple)
    more: Sequence[Row] = field(default_factory=tuple)
    where: str = ""
    branches: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    rank: int = 0

    def __post_init__(self) -> None:
        rows = (*self.sample, *self.more)[:MOST_ROWS]
        object.__setattr__(self, "sample", rows[:SAMPLE_SIZE])
        object.__setattr__(self, "more", rows[SAMPLE_SIZE:])

    @classmethod
    def values_of(cls, other: Extent) -> dict[str, Any]:
        """Another one's values of all fields of this class, by their names."""
        return {one.name: getattr(other, one.name) for one in fields(cls)}


@dataclass(frozen=True, kw_only=True)
class Finding(Extent):
    """One trouble in plain words.

    `sentence` is for a manager and carries the number; `next_step` says what to do first. `level` is set only when it
    differs from the item's own; `at_most` is the highest level that it may have, however grave its item is. `cause` is
    a stable slug by which several failures are recognised as one incident; `detail` is for the engineer. `people` is
    how many are concerned, where the sample does not show it. `besides` are other findings of the same check.
    """

    sentence: str
    level: Level | None = None
    at_most: Level | None = None
    next_step: str = ""
    cause: str = ""
    detail: str = ""
    people: int | None = None
    besides: tuple[Finding, ...] = ()
