"""Production orders that have cost more than they may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, exists, func, literal_column, not_, or_, select, true

from hypercare.costs.asked_costs import branch_of
from hypercare.operations.asked_days import AskedDays
from hypercare.operations.asked_orders import orders_excluding_canary
from hypercare.operations_model.look_ups import is_looked_up, sums_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import evaluated_once, whole
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.seals import Seals, Window

_TOLERANCE: ColumnElement[Any] = literal_column("0.001")


@dataclass(frozen=True)
class OrderBudgets:
    model: Model
    seals: Seals

    def exceeded(self) -> Found:
        """Orders for which a cost was entered in the watch and that have cost more than their budget.

        A budget below nothing is exceeded without any cost: by orders that are under way, or were opened in the watch.
        """
        return Found.together([self._by_costs(), self._below_nothing()])

    def _by_costs(self) -> Violations:
        cost = self.model.records("cost")
        entered = cost.instant("entered_at")
        window = AskedDays(self.model, self.seals, "costs", "cost", "entered_at").of("budgets", owners=("order",))
        source, order = self._with_a_cost(window)
        spent = sums_beside(
            self.model,
            order,
            cost,
            "order",
            chosen=lambda one: [one["id"].in_(_orders_of(self.model, window))],
            name="spent",
            sum=func.sum(cost.amount("amount").exact),
            first=func.min(case((entered.within(window.whole), entered.raw))),
            last=func.max(case((window.within(entered), entered.raw))),
        )
        first, last = (window.day_of(replace(entered, raw=spent[name])) for name in ("first", "last"))
        return self._violations(
            spent.beside(source),
            order,
            func.coalesce(spent["sum"], 0),
            among=orders_excluding_canary(self.model, order),
            days=_CountedOnce(window),
            day=func.coalesce(first, literal_column("-1") - last),
        )

    def _with_a_cost(self, window: Window) -> tuple[FromClause, Records]:
        """The orders of the costs of these days, each once."""
        order = self.model.records("production_order")
        touched = evaluated_once(_orders_of(self.model, window).distinct())
        if not is_looked_up(self.model, order, "id"):
            return order.source.join(touched, touched.c.order == order["id"]), order
        looked_up = order.of("id", touched.c.order)
        return touched.join(looked_up.source, true()), looked_up

    def _below_nothing(self) -> Violations:
        cost, order = self.model.records("cost"), self.model.records("production_order")
        under_way: Sequence[ColumnElement[bool]] = ()
        window, day = None, None
        if order.has("created_at"):
            created = order.instant("created_at")
            window = AskedDays(self.model, self.seals, "production orders", "production_order", "created_at").of(
                "budgets below nothing"
            )
            day = window.day_of(created)
            going_on = [order.is_("state", "open", "in_progress")] if order.has("state") else []
            under_way = (or_(window.within(created), created.is_missing, *going_on),)
        entered = cost.instant("entered_at")
        touched = exists().where(cost["order"] == order["id"], entered.within(self.model.hypercare))
        among = [
            order.amount("budget").exact < 0,
            *under_way,
            not_(touched),
            *orders_excluding_canary(self.model, order),
        ]
        spent = select(func.coalesce(func.sum(cost.amount("amount").exact), 0)).where(cost["order"] == order["id"])
        return self._violations(order.source, order, spent.scalar_subquery(), among=among, days=window, day=day)

    def _violations(
        self,
        source: FromClause,
        order: Records,
        spent: ColumnElement[Any],
        *,
        among: Sequence[ColumnElement[bool]],
        days: Any,
        day: ColumnElement[Any] | None,
    ) -> Violations:
        budget = order.amount("budget")
        over = spent - budget.exact
        show = {
            "order": self.model.shown_name(order),
            **branch_of(self.model, order),
            "budget": self.model.shown_money(budget),
            "cost so far": self.model.shown_minor(whole(spent)),
        }
        query = ViolationQuery(
            source=source,
            among=among,
            wrong=over > _TOLERANCE,
            stake=whole(func.coalesce(over, 0)),
            show=show,
            place=f"{self.model.records('cost').place}, {order.place}",
            dated=order.instant("created_at") if order.has("created_at") else None,
            habit=True,
            days=days,
            day=day,
        )
        return Violations(self.model, query)


def _orders_of(model: Model, window: Window) -> Any:
    touched = model.records("cost", "touched")
    return select(touched["order"].label("order")).where(window.within(touched.instant("entered_at")))


@dataclass
class _CountedOnce:
    """Days of costs by which orders are told apart: an order is counted on the first day of the watch it has a cost of.

    One that has a cost of a day that is asked, but its first on one that is sealed, has been counted there; the number
    of its day is -1 less that of the last day that it has a cost of.
    """

    window: Window
    _again: Counter[str] = field(default_factory=Counter)

    @property
    def seals(self) -> bool:
        return self.window.seals

    @property
    def remembered(self) -> Mapping[str, int]:
        return {name: max(0, many - self._again[name]) for name, many in self.window.remembered.items()}

    @property
    def sealed(self) -> Mapping[date, Mapping[str, Any]]:
        return self.window.sealed

    def judged(self, rows: Iterable[Mapping[str, Any]]) -> None:
        days: dict[int, dict[str, Any]] = {}
        for row in rows:
            number, counts = (
                int(row["day"]),
                {name: int(many or 0) for name, many in row.items() if name not in {"day", "wrong"}},
            )
            is_first = number >= 0
            day = days.setdefault(number if is_first else -1 - number, {"wrong": 0})
            day["wrong"] += row["wrong"]
            if is_first:
                day.update(counts)
            else:
                self._again.update(counts)
        self.window.judged({"day": number, **day} for number, day in days.items())
