"""Who comes when: log-ins at night, people who stay late, and people who are expected and not seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from sqlalchemy import Row

from faultlab.adoption.people import IN_BRANCH, WORK, names_of_people
from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

GUESSING = {"users.login-failures": Level.L2}
SILENT = {"users.active": Level.L1}
FROM_OUTSIDE = "198.51.100.23"


def _at_night(scene: Scene, minutes: float) -> Any:
    """So long after three in the night before the present day."""
    calendar = scene.config.business.calendar
    three = calendar.at(calendar.date_of(scene.now), time(3))
    return scene.instant(three + timedelta(minutes=minutes))


def _tried_at_night(names: int, times: int) -> Callable[[Scene], None]:
    """Under each of so many names a wrong password, so many times, from one address."""

    def put_in(scene: Scene) -> None:
        people = names_of_people(scene)[:names]
        for number, name in enumerate(people * times):
            one = scene.tables.one("SELECT id FROM users WHERE username = :name", name=name)
            scene.tables.add(
                "login_attempts",
                username=name,
                user_id=one.id,
                succeeded=False,
                reason="wrong_password",
                channel="web",
                address=FROM_OUTSIDE,
                at=_at_night(scene, number / 4),
            )

    return put_in


def _idle(scene: Scene) -> Row[Any]:
    """Somebody of whom nothing was seen today."""
    return scene.tables.one(
        f"SELECT id, username, branch_id FROM users WHERE {WORK} AND {IN_BRANCH} AND active AND id NOT IN"
        " (SELECT user_id FROM activity_log WHERE at >= :since) ORDER BY id",
        since=scene.ago(hours=20),
    )


def _expected(scene: Scene, one: Row[Any], since: float) -> None:
    scene.tables.add(
        "shifts",
        user_id=one.id,
        branch_id=one.branch_id,
        starts_at=scene.ago(hours=since),
        ends_at=scene.ago(hours=-2),
    )


def _did_something(scene: Scene, one: Row[Any], at: Any) -> None:
    scene.tables.add(
        "activity_log",
        user_id=one.id,
        branch_id=one.branch_id,
        action="board.view",
        entity="production_order",
        entity_id=None,
        channel="mobile",
        trace_id="9a" * 16,
        at=at,
    )


def _seen_before_the_shift_only(scene: Scene) -> None:
    one = _idle(scene)
    _expected(scene, one, since=5)
    _did_something(scene, one, scene.ago(hours=7))


def _locked_out_at_work(scene: Scene) -> None:
    one = _idle(scene)
    _expected(scene, one, since=5)
    scene.tables.change(
        "users", "locked_until = :until, failed_logins = 5", "id = :id", id=one.id, until=scene.ago(hours=-1)
    )


def _came_early(scene: Scene) -> None:
    one = _idle(scene)
    _expected(scene, one, since=5)
    _did_something(scene, one, scene.ago(hours=5, minutes=30))


def _works_late(scene: Scene) -> None:
    """Past ten in the evening, long after the shift, and everything is as it should be."""
    one = _idle(scene)
    calendar = scene.config.business.calendar
    late = calendar.at(calendar.date_of(scene.now - timedelta(days=1)), time(22, 40))
    scene.tables.add(
        "login_attempts",
        username=one.username,
        user_id=one.id,
        succeeded=True,
        reason="",
        channel="web",
        address="10.20.1.11",
        at=scene.instant(late),
    )
    _did_something(scene, one, scene.instant(late + timedelta(minutes=5)))


FAULTS = (
    Fault(
        id="log-ins-fail-at-night",
        happens="At three in the night, twenty log-ins fail within minutes, all from one address outside.",
        where=Where.USERS,
        put_in=_tried_at_night(names=4, times=5),
        noticed_by=GUESSING,
        may_notice=items("backup.accessible", "activity.login-issues", "focus.users-in-trouble"),
    ),
    Fault(
        id="log-ins-mistyped-at-night",
        happens="At three in the night, two people mistype their passwords twice.",
        where=Where.USERS,
        put_in=_tried_at_night(names=2, times=2),
        may_notice=items("backup.accessible"),
        just_below=items("users.login-failures"),
    ),
    Fault(
        id="somebody-works-late",
        happens="Somebody logs in at twenty to eleven in the evening and works on: late, but allowed.",
        where=Where.USERS,
        put_in=_works_late,
        may_notice=items("backup.accessible"),
    ),
    Fault(
        id="person-seen-before-the-shift-only",
        happens="Somebody looked at the board two hours before coming, and has not done a thing since.",
        where=Where.USERS,
        put_in=_seen_before_the_shift_only,
        noticed_by=SILENT,
        may_notice=items("backup.accessible"),
    ),
    Fault(
        id="person-locked-out-at-work",
        happens="Somebody came to work, was locked out, and has waited since.",
        where=Where.USERS,
        put_in=_locked_out_at_work,
        noticed_by={**SILENT, "users.login-failures": Level.L1, "activity.login-issues": Level.L1},
        may_notice=items("backup.accessible"),
    ),
    Fault(
        id="person-came-early",
        happens="Somebody began half an hour before the shift and has been at the bench since.",
        where=Where.USERS,
        put_in=_came_early,
        may_notice=items("backup.accessible"),
        just_below=items("users.active"),
    ),
)
