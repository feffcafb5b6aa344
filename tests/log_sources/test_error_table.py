"""Errors from a table of the application's own database: by time or by key, each row once, however late it came."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hypercare.logs.errors import Errors
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.target_file.config import DatabaseSection, TargetConfig
from hypercare.target_file.mapping import MappingConfig
from hypercare.target_file.sections.logs import LogSource
from tests.log_sources.conftest import ErrorsOf
from tests.standins.frozen_target import NOON, ago

ALL = {"id": "id", "at": "made", "severity": "grade", "message": "text", "person": "who", "owner": "taken_by"}
ForTable = Callable[..., Errors]


class Table:
    """A table of errors in a file of SQLite, with times as a test wants them written."""

    def __init__(self, path: Path, written: Callable[[datetime], Any]) -> None:
        self.path, self.written = path, written
        self.run("CREATE TABLE failures (id INTEGER PRIMARY KEY, made, grade, text, who, taken_by)")

    def run(self, statement: str, *values: Any) -> None:
        with sqlite3.connect(self.path) as connection:
            connection.execute(statement, values)
        connection.close()

    def add(self, at: datetime, text: str = "the printer is offline", grade: str = "ERROR", by: str = "") -> None:
        self.run(
            "INSERT INTO failures (made, grade, text, who, taken_by) VALUES (?, ?, ?, 'lena.vogt', ?)",
            self.written(at),
            grade,
            text,
            by,
        )


def in_utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path / "shop.sqlite", in_utc)


@pytest.fixture
def errors_in(errors_of: ErrorsOf, tmp_path: Path) -> ForTable:
    def read(
        now: datetime = NOON, previous: datetime | None = None, columns: Any = None, times: str = "utc", **more: Any
    ) -> Errors:
        mapped = {"logged_error": {"table": "failures", "columns": columns or ALL}, "time": times}
        return errors_of(
            LogSource(name="failures", entity="logged_error", **more),
            now,
            previous,
            database=DatabaseSection(url=f"sqlite:///{tmp_path / 'shop.sqlite'}"),
            mapping=MappingConfig.model_validate(mapped),
        )

    return read


def test_rows_are_errors_by_their_severity(table: Table, errors_in: ForTable) -> None:
    for grade in ("FATAL", "ERROR", "WARNING", "INFO"):
        table.add(ago(minutes=10), f"a {grade.lower()} thing", grade)
    assert [row["says"] for row in errors_in().rows()] == ["a fatal thing", "a error thing"]


def test_a_row_is_told_with_where_it_stands(table: Table, errors_in: ForTable) -> None:
    table.add(ago(minutes=10), by="Mara")
    [row] = errors_in().rows()
    assert (row["where"], row["owner"], row["first_seen"]) == (
        "table failures, row 1",
        "Mara",
        ago(minutes=10).isoformat(timespec="seconds"),
    )


def test_without_a_severity_each_row_is_an_error(table: Table, errors_in: ForTable) -> None:
    table.add(ago(minutes=10), grade="whatever")
    assert errors_in(columns={"at": "made", "message": "text"}).count == 1


def test_severities_that_nobody_knows_are_a_question(table: Table, errors_in: ForTable) -> None:
    for number in range(20):
        table.add(ago(minutes=number), grade="3")
    errors = errors_in()
    assert errors.count == 0
    with pytest.raises(NotCovered, match="level"):
        errors.require_understood()
    assert errors_in(levels={"3": "error"}).count == 20


@pytest.mark.parametrize(
    ("written", "times"),
    [
        (in_utc, "utc"),
        (lambda at: f"{at + timedelta(hours=1):%Y-%m-%d %H:%M:%S}", "local"),
        (lambda at: int(at.timestamp()), "seconds"),
        (lambda at: int(at.timestamp() * 1000), "milliseconds"),
        (lambda at: f"{at:%Y-%m-%dT%H:%M:%S}", "iso-utc"),
    ],
    ids=["utc", "local", "seconds", "milliseconds", "iso"],
)
def test_times_are_those_of_the_mapping(tmp_path: Path, errors_in: ForTable, written: Any, times: str) -> None:
    table = Table(tmp_path / "shop.sqlite", written)
    table.add(ago(minutes=10))
    table.add(ago(hours=30))
    [group] = errors_in(times=times).groups
    assert (group.count, sum(group.by_day.values()), group.last_seen) == (1, 2, ago(minutes=10))


@pytest.mark.parametrize(
    ("written", "times", "says"),
    [
        (lambda at: f"{at:%Y-%m-%d}", "date", "states only the day"),
        (lambda at: f"{at:%Y-%m-%d} at noon", "utc", "No row of the table failures states a time"),
    ],
    ids=["days", "words"],
)
def test_times_that_cannot_be_told_are_a_question(
    tmp_path: Path, errors_in: ForTable, written: Any, times: str, says: str
) -> None:
    Table(tmp_path / "shop.sqlite", written).add(ago(minutes=10))
    with pytest.raises(NotCovered, match=says):
        errors_in(times=times).require_understood()


def test_a_key_that_does_not_grow_is_a_question(table: Table, errors_in: ForTable) -> None:
    table.add(ago(minutes=10))
    columns = {**ALL, "id": "text"}
    with pytest.raises(NotCovered, match="no number that grows"):
        errors_in(columns=columns, by="key").require_understood()
    assert errors_in(columns=columns).count == 1


@pytest.mark.parametrize("by", ["time", "key"])
def test_rows_count_once_from_round_to_round(table: Table, errors_in: ForTable, by: str) -> None:
    table.add(ago(minutes=10))
    assert errors_in(by=by).count == 1
    later = NOON + timedelta(minutes=30)
    assert errors_in(later, previous=NOON, by=by).count == 0
    table.add(later + timedelta(minutes=1))
    [group] = errors_in(later + timedelta(minutes=2), previous=later, by=by).groups
    assert (group.count, sum(group.by_day.values())) == (1, 2)


@pytest.mark.parametrize(
    ("by", "late", "told"),
    [
        ("time", timedelta(minutes=55), 1),
        ("time", timedelta(hours=3), 0),  # later than the target file says that anything comes
        ("key", timedelta(minutes=55), 1),
        ("key", timedelta(days=2), 1),
    ],
)
def test_a_row_that_comes_late_is_told_by_the_next_round(
    table: Table, errors_in: ForTable, by: str, late: timedelta, told: int
) -> None:
    table.add(ago(minutes=1), "all is lost", "INFO")
    assert errors_in(by=by, late_by="1h").count == 0
    table.add(NOON - late)
    first, second = NOON + timedelta(hours=3), NOON + timedelta(hours=6)
    assert errors_in(first, previous=NOON, by=by, late_by="1h").count == told
    assert errors_in(second, previous=first, by=by, late_by="1h").count == 0


def test_two_rows_that_say_the_same_are_two_even_without_a_key(table: Table, errors_in: ForTable) -> None:
    table.add(ago(minutes=10))
    table.add(ago(minutes=10))
    columns = {"at": "made", "message": "text"}
    assert errors_in(columns=columns).count == 2
    assert errors_in(NOON + timedelta(minutes=20), previous=NOON, columns=columns).count == 0


def test_more_rows_than_may_be_read_are_said(table: Table, errors_in: ForTable) -> None:
    for number in range(9):
        table.add(ago(minutes=number + 1))
    errors = errors_in(most=5)
    assert errors.count == 5
    with pytest.raises(NotCovered, match="more than 5 entries"):
        errors.require_understood()


def test_a_table_that_is_gone_is_a_finding(table: Table, errors_in: ForTable) -> None:
    table.run("ALTER TABLE failures RENAME TO failures_old")
    with pytest.raises(ChannelDown, match="The log failures cannot be read"):
        errors_in()


def test_a_table_that_nobody_mapped_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"\[mapping.logged_error\], which is not there"):
        TargetConfig.model_validate(
            {
                "target": {"name": "shop"},
                "business": {"timezone": "UTC", "go_live": "2026-01-08"},
                "logs": [{"name": "failures", "entity": "logged_error"}],
            }
        )


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ({}, "needs one place"),
        ({"path": "app.log", "entity": "logged_error"}, "needs one place"),
        ({"path": "app.log", "by": "key"}, "only a table is read by its key"),
        ({"entity": "logged_error", "holds": "access"}, "requests are read from files"),
    ],
)
def test_a_log_has_one_place(places: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        LogSource(name="one", **places)
