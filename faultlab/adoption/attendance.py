"""People who stay away from the system, or come without working; and those who come though they should not."""

from __future__ import annotations

from collections.abc import Callable

from faultlab.adoption.people import IN_BRANCH, WORK
from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

STAYS_OUT = {
    "activity.all-log-in": Level.L1,
    "resistance.not-logging-in": Level.L1,
    "resistance.causes": Level.L1,
}
IDLE = {"activity.using": Level.L1, "resistance.not-using": Level.L1, "resistance.causes": Level.L1}
_SOMEWHERE = "203.0.113.7"
_NOT_TODAY = "id NOT IN (SELECT user_id FROM activity_log WHERE at >= :since)"


def _off_duty(scene: Scene, many: int, role: str = "production") -> list[tuple[int, int, str]]:
    """Key, branch and name of people whom nobody has seen today."""
    rows = scene.tables.rows(
        f"SELECT id, branch_id, username FROM users WHERE role = '{role}' AND {WORK} AND {IN_BRANCH} AND {_NOT_TODAY}"
        " ORDER BY id",
        since=scene.midnight,
    )
    return [(row.id, row.branch_id, row.username) for row in rows[:many]]


def new_people(scene: Scene, many: int) -> list[tuple[int, int]]:
    """Hired last week, with an account that was never used."""
    like = scene.tables.one(f"SELECT * FROM users WHERE {WORK} AND {IN_BRANCH} ORDER BY id")._asdict()
    highest = scene.tables.one("SELECT max(id) AS id FROM users").id
    found = []
    for number in range(1, many + 1):
        name = f"new.person{number}"
        scene.tables.add("users", **{**like, "id": highest + number, "username": name, "full_name": f"New {number}"})
        found.append((highest + number, like["branch_id"]))
    return found


def on_the_rota(scene: Scene, who: int, branch: int, days: tuple[int, ...]) -> None:
    for day in days:
        scene.tables.add(
            "shifts",
            user_id=who,
            branch_id=branch,
            starts_at=scene.ago(hours=24 * day + 7),
            ends_at=scene.ago(hours=24 * day - 1),
        )


def _never_came(many: int, days: tuple[int, ...]) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        for who, branch in new_people(scene, many):
            on_the_rota(scene, who, branch, days)

    return put_in


def _comes_in(scene: Scene, who: int | None, name: str, address: str, **ago: float) -> None:
    scene.tables.add(
        "login_attempts",
        username=name,
        user_id=who,
        succeeded=True,
        reason="",
        channel="web",
        address=address,
        at=scene.ago(**ago),
    )


def _only_logs_in(many: int, **ago: float) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        for who, branch, name in _off_duty(scene, many):
            _comes_in(scene, who, name, "10.20.1.60", **ago)
            scene.tables.add(
                "activity_log",
                user_id=who,
                branch_id=branch,
                action="login",
                entity="session",
                entity_id=None,
                channel="web",
                trace_id="",
                at=scene.ago(**ago),
            )

    return put_in


def _log_ins_not_recorded(scene: Scene) -> None:
    """After a change, log-ins are not written down any more."""
    scene.tables.delete("login_attempts", "at >= :midnight", midnight=scene.midnight)
    scene.tables.delete("sessions", "created_at >= :midnight", midnight=scene.midnight)


def _one_log_in_not_recorded(scene: Scene) -> None:
    one = scene.tables.one("SELECT max(id) AS id FROM login_attempts WHERE username NOT LIKE 'check.%'")
    scene.tables.delete("login_attempts", "id = :id", id=one.id)


def _by_accounts_that_are_off(scene: Scene) -> None:
    """Most of the accounts were switched off by a script while people worked."""
    scene.tables.change("users", "active = NOT active", "role = 'sales' OR role = 'production'")


def _comes_from(address: str) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        [(who, _, name)] = _off_duty(scene, 1)
        _comes_in(scene, who, name, address, hours=3)

    return put_in


def _under_a_name_of_nobody(scene: Scene) -> None:
    _comes_in(scene, None, "service.account", "10.20.1.60", hours=2)


def _guessed_from_within(scene: Scene) -> None:
    """From another network of the house some passwords failed, and one was right."""
    [(who, _, name)] = _off_duty(scene, 1)
    for number in range(4):
        scene.tables.add(
            "login_attempts",
            username=name,
            user_id=who,
            succeeded=False,
            reason="wrong_password",
            channel="web",
            address="10.77.4.9",
            at=scene.ago(minutes=190 - number),
        )
    _comes_in(scene, who, name, "10.77.4.9", hours=3)


def _at_hour(many: int, **ago: float) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        for who, branch, _ in _off_duty(scene, many):
            for number in range(3):
                scene.tables.add(
                    "activity_log",
                    user_id=who,
                    branch_id=branch,
                    action="report.view",
                    entity="report",
                    entity_id=None,
                    channel="web",
                    trace_id="",
                    at=scene.ago(**{**ago, "minutes": 5 * number}),
                )

    return put_in


def _gave_up(times: int, many: int, **ago: float) -> Callable[[Scene], None]:
    """Of people who have not been seen today; half a minute apart."""

    def put_in(scene: Scene) -> None:
        for place, (who, _, name) in enumerate(_off_duty(scene, many)):
            for number in range(times):
                scene.tables.add(
                    "login_attempts",
                    username=name,
                    user_id=who,
                    succeeded=False,
                    reason="wrong_password",
                    channel="web",
                    address=f"10.20.1.{60 + place}",
                    at=scene.ago(**{**ago, "seconds": 30 * (times - number)}),
                )

    return put_in


