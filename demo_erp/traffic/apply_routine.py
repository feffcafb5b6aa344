"""What the daily round leaves in the database: shifts ahead, jobs queued and done, the day's sheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from demo_erp.business_time import day_bounds
from demo_erp.schema import Sale
from demo_erp.traffic.catalogue import money
from demo_erp.traffic.directory import Directory
from demo_erp.traffic.events import Event, PlannedJob, PlannedSheet
from demo_erp.traffic.rota import ROTA_DAYS_AHEAD, Rota
from demo_erp.traffic.work import Handler, Work


def shift_rows(rota: Rota, directory: Directory, day: date) -> Iterator[dict[str, Any]]:
    """The shifts of a day as rows."""
    for duty in rota.everybody(day):
        yield {
            "user_id": directory.user(duty.person),
            "branch_id": directory.branch(duty.person.seat),
            "starts_at": duty.starts,
            "ends_at": duty.ends,
        }


def _publish_rota(work: Work, event: Event) -> None:
    """The day that has come within sight; the days before it are written already."""
    day: date = event.subject + timedelta(days=ROTA_DAYS_AHEAD)
    for values in shift_rows(Rota(work.timezone), work.directory, day):
        work.batch.add("shifts", **values)


def _queue_job(work: Work, event: Event) -> None:
    job: PlannedJob = event.subject
    payload = _payload(work, job)
    if payload is not None:
        work.queue_job(job.kind, payload, job.queued_at)


def _finish_job(work: Work, event: Event) -> None:
    """Unless the server's own worker has done it already."""
    job: PlannedJob = event.subject
    payload = _payload(work, job)
    row = work.queued_job(job.kind, payload, job.queued_at) if payload is not None else None
    if row is not None:
        started = max(row["queued_at"], event.at - timedelta(milliseconds=180))
        work.batch.change(row, state="done", attempts=1, started_at=started, finished_at=event.at)


def _payload(work: Work, job: PlannedJob) -> dict[str, Any] | None:
    """What the job is about; None when that is not there (any more)."""
    if job.kind == "receipt":
        record = work.records.sales.get(job.subject.reference)
        return {"sale_id": record.row.id} if record else None
    if job.kind == "reminder":
        customer_id = work.records.customers.get(job.subject.phone)
        return {"customer_id": customer_id} if customer_id else None
    return {"branch_id": work.directory.branch(job.subject)}


def _hand_in_sheet(work: Work, event: Event) -> None:
    """What people counted: their planned sales, less what was voided by hand, and what else was sold by hand."""
    sheet: PlannedSheet = event.subject
    branch_id = work.directory.branch(sheet.branch)
    voided, others, others_amount = _by_hand(work, sheet, branch_id)
    amount = money(sheet.cents - sum(sheet.standing[reference] for reference in voided)) + others_amount
    row = work.batch.add(
        "day_sheets",
        branch_id=branch_id,
        day=sheet.day,
        sales_counted=len(sheet.standing) - len(voided) + others,
        amount_counted=amount,
        handed_in_at=event.at,
        handed_in_by=work.user(event),
    )
    work.activity(event, "day_sheet", row.id, branch_id)


def _by_hand(work: Work, sheet: PlannedSheet, branch_id: int) -> tuple[list[str], int, Decimal]:
    """Planned sales that were voided by hand; count and amount of final sales that were not planned."""
    work.batch.flush()
    starts, ends = day_bounds(sheet.day, work.timezone)
    query = select(Sale.client_reference, Sale.state, Sale.total).where(
        Sale.branch_id == branch_id, Sale.finalised_at >= starts, Sale.finalised_at < ends
    )
    voided, others, amount = [], 0, Decimal("0.00")
    for reference, state, total in work.batch.connection.execute(query):
        if reference in sheet.planned:
            if state == "void" and reference in sheet.standing:
                voided.append(reference)
        elif state == "final":
            others += 1
            amount += total
    return voided, others, amount


def _backup(work: Work, event: Event) -> None:
    """The backup itself is made before its event is counted as done."""


HANDLERS: dict[str, Handler] = {
    "backup": _backup,
    "rota.publish": _publish_rota,
    "job.queue": _queue_job,
    "job.finish": _finish_job,
    "sheet.hand_in": _hand_in_sheet,
}
