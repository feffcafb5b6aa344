"""A database that is not there, cannot be read, or is not the one that it was."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

DOWN = {"health.database": Level.L3}
# Whatever reads records of sales and production.
REPORTS = items(
    "sales.figures",
    "sales.match-activity",
    "sales.amounts",
    "sales.no-duplicates",
    "sales.branches",
    "production.figures",
    "production.match-sales",
    "production.timely",
    "production.costs",
    "production.completion",
    "focus.first-sales",
    "focus.production-updates",
    "focus.manual-records",
    "focus.cross-module",
    "focus.integrity",
    "resistance.old-methods",
    "resistance.causes",
    "verify.branches",
)
READ_IT = items("data.corruption", "data.constraints", "data.foreign-keys", "health.logs", "backup.accessible")


def _whole(scene: Scene) -> Path:
    """The database in one file, with nothing left beside it, and the original kept."""
    file = scene.tables.file
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for beside in (file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        beside.unlink(missing_ok=True)
    scene.files.spoil(file)
    return file


def _overwritten(scene: Scene) -> None:
    file = _whole(scene)
    file.write_bytes(b"\x17garbage\x00" * (file.stat().st_size // 9))


def _gone(scene: Scene) -> None:
    _whole(scene).unlink()


def _empty(scene: Scene) -> None:
    _whole(scene).write_bytes(b"")


def _half(scene: Scene) -> None:
    file = _whole(scene)
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2)


def _older(scene: Scene) -> None:
    """The backup of the night, brought back during the day over what the people had done since."""
    night = scene.backup_files()[-1]
    shutil.copyfile(night, _whole(scene))


def _renamed(table: str) -> tuple[str, str]:
    return f"ALTER TABLE {table} RENAME TO {table}_old", f"ALTER TABLE {table}_old RENAME TO {table}"


def _table_gone(scene: Scene) -> None:
    scene.tables.run(*_renamed("costs"))


def _column_renamed(scene: Scene) -> None:
    there, back = "finalised_at", "settled_at"
    scene.tables.run(
        f"ALTER TABLE sales RENAME COLUMN {there} TO {back}", f"ALTER TABLE sales RENAME COLUMN {back} TO {there}"
    )


def _table_added(scene: Scene) -> None:
    scene.tables.run("CREATE TABLE loyalty_cards (id INTEGER PRIMARY KEY, points INTEGER)", "DROP TABLE loyalty_cards")


FAULTS = (
    Fault(
        id="database-overwritten",
        happens="The file of the database was overwritten with something else.",
        where=Where.DATABASE,
        put_in=_overwritten,
        noticed_by=DOWN,
        may_notice=READ_IT,
    ),
    Fault(
        id="database-gone",
        happens="The file of the database is not where it was.",
        where=Where.DATABASE,
        put_in=_gone,
        noticed_by=DOWN,
        may_notice=READ_IT,
    ),
    Fault(
        id="database-empty",
        happens="The application was pointed at a new and empty database.",
        where=Where.DATABASE,
        put_in=_empty,
        noticed_by=DOWN,
        may_notice=READ_IT,
    ),
    Fault(
        id="database-cut-in-half",
        happens="Half of the database's file was lost when a disk was full.",
        where=Where.DISK,
        put_in=_half,
        noticed_by={"data.corruption": Level.L3},
        may_notice=READ_IT | DOWN.keys(),
    ),
    Fault(
        id="database-of-last-night",
        happens="The backup of the night was brought back over the work of the day.",
        where=Where.DATABASE,
        put_in=_older,
        noticed_by={"ops.sales": Level.L3, "summary.sales-created": Level.L2},
        may_notice=REPORTS
        | items(
            "backup.accessible",
            "ops.production-steps",
            "ops.workflows",
            "users.active",
            "activity.figures",
            "activity.using",
            "focus.adoption",
            "resistance.not-using",
            "resistance.causes",
            "summary.steps-updated",
            "summary.orders-completed",
            "summary.costs-entered",
            "backup.completed",
            "verify.costs",
        ),
    ),
    Fault(
        id="table-gone-after-a-release",
        happens="A release renamed a table, and part of the system does not know.",
        where=Where.DATABASE,
        put_in=_table_gone,
        noticed_by={"verify.costs": Level.L2},
        may_notice=READ_IT | REPORTS | items("summary.costs-entered", "ops.workflows"),
    ),
    Fault(
        id="column-renamed-by-a-release",
        happens="A release renamed the column that says when a sale became final.",
        where=Where.DATABASE,
        put_in=_column_renamed,
        noticed_by={"verify.sales-totals": Level.L3, "summary.sales-created": Level.L2, "sales.figures": Level.L2},
        may_notice=READ_IT | (REPORTS - {"sales.figures"}) | items("ops.workflows"),
    ),
    Fault(
        id="table-added-by-a-release",
        happens="A release added a table, which is empty.",
        where=Where.DATABASE,
        put_in=_table_added,
    ),
)
