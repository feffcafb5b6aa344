"""What an order promises, by when and at what cost: whether that can be meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, select

from hypercare.operations.asked_orders import orders_excluding_canary
from hypercare.operations_model.instants import Instant, TimestampFormat
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import whole
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.doubt import doubt_among
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.mapping import TimeForm

_MOST_ORDERS = 20_000
# From fewer orders nothing is learned of how long others take.
_LEAST_ORDERS = 20
# Work that may cost more than it brings may be a promise; at twice as much somebody has mistyped.
_TIMES_THE_PRICE: Any = literal_column("2")
# So many times as long as all but a few, and so much longer, is no long order.
_ALL_BUT = 0.05
# A budget that so many orders have, whatever they are sold for, and so great a share of all, was put in by nobody.
_LEAST_ALIKE = 5
_SHARE_ALIKE = 0.05
# Work that was begun before midnight is of the day before.
_OVER_MIDNIGHT = timedelta(hours=3)
_TIMES_AS_LONG = 3
_LONGER_BY = timedelta(days=60)


@dataclass(frozen=True)
class _Promise:
    row: Mapping[str, Any]
    opened: date
    due: date

    @property
    def length(self) -> timedelta:
        return self.due - self.opened


@dataclass(frozen=True)
class OrderPromises:
    """Of the orders opened in the period that is watched, those of the canary left out."""

    model: Model

    def budgeted_beyond_their_sale(self) -> Violations:
        """Orders that may cost more than twice what their sale comes to; what is done for nothing is not meant.

        Nor is a budget that stands in many orders, whatever they are sold for: the system puts it in.
        """
        order, sale = self.model.records("production_order"), self.model.records("sale")
        budget, total = order.amount("budget"), sale.amount("total")
        created = order.instant("created_at")
        query = ViolationQuery(
            source=order.source.join(sale.source, order["sale"] == sale["id"]),
            among=[created.within(self.model.watched(created, order)), *orders_excluding_canary(self.model, order)],
            wrong=and_(total.exact > 0, budget.exact > total.exact * _TIMES_THE_PRICE),
            stake=whole(func.coalesce(budget.exact - total.exact, 0)),
            show={
                "order": self.model.shown_name(order),
                **self._branch(order),
                "may cost": self.model.shown_money(budget),
                "sold for": self.model.shown_money(total),
            },
            place=f"{order.place}, {sale.place}",
            dated=created,
            habit=True,
        )
        found = Violations(self.model, query)
        put_in = self._put_in_by_the_system(query, budget.minor, total.minor) if found.count else []
        if not put_in:
            return found
        return Violations(self.model, replace(query, wrong=and_(query.wrong, budget.minor.not_in(put_in))))

    def _put_in_by_the_system(
        self, query: ViolationQuery, budget: ColumnElement[Any], total: ColumnElement[Any]
    ) -> Sequence[int]:
        """The budgets, in minor units, of many orders that are sold for this and that."""
        each = select(budget.label("budget"), total.label("total")).select_from(query.source).where(*query.among)
        one = each.subquery("each_one")
        many, totals = func.count(), func.count(one.c.total.distinct())
        statement = select(one.c.budget, many.label("many"), totals.label("totals")).group_by(one.c.budget)
        rows = self.model.database.rows(
            statement.order_by(many.desc()).limit(_MOST_ORDERS), about="budgets that orders share"
        )
        least = max(_LEAST_ALIKE, _SHARE_ALIKE * sum(int(row["many"]) for row in rows))
        return [int(row["budget"]) for row in rows if row["many"] >= least and row["totals"] >= _LEAST_ALIKE]

    def due_before_opened(self) -> Found:
        """Orders whose day lies before the one on which they were opened. In doubt where that is not rare."""
        promises = self._promises()
        wrong = [one for one in promises if one.length < timedelta(0)]
        found = self._found(wrong, of=len(promises))
        doubt = doubt_among(len(wrong), len(promises), "orders are entered after the day they are due")
        return found if doubt is None else Found(**{**vars(found), "doubt": doubt})

    def due_far_away(self) -> Found:
        """Orders under way that are due far later than all but a few.

        Raises NotCovered with too few orders to tell.
        """
        promises = self._promises()
        if len(promises) < _LEAST_ORDERS:
            raise NotCovered(
                f"Not enough history: fewer than {_LEAST_ORDERS} orders tell by when such orders are due.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        lengths = sorted(one.length for one in promises)
        usual = lengths[int(len(lengths) * (1 - _ALL_BUT)) - 1]
        longest = max(usual * _TIMES_AS_LONG, usual + _LONGER_BY)
        return self._found([one for one in promises if one.length > longest], of=len(promises))

    def _promises(self) -> Sequence[_Promise]:
        """Of the newest orders under way, by when they are due; days before all records stand for none."""
        order, calendar = self.model.records("production_order"), self.model.calendar
        zone, oldest = calendar.zone, self.model.target.config.limits.oldest_record
        created, due = order.instant("created_at"), Instant(order["due_on"], TimestampFormat(TimeForm.DATE, zone))
        columns = {"order": self.model.shown_name(order).expression, "opened": created.raw, "due": due.raw}
        if order.has("branch"):
            columns["branch"] = order["branch"]
        statement = (
            select(*(column.label(name) for name, column in columns.items()))
            .where(
                created.within(self.model.watched(created, order)),
                due.is_known,
                order.is_("state", "open", "in_progress"),
                *orders_excluding_canary(self.model, order),
            )
            .order_by(created.raw.desc())
            .limit(_MOST_ORDERS)
        )
        rows = self.model.database.rows(statement, about="by when orders are due")
        decoded = [
            (row, created.timestamp_format.decode(row["opened"]), due.timestamp_format.decode(row["due"]))
            for row in rows
        ]
        return [
            _Promise(row, calendar.business_date(opened - _OVER_MIDNIGHT), day.astimezone(zone).date())
            for row, opened, day in decoded
            if opened is not None and day is not None and day.astimezone(zone).date() >= oldest
        ]

    def _found(self, promises: Sequence[_Promise], *, of: int) -> Found:
        place = self.model.records("production_order").place
        rows = [
            {
                "order": one.row["order"],
                **({"branch": self.model.branch_word(one.row["branch"])} if "branch" in one.row else {}),
                "opened": f"{one.opened:%Y-%m-%d}",
                "due": f"{one.due:%Y-%m-%d}",
            }
            for one in promises
        ]
        left = self.model.exceptions.without(rows, "production_order", "order", place)
        return self.model.found(left, of=of, place=place)

    def _branch(self, order: Records) -> Mapping[str, Shown]:
        return {"branch": self.model.shown_branch(order["branch"])} if order.has("branch") else {}
