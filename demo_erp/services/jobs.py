"""Background work: queued with the change that calls for it, done by the server's worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo_erp.access import Caller, require
from demo_erp.schema import Branch, Customer, Job, Sale
from demo_erp.services.page import Page, page_of

MOST_ATTEMPTS = 3
BATCH = 200


def queue(
    session: Session, kind: str, payload: dict[str, Any], now: datetime, *, due_at: datetime | None = None
) -> Job:
    """Add a job; it is due now unless said otherwise."""
    job = Job(kind=kind, state="queued", payload=payload, due_at=due_at or now, queued_at=now)
    session.add(job)
    return job


def run_due(session: Session, now: datetime) -> int:
    """Do every job whose time has come, oldest first; returns how many were taken up."""
    due = session.scalars(
        select(Job)
        .where(Job.state == "queued", Job.due_at <= now)
        .order_by(Job.due_at, Job.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for job in due:
        _run(session, job, now)
    session.flush()
    return len(due)


def any_due(session: Session, now: datetime) -> bool:
    """Whether there is anything to do: a read, so that an idle worker never asks for the write lock."""
    return session.scalar(select(Job.id).where(Job.state == "queued", Job.due_at <= now).limit(1)) is not None


def listing(
    session: Session,
    caller: Caller,
    *,
    state: str | None = None,
    kind: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> Page[Job]:
    """Newest first."""
    require(caller, "jobs.read")
    query = select(Job)
    if state:
        query = query.where(Job.state == state)
    if kind:
        query = query.where(Job.kind == kind)
    return page_of(session, query.order_by(Job.queued_at.desc(), Job.id.desc()), limit=limit, offset=offset)


def _run(session: Session, job: Job, now: datetime) -> None:
    job.attempts += 1
    job.started_at = now
    try:
        handler = HANDLERS.get(job.kind)
        if handler is None:
            raise LookupError(f"nobody knows how to do {job.kind!r}")
        handler(session, job.payload)
    except (LookupError, TypeError, ValueError) as problem:
        job.error = str(problem)
        if job.attempts >= MOST_ATTEMPTS:
            job.state, job.finished_at = "failed", now
        return
    job.state, job.finished_at, job.error = "done", now, ""


def _receipt(session: Session, payload: dict[str, Any]) -> None:
    """The receipt can be printed: the sale stands and what was paid is known."""
    sale = session.get(Sale, payload["sale_id"])
    if sale is None or sale.number is None:
        raise LookupError(f"the sale {payload['sale_id']} has no receipt")


def _reminder(session: Session, payload: dict[str, Any]) -> None:
    if "customer_id" in payload and session.get(Customer, payload["customer_id"]) is None:
        raise LookupError(f"there is no customer {payload['customer_id']} to remind")


def _closing(session: Session, payload: dict[str, Any]) -> None:
    if "branch_id" in payload and session.get(Branch, payload["branch_id"]) is None:
        raise LookupError(f"there is no branch {payload['branch_id']} to close")


HANDLERS: dict[str, Callable[[Session, dict[str, Any]], None]] = {
    "receipt": _receipt,
    "reminder": _reminder,
    "closing": _closing,
}
