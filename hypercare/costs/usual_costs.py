"""What a cost usually comes to, by its kind and step: told from how many came to how much, which is kept day by day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, literal_column, select

from hypercare.costs.asked_costs import AskedCosts
from hypercare.operations_model.model import LARGEST_WATCH, Model
from hypercare.operations_model.portable import as_fraction, as_text, counted_by, evaluated_once, whole
from hypercare.operations_model.violations import Violations
from hypercare.outcome.signals import NotCovered
from hypercare.seals import Seals, Watch, Window
from hypercare.seals.window import Day

# Fewer costs of a kind than this do not tell what is usual.
ENOUGH_TO_TELL = 12
# So many times the largest but for a tenth is beyond what the kind has at all.
_TIMES_LARGE = 2.0
_TOO_FEW = f"There is not enough history: of no kind of cost are there {ENOUGH_TO_TELL} to tell what is usual."
# Of more kinds than this, what is usual is told of those of which there are most.
_MOST_KINDS = 1000
# A size is kept to three digits: as its power of ten, and so many hundredths of that.
_HUNDREDTHS = 100
_NEXT_POWER = 10_000
_POWERS = range(-9, 16)
_WATCH = Watch("cost", "entered_at", owners=("order", "step"))

_Sizes = Mapping[str, Mapping[str, int]]
"""By kind, how many costs are of which size, as it is kept."""


@dataclass(frozen=True)
class _OtherDays:
    """The days of which no size is beyond the usual, so that they need not be asked."""

    remembered: Mapping[str, int]
    seals: bool = True
    sealed: Mapping[date, Mapping[str, Any]] = field(default_factory=dict)

    def judged(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Nothing is sealed: what is usual is another every day."""


class UsualCosts:
    """The size of a cost is its part of the order's budget; where no budget is mapped, it is the amount."""

    def __init__(self, model: Model, seals: Seals) -> None:
        self._model = model
        self._seals = seals
        self._days: dict[date, Day] = {}

    def far_above(self, times: float) -> Violations:
        """Costs of more than `times` the median of their kind and step, that are far above the largest but for a tenth.

        A kind may have two usual sizes. Kinds with too few costs are not judged.

        Raises NotCovered where there are enough of no kind.
        """
        most = self._most(times)
        if not most:
            raise NotCovered(_TOO_FEW, remedy="Nothing to mend: look again when there is something to look at.")
        beyond = [day for day, sizes in self._sizes.items() if _any_beyond(sizes, most)]
        asked = AskedCosts(self._model, Window(self._model.hypercare, tuple(self._day(one) for one in beyond)))
        limit = case(most, value=self._kind(asked))
        return asked.wrong(self._size(asked) > limit, among=[limit.is_not(None)], days=self._others(beyond, most))

    def _most(self, times: float) -> Mapping[str, float]:
        """By kind, what no cost is to be larger than."""
        together: dict[str, Counter[str]] = defaultdict(Counter)
        for sizes in self._sizes.values():
            for kind, counts in sizes.items():
                together[kind].update(counts)
        judged = [kind for kind, counts in together.items() if counts.total() >= ENOUGH_TO_TELL]
        judged.sort(key=lambda kind: together[kind].total(), reverse=True)
        return {kind: _most_of(together[kind], times) for kind in judged[:_MOST_KINDS]}

    def _others(self, beyond: Iterable[date], most: Mapping[str, float]) -> _OtherDays:
        others = self._sizes.keys() - {*beyond}
        of_today = {day for day in others if self._day(day).period.end > self._model.target.today.start}
        many = {
            day: sum(sum(counts.values()) for kind, counts in self._sizes[day].items() if kind in most)
            for day in others
        }
        past = sum(number for day, number in many.items() if day not in of_today)
        return _OtherDays({"looked_at": sum(many.values()), "past": past})

    # -- how large costs are ---------------------------------------------------------------------------------

    @cached_property
    def _sizes(self) -> Mapping[date, _Sizes]:
        return self._seals.daily("how large costs are", _WATCH, self._of_window)

    def _of_window(self, window: Window) -> Mapping[date, _Sizes]:
        self._days = {day.date: day for day in window.days}
        asked = AskedCosts(self._model, window)
        size = self._size(asked)
        columns = (window.day_of(asked.cost.instant("entered_at")).label("day"), self._kind(asked).label("kind"))
        each = evaluated_once(
            select(*columns, size.label("size")).select_from(asked.source).where(*asked.chosen, size > 0)
        )
        # What is remembered of a day has to be all of it.
        statement = counted_by(select(each.c.day, each.c.kind, _as_noted(each.c.size).label("size")))
        found: dict[date, dict[str, dict[str, int]]] = {}
        rows = self._model.database.rows(statement.limit(2 * LARGEST_WATCH), about="how large costs are")
        for row in rows:
            sizes = found.setdefault(window.days[int(row["day"])].date, {}).setdefault(str(row["kind"]), {})
            sizes[str(row["size"])] = int(row["many"])
        return found

    def _day(self, day: date) -> Day:
        return self._days.get(day) or Day(day, self._model.calendar.day(day))

    def _kind(self, asked: AskedCosts) -> ColumnElement[str]:
        cost = asked.cost
        kind = func.coalesce(as_text(cost["kind"]), "")
        if not (cost.has("step") and self._model.has("step", "id", "name")):
            return kind
        step = self._model.records("step", "step_of_cost")
        name = select(step["name"]).where(step["id"] == cost["step"]).scalar_subquery()
        return kind.concat("/").concat(func.coalesce(name, ""))

    def _size(self, asked: AskedCosts) -> ColumnElement[Any]:
        amount = as_fraction(asked.cost.amount("amount").exact)
        if not asked.order.has("budget"):
            return amount
        return amount / func.nullif(as_fraction(asked.order.amount("budget").exact), literal_column("0.0"))


def _as_noted(size: ColumnElement[Any]) -> ColumnElement[int]:
    """A size above nothing to three digits, as a whole number; larger numbers stand for larger sizes."""
    written = [(size < literal_column(f"1.0e{power + 1}"), _of_power(size, power)) for power in _POWERS]
    return case(*written, else_=literal(len(_POWERS) * _NEXT_POWER))


def _of_power(size: ColumnElement[Any], power: int) -> ColumnElement[int]:
    hundredths = whole(size * literal_column(f"1.0e{-power}") * literal_column(str(_HUNDREDTHS)))
    return hundredths + literal_column(str((power - _POWERS[0]) * _NEXT_POWER))


def _size_of(noted: str, more: float = 0.0) -> float:
    """A size as it was kept, and so many hundredths more."""
    power, hundredths = divmod(int(noted), _NEXT_POWER)
    return float((hundredths + more) / _HUNDREDTHS * 10.0 ** (power + _POWERS[0]))


def _most_of(counts: Mapping[str, int], times: float) -> float:
    sizes = sorted((_size_of(noted), many) for noted, many in counts.items())
    places = list(accumulate(many for _, many in sizes))
    median, large = (
        next(size for (size, _), last in zip(sizes, places, strict=True) if last >= place)
        for place in ((places[-1] + 1) // 2, (places[-1] * 9 + 9) // 10)
    )
    return max(median * times, large * _TIMES_LARGE)


def _any_beyond(sizes: _Sizes, most: Mapping[str, float]) -> bool:
    """Whether any size may be beyond what it is to be; those that are kept are rounded."""
    return any(_size_of(max(counts, key=int), more=0.5) > most[kind] for kind, counts in sizes.items() if kind in most)
