"""A business that keeps no shifts, and ties several roles to each person: what can be told, and what is asked."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.adoption.attendance import Attendance
from hypercare.adoption.off_hours import at_work_at_night, at_work_while_closed
from hypercare.adoption.workflow_use import not_using_their_workflows
from hypercare.database.database import Database
from hypercare.outcome.signals import NotCovered
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, healthy
from tests.operations.round_memory import CANARY

MARGIN = timedelta(hours=2)
HOURS = [
    {"branch": branch, "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "opens": "09:00", "closes": "18:00"}
    for branch in ("N", "S")
]
# Two groups of those who sell, and one of those who make: in the user's own row no role stands.
GROUPS = (
    "CREATE TABLE member_rows (user_ INTEGER, group_ TEXT)",
    "INSERT INTO member_rows SELECT id_, 'till' FROM user_rows WHERE role_ = 'sales'",
    "INSERT INTO member_rows SELECT id_, 'accounts' FROM user_rows WHERE role_ = 'sales'",
    "INSERT INTO member_rows SELECT id_, 'floor' FROM user_rows WHERE role_ = 'production'",
)
WEEK = f"{AS_OF - timedelta(days=8):%Y-%m-%d %H:%M:%S}"
OF_SECOND = (
    f"DELETE FROM activity_rows WHERE user_ = 2 AND at_ >= '{WEEK}'",
    f"DELETE FROM login_attempt_rows WHERE user_ = 2 AND at_ >= '{WEEK}'",
    f"UPDATE sale_rows SET created_by_ = 1 WHERE created_by_ = 2 AND created_at_ >= '{WEEK}'",
)

OWNER = "INSERT INTO user_rows (id_, username_, role_, branch_, active_) VALUES (50, 'owner', 'owner', 1, 1)"

Open = Callable[..., Attendance]


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("business") / "business.sqlite"
    plain_schema.fill(f"sqlite:///{file}", healthy())
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in GROUPS:
            connection.execute(statement)
    return file


@pytest.fixture
def people(business: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Open:
    def people(*statements: str, tied: bool = True) -> Attendance:
        file = tmp_path / "business.sqlite"
        shutil.copyfile(business, file)
        with closing(sqlite3.connect(file)) as connection, connection:
            for statement in statements:
                connection.execute(statement)
        mapping = plain_schema.mapping()
        del mapping["shift"], mapping["user"]["columns"]["role"]
        if tied:
            mapping["role_membership"] = {"table": "member_rows", "columns": {"user": "user_", "role": "group_"}}
        target = make_target(
            f"sqlite:///{file}", mapping, AS_OF, go_live=GO_LIVE, canary=CANARY, business={"hours": HOURS}
        )
        database = Database(target)
        request.addfinalizer(database.close)
        return Attendance(target, database)

    return people


def did(user: int, **ago: float) -> str:
    at = f"{(AS_OF - timedelta(**ago)).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"
    return (
        "INSERT INTO activity_rows (id_, user_, branch_, action_, entity_id_, at_)"
        f" SELECT max(id_) + 1, {user}, 1, 'sale.view', 1, '{at}' FROM activity_rows"
    )


def test_a_role_is_all_that_is_tied_to_a_person(people: Open) -> None:
    roles = {person.username: person.role for person in people().people.values()}
    assert roles["u1"] == "accounts, till" and roles["u3"] == "floor"


def test_people_of_the_same_roles_are_compared(people: Open) -> None:
    """Of four who sell, one has entered no sale for a week."""
    found = not_using_their_workflows(people(OF_SECOND[2]))
    assert [(row["user"], row["never"]) for row in found.sample] == [("u2", "enters sales")]


def test_without_roles_nobody_is_compared(people: Open) -> None:
    with pytest.raises(NotCovered, match="role"):
        not_using_their_workflows(people(tied=False))


@pytest.mark.parametrize(
    ("statements", "away"),
    [((), []), (OF_SECOND, ["u2"]), ((*OF_SECOND, did(2, days=3)), [])],
    ids=["all came", "one did not", "one came once"],
)
def test_who_stays_away_unlike_the_role_is_asked_about(
    people: Open, statements: tuple[str, ...], away: list[str]
) -> None:
    assert [row["user"] for row in people(*statements).away_unlike_their_role().sample] == away


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        ((), []),
        ((did(1, hours=15),), ["u1"]),
        ((did(1, hours=11.5),), ["u1"]),
        ((did(1, hours=15), did(1, hours=15 + 72)), []),
        ((OWNER, did(50, hours=15), did(50, hours=30), did(50, hours=54)), []),
    ],
    ids=["as ever", "at night", "late", "so before", "hardly ever there"],
)  # fmt: skip
def test_whoever_is_in_while_all_is_closed_is_asked_about(
    people: Open, statements: tuple[str, ...], told: list[str]
) -> None:
    assert [row["user"] for row in at_work_while_closed(people(*statements), MARGIN).sample] == told


def test_nobody_is_accused_of_a_night_without_a_rota(people: Open) -> None:
    with pytest.raises(NotCovered, match="shift"):
        at_work_at_night(people(did(1, hours=15)), MARGIN)