def _log_in_of_somebody_switched_off(scene: Scene) -> None:
    one = scene.tables.one("SELECT id, username FROM users WHERE username = 'left.last.week'")
    _comes_in(scene, one.id, one.username, "10.20.1.60", minutes=20)


def _somebody_left(scene: Scene) -> None:
    [(who, _)] = new_people(scene, 1)
    scene.tables.change("users", "username = 'left.last.week', active = FALSE", "id = :id", id=who)


STAYS_AWAY = (
    Fault(
        id="never-logged-in",
        happens="Somebody on the rota since Monday has never logged in.",
        where=Where.USERS,
        put_in=_never_came(1, (0, 1, 2)),
        noticed_by=STAYS_OUT,
        may_notice=items("users.active"),
    ),
    Fault(
        id="several-never-logged-in",
        happens="Three people have been on the rota for two days and have never logged in.",
        where=Where.USERS,
        put_in=_never_came(3, (1, 2)),
        noticed_by=STAYS_OUT,
    ),
    Fault(
        id="first-shift-without-log-in",
        happens="Somebody who began yesterday has not logged in yet.",
        where=Where.USERS,
        put_in=_never_came(1, (1,)),
        just_below=items("activity.all-log-in", "resistance.not-logging-in"),
    ),
    Fault(
        id="logged-in-without-working",
        happens="Somebody logged in five hours ago and has done nothing since.",
        where=Where.USERS,
        put_in=_only_logs_in(1, hours=5),
        noticed_by=IDLE,
    ),
    Fault(
        id="several-logged-in-without-working",
        happens="Three people logged in and have done nothing since.",
        where=Where.USERS,
        put_in=_only_logs_in(3, hours=4),
        noticed_by=IDLE,
    ),
    Fault(
        id="logged-in-a-moment-ago",
        happens="Somebody logged in two hours ago and has been busy at the table since.",
        where=Where.USERS,
        put_in=_only_logs_in(1, hours=2),
        just_below=items("activity.using", "resistance.not-using", "resistance.causes"),
    ),
    Fault(
        id="log-ins-not-recorded",
        happens="Since this morning log-ins are not written down any more.",
        where=Where.USERS,
        put_in=_log_ins_not_recorded,
        noticed_by={"activity.figures": Level.L1},
    ),
    Fault(
        id="accounts-off-while-people-work",
        happens="A script switched off the accounts of most people, who go on working.",
        where=Where.USERS,
        put_in=_by_accounts_that_are_off,
        noticed_by={"activity.figures": Level.L1, "data.constraints": Level.L3},
        may_notice=items("users.active"),
    ),
    Fault(
        id="one-log-in-not-recorded",
        happens="One log-in was not written down.",
        where=Where.USERS,
        put_in=_one_log_in_not_recorded,
        just_below=items("activity.figures"),
    ),
)
COMES_IN = (
    Fault(
        id="log-in-from-outside",
        happens="Somebody off duty logs in from an address in another country.",
        where=Where.USERS,
        put_in=_comes_from(_SOMEWHERE),
        noticed_by={"activity.unauthorised": Level.L3},
    ),
    Fault(
        id="log-in-after-guesses",
        happens="From an unknown network of the house a password was guessed.",
        where=Where.USERS,
        put_in=_guessed_from_within,
        noticed_by={"activity.unauthorised": Level.L3},
        may_notice=items("focus.users-in-trouble"),
    ),
    Fault(
        id="log-in-under-a-name-of-nobody",
        happens="A log-in goes well under a name that no user has.",
        where=Where.USERS,
        put_in=_under_a_name_of_nobody,
        noticed_by={"activity.unauthorised": Level.L3},
    ),
    Fault(
        id="log-in-of-somebody-switched-off",
        happens="Somebody logs in with an account that was made this morning and switched off at once.",
        where=Where.USERS,
        earlier=_somebody_left,
        put_in=_log_in_of_somebody_switched_off,
        noticed_by={"activity.unauthorised": Level.L3},
        may_notice=items("users.active"),
    ),
    Fault(
        id="at-work-at-night",
        happens="Somebody looks through reports at one in the night.",
        where=Where.USERS,
        put_in=_at_hour(1, hours=16),
        noticed_by={"activity.unauthorised": Level.L3},
    ),
    Fault(
        id="at-work-before-opening",
        happens="Somebody looks something up an hour and a half before the first branch opens.",
        where=Where.USERS,
        put_in=_at_hour(1, hours=9),
        just_below=items("activity.unauthorised"),
    ),
    Fault(
        id="gave-up-logging-in",
        happens="Somebody mistyped the password four times two hours ago and has not been in since.",
        where=Where.USERS,
        put_in=_gave_up(4, 1, hours=2),
        noticed_by={"activity.login-issues": Level.L1},
        may_notice=items("focus.users-in-trouble"),
    ),
    Fault(
        id="several-gave-up-logging-in",
        happens="Three people mistyped their passwords three times and have not been in since.",
        where=Where.USERS,
        put_in=_gave_up(3, 3, hours=4),
        noticed_by={"activity.login-issues": Level.L1},
        may_notice=items("users.login-failures", "backup.accessible"),
    ),
    Fault(
        id="mistyped-twice-and-left",
        happens="Somebody mistyped the password twice and went home.",
        where=Where.USERS,
        put_in=_gave_up(2, 1, hours=2),
        just_below=items("activity.login-issues"),
    ),
)
FAULTS = (*STAYS_AWAY, *COMES_IN)
