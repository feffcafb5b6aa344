"""The branches of the business: when they are open and how much they sell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Hours = tuple[str, str]


@dataclass(frozen=True)
class BranchProfile:
    """A branch as the business knows it; weekday 0 is Monday and a missing weekday means closed."""

    code: str
    name: str
    city: str
    network: str  # the first three parts of the addresses its machines have
    hours: Mapping[int, Hours]
    volume: Mapping[int, int]  # sales expected on a weekday
    training: bool = False

    def __hash__(self) -> int:
        return hash(self.code)


def _week(*hours: Hours | None) -> dict[int, Hours]:
    return {weekday: span for weekday, span in enumerate(hours) if span}


def _sales(*counts: int) -> dict[int, int]:
    return {weekday: count for weekday, count in enumerate(counts) if count}


HARBOUR = BranchProfile(
    "HAR",
    "Harbour Street",
    "Hamburg",
    "10.20.1",
    _week(*[("09:30", "18:30")] * 5, ("09:30", "17:00"), None),
    _sales(74, 76, 76, 80, 90, 92, 0),
)
OLD_TOWN = BranchProfile(
    "OLD",
    "Old Town",
    "Leipzig",
    "10.20.2",
    _week(None, *[("10:00", "19:00")] * 4, ("10:00", "17:00"), None),
    _sales(0, 58, 58, 62, 70, 76, 0),
)
GARDEN_MALL = BranchProfile(
    "GAR",
    "Garden Mall",
    "Berlin",
    "10.20.3",
    _week(*[("10:00", "20:00")] * 6, ("10:00", "19:00")),
    _sales(88, 88, 90, 94, 108, 124, 124),
)
NORTHGATE = BranchProfile(
    "NOR",
    "Northgate",
    "Bremen",
    "10.20.4",
    _week(*[("09:30", "18:00")] * 5, ("10:00", "16:00"), ("10:00", "16:00")),
    _sales(56, 58, 58, 60, 66, 70, 52),
)
TRAINING_ROOM = BranchProfile(
    "TRN",
    "Training room",
    "Berlin",
    "10.20.9",
    _week(*[("10:00", "16:00")] * 5, None, None),
    _sales(3, 3, 3, 3, 3, 0, 0),
    training=True,
)

TRADING = (HARBOUR, OLD_TOWN, GARDEN_MALL, NORTHGATE)
ALL_BRANCHES = (*TRADING, TRAINING_ROOM)
HEAD_OFFICE = HARBOUR  # where the owner and the administrator have their desks
BY_CODE = {branch.code: branch for branch in ALL_BRANCHES}
