"""What is right in itself came at the wrong hour, or all at once."""

from __future__ import annotations

from datetime import time, timedelta
from random import Random

from faultlab.blind.shape import ASKED, Kind, Put, Shape
from faultlab.blind.writing import REAL, choose, local, moment, remove_sales, sales_between, todays_sale
from faultlab.scene import Scene

NOON = time(12)


def _silent_since(clock: time, branches: tuple[int, ...]) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        branch = random.choice(branches)
        since = scene.instant(local(scene, clock))
        gone = [one.id for one in sales_between(scene, branch, since, scene.ago(minutes=-1))]
        remove_sales(scene, gone)
        scene.tables.rows("SELECT 1")
        return f"branch {branch}, {len(gone)} sales fewer"

    return put_in


def _at_the_end(scene: Scene, random: Random) -> str:
    """All sales of a branch are entered in the last quarter of an hour."""
    branch = random.choice((1, 3, 4))
    sales = sales_between(scene, branch, scene.midnight, scene.ago(minutes=20))
    start = moment(scene.ago(minutes=15))
    for place, sale in enumerate(sales):
        at = start + timedelta(seconds=9 * 60 * place / len(sales))
        _move(scene, sale.id, at - moment(sale.created_at))
    return f"branch {branch}, {len(sales)} sales"


def _move(scene: Scene, sale: int, by: timedelta) -> None:
    for table, column, where in (
        ("sales", "created_at", "id = :id"),
        ("sales", "updated_at", "id = :id"),
        ("sales", "finalised_at", "id = :id AND finalised_at IS NOT NULL"),
        ("sales", "voided_at", "id = :id AND voided_at IS NOT NULL"),
        ("payments", "paid_at", "sale_id = :id"),
        ("ledger_postings", "posted_at", "sale_id = :id"),
        ("activity_log", "at", "entity = 'sale' AND entity_id = :id"),
    ):
        for row in scene.tables.rows(f"SELECT id, {column} AS at FROM {table} WHERE {where}", id=sale):
            scene.tables.change(table, f"{column} = :at", "id = :row", row=row.id, at=scene.moved(row.at, by))


def _steps_in_seconds(scene: Scene, random: Random) -> str:
    """An order's steps, all of them reported within twenty seconds."""
    order = choose(
        scene, random,
        f"SELECT * FROM production_orders o WHERE {REAL} AND state = 'in_progress' AND created_at < :midnight",
        midnight=scene.midnight,
    )  # fmt: skip
    start = moment(scene.ago(minutes=random.randrange(30, 200)))
    steps = scene.tables.rows("SELECT * FROM production_steps WHERE order_id = :id ORDER BY sequence", id=order.id)
    person = next((one.assigned_to for one in steps if one.assigned_to), None)
    for place, step in enumerate(steps):
        begun, ended = (scene.instant(start + timedelta(seconds=3 * place + more)) for more in (0, 2))
        scene.tables.change(
            "production_steps",
            "state = 'done', started_at = :begun, finished_at = :ended, updated_at = :ended, updated_by = :by,"
            " assigned_to = :by", "id = :id", id=step.id, begun=begun, ended=ended, by=person,
        )  # fmt: skip
    end = scene.instant(start + timedelta(seconds=3 * len(steps)))
    scene.tables.change(
        "production_orders", "state = 'done', progress_percent = 100, completed_at = :at, updated_at = :at", "id = :id",
        id=order.id, at=end,
    )  # fmt: skip
    return f"{order.number}, {len(steps)} steps"


def _within_a_minute(scene: Scene, random: Random) -> str:
    """Ten of one person's sales bear the same minute."""
    person = todays_sale(scene, random, "branch_id IN (1, 3)").created_by
    sales = scene.tables.rows(
        "SELECT * FROM sales WHERE created_by = :by AND created_at >= :midnight AND state = 'final' ORDER BY id",
        by=person, midnight=scene.midnight,
    )[-10:]  # fmt: skip
    start = moment(sales[-1].created_at)
    for place, sale in enumerate(sales):
        _move(scene, sale.id, start + timedelta(seconds=5 * place - 50) - moment(sale.created_at))
    return f"user {person}, {len(sales)} sales"


