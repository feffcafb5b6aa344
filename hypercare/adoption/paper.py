"""Branches that sell without the system: hardly anything is entered where much always was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from hypercare.adoption.attendance import Attendance
from hypercare.operations.sales import Sales
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.sales_and_production.same_weekday import of_its_kind, of_its_name
from hypercare.sales_and_production.usual_sales import UsualSales

# Where fewer are usual, or fewer days are known, nothing at all may be chance.
_LEAST_USUAL = 10
_LEAST_DAYS = 3
# Few slips beside the system, or a few sales beside the slips: less than this share of the usual is no quiet day.
_HARDLY_ANY = 0.1
# A branch that sold without the system is back once it enters so much of what was usual before.
_IS_BACK = 0.75


@dataclass(frozen=True)
class BranchToday:
    """How many final sales a branch has entered by this hour, and what was `usual` on earlier days."""

    branch: str
    entered: int
    usual: float

    @property
    def missing(self) -> float:
        """Which part of what is usual was not entered."""
        return max(0.0, 1 - self.entered / self.usual)

    @property
    def row(self) -> dict[str, object]:
        return {"branch": self.branch, "entered by this hour": self.entered, "usual": round(self.usual, 1)}


class PaperSales:
    """What the branches enter today beside what they always do."""

    def __init__(self, attendance: Attendance, sales: Sales, lowest: float) -> None:
        self._attendance = attendance
        self._model = attendance.model
        self._usual = UsualSales(sales.model, sales.seals, lowest)

    def branches(self) -> Found:
        """Branches in which less than a tenth of what is usual was sold today.

        Where all that can be judged have so little the business stands still: other checks tell of that. A branch that
        is closed, or in which nobody is expected today, is not missed. Raises NotCovered where none can be judged.
        """
        judged = self.of_today({})
        rows = [one.row for one in judged if is_on_paper(one, already=False)]
        if len(rows) == len(judged):
            rows = []
        return self._model.found(rows, of=len(judged), place=self._model.records("sale").place)

    def of_today(self, since: Mapping[str, date]) -> list[BranchToday]:
        """Each branch that can be judged; what is usual is told by the days before `since`, where it is in that.

        Raises NotCovered where none can be judged.
        """
        today = self._model.calendar.date_of(self._model.as_of)
        expected = self._branches_expected()
        found = []
        for branch, days in self._usual.of_branches().items():
            until = since.get(branch, today)
            before = {day: float(many) for day, many in days.items() if day < until}
            earlier = of_its_name(today, before)
            earlier = earlier if len(earlier) >= _LEAST_DAYS else of_its_kind(today, before)
            usual = median(earlier) if len(earlier) >= _LEAST_DAYS else 0.0
            if usual >= _LEAST_USUAL and (expected is None or branch in expected):
                found.append(BranchToday(branch, days.get(today, 0), usual))
        if not found:
            raise NotCovered(
                f"Not enough history: no branch has had {_LEAST_USUAL} sales by this hour on {_LEAST_DAYS} days.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        return found

    def _branches_expected(self) -> frozenset[str] | None:
        """Where somebody's shift has begun today; None where shifts do not tell."""
        if not self._model.has("shift", "user", "starts_at") or not self._model.has("user", "branch"):
            return None
        begun = self._attendance.expected(Period(self._attendance.target.today.start, self._model.as_of))
        return frozenset(self._model.branch_word(one.branch) for one in begun) or None


def is_on_paper(one: BranchToday, *, already: bool) -> bool:
    """Whether a branch sells without the system; one that already did goes on until it enters nearly all again."""
    return one.entered < _IS_BACK * one.usual if already else one.entered < _HARDLY_ANY * one.usual
