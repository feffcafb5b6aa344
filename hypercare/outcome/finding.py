"""What a failed check says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from hypercare.outcome.level import Level

SAMPLE_SIZE = 5

Row = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One trouble in plain words.

    `sentence` is for a manager and carries the number; `count` of `of` records are affected, with `money` at
    stake in the business's currency; `sample` holds at most five rows; `where` says where to look and
    `next_step` what to do first. `level` is set only when it differs from the item's own. `cause` is a stable
    slug by which several failures are recognised as one incident; `detail` is for the engineer. `branches` are those
    concerned, and `people` how many are, where the sample does not show it. `at_most` is the highest level that it may
    have, however grave its item is. `besides` are other findings of the same check.
    Of several findings that concern the same things, the one of the highest `rank` tells of them.
    """

    sentence: str
    count: int | None = None
    of: int | None = None
    money: Decimal | None = None
    currency: str = ""
    level: Level | None = None
    at_most: Level | None = None
    sample: Sequence[Row] = field(default_factory=tuple)
    where: str = ""
    next_step: str = ""
    cause: str = ""
    detail: str = ""
    branches: tuple[str, ...] = ()
    people: int | None = None
    besides: tuple[Finding, ...] = ()
    concerns: tuple[str, ...] = ()
    rank: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sample", tuple(self.sample)[:SAMPLE_SIZE])
