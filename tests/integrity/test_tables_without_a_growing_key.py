"""Where no key tells which rows are new, an index of a time does; and all is read on one day in seven."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy import column

from hypercare.database.schemas import TableName
from hypercare.database.table_facts import TableFacts
from hypercare.integrity import rolling_scan
from hypercare.integrity.rolling_scan import Portion, RollingScan
from tests.operations.round_memory import Remembering

TABLE = TableName(None, "letters")
MANY = TableFacts(5_000_000, None, frozenset({"sent_at"}))
FIRST_DAY = datetime(2026, 1, 15, 9, tzinfo=UTC)
Ask = Callable[..., Portion]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """What a question reads on the day of that number; it is answered then."""
    monkeypatch.setattr(rolling_scan, "table_facts", lambda connection, table: MANY)
    memory = Remembering()

    def asked(day: int, broken: int = 0, changes: tuple[str, ...] = ("sent_at", "read_at")) -> Portion:
        now = FIRST_DAY + timedelta(days=day)
        lately = {name: lambda raw: raw >= 7 for name in changes}
        scan = RollingScan(memory, now, now.date(), lambda table: lately)
        portion = scan.portion(Mock(), "are signed", TABLE)
        scan.answered(portion, is_broken=bool(broken))
        scan.keep("letters")
        return portion

    return asked


def test_all_is_read_at_first_and_then_on_one_day_in_seven(ask: Ask) -> None:
    whole = [day for day in range(30) if ask(day).rows is None]
    assert whole[0] == 0
    assert {later - earlier for earlier, later in itertools.pairwise(whole[1:])} == {7}
    assert whole[1] <= 7


def test_on_the_other_days_what_an_index_finds_as_new(ask: Ask) -> None:
    portions = [ask(day) for day in range(7)]
    (portion, *_) = [one for one in portions if one.rows is not None]
    assert [name for name, _ in portion.conditions] == ["sent_at"]
    assert "sent_at >= " in str(portion.among(column)[0])


def test_nothing_is_read_where_no_index_helps(ask: Ask) -> None:
    portions = [ask(day, changes=()) for day in range(7)]
    assert "false" in str(next(one for one in portions if one.rows is not None).among(column)[0])


def test_what_was_broken_is_read_whole_until_it_is_mended(ask: Ask) -> None:
    assert [ask(day, broken=3).rows for day in range(4)] == [None] * 4
    assert ask(4).rows is None
    assert ask(5).rows is not None or ask(6).rows is not None
