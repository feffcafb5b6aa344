"""Production that is late: orders past the day they are due, and steps in hand far longer than such steps ever took."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from hypercare.operations.asked_orders import orders_excluding_canary
from hypercare.operations_model.instants import Instant, TimestampFormat
from hypercare.operations_model.look_ups import children_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.doubt import Excuse, doubt_among
from hypercare.outcome.durations import exact_duration
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Calendar
from hypercare.target_file.mapping import TimeForm

# Fewer steps of a name do not tell how long such a step takes.
_LEAST_STEPS = 20
_MOST_STEPS = 20_000
# So many times as long as the longest took, and for so many days on which the branch went on with others.
_TIMES = 3
_LEAST_DAYS = 3
# From the beginning of the day that an order is due on to its end.
_THE_DAY = timedelta(days=1)
# As many of those in hand, and more than one, are the way of the house.
_ONE_IN = 5


@dataclass(frozen=True)
class LateProduction:
    model: Model

    def past_their_day(self) -> Violations:
        """Orders under way whose day was before today; days before all records stand for none.

        In doubt where much of the past is late, or some orders of each day from the first: days that nobody heeds.
        """
        order = self.model.records("production_order")
        created, today = order.instant("created_at"), self.model.calendar.date_of(self.model.as_of)
        due = Instant(order["due_on"], TimestampFormat(TimeForm.DATE, self.model.calendar.zone))
        oldest = self.model.calendar.day(self.model.target.config.limits.oldest_record).start
        show = {"order": self.model.shown_name(order)}
        if order.has("branch"):
            show["branch"] = self.model.shown_branch(order["branch"])
        late = and_(order.is_("state", "open", "in_progress"), due.before(self.model.calendar.day(today).start))
        was_late = late
        if order.has("completed_at"):
            done_later = and_(order.is_("state", "done"), due.surely_precedes(order.instant("completed_at"), _THE_DAY))
            was_late = or_(late, done_later)
        show |= {"due": self.model.shown(order, "due_on"), "state": self.model.shown(order, "state")}
        query = ViolationQuery(
            source=order.source,
            among=[
                created.within(self.model.watched(created, order)),
                due.is_known,
                due.since(oldest),
                *orders_excluding_canary(self.model, order),
            ],
            wrong=late,
            was_wrong=was_late,
            show=show,
            place=order.place,
            dated=created,
            habit=True,
            excuse=Excuse(2),
        )
        return Violations(self.model, query)

    def in_hand_too_long(self) -> Found:
        """Steps begun and not finished for three times as long as any of their name ever took, by the clock and by the
        days on which their branch finished others, of which there have to be three.

        In doubt where a fifth of them are so. Raises NotCovered where no step was done often enough to tell.
        """
        done, in_hand = self._steps("done"), self._steps("started")
        longest = _longest(done, self.model)
        if not longest:
            raise NotCovered(
                f"Not enough history: no step has been done {_LEAST_STEPS} times, so nothing tells how long one takes.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        judged = [row for row in in_hand if row["name"] in longest and row["begun"] is not None]
        worked = _days_at_work(done, self.model.calendar)
        late = [row for row in judged if longest[row["name"]].is_exceeded(_Length.of(row, self.model, worked))]
        late = self.model.exceptions.without(late, "production_order", "order", self.model.records("step").place)
        rows = [self._row(row, longest[row["name"]].time) for row in sorted(late, key=lambda one: str(one["begun"]))]
        found = self.model.found(rows, of=len(judged), place=self.model.records("step").place)
        doubt = doubt_among(len(late), len(judged), "steps in hand take far longer than such steps did before")
        return found if len(late) < len(judged) / _ONE_IN else Found(**{**vars(found), "doubt": doubt})

    def _steps(self, state: str) -> Sequence[Mapping[str, Any]]:
        """Name, order, "begun" and "finished" of the newest such steps of the orders that are watched."""
        order = self.model.records("production_order")
        source, step = children_beside(self.model, order, self.model.records("step"), "order")
        created, begun = order.instant("created_at"), step.instant("started_at")
        finished = step.instant("finished_at")
        columns = {
            "name": step["name"],
            "order": self.model.shown_name(order).expression,
            "begun": begun.raw,
            "finished": finished.raw,
            **({"branch": order["branch"]} if order.has("branch") else {}),
        }
        statement = (
            select(*(column.label(name) for name, column in columns.items()))
            .select_from(source)
            .where(
                created.within(self.model.watched(created, order)),
                step.is_("state", state),
                *orders_excluding_canary(self.model, order),
            )
            .order_by(created.raw.desc())
            .limit(_MOST_STEPS)
        )
        rows = self.model.database.rows(statement, about=f"how long steps take ({state})")
        return [
            {
                **row,
                "begun": begun.timestamp_format.decode(row["begun"]),
                "finished": finished.timestamp_format.decode(row["finished"]),
            }
            for row in rows
        ]

    def _row(self, row: Mapping[str, Any], longest: timedelta) -> dict[str, object]:
        begun: datetime = row["begun"]
        shown: dict[str, object] = {"order": row["order"]}
        if "branch" in row:
            shown["branch"] = self.model.branch_word(row["branch"])
        return {
            **shown,
            "step": row["name"],
            "begun": f"{begun.astimezone(self.model.calendar.zone):%Y-%m-%d %H:%M}",
            "the longest before": exact_duration(timedelta(minutes=round(longest.total_seconds() / 60))),
        }


def _days_at_work(done: Sequence[Mapping[str, Any]], calendar: Calendar) -> Mapping[object, Sequence[date]]:
    """By branch, the days on which it finished a step, in order: a week-end, or a holiday, holds nobody up."""
    found: dict[object, set[date]] = defaultdict(set)
    for row in done:
        if row["finished"] is not None:
            found[row.get("branch")].add(calendar.date_of(row["finished"]))
    return {branch: sorted(days) for branch, days in found.items()}


@dataclass(frozen=True)
class _Length:
    """How long a step takes, or took: by the clock, and in `days` after its first on which its branch was at work."""

    time: timedelta
    days: int

    @classmethod
    def of(cls, row: Mapping[str, Any], model: Model, worked: Mapping[object, Sequence[date]]) -> _Length:
        until: datetime = row["finished"] or model.as_of
        first, last = model.calendar.date_of(row["begun"]), model.calendar.date_of(until)
        days = worked.get(row.get("branch"), ())
        return cls(until - row["begun"], bisect_right(days, last) - bisect_right(days, first))

    def is_exceeded(self, other: _Length) -> bool:
        return other.time > _TIMES * self.time and other.days >= max(_LEAST_DAYS, _TIMES * self.days)


def _longest(done: Sequence[Mapping[str, Any]], model: Model) -> Mapping[str, _Length]:
    """By name, how long the longest took."""
    worked = _days_at_work(done, model.calendar)
    taken: dict[str, list[_Length]] = defaultdict(list)
    for row in done:
        if row["begun"] is not None and row["finished"] is not None and row["finished"] >= row["begun"]:
            taken[row["name"]].append(_Length.of(row, model, worked))
    return {
        name: _Length(max(one.time for one in lengths), max(one.days for one in lengths))
        for name, lengths in taken.items()
        if len(lengths) >= _LEAST_STEPS
    }
