"""What bad disks and interrupted writes do to pages of the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

from faultlab.fault import Fault, Where, items
from faultlab.problem import LabProblem
from faultlab.scene import Scene
from hypercare.outcome.level import Level

DAMAGED = {"data.corruption": Level.L3}
MET_BY_CHANCE = items(
    "health.database",
    "data.constraints",
    "data.foreign-keys",
    "users.login-failures",
    "users.active",
    "ops.workflows",
    "verify.costs",
    "summary.costs-entered",
    "verify.branches",
    "backup.accessible",
    "activity.figures",
    "resistance.not-logging-in",
    "resistance.not-using",
    "resistance.causes",
    "activity.all-log-in",
    "activity.using",
    "activity.unauthorised",
    "activity.login-issues",
    "focus.users-in-trouble",
)


def _pages_of(scene: Scene, name: str) -> tuple[int, int]:
    """Where a table or an index begins, and how large a page is, in bytes, with nothing left in the log beside it."""
    with closing(sqlite3.connect(scene.tables.file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = int(connection.execute("PRAGMA page_size").fetchone()[0])
        found = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    if found is None:
        raise LabProblem(f"the database has no {name}")
    return (found[0] - 1) * size, size


def _zeroed(name: str) -> Callable[[Scene], None]:
    """A page that was promised and never written."""

    def put_in(scene: Scene) -> None:
        start, size = _pages_of(scene, name)
        scene.files.overwrite(scene.tables.file, start, bytes(size))

    return put_in


def _written_to_the_wrong_place(scene: Scene) -> None:
    """What belongs to one index stands where another begins."""
    file = scene.tables.file
    to, size = _pages_of(scene, "ix_jobs_state")
    start, _ = _pages_of(scene, "costs")
    with file.open("rb") as opened:
        opened.seek(start)
        page = opened.read(size)
    scene.files.overwrite(file, to, page)


def _index_short_of_rows(scene: Scene) -> None:
    """Entries of an index are missing, as after writes that were lost; every page is sound in itself."""
    file = scene.tables.file
    _pages_of(scene, "ix_payments_sale_id")
    scene.files.spoil(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        whole = "CREATE INDEX ix_payments_sale_id ON payments (sale_id)"
        last = connection.execute("SELECT max(id) FROM payments").fetchone()[0]
        connection.execute("DROP INDEX ix_payments_sale_id")
        connection.execute(f"{whole} WHERE id < {last - 3}")
        version = connection.execute("PRAGMA schema_version").fetchone()[0]
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'ix_payments_sale_id'", (whole,))
        connection.execute(f"PRAGMA schema_version={version + 1}")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


FAULTS = (
    Fault(
        id="page-never-written",
        happens="Power failed in the middle of a write: a page of a table is nothing but zeros.",
        where=Where.DISK,
        put_in=_zeroed("sessions"),
        noticed_by=DAMAGED,
        may_notice=MET_BY_CHANCE,
    ),
    Fault(
        id="page-in-the-wrong-place",
        happens="A controller wrote a page to the wrong place, over an index.",
        where=Where.DISK,
        put_in=_written_to_the_wrong_place,
        noticed_by=DAMAGED,
        may_notice=MET_BY_CHANCE,
    ),
    Fault(
        id="index-short-of-rows",
        happens="The latest entries of an index were lost; whoever searches by it does not find the newest payments.",
        where=Where.DATABASE,
        put_in=_index_short_of_rows,
        noticed_by=DAMAGED,
        may_notice=MET_BY_CHANCE | items("verify.sales-totals"),
    ),
)
