"""Costs: whether they are there, plausible, on the right order, and within what it may cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from hypercare.operations.asked_orders import PROGRESS
from hypercare.operations.backdated import Backdated
from hypercare.operations.branch_stops import ALL_DAY, stopped_branches
from hypercare.operations.branches import BRANCH, of_sale
from hypercare.operations.duplicate_costs import DuplicateCosts
from hypercare.operations.pace import branches_at_work
from hypercare.operations.production import Production
from hypercare.operations.refunds import Booked, beyond_anything_booked
from hypercare.operations_model.portable import as_fraction, counted_by, whole
from hypercare.operations_model.records import Records, in_different_branches
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import Root, Shown, ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.plan.calendar import Period

# Fewer costs of a kind than this do not tell what is usual.
ENOUGH_TO_TELL = 12
# So many times the largest but for a tenth is beyond what the kind has at all.
_TIMES_LARGE = 2.0
TOO_FEW = f"There is not enough history: of no kind of cost are there {ENOUGH_TO_TELL} to tell what is usual."


class Costs(Resource):
    """What production orders cost; what was entered for the canary is left out."""

    @cached_property
    def watched(self) -> Period:
        """Since go-live where that is small enough to look at daily, or else since yesterday evening."""
        cost = self.model.records("cost")
        return self.model.watched(cost.instant("entered_at"), cost)

    @cached_property
    def _production(self) -> Production:
        return Production(self.target, self.model.database)

    def entered(self, period: Period) -> tuple[int, Decimal]:
        """How many costs were entered in the period, and their sum."""
        cost, order = self.model.records("cost"), self.model.records("production_order")
        statement = (
            select(func.count().label("many"), cost.amount("amount").total.label("sum"))
            .select_from(cost.source.outerjoin(order.source, cost["order"] == order["id"]))
            .where(cost.instant("entered_at").within(period), *self._excluding_canary(cost, order))
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
            earlier=self._excluding_canary(cost, order),
            lately=[entered.within(period), *self._excluding_canary(cost, order)],
            show={
                "cost": self.model.shown(cost, "id"),
                "order": self.model.shown_name(order),
                **self._branch(order),
                "amount": self.model.shown_money(amount),
            },
            place=cost.place,
        )
        return beyond_anything_booked(self.model, booked)

    def where_not_positive(self) -> Violations:
        """Costs of nothing, or less than nothing."""
        return self._costs_where(
            lambda cost, order: or_(cost.amount("amount").is_missing, cost.amount("amount").exact <= 0)
        )

    def where_dated_in_the_future(self) -> Violations:
        return self._costs_where(
            lambda cost, order: cost.instant("entered_at").surely_since(self.model.latest_possible)
        )

    def where_on_no_order(self) -> Violations:
        """Costs whose order does not exist."""
        return self._costs_where(lambda cost, order: order["id"].is_(None))

    def where_before_the_order(self) -> Violations:
        """Costs entered before their order was opened."""

        def wrong(cost: Records, order: Records) -> ColumnElement[bool]:
            return cost.instant("entered_at").surely_precedes(order.instant("created_at"))

        return self._costs_where(wrong, lambda order: {"order of": self.model.shown_time(order.instant("created_at"))})

    def where_order_was_cancelled(self) -> Violations:
        """Costs entered after their order was cancelled."""

        def wrong(cost: Records, order: Records) -> ColumnElement[bool]:
            later = order.instant("cancelled_at").surely_precedes(cost.instant("entered_at"))
            return and_(order.is_("state", "cancelled"), later)

        return self._costs_where(
            wrong, lambda order: {"cancelled": self.model.shown_time(order.instant("cancelled_at"))}
        )

    def where_in_another_branch(self) -> Violations:
        """Costs entered by somebody of another branch than the order's, or carrying another branch themselves."""
        cost, user = self.model.records("cost"), self.model.records("user")

        def wrong(cost: Records, order: Records) -> ColumnElement[bool]:
            elsewhere = exists().where(user["id"] == cost["entered_by"], in_different_branches(user, order))
            if not cost.has("branch"):
                return elsewhere
            return or_(elsewhere, in_different_branches(cost, order))

        cost.need("entered_by")
        return self._costs_where(wrong, root=lambda cost, order: Root(BRANCH, of_sale(order)))

    def where_step_is_of_another_order(self) -> Violations:
        step = self.model.records("step")
        return self._costs_where(
            lambda cost, order: exists().where(step["id"] == cost["step"], step["order"] != cost["order"])
        )

    def where_step_was_not_begun(self) -> Violations:
        """Labour booked on a step that nobody has begun, or booked before it began."""
        step = self.model.records("step")

        def wrong(cost: Records, order: Records) -> ColumnElement[bool]:
            return exists().where(step["id"] == cost["step"], step.is_("state", "waiting"))

        return self._costs_where(wrong, root=lambda cost, order: Root(PROGRESS, cost["order"]))

    def where_far_above_the_usual(self, times: float) -> Violations:
        """Costs more than `times` what is usual: the median for the kind and step, measured by the order's budget.

        Where no budget is mapped the amount itself is measured; kinds with too few costs are not judged. A kind may
        have two usual sizes: what is not far above the largest but for a tenth is usual too.

        Raises NotCovered when of no kind there are enough.
        """
        cost, order = self.model.records("cost"), self.model.records("production_order")
        usual = self._usual()
        size, group = self._size(cost, order), self._group(cost)
        source = cost.source.join(order.source, cost["order"] == order["id"]).join(usual, usual.c.kind == group)
        above_most = size > usual.c.large * literal_column(str(_TIMES_LARGE))
        wrong = and_(size > usual.c.size * literal_column(str(float(times))), above_most)
        return self._violations(cost, order, source, wrong, {}, TOO_FEW)

    @property
    def duplicates(self) -> DuplicateCosts:
        """Costs among those watched that may have been entered twice."""

        def chosen(cost: Records, order: Records) -> list[ColumnElement[bool]]:
            return [cost.instant("entered_at").within(self.watched), *self._excluding_canary(cost, order)]

        return DuplicateCosts(self.model, chosen)

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
            .where(entered.within(Period(periods[-1].start, periods[0].end)), *self._excluding_canary(cost, order))
        )
        rows = self.model.database.rows(statement, about="costs entered by day and branch")
        return {(int(row["number"]), row["branch"]): int(row["many"]) for row in rows if row["number"] is not None}

    def where_over_budget(self) -> Violations:
        """Orders that have cost more than their budget; a budget below nothing is exceeded without any cost."""
        cost, order = self.model.records("cost"), self.model.records("production_order")
        touched = self.model.records("cost", "touched")
        mine = select(touched["order"]).where(touched.instant("entered_at").within(self.watched))
        spent = (
            select(cost["order"].label("order"), func.sum(cost.amount("amount").exact).label("sum"))
            .select_from(cost.source)
            .where(cost["order"].in_(mine))
            .group_by(cost["order"])
            .subquery("spent")
        )
        budget = order.amount("budget")
        cost_so_far = func.coalesce(spent.c.sum, 0)
        over = cost_so_far - budget.exact
        show = {
            "order": self.model.shown_name(order),
            **self._branch(order),
            "budget": self.model.shown_money(budget),
            "cost so far": self.model.shown_minor(whole(cost_so_far)),
        }
        query = ViolationQuery(
            source=order.source.outerjoin(spent, spent.c.order == order["id"]),
            among=[or_(spent.c.order.is_not(None), budget.exact < 0), *self._production.orders_excluding_canary(order)],
            wrong=over > literal_column("0.001"),
            stake=whole(func.coalesce(over, 0)),
            show=show,
            place=f"{cost.place}, {order.place}",
            dated=order.instant("created_at") if order.has("created_at") else None,
            habit=True,
        )
        return Violations(self.model, query)

    def orders_done_without_costs(self) -> Violations:
        """Orders completed in the period watched for which nobody entered any cost."""
        cost, order = self.model.records("cost"), self.model.records("production_order")
        completed = order.instant("completed_at")
        query = ViolationQuery(
            source=order.source,
            among=(
                order.is_("state", "done"),
                completed.within(self.watched),
                *self._production.orders_excluding_canary(order),
            ),
            wrong=not_(exists().where(cost["order"] == order["id"])),
            show={
                "order": self.model.shown_name(order),
                **self._branch(order),
                "completed": self.model.shown_time(completed),
            },
            place=f"{cost.place}, {order.place}",
            dated=completed,
            habit=True,
        )
        return Violations(self.model, query)

    # -- how the questions are put together ------------------------------------------------------------------

    def _usual(self) -> Subquery:
        """By group the median size and the largest but for a tenth: every engine can count rows, few know a median."""
        cost, order = self.model.records("cost", "cost_seen"), self.model.records("production_order", "order_seen")
        group, size = self._group(cost), self._size(cost, order)
        ranked = (
            select(
                group.label("kind"),
                size.label("size"),
                func.row_number().over(partition_by=group, order_by=size).label("place"),
                func.count().over(partition_by=group).label("many"),
            )
            .select_from(cost.source.join(order.source, cost["order"] == order["id"]))
            .where(cost.instant("entered_at").within(self.watched), *self._excluding_canary(cost, order), size > 0)
            .subquery("ranked")
        )
        middle = ranked.c.place * 2 - ranked.c.many
        median = case((or_(middle == 0, middle == 1), ranked.c.size))
        large = case((ranked.c.place * 10 <= ranked.c.many * 9 + 9, ranked.c.size))
        return (
            select(ranked.c.kind, func.max(median).label("size"), func.max(large).label("large"))
            .where(ranked.c.many >= ENOUGH_TO_TELL)
            .group_by(ranked.c.kind)
            .subquery("usual")
        )

    def _group(self, cost: Records) -> ColumnElement[Any]:
        kind = func.coalesce(cost["kind"], "")
        if not (cost.has("step") and self.model.has("step", "id", "name")):
            return kind
        step = self.model.records("step", f"step_of_{cost.source.name}")
        name = select(step["name"]).where(step["id"] == cost["step"]).scalar_subquery()
        return kind.concat("/").concat(func.coalesce(name, ""))

    def _size(self, cost: Records, order: Records) -> ColumnElement[Any]:
        amount = as_fraction(cost.amount("amount").exact)
        if not order.has("budget"):
            return amount
        return amount / func.nullif(as_fraction(order.amount("budget").exact), literal_column("0.0"))

    def _excluding_canary(self, cost: Records, order: Records) -> list[ColumnElement[bool]]:
        of_real_order = and_(*self._production.orders_excluding_canary(order))
        return [*self.model.excluding_canary(cost), or_(order["id"].is_(None), of_real_order)]

    def _costs_where(self, wrong: Any, more: Any = None, root: Any = None) -> Violations:
        cost, order = self.model.records("cost"), self.model.records("production_order")
        source = cost.source.outerjoin(order.source, cost["order"] == order["id"])
        down_to = root(cost, order) if root else None
        return self._violations(cost, order, source, wrong(cost, order), more(order) if more else {}, root=down_to)

    def _violations(
        self,
        cost: Records,
        order: Records,
        source: FromClause,
        wrong: ColumnElement[bool],
        more: Mapping[str, Shown],
        if_none: str = "",
        root: Root | None = None,
    ) -> Violations:
        entered, amount = cost.instant("entered_at"), cost.amount("amount")
        query = ViolationQuery(
            source=source,
            among=(
                self.model.in_sight(entered, self.watched),
                *self._excluding_canary(cost, order),
            ),
            wrong=wrong,
            stake=func.abs(amount.minor),
            show={
                "cost": self.model.shown(cost, "id"),
                "order": self.model.shown_name(order),
                **self._branch(order),
                **({"kind": self.model.shown(cost, "kind")} if cost.has("kind") else {}),
                "amount": self.model.shown_money(amount),
                "entered": self.model.shown_time(entered),
                **more,
            },
            place=cost.place,
            if_none=if_none,
            dated=entered,
            habit=True,
            root=root,
        )
        return Violations(self.model, query)

    def _branch(self, order: Records) -> Mapping[str, Shown]:
        return {"branch": self.model.shown_branch(order["branch"])} if order.has("branch") else {}
