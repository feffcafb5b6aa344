"""Where the engine lets no number be given twice, only the ways in which numbers are written are looked at."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from hypercare.operations import sale_numbers
from tests.operations.till import AS_OF, Till, sales_a_day, stamp

CHECK = "sales.no_number_is_a_duplicate"
COUNTED = "numbers.many"


@pytest.fixture
def till(tmp_path: Path) -> Till:
    """With numbers of 8 sales a day; the engine keeps them apart."""
    till = Till(tmp_path)
    rows = [(f"R-{number}", stamp(at)) for number, (_, at) in enumerate(sales_a_day(8))]
    till.add("sale", [{"number": number, "at": at, "final": at} for number, at in rows])
    with closing(sqlite3.connect(till.file)) as connection, connection:
        connection.execute("CREATE UNIQUE INDEX by_number ON sale (number)")
    return till


@pytest.fixture
def asked() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def test_numbers_that_are_written_in_one_way_are_not_compared(till: Till, asked: list[str]) -> None:
    assert till.ask(CHECK).outcome == "passed"
    assert any(" AS odd" in statement for statement in asked)
    assert not any(COUNTED in statement for statement in asked)


@pytest.mark.parametrize("number", ["r-3", "R-3 ", " r-3"])
def test_a_number_that_was_given_twice_in_other_letters_is_told(number: str, till: Till) -> None:
    at = stamp(AS_OF - timedelta(hours=2))
    till.add("sale", [{"number": number, "at": at, "final": at}])
    ended = till.ask(CHECK)
    assert ended.finding is not None
    assert ended.finding.count == 1


def test_now_and_then_they_are_compared_all_the_same(
    till: Till, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sale_numbers, "_TRUSTED_FOR", timedelta(days=1))
    assert till.ask(CHECK).outcome == "passed"
    assert any(COUNTED in statement for statement in asked)


def test_an_index_that_tells_no_numbers_apart_is_no_word_on_them(till: Till, asked: list[str]) -> None:
    with closing(sqlite3.connect(till.file)) as connection, connection:
        connection.executescript("DROP INDEX by_number; CREATE UNIQUE INDEX by_both ON sale (number, id)")
    assert till.ask(CHECK).outcome == "passed"
    assert any(COUNTED in statement for statement in asked)
