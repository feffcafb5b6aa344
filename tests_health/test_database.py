"""Does the database take a connection, answer, and have room to grow?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.database.disk_space import read_something, short_of_room
from hypercare.database.writing import kept_from_writing
from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.level import Level

if TYPE_CHECKING:
    from hypercare.database.database import Database
    from hypercare.logs import Logs


@pytest.mark.item("health.database")
def test_database_answers_a_read(database: Database) -> None:
    tables = read_something(database)
    expect(
        tables > 0,
        "The database answers, but it is empty: it has no table at all.",
        where=database.address,
        next_step="See whether the application was pointed at another database, or this one was dropped.",
    )


@pytest.mark.item("health.database")
def test_database_has_room_to_grow(database: Database) -> None:
    room = short_of_room(database)
    expect_none(
        room.found,
        lambda found: f"The database is about to run out of room; limits nearly reached: {found.count}.",
        next_step="Make room now: a database that cannot grow refuses the next sale.",
    )
    room.require_all_seen()


@pytest.mark.item("health.database")
def test_database_may_be_written(database: Database) -> None:
    writing = kept_from_writing(database)
    expect_none(
        writing.found,
        "The database cannot be written: the next sale will fail.",
        next_step="Give the application back its right to write.",
    )
    writing.require_all_seen()


@pytest.mark.item("health.database", "ops.sales")
def test_what_people_save_is_taken(logs: Logs) -> None:
    expect_none(
        logs.refused_writes(),
        lambda found: (
            f"Nothing can be saved: {found.count} requests of every kind that saves something failed in the server, "
            "although they were taken before and pages are still shown."
        ),
        level=Level.L3,
        next_step="See whether the database lets the application write, and whether its disk is full.",
        cause="writes-refused",
    )
