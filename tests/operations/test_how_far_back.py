"""How far back questions reach: to go-live, a month at most, and to no day before the business began."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.operations.users import Users
from hypercare.operations_model.model import Model
from tests.operations.checking import make_target, run
from tests.operations.facts import AS_OF, TODAY, ZONE, Facts, at, healthy
from tests.operations.plain_schema import fill, mapping

Opened = Callable[[date], Database]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A business that went live on this day; two people mistyped yesterday, and four on each day before."""
    url = f"sqlite:///{tmp_path / 'business.sqlite'}"
    facts = Facts()
    for days_ago in range(12):
        for number in range(2 if days_ago == 1 else 4):
            facts.add(
                "login_attempt", username=f"u{number}", user=None, succeeded=False, address="10.0.0.1",
                at=at(TODAY - timedelta(days=days_ago), "09:00"),
            )  # fmt: skip
    fill(url, facts)
    databases: list[Database] = []

    def opened(go_live: date) -> Database:
        databases.append(Database(make_target(url, mapping(), AS_OF, go_live=go_live)))
        return databases[-1]

    yield opened
    for one in databases:
        one.close()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("go_live", "first"),
    [
        pytest.param(ago(13), ago(13), id="since go-live"),
        pytest.param(ago(31), ago(31), id="for a month"),
        pytest.param(ago(90), ago(31), id="but no longer"),
        pytest.param(TODAY, TODAY, id="on the first day, that day"),
    ],
)
def test_hypercare_looks_back(go_live: date, first: date, opened: Opened) -> None:
    database = opened(go_live)
    period = Model(database.target, database).hypercare
    assert (period.start, period.end) == (datetime.combine(first, time.min, ZONE), AS_OF)


@pytest.mark.parametrize(
    ("go_live", "usual"),
    [
        pytest.param(ago(30), (2 + 6 * 4) / 7, id="of seven days"),
        pytest.param(ago(3), (2 + 4) / 2, id="of the two days that were whole"),
        pytest.param(ago(2), 2, id="of one"),
        pytest.param(ago(1), None, id="of none yet"),
    ],
)
def test_names_usually_failing_are_the_average(go_live: date, usual: float | None, opened: Opened) -> None:
    database = opened(go_live)
    assert Users(database.target, database).names_usually_failing() == usual


@pytest.mark.parametrize(
    ("largest", "days"),
    [
        pytest.param(1000, 13, id="all of it"),
        pytest.param(18, 6, id="the last days that hold so many"),
        pytest.param(1, 1, id="since yesterday in any case"),
    ],
)
def test_of_many_records_as_many_whole_days_are_watched_as_are_bearable(
    largest: int, days: int, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hypercare.operations_model.model.LARGEST_WATCH", largest)
    database = opened(ago(13))
    model = Model(database.target, database)
    attempt = model.records("login_attempt")
    watched = model.watched(attempt.instant("at"), attempt)
    assert (watched.start, watched.end) == (datetime.combine(ago(days), time.min, ZONE), AS_OF)


def test_at_midnight_the_first_day_was_a_whole_one(opened: Opened) -> None:
    database = opened(ago(2))
    database.target.as_of = datetime.combine(TODAY, time.min, ZONE)
    assert Users(database.target, database).names_usually_failing() == 4


@pytest.mark.parametrize(("minutes", "outcome"), [(0, "passed"), (1, "passed"), (3, "failed"), (15, "failed")])
def test_a_sale_may_be_ahead_by_what_clocks_differ(minutes: int, outcome: str, tmp_path: Path) -> None:
    clock = tmp_path / "clock.json"
    clock.write_text(json.dumps({"set_to": AS_OF.isoformat(), "set_at": AS_OF.isoformat(), "rate": 0}))
    facts = healthy()
    facts.one("sale", state="draft")["created_at"] = AS_OF + timedelta(minutes=minutes)
    url = f"sqlite:///{tmp_path / 'shop.sqlite'}"
    fill(url, facts)
    target = make_target(url, mapping(), AS_OF, go_live=ago(13), business={"clock": clock})
    check = "sales.no_sale_is_of_the_future"
    assert run(target, check)[check].outcome == outcome
