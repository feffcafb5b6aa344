"""The figures of a day, by branch and in all. The training room is in no figure of the business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from demo_erp.access import Caller, require, sees_all_branches
from demo_erp.business_time import day_bounds
from demo_erp.schema import (
    SALE_STATES,
    Branch,
    Cost,
    IssueReport,
    Payment,
    ProductionOrder,
    ProductionStep,
    Sale,
)
from demo_erp.services.money import cents

ZERO = Decimal("0.00")


@dataclass
class BranchSales:
    """A branch's sales of a day. Count and amount: finalised that day and not void.

    ``by_state`` counts the sales created that day; ``by_method`` is how the counted ones were paid.
    """

    branch: Branch
    count: int = 0
    amount: Decimal = ZERO
    studio: int = 0
    voided: int = 0
    by_state: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SALE_STATES, 0))
    by_method: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class SalesOfDay:
    day: date
    branches: list[BranchSales]

    @property
    def count(self) -> int:
        return sum(branch.count for branch in self.branches)

    @property
    def amount(self) -> Decimal:
        return sum((branch.amount for branch in self.branches), ZERO)

    @property
    def by_state(self) -> dict[str, int]:
        return {state: sum(branch.by_state[state] for branch in self.branches) for state in SALE_STATES}

    @property
    def by_method(self) -> dict[str, Decimal]:
        methods = sorted({method for branch in self.branches for method in branch.by_method})
        return {
            method: sum((branch.by_method.get(method, ZERO) for branch in self.branches), ZERO) for method in methods
        }


@dataclass
class BranchProduction:
    """A branch's workshop on a day; ``active`` and ``overdue`` are as things stand now."""

    branch: Branch
    orders_created: int = 0
    orders_completed: int = 0
    steps_started: int = 0
    steps_completed: int = 0
    costs_entered: int = 0
    costs_amount: Decimal = ZERO
    active: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class ProductionOfDay:
    day: date
    branches: list[BranchProduction]


@dataclass(frozen=True)
class Dashboard:
    """What the caller sees first; a part that the role does not see is None."""

    sales: SalesOfDay | None
    production: ProductionOfDay | None
    open_drafts: int | None
    open_issues: int


def sales_of_day(session: Session, caller: Caller, day: date) -> SalesOfDay:
    """The sales of a business day in the branches of the caller."""
    require(caller, "reports.sales")
    found = {branch.id: BranchSales(branch) for branch in _branches(session, caller)}
    finalised = and_(Sale.branch_id.in_(found), _in_period(Sale.finalised_at, caller, day), Sale.state == "final")
    for branch_id, kind, count, amount in session.execute(
        select(Sale.branch_id, Sale.kind, func.count(), func.sum(Sale.total))
        .where(finalised)
        .group_by(Sale.branch_id, Sale.kind)
    ):
        row = found[branch_id]
        row.count += count
        row.amount += amount
        row.studio += count if kind == "studio" else 0
    created = and_(Sale.branch_id.in_(found), _in_period(Sale.created_at, caller, day))
    by_state = select(Sale.branch_id, Sale.state, func.count()).where(created)
    for branch_id, state, count in session.execute(by_state.group_by(Sale.branch_id, Sale.state)):
        found[branch_id].by_state[state] = count
    by_method = select(Sale.branch_id, Payment.method, func.sum(Payment.amount)).join(Sale).where(finalised)
    for branch_id, method, amount in session.execute(by_method.group_by(Sale.branch_id, Payment.method)):
        found[branch_id].by_method[method] = amount
    voided = _by_branch(Sale.branch_id, found, _in_period(Sale.voided_at, caller, day))
    for branch_id, count in session.execute(voided):
        found[branch_id].voided = count
    return SalesOfDay(day, list(found.values()))


def amounts_of(session: Session, caller: Caller, days: Sequence[date]) -> list[Decimal]:
    """What was finalised on each of these days and is not void; the days are given in order, at least one."""
    require(caller, "reports.sales")
    start, end = day_bounds(days[0], caller.timezone)[0], day_bounds(days[-1], caller.timezone)[1]
    sums = [func.sum(case((_in_period(Sale.finalised_at, caller, day), Sale.total), else_=ZERO)) for day in days]
    branches = [branch.id for branch in _branches(session, caller)]
    counted = and_(Sale.branch_id.in_(branches), Sale.state == "final")
    found = session.execute(select(*sums).where(counted, Sale.finalised_at >= start, Sale.finalised_at < end)).one()
    return [cents(amount or ZERO) for amount in found]


def production_of_day(session: Session, caller: Caller, day: date) -> ProductionOfDay:
    """The workshop's business day in the branches of the caller."""
    require(caller, "reports.production")
    found = {branch.id: BranchProduction(branch) for branch in _branches(session, caller)}
    order, step = ProductionOrder, ProductionStep
    active = order.state.in_(("open", "in_progress"))
    orders = {
        "orders_created": _in_period(order.created_at, caller, day),
        "orders_completed": and_(order.state == "done", _in_period(order.completed_at, caller, day)),
        "active": active,
        "overdue": and_(active, order.due_on < caller.today),
    }
    steps = {
        "steps_started": _in_period(step.started_at, caller, day),
        "steps_completed": _in_period(step.finished_at, caller, day),
    }
    for name, condition in orders.items():
        for branch_id, count in session.execute(_by_branch(order.branch_id, found, condition)):
            setattr(found[branch_id], name, count)
    for name, condition in steps.items():
        query = _by_branch(order.branch_id, found, condition).join_from(step, order, step.order_id == order.id)
        for branch_id, count in session.execute(query):
            setattr(found[branch_id], name, count)
    costs = (
        select(order.branch_id, func.count(), func.sum(Cost.amount))
        .join_from(Cost, order, Cost.order_id == order.id)
        .where(order.branch_id.in_(found), _in_period(Cost.entered_at, caller, day))
        .group_by(order.branch_id)
    )
    for branch_id, count, amount in session.execute(costs):
        found[branch_id].costs_entered, found[branch_id].costs_amount = count, amount
    return ProductionOfDay(day, list(found.values()))


def dashboard(session: Session, caller: Caller) -> Dashboard:
    """Today, as far as the caller's role sees it."""
    branches = [branch.id for branch in _branches(session, caller)]
    drafts = select(func.count()).where(Sale.state == "draft", Sale.branch_id.in_(branches))
    issues = select(func.count()).where(IssueReport.state != "resolved")
    if not sees_all_branches(caller.user):
        issues = issues.where(IssueReport.branch_id.in_(branches))
    return Dashboard(
        sales=sales_of_day(session, caller, caller.today) if caller.may("reports.sales") else None,
        production=production_of_day(session, caller, caller.today) if caller.may("reports.production") else None,
        open_drafts=session.scalar(drafts) if caller.may("sales.read") else None,
        open_issues=session.scalar(issues) or 0,
    )


def _branches(session: Session, caller: Caller) -> Sequence[Branch]:
    query = select(Branch).order_by(Branch.name)
    if sees_all_branches(caller.user):
        query = query.where(Branch.training.is_(False))
    else:
        query = query.where(Branch.id == caller.user.branch_id)
    return session.scalars(query).all()


def _in_period(column: Any, caller: Caller, day: date) -> ColumnElement[bool]:
    start, end = day_bounds(day, caller.timezone)
    return and_(column >= start, column < end)


def _by_branch(branch_column: Any, branches: dict[int, Any], condition: ColumnElement[bool]) -> Select[Any]:
    counted = select(branch_column, func.count()).where(branch_column.in_(branches), condition)
    return counted.group_by(branch_column)
