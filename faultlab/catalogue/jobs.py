"""Background work that fails, hangs, waits, or was never done."""

from __future__ import annotations

from collections.abc import Callable

from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL
from faultlab.scene import Scene
from hypercare.outcome.level import Level

NOTICED = {"ops.workflows": Level.L2}


def _latest_job(scene: Scene) -> int:
    return int(scene.tables.one("SELECT max(id) AS id FROM jobs WHERE kind = 'receipt'").id)


def _failed(scene: Scene) -> None:
    scene.tables.change(
        "jobs", "state = 'failed', error = 'printer not found', attempts = 3", "id = :id", id=_latest_job(scene)
    )


def _running(minutes: float) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        then = scene.ago(minutes=minutes)
        scene.tables.change(
            "jobs",
            "state = 'running', due_at = :then, queued_at = :then, started_at = :then, finished_at = NULL",
            "id = :id",
            id=_latest_job(scene),
            then=then,
        )

    return put_in


def _waiting(minutes: float) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        then = scene.ago(minutes=minutes)
        scene.tables.change(
            "jobs",
            "state = 'queued', due_at = :then, queued_at = :then, started_at = NULL, finished_at = NULL, attempts = 0",
            "id = :id",
            id=_latest_job(scene),
            then=then,
        )

    return put_in


def _closing_never_ran(scene: Scene) -> None:
    scene.tables.delete("jobs", "kind = 'closing' AND queued_at >= :since", since=scene.ago(hours=30))


def _posted_twice(scene: Scene) -> None:
    """A job was begun again while it still ran: what a sale brought in stands in the ledger twice."""
    posting = scene.tables.one(
        f"SELECT p.id FROM ledger_postings p JOIN sales s ON s.id = p.sale_id WHERE p.payment_id IS NULL"
        f" AND s.state = 'final' AND s.{REAL} AND p.posted_at >= :since ORDER BY p.id",
        since=scene.ago(minutes=25),
    )
    again = scene.tables.copy("ledger_postings", posting.id)
    for entry in scene.tables.rows("SELECT id FROM ledger_entries WHERE posting_id = :id ORDER BY id", id=posting.id):
        scene.tables.copy("ledger_entries", entry.id, posting_id=again)


def _closing_again(scene: Scene) -> None:
    closing = scene.tables.one("SELECT max(id) AS id FROM jobs WHERE kind = 'closing'").id
    scene.tables.copy("jobs", closing, started_at=scene.ago(minutes=9), finished_at=scene.ago(minutes=8))


FAULTS = (
    Fault(
        id="job-failed",
        happens="A receipt could not be sent.",
        where=Where.JOBS,
        put_in=_failed,
        noticed_by=NOTICED,
    ),
    Fault(
        id="job-hangs",
        happens="A job has been running for 40 minutes.",
        where=Where.JOBS,
        put_in=_running(minutes=40),
        noticed_by=NOTICED,
    ),
    Fault(
        id="job-takes-long",
        happens="A job has been running for 20 minutes: long, but it may end.",
        where=Where.JOBS,
        put_in=_running(minutes=20),
        just_below=items("ops.workflows"),
    ),
    Fault(
        id="job-waits-a-while",
        happens="A job has been due for twenty minutes: the worker is busy.",
        where=Where.JOBS,
        put_in=_waiting(minutes=20),
        just_below=items("ops.workflows"),
    ),
    Fault(
        id="job-run-twice",
        happens="A job was begun again while it still ran: what a sale brought in stands in the ledger twice.",
        where=Where.JOBS,
        put_in=_posted_twice,
        noticed_by={"verify.sales-totals": Level.L3},
    ),
    Fault(
        id="closing-run-again",
        happens="Somebody let the night's closing run again by hand; it found everything done.",
        where=Where.JOBS,
        put_in=_closing_again,
    ),
    Fault(
        id="job-left-waiting",
        happens="A job has been due for three quarters of an hour and nobody begins it.",
        where=Where.JOBS,
        put_in=_waiting(minutes=45),
        noticed_by=NOTICED,
    ),
    Fault(
        id="closing-never-ran",
        happens="The night's closing did not run.",
        where=Where.JOBS,
        put_in=_closing_never_ran,
        noticed_by=NOTICED,
    ),
)