def _receipts_late(scene: Scene, random: Random) -> str:
    length = timedelta(minutes=random.randrange(35, 70))
    late = scene.tables.rows(
        "SELECT * FROM jobs WHERE kind = 'receipt' AND queued_at >= :since AND queued_at < :until",
        since=scene.ago(hours=4), until=scene.ago(minutes=80),
    )  # fmt: skip
    for job in late:
        scene.tables.change(
            "jobs", "started_at = :start, finished_at = :end", "id = :id", id=job.id,
            start=scene.moved(job.started_at, length), end=scene.moved(job.finished_at, length),
        )  # fmt: skip
    return f"{len(late)} receipts, {length} late"


def _costs_at_once(scene: Scene, random: Random) -> str:
    """A workshop enters the costs of the whole day in three minutes."""
    branch = random.choice((1, 3, 4))
    costs = scene.tables.rows(
        "SELECT c.* FROM costs c JOIN production_orders o ON o.id = c.order_id WHERE o.branch_id = :branch"
        " AND entered_at >= :midnight", branch=branch, midnight=scene.midnight,
    )  # fmt: skip
    for place, cost in enumerate(costs):
        at = scene.ago(seconds=300 - 180 * place / len(costs))
        scene.tables.change("costs", "entered_at = :at", "id = :id", id=cost.id, at=at)
        scene.tables.change("activity_log", "at = :at", "entity = 'cost' AND entity_id = :id", id=cost.id, at=at)
    return f"branch {branch}, {len(costs)} costs"


def _ahead(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random)
    hours = random.randrange(5, 9)
    _move(scene, sale.id, moment(scene.now) - moment(sale.created_at) + timedelta(hours=hours))
    return f"{sale.number}, {hours} hours ahead of now"


def _standing_workshop(scene: Scene, random: Random) -> str:
    """No step of one workshop moves today."""
    branch = random.choice((1, 3, 4))
    steps = scene.tables.rows(
        "SELECT p.* FROM production_steps p JOIN production_orders o ON o.id = p.order_id WHERE o.branch_id = :branch"
        " AND p.updated_at >= :midnight AND (p.started_at >= :midnight OR p.finished_at >= :midnight)",
        branch=branch, midnight=scene.midnight,
    )  # fmt: skip
    for step in steps:
        for column in ("started_at", "finished_at", "updated_at"):
            value = getattr(step, column)
            if value is not None and str(value) >= str(scene.midnight):
                scene.tables.change(
                    "production_steps",
                    f"{column} = :at",
                    "id = :id",
                    id=step.id,
                    at=scene.moved(value, -timedelta(days=1)),
                )
    return f"branch {branch}, {len(steps)} steps"


SHAPES = tuple(
    Shape(id=id_, kind=Kind.WHEN, happens=happens, put_in=put_in, expected=expected, day=day, at=at)
    for id_, happens, put_in, expected, day, at in (
        (
            "silent-since-half-past-ten",
            "One branch sells nothing since half past ten, and it is noon.",
            _silent_since(time(10, 30), (1, 3, 4)),
            ("L2",),
            9,
            NOON,
        ),
        (
            "never-began",
            "One branch has sold nothing at all until noon.",
            _silent_since(time(0), (1, 3, 4)),
            ("L2", "L3"),
            5,
            NOON,
        ),
        (
            "silent-afternoon",
            "One branch has sold nothing since two in the afternoon.",
            _silent_since(time(14), (1, 3, 4)),
            ("L2", "L3"),
            9,
            time(17),
        ),
        (
            "entered-at-the-end",
            "A branch entered all its sales in the last quarter of an hour.",
            _at_the_end,
            ("L1", "L2"),
            9,
            time(17),
        ),
        (
            "seven-steps-in-seconds",
            "Seven steps of an order were reported within twenty seconds.",
            _steps_in_seconds,
            ("L1", "L2"),
            9,
            time(17),
        ),
        (
            "ten-sales-in-a-minute",
            "Ten sales of one person within a minute.",
            _within_a_minute,
            ("L1", "L2"),
            9,
            time(17),
        ),
        (
            "receipts-late",
            "Receipts came half an hour after their customers had gone.",
            _receipts_late,
            ("L1", "L2"),
            9,
            time(17),
        ),
        (
            "costs-all-at-once",
            "A workshop entered the costs of a day within three minutes.",
            _costs_at_once,
            ("L1", "L2", ASKED),
            9,
            time(17),
        ),
        ("sale-ahead-of-time", "A sale is dated hours from now.", _ahead, ("L2", "L3"), 2, time(17)),
        ("workshop-stands", "No step of one workshop has moved today.", _standing_workshop, ("L1", "L2"), 9, time(17)),
    )
)
