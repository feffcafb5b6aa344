"""The evening's report tells the day's people, though no check of that round answers for them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.plan.item import Kind
from hypercare.suite.summarising import people_of_the_day
from hypercare.uptime.overrides import Maintenance
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE

WORK = {"users_logged_in": 6, "users_active": 6}
FIGURE, CHECKED = SimpleNamespace(kind=Kind.FIGURE), SimpleNamespace(kind=Kind.AUTO)


@pytest.fixture
def session(business: Path, tmp_path: Path) -> Iterator[Any]:
    file = tmp_path / "business.sqlite"
    shutil.copyfile(business, file)
    canary = {"branch": "T", "users": ["robot"]}
    target = make_target(f"sqlite:///{file}", plain_schema.mapping(), AS_OF, go_live=GO_LIVE, canary=canary)
    database = Database(target)
    yield SimpleNamespace(
        round="evening", chosen=(FIGURE,), maintenance=(), target=target, database=database, config=target.config
    )
    database.close()


def _worked_on(*ways: str, branches: tuple[str, ...] = ()) -> Maintenance:
    return Maintenance(
        start=AS_OF - timedelta(hours=1), end=AS_OF, name="update", ways=ways, branches=branches, by="Mara"
    )


def test_an_evening_tells_who_worked_and_who_was_kept_out(session: Any) -> None:
    figures = people_of_the_day(session)
    assert {name: figures[name] for name in WORK} == WORK
    assert {"login_failures", "users_needing_support"} <= figures.keys()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"round": "closing"}, True),
        ({"round": None}, False),
        ({"chosen": (CHECKED,)}, False),
        ({"maintenance": (_worked_on(),)}, False),
        ({"maintenance": (_worked_on("database"),)}, False),
        ({"maintenance": (_worked_on("web"),)}, True),
        ({"maintenance": (_worked_on(branches=("N",)),)}, True),
    ],
    ids=[
        "a round of one's own",
        "at the desk",
        "other items alone",
        "all down",
        "database down",
        "web down",
        "a branch down",
    ],
)
def test_it_is_told_where_a_round_tells_the_figures_of_the_day_and_the_database_is_up(
    session: Any, changed: dict[str, Any], told: bool
) -> None:
    session.__dict__.update(changed)
    assert bool(people_of_the_day(session)) is told


def test_what_cannot_be_counted_is_left_out_and_the_rest_is_told(session: Any) -> None:
    file = session.database.target.config.database.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TABLE activity_rows")
    figures = people_of_the_day(session)
    assert "users_active" not in figures
    assert "login_failures" in figures
