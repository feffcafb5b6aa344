"""How many of those who are expected at work use the system, by branch and by role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from hypercare.adoption.attendance import Attendance, Person
from hypercare.outcome.found import Found
from hypercare.outcome.people_shown import LEAST_OF_A_GROUP
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

# Of fewer people one who is busy elsewhere is half of them.
_LEAST_EXPECTED = 3
_LEAST_SHARE = 0.5
_BOTH = "branch and role"


@dataclass(frozen=True)
class Group:
    """The people of one branch, of one role, or of one role in one branch: how many were expected, how many worked."""

    kind: str
    name: str
    expected: int
    at_work: int

    @property
    def is_left_behind(self) -> bool:
        """Less than half of them are at work in the system; of one role in one branch, which are few, nobody is."""
        return not self.at_work if self.kind == _BOTH else self.at_work < _LEAST_SHARE * self.expected

    @property
    def percent(self) -> int:
        return round(100 * self.at_work / self.expected)


@dataclass(frozen=True)
class Adoption:
    """The groups of today; of one of fewer than `least` people nothing is told."""

    groups: Sequence[Group]
    least: int = 1

    def percents(self, kind: str) -> Mapping[str, int]:
        """By name, what share of those expected is at work in the system, of the groups of one kind."""
        return {group.name: group.percent for group in self._told if group.kind == kind}

    @property
    def _told(self) -> list[Group]:
        return [group for group in self.groups if group.expected >= self.least]

    def left_behind(self) -> Found:
        """Branches and roles of three people or more that are left behind.

        Raises NotCovered where no group has so many.
        """
        judged = [group for group in self._told if group.expected >= _LEAST_EXPECTED]
        if not judged:
            raise NotCovered(
                f"No branch and no role has had {max(self.least, _LEAST_EXPECTED)} people at work long "
                "enough today to judge it.",
                remedy="Nothing to mend: look again later in the day.",
            )
        rows = [
            {one.kind: one.name, "expected": one.expected, "at work in the system": one.at_work}
            for one in judged
            if one.is_left_behind
        ]
        return Found.of_rows(rows, of=len(judged), where="shifts, activity")


def adoption_of_today(attendance: Attendance, after: timedelta, branches: Collection[str] | None = None) -> Adoption:
    """What those whose shifts began more than `after` ago have done today; of these branches where they are named.

    Raises NotCovered where shifts or activity are not mapped, or nobody was expected.
    """
    model = attendance.model
    begun = attendance.expected(Period(attendance.target.today.start, model.as_of - after))
    expected = [one for one in begun if branches is None or model.branch_word(one.branch) in branches]
    if not expected:
        raise NotCovered(
            "Nobody's shift began early enough today to judge it.",
            remedy="Nothing to mend: look again later in the day.",
        )
    worked = attendance.worked(attendance.target.today)
    by_group: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for person in expected:
        if person.branch is not None:
            by_group["branch", model.branch_word(person.branch)].append(person)
        if person.role:
            by_group["role", person.role].append(person)
        if person.branch is not None and person.role:
            by_group[_BOTH, f"{model.branch_word(person.branch)}, {person.role}"].append(person)
    return Adoption(
        [
            Group(kind, name, len(people), sum(one.id in worked for one in people))
            for (kind, name), people in sorted(by_group.items())
        ],
        least=LEAST_OF_A_GROUP if attendance.target.config.reports.people == "groups" else 1,
    )
