"""No day is wrong; the way they go is."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from faultlab.blind.shape import ASKED, Kind, Shape
from faultlab.blind.writing import REAL, day_of, leave_draft, local, moment, remove_sales, sales_between
from faultlab.scene import Scene


def _growing_queue(scene: Scene, random: Random) -> str:
    """Each hour a few more jobs wait than the worker takes."""
    latest = scene.tables.one("SELECT max(id) AS id FROM jobs WHERE kind = 'receipt'")
    many = 0
    for hour in range(5, 0, -1):
        for minute in range((6 - hour) * random.choice((2, 3))):
            at = scene.ago(minutes=60 * hour - 3 * minute)
            scene.tables.copy(
                "jobs", latest.id, state="queued", due_at=at, queued_at=at, started_at=None, finished_at=None
            )
            many += 1
    return f"{many} jobs wait"


def _near_its_limit(scene: Scene, random: Random) -> str:
    high = 2_147_483_647 - random.randrange(200, 900)
    latest = scene.tables.one("SELECT * FROM activity_log ORDER BY id DESC")
    scene.tables.change("activity_log", "id = :high", "id = :id", id=latest.id, high=high)
    return f"activity_log {high}"


def _series_ends(scene: Scene, random: Random) -> str:
    branch = random.choice((1, 3, 4))
    latest = scene.tables.one(
        f"SELECT * FROM sales WHERE branch_id = {branch} AND number IS NOT NULL ORDER BY number DESC LIMIT 1"
    )
    number = f"{str(latest.number).rpartition('-')[0]}-999{random.randrange(880, 990)}"
    scene.tables.change("sales", "number = :number", "id = :id", id=latest.id, number=number)
    return number


def _fewer_each_day(scene: Scene, random: Random) -> str:
    """Each day a branch enters less; the rest is on paper."""
    branch = random.choice((1, 4))
    gone = 0
    for back, share in ((3, 4), (2, 3), (1, 2)):
        start, end = (
            scene.instant(local(scene, local(scene, moment(scene.now).time()).time().min, days=-back + more))
            for more in (0, 1)
        )
        ids = [one.id for place, one in enumerate(sales_between(scene, branch, start, end)) if place % share == 0]
        gone += len(ids)
        remove_sales(scene, ids)
    today = [
        one.id
        for place, one in enumerate(sales_between(scene, branch, scene.midnight, scene.ago(hours=-1)))
        if place % 3
    ]
    remove_sales(scene, today)
    return f"branch {branch}, {gone + len(today)} sales fewer"


def _drafts_grow(scene: Scene, random: Random) -> str:
    """2, 4, 8, 16 drafts are left behind from day to day in one branch."""
    branch = random.choice((1, 3, 4))
    for back, many in ((3, 2), (2, 4), (1, 8), (0, 16)):
        for turn in range(many):
            leave_draft(scene, random, branch, scene.ago(days=back, minutes=30 + 7 * turn))
    return f"branch {branch}"


def _failed_logins_grow(scene: Scene, random: Random) -> str:
    """One person mistypes more from day to day."""
    user = scene.tables.one("SELECT * FROM users WHERE id = :id", id=random.choice((5, 21, 29)))
    for back, many in ((4, 1), (3, 2), (2, 4), (1, 6), (0, 9)):
        for turn in range(many):
            scene.tables.add(
                "login_attempts", username=user.username, user_id=user.id, succeeded=False, reason="wrong_password",
                channel="web", address="10.20.1.13", at=scene.ago(days=back, hours=2, minutes=17 * turn),
            )  # fmt: skip
    return str(user.username)


def _queue_before_a_step(scene: Scene, random: Random) -> str:
    """All orders of a branch stand before the same step for days."""
    branch = random.choice((1, 3))
    orders = scene.tables.rows(
        "SELECT * FROM production_orders WHERE branch_id = :branch AND state = 'in_progress'", branch=branch
    )
    at = scene.ago(days=random.choice((4, 5)))
    for order in orders:
        steps = scene.tables.rows("SELECT * FROM production_steps WHERE order_id = :id ORDER BY sequence", id=order.id)
        for step in steps[:2]:
            scene.tables.change(
                "production_steps", "state = 'done', started_at = :at, finished_at = :at, updated_at = :at,"
                " updated_by = coalesce(updated_by, :by)", "id = :id", id=step.id, at=at, by=8 if branch == 1 else 24,
            )  # fmt: skip
        for step in steps[2:]:
            scene.tables.change(
                "production_steps", "state = 'waiting', started_at = NULL, finished_at = NULL, updated_at = :at,"
                " updated_by = NULL", "id = :id", id=step.id, at=at,
            )  # fmt: skip
        percent = int(200 / len(steps) + 0.5)
        scene.tables.change(
            "production_orders", "progress_percent = :percent, created_at = min(created_at, :at)", "id = :id",
            id=order.id, percent=percent, at=at,
        )  # fmt: skip
    return f"branch {branch}, {len(orders)} orders"


def _answers_slower(scene: Scene, random: Random) -> str:
    issues = scene.tables.rows(
        f"SELECT * FROM issue_reports WHERE {REAL} AND responded_at IS NOT NULL ORDER BY id DESC LIMIT 8"
    )
    for place, issue in enumerate(issues):
        later = scene.moved(issue.reported_at, timedelta(minutes=20 * (9 - place)))
        scene.tables.change("issue_reports", "responded_at = :at", "id = :id", id=issue.id, at=later)
    return f"{len(issues)} answers, the last after three hours, seen on {day_of(scene)}"


SHAPES = tuple(
    Shape(id=id_, kind=Kind.TREND, happens=happens, put_in=put_in, expected=expected, day=day)
    for id_, happens, put_in, expected, day in (
        ("queue-grows", "More jobs wait from hour to hour.", _growing_queue, ("L1", "L2"), 9),
        (
            "id-near-its-limit",
            "The ids of the activity log come near to what 32 bits hold.",
            _near_its_limit,
            ("L1", "L2", "L3", ASKED),
            9,
        ),
        (
            "series-near-its-end",
            "A branch's sales numbers come near to the last that has six digits.",
            _series_ends,
            ("L1", "L2", ASKED),
            9,
        ),
        ("fewer-each-day", "A branch enters less from day to day.", _fewer_each_day, ("L1", "L2"), 9),
        ("drafts-grow", "More drafts are left behind from day to day.", _drafts_grow, ("L1", "L2"), 9),
        (
            "mistypes-more",
            "One person mistypes the password more often from day to day.",
            _failed_logins_grow,
            ("L1", "L2"),
            9,
        ),
        (
            "orders-wait-before-a-step",
            "All orders of a workshop wait for days before the same step.",
            _queue_before_a_step,
            ("L1", "L2"),
            9,
        ),
        ("answers-slower", "Issues are answered later from day to day.", _answers_slower, ("L1", "L2"), 9),
    )
)
