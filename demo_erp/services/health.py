"""Whether the system is well: looked at anew each time, on connections of its own, and never for long."""

from __future__ import annotations

import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from demo_erp.database import reason_of
from demo_erp.schema import Branch, Job, Sale
from demo_erp.state import State

PATIENCE_VARIABLE = "ROSEWOOD_PATIENCE"  # seconds, for a machine that is busy with other things
WAIT_SECONDS = float(os.environ.get(PATIENCE_VARIABLE) or 0.8)
LEAST_FREE_BYTES = 200_000_000
JOB_LATE_AFTER = timedelta(minutes=15)
FAILED_JOBS_COUNT_FOR = timedelta(hours=1)
WORST_FIRST = ("down", "degraded", "ok")


@dataclass(frozen=True)
class Component:
    """One part of the system: "ok", "degraded" or "down", what was seen, and how long looking took."""

    status: str
    detail: str
    ms: float


@dataclass(frozen=True)
class HealthReport:
    """All parts; the whole is as well as its worst part."""

    checked_at: datetime
    components: dict[str, Component]

    @property
    def status(self) -> str:
        statuses = {component.status for component in self.components.values()}
        return next(status for status in WORST_FIRST if status in statuses)


def health_report(state: State) -> HealthReport:
    """Look at database, disk and job queue side by side; what gives no answer in time is down."""
    now = state.clock.now()
    component_checks: dict[str, Callable[[], tuple[str, str]]] = {
        "database": lambda: _database(state),
        "disk": lambda: _disk(state),
        "jobs": lambda: _jobs(state, now),
    }
    found: dict[str, Component] = {}
    threads = [
        threading.Thread(target=_timed, args=(name, see, found), name=f"health-{name}", daemon=True)
        for name, see in component_checks.items()
    ]
    deadline = time.monotonic() + WAIT_SECONDS
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    silent = Component("down", f"no answer within {WAIT_SECONDS} s", WAIT_SECONDS * 1000)
    return HealthReport(now, {name: found.get(name, silent) for name in component_checks})


def _timed(name: str, see: Callable[[], tuple[str, str]], found: dict[str, Component]) -> None:
    started = time.perf_counter()
    try:
        status, detail = see()
    except (SQLAlchemyError, OSError) as problem:
        status, detail = "down", reason_of(problem)
    found[name] = Component(status, detail, round((time.perf_counter() - started) * 1000, 1))


def _database(state: State) -> tuple[str, str]:
    engine = state.database.make_engine(busy_timeout=WAIT_SECONDS)
    try:
        with engine.connect() as connection:
            branches = connection.scalar(select(func.count()).select_from(Branch))
            newest = connection.scalar(select(func.max(Sale.created_at)))
    finally:
        engine.dispose()
    if not branches:
        return "down", "the database answers but holds no business"
    return "ok", f"{branches} branches; newest sale {newest.isoformat() if newest else 'none yet'}"


def _disk(state: State) -> tuple[str, str]:
    probe = state.temporary / f"health-{uuid.uuid4().hex}"
    probe.write_bytes(b"written")
    try:
        written = probe.read_bytes() == b"written"
    finally:
        probe.unlink(missing_ok=True)
    free = shutil.disk_usage(state.folder).free
    if not written:
        return "down", "what is written cannot be read back"
    return ("ok" if free >= LEAST_FREE_BYTES else "degraded"), f"{free / 1e9:.1f} GB free"


def _jobs(state: State, now: datetime) -> tuple[str, str]:
    engine = state.database.make_engine(busy_timeout=WAIT_SECONDS)
    queued = select(func.count()).select_from(Job).where(Job.state == "queued")
    failed = select(func.count()).select_from(Job).where(Job.state == "failed")
    try:
        with engine.connect() as connection:
            waiting = connection.scalar(queued.where(Job.due_at <= now)) or 0
            late = connection.scalar(queued.where(Job.due_at < now - JOB_LATE_AFTER)) or 0
            broken = connection.scalar(failed.where(Job.finished_at >= now - FAILED_JOBS_COUNT_FOR)) or 0
    finally:
        engine.dispose()
    status = "degraded" if late or broken else "ok"
    return status, f"{waiting} waiting, {late} of them late; {broken} failed within the hour"
