"""A person with another role is asked about for a day; roles that are all called otherwise are not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.operations.changed_rights import changed_roles
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, healthy
from tests.operations.round_memory import CANARY, Remembering


class People:
    def __init__(self, folder: Path) -> None:
        self.file, self.memory = folder / "business.sqlite", Remembering()
        plain_schema.fill(f"sqlite:///{self.file}", healthy())

    def become(self, role: str, whose: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            assert connection.execute(f"UPDATE user_rows SET role_ = '{role}' WHERE {whose}").rowcount

    def look(self, hours: float) -> int:
        as_of = AS_OF + timedelta(hours=hours)
        target = make_target(f"sqlite:///{self.file}", plain_schema.mapping(), as_of, go_live=GO_LIVE, canary=CANARY)
        database = Database(target)
        try:
            return changed_roles(Model(target, database), self.memory).count
        finally:
            database.close()


@pytest.fixture
def people(tmp_path: Path) -> People:
    seen = People(tmp_path)
    with pytest.raises(NotCovered, match="No earlier round"):
        seen.look(0)
    return seen


def test_a_person_with_another_role_is_asked_about_for_a_day(people: People) -> None:
    assert people.look(1) == 0
    people.become("administrator", "id_ = 1")
    assert [people.look(hours) for hours in (2, 5, 24)] == [1, 1, 1]
    assert people.look(27) == 0


def test_what_was_taken_back_is_no_question(people: People) -> None:
    people.become("administrator", "id_ = 1")
    assert people.look(2) == 1
    people.become("sales", "id_ = 1")
    assert people.look(3) == 0


def test_roles_that_are_called_otherwise_are_not_told(people: People) -> None:
    people.become("seller", "role_ = 'sales'")
    assert people.look(2) == 0
    assert people.look(3) == 0
