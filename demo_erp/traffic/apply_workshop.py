"""What the events of the workshop leave in the database: the same rows as the production and cost services would."""

from __future__ import annotations

from datetime import timedelta

from demo_erp.business_time import business_day
from demo_erp.schema import STEP_NAMES, ProductionOrder
from demo_erp.services.money import budget_of
from demo_erp.services.numbers import order_prefix
from demo_erp.services.production import OPEN_STATES, progress
from demo_erp.services.production_orders import DUE_AFTER_DAYS
from demo_erp.traffic.batch import Row
from demo_erp.traffic.catalogue import money
from demo_erp.traffic.events import Event, PlannedCost, StepChange
from demo_erp.traffic.records import SaleRecord
from demo_erp.traffic.work import Handler, Work


def open_order(work: Work, event: Event, record: SaleRecord) -> None:
    """The order of a studio sale that has just been finalised, all steps waiting."""
    day = business_day(event.at, work.timezone)
    branch_id = record.row["branch_id"]
    prefix = order_prefix(event.subject.branch.code, day.year)
    order = record.order = work.batch.add(
        "production_orders",
        number=work.records.next_number(ProductionOrder.number, prefix, branch_id),
        sale_id=record.row.id,
        branch_id=branch_id,
        garment=event.subject.garment,
        state="open",
        progress_percent=0,
        budget=budget_of(record.row["total"]),
        due_on=day + timedelta(days=DUE_AFTER_DAYS),
        created_at=event.at,
        updated_at=event.at,
        completed_at=None,
    )
    for sequence, name in enumerate(STEP_NAMES, start=1):
        record.steps[sequence] = work.batch.add(
            "production_steps",
            order_id=order.id,
            sequence=sequence,
            name=name,
            state="waiting",
            assigned_to=None,
            started_at=None,
            finished_at=None,
            updated_at=event.at,
            updated_by=None,
        )
    work.activity(event, "production_order", order.id, branch_id, action="order.open")


def cancel_order(work: Work, event: Event, record: SaleRecord) -> None:
    """With a voided sale goes its order, unless it is done."""
    order = record.order
    if order is not None and order["state"] != "done":
        work.batch.change(order, state="cancelled", updated_at=event.at)
        work.activity(event, "production_order", order.id, order["branch_id"], action="order.cancel")


def _assign(work: Work, event: Event) -> None:
    change: StepChange = event.subject
    found = _workable(work, event)
    if found is not None and found[1]["state"] != "done":
        order, step, _ = found
        work.batch.change(step, assigned_to=work.directory.user(change.worker))
        _touch(work, event, order, step)


def _start(work: Work, event: Event) -> None:
    found = _workable(work, event)
    if found is None:
        return
    order, step, record = found
    before = record.steps.get(step["sequence"] - 1)
    if step["state"] != "waiting" or (before is not None and before["state"] != "done"):
        return
    work.batch.change(step, state="started", started_at=event.at)
    if step["assigned_to"] is None:
        work.batch.change(step, assigned_to=work.user(event))
    work.batch.change(order, state="in_progress")
    _touch(work, event, order, step)


def _finish(work: Work, event: Event) -> None:
    found = _workable(work, event)
    if found is None or found[1]["state"] != "started":
        return
    order, step, record = found
    work.batch.change(step, state="done", finished_at=event.at)
    done = sum(1 for other in record.steps.values() if other["state"] == "done")
    work.batch.change(order, progress_percent=progress(done, len(record.steps)))
    if done == len(record.steps):
        work.batch.change(order, state="done", completed_at=event.at)
    _touch(work, event, order, step)


def _enter_cost(work: Work, event: Event) -> None:
    planned: PlannedCost = event.subject
    record = work.records.sales.get(planned.sale.reference)
    if record is None or record.order is None or record.order["state"] == "cancelled":
        return
    step = record.steps.get(planned.sequence)
    cost = work.batch.add(
        "costs",
        order_id=record.order.id,
        step_id=step.id if step else None,
        kind=planned.kind,
        description=planned.description,
        amount=money(planned.cents),
        entered_at=event.at,
        entered_by=work.user(event),
    )
    work.activity(event, "cost", cost.id, record.order["branch_id"])
    work.note(event, "order", record.order.id)


def _workable(work: Work, event: Event) -> tuple[Row, Row, SaleRecord] | None:
    """None when the order is gone, cancelled or done, as it is if somebody changed it by hand."""
    change: StepChange = event.subject
    record = work.records.sales.get(change.sale.reference)
    if record is None or record.order is None or record.order["state"] not in OPEN_STATES:
        return None
    step = record.steps.get(change.sequence)
    return (record.order, step, record) if step is not None else None


def _touch(work: Work, event: Event, order: Row, step: Row) -> None:
    work.batch.change(order, updated_at=event.at)
    work.batch.change(step, updated_at=event.at, updated_by=work.user(event))
    work.activity(event, "production_step", step.id, order["branch_id"])


HANDLERS: dict[str, Handler] = {
    "step.assign": _assign,
    "step.start": _start,
    "step.finish": _finish,
    "cost.enter": _enter_cost,
}
