"""Costs: whether they are there, plausible, on the right order, and within what it may cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select

from hypercare.costs.asked_costs import AskedCosts, branch_of, costs_excluding_canary
from hypercare.costs.duplicate_costs import DuplicateCosts
from hypercare.costs.order_budgets import OrderBudgets
from hypercare.costs.usual_costs import UsualCosts
from hypercare.database.database import Database
from hypercare.operations.asked_days import AskedDays
from hypercare.operations.asked_orders import PROGRESS, orders_excluding_canary
from hypercare.operations.backdated import Backdated
from hypercare.operations.branch_stops import ALL_DAY, stopped_branches
from hypercare.operations.branches import BRANCH, of_sale
from hypercare.operations.pace import branches_at_work
from hypercare.operations.refunds import Booked, beyond_anything_booked
from hypercare.operations_model.look_ups import has_any
from hypercare.operations_model.portable import counted_by
from hypercare.operations_model.records import in_different_branches
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import Root, ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.plan.calendar import Period
from hypercare.seals import Seals
from hypercare.target_file.target import Target


class Costs(Resource):
    """What production orders cost; what was entered for the canary is left out.

    What is wrong in a cost whatever the hour is asked of the days on which it, or what it belongs to, has changed.
    """

    def __init__(self, target: Target, database: Database, seals: Seals | None = None) -> None:
        super().__init__(target, database)
        self._seals = seals or Seals(target, database)
        self._days = AskedDays(self.model, self._seals, "costs", "cost", "entered_at")

    def _asked(self, question: str, *owners: str) -> AskedCosts:
        return AskedCosts(self.model, self._days.of(question, owners=owners))

    def entered(self, period: Period) -> tuple[int, Decimal]:
        """How many costs were entered in the period, and their sum."""
        cost, order = self.model.records("cost"), self.model.records("production_order")
        statement = (
            select(func.count().label("many"), cost.amount("amount").total.label("sum"))
            .select_from(cost.source.outerjoin(order.source, cost["order"] == order["id"]))
            .where(cost.instant("entered_at").within(period), *costs_excluding_canary(self.model, cost, order))
        )
        row = self.model.database.row(statement, about="costs entered")
        return int(row["many"]), self.model.money(row["sum"])

    def corrections_beyond_any_cost(self, period: Period) -> Violations:
        """Costs of the period that take back more than any cost has ever come to."""
        cost, order = self.model.records("cost"), self.model.records("production_order")
        entered, amount = cost.instant("entered_at"), cost.amount("amount")
        booked = Booked(
            source=cost.source.outerjoin(order.source, cost["order"] == order["id"]),
            amount=amount,
            earlier=costs_excluding_canary(self.model, cost, order),
            lately=[entered.within(period), *costs_excluding_canary(self.model, cost, order)],
            show={
                "cost": self.model.shown(cost, "id"),
                "order": self.model.shown_name(order),
                **branch_of(self.model, order),
                "amount": self.model.shown_money(amount),
            },
            place=cost.place,
        )
        return beyond_anything_booked(self.model, booked)

    def where_not_positive(self) -> Violations:
        """Costs of nothing, or less than nothing."""
        asked = self._asked("more than nothing")
        amount = asked.cost.amount("amount")
        return asked.wrong(or_(amount.is_missing, amount.exact <= 0))

    def where_dated_in_the_future(self) -> Violations:
        asked = self._asked("of the future")
        return asked.wrong(asked.cost.instant("entered_at").surely_since(self.model.latest_possible))

    def where_on_no_order(self) -> Violations:
        """Costs whose order does not exist."""
        asked = self._asked("on an order", "order")
        return asked.wrong(asked.order["id"].is_(None))

    def where_before_the_order(self) -> Violations:
        """Costs entered before their order was opened."""
        asked = self._asked("after their order", "order")
        created = asked.order.instant("created_at")
        wrong = asked.cost.instant("entered_at").surely_precedes(created)
        return asked.wrong(wrong, {"order of": self.model.shown_time(created)})

    def where_order_was_cancelled(self) -> Violations:
        """Costs entered after their order was cancelled."""
        asked = self._asked("before their order was cancelled", "order")
        cancelled = asked.order.instant("cancelled_at")
        later = cancelled.surely_precedes(asked.cost.instant("entered_at"))
        wrong = and_(asked.order.is_("state", "cancelled"), later)
        return asked.wrong(wrong, {"cancelled": self.model.shown_time(cancelled)})

    def where_in_another_branch(self) -> Violations:
        """Costs entered by somebody of another branch than the order's, or carrying another branch themselves."""
        asked, user = (
            self._asked("in the branch of the order", "order", "entered_by.branch"),
            self.model.records("user"),
        )
        cost, order = asked.cost, asked.order
        wrong: ColumnElement[bool] = exists().where(
            user["id"] == cost["entered_by"], in_different_branches(user, order)
        )
        if cost.has("branch"):
            wrong = or_(wrong, in_different_branches(cost, order))
        return asked.wrong(wrong, root=Root(BRANCH, of_sale(order)))

    def where_step_is_of_another_order(self) -> Violations:
        asked, step = self._asked("step of the order", "step"), self.model.records("step")
        return asked.wrong(has_any(self.model, step, "id", asked.cost["step"], step["order"] != asked.cost["order"]))

    def where_step_was_not_begun(self) -> Violations:
        """Labour booked on a step that nobody has begun, or booked before it began."""
        asked, step = self._asked("step was begun", "step"), self.model.records("step")
        wrong = has_any(self.model, step, "id", asked.cost["step"], step.is_("state", "waiting"))
        return asked.wrong(wrong, root=Root(PROGRESS, asked.cost["order"]))

    def where_far_above_the_usual(self, times: float) -> Violations:
        """Costs more than `times` what is usual. Raises NotCovered where there are enough costs of no kind."""
        return UsualCosts(self.model, self._seals).far_above(times)

    @property
    def duplicates(self) -> DuplicateCosts:
        """Costs that may have been entered twice."""
        return DuplicateCosts(self.model, self._days)

    @property
    def backdated(self) -> Backdated:
        """Costs entered lately under a date before go-live."""
        return Backdated(self.model, "cost", "entered_at", "cost.enter")

    def branches_that_enter_none(self) -> Found:
        """Branches that alone have entered no cost all day."""
        at_work = branches_at_work(self.model, "cost", "entered_by")
        return stopped_branches(self.model, self._entered, at_work, self.model.records("cost").place, ALL_DAY)

    def _entered(self, periods: Sequence[Period]) -> Mapping[tuple[int, object], int]:
        cost, order = self.model.records("cost"), self.model.records("production_order")
        entered = cost.instant("entered_at")
        branch = cost["branch"] if cost.has("branch") else order["branch"]
        statement = counted_by(
            select(entered.bucket(periods).label("number"), branch.label("branch"))
            .select_from(cost.source.join(order.source, cost["order"] == order["id"]))
            .where(
                entered.within(Period(periods[-1].start, periods[0].end)),
                *costs_excluding_canary(self.model, cost, order),
            )
        )
        rows = self.model.database.rows(statement, about="costs entered by day and branch")
        return {(int(row["number"]), row["branch"]): int(row["many"]) for row in rows if row["number"] is not None}

    def where_over_budget(self) -> Found:
        """Orders that have cost more than their budget."""
        return OrderBudgets(self.model, self._seals).exceeded()

    def orders_done_without_costs(self) -> Violations:
        """Orders completed in the period watched for which nobody entered any cost."""
        cost, order = self.model.records("cost"), self.model.records("production_order")
        completed = order.instant("completed_at")
        days = AskedDays(self.model, self._seals, "completed orders", "production_order", "completed_at")
        window = days.of("costs", parts=("cost",))
        query = ViolationQuery(
            source=order.source,
            among=(
                order.is_("state", "done"),
                window.within(completed),
                *orders_excluding_canary(self.model, order),
            ),
            wrong=not_(has_any(self.model, cost, "order", order["id"])),
            show={
                "order": self.model.shown_name(order),
                **branch_of(self.model, order),
                "completed": self.model.shown_time(completed),
            },
            place=f"{cost.place}, {order.place}",
            dated=completed,
            habit=True,
            days=window,
            day=window.day_of(completed),
        )
        return Violations(self.model, query)
