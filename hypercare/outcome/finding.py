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
    concerned, and `people` how many are, where the sample does not show it.
    """

    sentence: str
    count: int | None = None
    of: int | None = None
    money: Decimal | None = None
    currency: str = ""
    level: Level | None = None
    sample: Sequence[Row] = field(default_factory=tuple)
    where: str = ""
    next_step: str = ""
    cause: str = ""
    detail: str = ""
    branches: tuple[str, ...] = ()
    people: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "sample", tuple(self.sample)[:SAMPLE_SIZE])
