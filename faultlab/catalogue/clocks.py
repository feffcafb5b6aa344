"""Clocks and time zones of servers: records and logs that tell another time than it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, timezone

from faultlab.catalogue.logs import line
from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL
from faultlab.scene import Scene
from hypercare.outcome.level import Level

EARLIER = items(
    "summary.sales-created",
    "summary.orders-completed",
    "backup.accessible",
    "ops.sales",
    "ops.production-steps",
    "ops.workflows",
)


def _records_ahead(scene: Scene) -> None:
    """Whatever was written in the last half hour is dated an hour ahead."""
    since, moved = scene.ago(minutes=30), timedelta(hours=1)
    for table, columns in (
        ("sales", ("created_at", "updated_at", "finalised_at")),
        ("production_steps", ("updated_at", "started_at", "finished_at")),
        ("costs", ("entered_at",)),
    ):
        key = columns[0]
        for row in scene.tables.rows(f"SELECT * FROM {table} WHERE {key} >= :since", since=since):
            for column in columns:
                _move(scene, table, row.id, column, getattr(row, column), moved, since)


def _sales_behind(scene: Scene) -> None:
    """The server was set to another zone while sales were made: begun in one, ended in the other."""
    moved = timedelta(hours=-1)
    for row in scene.tables.rows(
        f"SELECT id, finalised_at FROM sales WHERE state = 'final' AND {REAL} AND finalised_at >= :since"
        " AND created_at < :since",
        since=scene.ago(minutes=24),
    ):
        _move(scene, "sales", row.id, "finalised_at", row.finalised_at, moved, scene.ago(minutes=24))


def _move(scene: Scene, table: str, number: int, column: str, instant: object, by: timedelta, since: object) -> None:
    if instant is None or str(instant) < str(since):
        return
    scene.tables.change(table, f"{column} = :then", "id = :id", id=number, then=scene.moved(instant, by))


def _log_lines(count: int, **from_now: float) -> Callable[[Scene], None]:
    """So many lines, dated as by a machine whose clock is off."""

    def put_in(scene: Scene) -> None:
        at = (scene.now + timedelta(**from_now)).isoformat()
        scene.say("app", *(line("INFO", f"sale {number} saved", at=at) for number in range(count)))

    return put_in


def _right_in_another_zone(scene: Scene) -> None:
    """The machine moved to a zone of its own, and says so in each line."""
    at = scene.now.astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat()
    scene.say("app", *(line("INFO", f"sale {number} saved", at=at) for number in range(30)))


FAULTS = (
    Fault(
        id="server-an-hour-ahead",
        happens="Half an hour ago the server's time zone was changed: what was written since is dated an hour ahead.",
        where=Where.CLOCK,
        put_in=_records_ahead,
        noticed_by={"verify.sales-totals": Level.L3, "verify.production-progress": Level.L2, "verify.costs": Level.L2},
        may_notice=EARLIER | items("data.constraints"),
    ),
    Fault(
        id="server-an-hour-behind",
        happens="The server's time zone was changed while sales were made: they ended before they began.",
        where=Where.CLOCK,
        put_in=_sales_behind,
        noticed_by={"verify.sales-totals": Level.L3, "data.constraints": Level.L3},
        may_notice=EARLIER,
    ),
    Fault(
        id="log-an-hour-behind",
        happens="The machine that writes the log was set to another zone: its lines are an hour behind now.",
        where=Where.LOGS,
        put_in=_log_lines(30, hours=-1),
        noticed_by={"health.logs": Level.L2},
    ),
    Fault(
        id="log-a-little-ahead",
        happens="The clock of the machine that writes the log is three minutes fast.",
        where=Where.LOGS,
        put_in=_log_lines(30, minutes=3),
        just_below=items("health.logs"),
    ),
    Fault(
        id="log-of-another-zone",
        happens="The machine that writes the log is in another zone now, and each of its lines says so.",
        where=Where.LOGS,
        put_in=_right_in_another_zone,
    ),
)
