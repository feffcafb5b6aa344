"""People who cannot come in, do not come, or should not come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from faultlab.adoption.people import IN_BRANCH, WORK, names_of_people
from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

SOMEWHERE = "203.0.113.7"


def _fail(scene: Scene, names: Iterable[str], address: str = SOMEWHERE) -> None:
    """One wrong password after another, half a minute apart, since the last backup."""
    for number, name in enumerate(names):
        users = scene.tables.rows("SELECT id FROM users WHERE username = :name", name=name)
        scene.tables.add(
            "login_attempts",
            username=name,
            user_id=users[0].id if users else None,
            succeeded=False,
            reason="wrong_password" if users else "unknown_user",
            channel="web",
            address=address,
            at=scene.ago(minutes=25 - number / 2),
        )


def _forgets_password(times: int) -> Callable[[Scene], None]:
    return lambda scene: _fail(scene, [names_of_people(scene)[0]] * times, "10.20.1.11")


def _guessing(scene: Scene) -> None:
    _fail(scene, [names_of_people(scene)[1]] * 30)


def _spraying(scene: Scene) -> None:
    """One try for each name, each from another address, so that no account and no address stands out."""
    for number, name in enumerate(names_of_people(scene)[:16]):
        _fail(scene, [name], f"203.0.113.{number + 1}")


def _unknown_names(scene: Scene) -> None:
    _fail(scene, [f"admin{number}" for number in range(12)])


def _locked(scene: Scene) -> None:
    name = names_of_people(scene)[2]
    scene.tables.change(
        "users", "locked_until = :until, failed_logins = 5", "username = :name", name=name, until=scene.ago(minutes=-12)
    )


def _silent(scene: Scene) -> None:
    """Somebody on the rota since this morning of whom nothing was seen: on leave, or back to paper."""
    one = scene.tables.one(
        f"SELECT id, branch_id FROM users WHERE {WORK} AND {IN_BRANCH} AND id NOT IN"
        " (SELECT user_id FROM activity_log WHERE at >= :since) ORDER BY id",
        since=scene.ago(hours=6),
    )
    scene.tables.add(
        "shifts", user_id=one.id, branch_id=one.branch_id, starts_at=scene.ago(hours=5), ends_at=scene.ago(hours=-2)
    )


def _switch_off(where: str) -> Callable[[Scene], None]:
    return lambda scene: _changed(scene, f"username LIKE 'check.%' AND {where}")


def _changed(scene: Scene, where: str) -> None:
    scene.tables.change("users", "active = NOT active", where)


def _wrong_role(scene: Scene) -> None:
    scene.tables.change("users", "role = 'manager'", "username = 'check.old.sales'")


def _session_of_somebody_switched_off(scene: Scene) -> None:
    """Somebody left; the account was switched off in the database, and the session on their phone goes on."""
    one = scene.tables.one(
        f"SELECT id FROM users WHERE {WORK} AND id IN (SELECT user_id FROM sessions WHERE revoked_at IS NULL)"
    )
    scene.tables.change("users", "active = NOT active", "id = :id", id=one.id)


def _session_without_end(scene: Scene) -> None:
    one = scene.tables.one("SELECT max(id) AS id FROM sessions")
    scene.tables.change("sessions", "expires_at = :never", "id = :id", id=one.id, never=scene.ago(days=-365 * 90))


def _several_silent(scene: Scene) -> None:
    people = scene.tables.rows(
        f"SELECT id, branch_id FROM users WHERE {WORK} AND {IN_BRANCH} AND id NOT IN"
        " (SELECT user_id FROM activity_log WHERE at >= :since) ORDER BY id DESC LIMIT 2",
        since=scene.ago(hours=6),
    )
    for one in people:
        scene.tables.add(
            "shifts", user_id=one.id, branch_id=one.branch_id, starts_at=scene.ago(hours=4), ends_at=scene.ago(hours=-1)
        )


def _shift_just_begun(scene: Scene) -> None:
    one = scene.tables.one(
        f"SELECT id, branch_id FROM users WHERE {WORK} AND {IN_BRANCH} AND id NOT IN"
        " (SELECT user_id FROM activity_log WHERE at >= :since) ORDER BY id",
        since=scene.ago(hours=6),
    )
    scene.tables.add(
        "shifts", user_id=one.id, branch_id=one.branch_id, starts_at=scene.ago(minutes=40), ends_at=scene.ago(hours=-3)
    )


FAULTS = (
    Fault(
        id="password-forgotten",
        happens="Somebody fails to log in six times in a row.",
        where=Where.USERS,
        put_in=_forgets_password(6),
        noticed_by={
            "users.login-failures": Level.L1,
            "activity.login-issues": Level.L1,
            "focus.users-in-trouble": Level.L1,
        },
    ),
    Fault(
        id="password-mistyped",
        happens="Somebody mistypes the password three times: that happens.",
        where=Where.USERS,
        put_in=_forgets_password(3),
        just_below=items("users.login-failures"),
    ),
    Fault(
        id="password-guessed",
        happens="Thirty passwords are tried on one account.",
        where=Where.USERS,
        put_in=_guessing,
        noticed_by={
            "users.login-failures": Level.L2,
            "activity.login-issues": Level.L2,
            "focus.users-in-trouble": Level.L1,
        },
    ),
    Fault(
        id="password-sprayed",
        happens="One password is tried on many accounts, each time from another address.",
        where=Where.USERS,
        put_in=_spraying,
        noticed_by={"users.login-failures": Level.L2},
    ),
    Fault(
        id="names-guessed",
        happens="Somebody tries names that do not exist.",
        where=Where.USERS,
        put_in=_unknown_names,
        noticed_by={"users.login-failures": Level.L2},
    ),
    Fault(
        id="person-locked-out",
        happens="Somebody is locked out and cannot work.",
        where=Where.USERS,
        put_in=_locked,
        noticed_by={"users.login-failures": Level.L1, "activity.login-issues": Level.L1},
    ),
    Fault(
        id="person-silent",
        happens="Somebody who is on the rota has not used the system all day.",
        where=Where.USERS,
        put_in=_silent,
        noticed_by={"users.active": Level.L1},
    ),
    Fault(
        id="account-switched-off",
        happens="One account was switched off by mistake.",
        where=Where.USERS,
        put_in=_switch_off("username = 'check.har.sales'"),
        noticed_by={"users.login": Level.L1},
        live=True,
    ),
    Fault(
        id="branch-cannot-log-in",
        happens="Nobody of a branch can log in.",
        where=Where.USERS,
        put_in=_switch_off("username LIKE 'check.nor.%'"),
        noticed_by={"users.login": Level.L2},
        live=True,
    ),
    Fault(
        id="nobody-can-log-in",
        happens="Nobody can log in at all.",
        where=Where.USERS,
        put_in=_switch_off("1 = 1"),
        noticed_by={"users.login": Level.L3},
        # Nobody can sell or work on an order either.
        may_notice=items("health.web", "health.mobile", "health.api", "ops.sales", "ops.production-steps"),
        live=True,
    ),
    Fault(
        id="log-in-with-the-wrong-role",
        happens="A sales person is a manager after a change of rights.",
        where=Where.USERS,
        put_in=_wrong_role,
        noticed_by={"users.login": Level.L2},
        live=True,
    ),
    Fault(
        id="session-of-somebody-switched-off",
        happens="An account was switched off, and whoever used it is still logged in.",
        where=Where.USERS,
        put_in=_session_of_somebody_switched_off,
        noticed_by={"data.constraints": Level.L3},
        may_notice=items("users.active"),
    ),
    Fault(
        id="session-without-end",
        happens="A session never ends.",
        where=Where.USERS,
        put_in=_session_without_end,
        noticed_by={"data.constraints": Level.L3},
    ),
    Fault(
        id="several-people-silent",
        happens="Two people on the rota have not used the system since they came.",
        where=Where.USERS,
        put_in=_several_silent,
        noticed_by={"users.active": Level.L1},
    ),
    Fault(
        id="shift-just-begun",
        happens="Somebody came to work forty minutes ago and has not used the system yet.",
        where=Where.USERS,
        put_in=_shift_just_begun,
        just_below=items("users.active"),
    ),
)
