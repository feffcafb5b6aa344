"""What breaks under the application: references, declared rules, the file itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from faultlab.fault import Fault, Where, items
from faultlab.problem import LabProblem
from faultlab.real_records import a_sale
from faultlab.scene import Scene
from hypercare.outcome.level import Level

NO_SUCH = 999_999
REFERENCES = {"data.foreign-keys": Level.L3}
RULES = {"data.constraints": Level.L3}


def _points_nowhere(table: str, column: str) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        row = scene.tables.one(f"SELECT max(id) AS id FROM {table} WHERE {column} IS NOT NULL")
        scene.tables.change(table, f"{column} = {NO_SUCH}", "id = :id", id=row.id)

    return put_in


def _breaks(table: str, to: str, where: str = "") -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        row = scene.tables.one(f"SELECT max(id) AS id FROM {table} {where}")
        scene.tables.change(table, to, "id = :id", id=row.id)

    return put_in


def _line_of_a_sale_to_no_product(scene: Scene) -> None:
    sale = scene.tables.one("SELECT max(id) AS id FROM sales WHERE state = 'final' AND kind = 'retail'").id
    scene.tables.change("sale_lines", f"product_id = {NO_SUCH}", "sale_id = :sale", sale=sale)


def _damage(kind: str, name: str) -> Callable[[Scene], None]:
    """Overwrite the middle of the page that a table or an index begins at, as a bad disk would."""

    def put_in(scene: Scene) -> None:
        file = scene.tables.file
        with closing(sqlite3.connect(file)) as connection:
            # What stands in the write-ahead log would hide the damage.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            page_size = connection.execute("PRAGMA page_size").fetchone()[0]
            found = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE type = ? AND name = ?", (kind, name)
            ).fetchone()
        if found is None:
            raise LabProblem(f"the database has no {kind} {name}")
        start = (found[0] - 1) * page_size
        scene.files.overwrite(file, start + 12, b"\xa5" * (page_size // 2))

    return put_in


def _sale_of_nineteen_seventy(scene: Scene) -> None:
    epoch = scene.instant(datetime(1970, 1, 1, tzinfo=UTC))
    scene.tables.change("sales", "created_at = :epoch", "id = :id", id=a_sale(scene).id, epoch=epoch)


FAULTS = (
    Fault(
        id="line-to-no-product",
        happens="A product was deleted past the application; lines of a sale point to nothing.",
        where=Where.DATABASE,
        put_in=_line_of_a_sale_to_no_product,
        noticed_by={**REFERENCES, "focus.integrity": Level.L3},
    ),
    Fault(
        id="payment-by-nobody",
        happens="The person who received a payment is not there any more.",
        where=Where.DATABASE,
        put_in=_points_nowhere("payments", "received_by"),
        noticed_by=REFERENCES,
    ),
    Fault(
        id="step-of-nobody",
        happens="A step is assigned to somebody who does not exist.",
        where=Where.DATABASE,
        put_in=_points_nowhere("production_steps", "assigned_to"),
        noticed_by=REFERENCES,
    ),
    Fault(
        id="activity-of-nobody",
        happens="The activity log names a user who does not exist; nothing declares that he must.",
        where=Where.DATABASE,
        put_in=_points_nowhere("activity_log", "user_id"),
        noticed_by=REFERENCES,
    ),
    Fault(
        id="session-of-nobody",
        happens="A session goes on although its user was deleted.",
        where=Where.DATABASE,
        put_in=_points_nowhere("sessions", "user_id"),
        noticed_by=REFERENCES,
        # Whoever is not there is nobody whose account is switched on either.
        may_notice=items("data.constraints"),
    ),
    Fault(
        id="issue-in-an-unknown-severity",
        happens="An import wrote a severity that nobody knows.",
        where=Where.DATABASE,
        put_in=_breaks("issue_reports", "severity = 'urgent'"),
        noticed_by=RULES,
    ),
    Fault(
        id="shift-ends-before-it-starts",
        happens="A shift in the rota ends before it starts.",
        where=Where.DATABASE,
        put_in=_breaks("shifts", "starts_at = ends_at, ends_at = starts_at"),
        noticed_by=RULES,
    ),
    Fault(
        id="price-below-nothing",
        happens="A product is sold for less than nothing.",
        where=Where.DATABASE,
        put_in=_breaks("products", "unit_price = -unit_price", "WHERE category = 'training'"),
        noticed_by=RULES,
    ),
    Fault(
        id="session-ends-before-it-began",
        happens="A session ends before it began, against what everybody relies on.",
        where=Where.DATABASE,
        put_in=_breaks("sessions", "expires_at = '2026-01-01 00:00:00.000000'"),
        noticed_by=RULES,
    ),
    Fault(
        id="index-damaged",
        happens="A bad disk damages an index; lists come out short.",
        where=Where.DATABASE,
        put_in=_damage("index", "ix_jobs_queued_at"),
        noticed_by={"data.corruption": Level.L3, "focus.integrity": Level.L3},
        may_notice=items("health.database", "data.constraints", "ops.workflows", "backup.accessible"),
    ),
    Fault(
        id="table-damaged",
        happens="A bad disk damages a table; what stood on the page is lost.",
        where=Where.DATABASE,
        put_in=_damage("table", "login_attempts"),
        noticed_by={"data.corruption": Level.L3, "focus.integrity": Level.L3},
        may_notice=items(
            "health.database",
            "data.constraints",
            "data.foreign-keys",
            "users.login-failures",
            "users.active",
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
        ),
    ),
    Fault(
        id="sale-dated-nineteen-seventy",
        happens="An import wrote a sale without its date, and the date became the first of January 1970.",
        where=Where.DATABASE,
        put_in=_sale_of_nineteen_seventy,
        noticed_by=RULES,
        may_notice=items("verify.sales-totals", "summary.sales-created", "backup.accessible", "ops.sales"),
    ),
)
