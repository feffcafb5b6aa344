"""What is asked of a part of a table's rows at a time is answered as it would be at once, or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    case,
    cast,
    column,
    exists,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.exc import OperationalError

from hypercare.database import sqlite_parts, sqlite_reading
from hypercare.database.database import Database
from hypercare.database.in_parts import division_of
from hypercare.database.sqlite_unlocked import UnlockedReading
from hypercare.database.trouble import WritersWouldWait
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target

WITHIN = timedelta(seconds=30)
SALE = table("sale", column("id"), column("branch"), column("total"), column("made"))
LINE = table("line", column("id"), column("sale"), column("amount"))
OURS = select(SALE.c.id.label("id"), SALE.c.branch.label("branch"), SALE.c.total.label("total")).subquery("ours")
_OTHER = table("sale", column("id"), column("total"))
OTHERS = select(_OTHER.c.id.label("id"), _OTHER.c.total.label("total")).subquery("others")
LINES = select(LINE.c.sale.label("sale"), LINE.c.amount.label("amount")).subquery("lines")
OF_LINES = select(func.sum(LINES.c.amount)).where(LINES.c.sale == OURS.c.id).scalar_subquery()
WRONG = case((OURS.c.total != OF_LINES, 1), else_=0)
EACH = select(OURS.c.branch, WRONG.label("wrong"), OURS.c.total.label("stake")).subquery("each")

TOLD_FROM_PARTS: dict[str, Callable[[], Select[Any]]] = {
    "a count": lambda: select(func.count()).select_from(OURS).where(OURS.c.total > 50),
    "sums of what is weighed against others": lambda: select(
        func.count().label("looked_at"),
        func.coalesce(func.sum(EACH.c.wrong), 0).label("wrong"),
        func.min(EACH.c.stake).label("first"),
        func.coalesce(func.max(EACH.c.stake), 0).label("worst"),
    ).select_from(EACH),
    "groups": lambda: select(OURS.c.branch, func.count().label("n"), func.sum(OURS.c.total)).group_by(OURS.c.branch),
    "a join": lambda: select(func.count(), func.sum(LINES.c.amount)).select_from(
        OURS.join(LINES, LINES.c.sale == OURS.c.id)
    ),
    "an outer join": lambda: select(func.count(), func.count(LINES.c.amount)).select_from(
        OURS.outerjoin(LINES, LINES.c.sale == OURS.c.id)
    ),
    "what has none of others": lambda: select(OURS.c.id).where(~exists().where(LINES.c.sale == OURS.c.id)),
    "rows": lambda: select(OURS.c.id, OURS.c.total).where(OURS.c.total > 90),
    "what has a twin": lambda: (
        select(func.count(), func.min(OURS.c.id))
        .select_from(OURS)
        .where(exists().where(OTHERS.c.total == OURS.c.total, OTHERS.c.id < OURS.c.id))
    ),
    "what is among all in words of one's own": lambda: (
        select(func.count()).select_from(OURS).where(text("ours.id IN (SELECT id FROM sale WHERE total > 7)"))
    ),
    "beside a figure of all": lambda: select(OURS.c.id, literal_column("(SELECT count(*) FROM sale)").label("of")),
    "each once": lambda: select(OURS.c.branch).distinct().limit(50),
    "money": lambda: select(func.coalesce(cast(func.round(func.sum(OURS.c.total * 100)), BigInteger), 0)),
    "nothing": lambda: select(func.sum(OURS.c.total), func.count()).where(OURS.c.total > 10_000),
}
AT_ONCE_OR_NOT: dict[str, Callable[[], Select[Any]]] = {
    "different values": lambda: select(func.count(OURS.c.branch.distinct())),
    "all without twins": lambda: select(OURS.c.branch).distinct(),
    "an average": lambda: select(func.avg(OURS.c.total)),
    "the newest": lambda: select(OURS.c.id).order_by(OURS.c.id.desc()).limit(5),
    "a sum of sums": lambda: select(func.sum(OURS.c.total) - func.sum(OURS.c.branch)),
    "groups that are many": lambda: select(OURS.c.total).group_by(OURS.c.total).having(func.count() > 1),
    "the same table in two places": lambda: select(func.count()).select_from(OURS).where(exists().where(SALE.c.id > 5)),
    "a number in a row": lambda: select(func.row_number().over(order_by=OURS.c.id), OURS.c.id),
    "of groups": lambda: select(func.count()).select_from(
        select(OURS.c.branch).group_by(OURS.c.branch).subquery("branches")
    ),
    "of a written select": lambda: select(func.count()).select_from(
        text("SELECT id FROM sale").columns(column("id")).subquery("written")
    ),
    "of the first": lambda: select(func.count()).select_from(select(OURS.c.id).limit(10).subquery("first")),
}


@pytest.fixture
def busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A file that is taken to be written all the time: it is read itself, in short questions."""
    file = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(
            "CREATE TABLE sale (id INTEGER PRIMARY KEY, branch INTEGER, total INTEGER, made INTEGER);"
            "CREATE TABLE line (id INTEGER PRIMARY KEY, sale INTEGER, amount INTEGER);"
            "CREATE INDEX by_time ON sale (made); CREATE INDEX of_sale ON line (sale);"
        )
        ids = [*range(1, 400), *range(7_000, 7_100), 5_000_000]
        connection.executemany("INSERT INTO sale VALUES (?, ?, ?, ?)", ((n, n % 3, n % 100, n) for n in ids))
        lines = ((n, n % 100 + (n % 50 == 0)) for n in ids if n % 7)
        connection.executemany("INSERT INTO line (sale, amount) VALUES (?, ?)", lines)
    monkeypatch.setattr(sqlite_reading.SteadyReading, "_fresh_copy", lambda self, live: "")
    monkeypatch.setattr(sqlite_parts, "_FIRST_STRETCH", 64)
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": f"sqlite:///{file}"},
        }
    )
    database = Database(Target(config, tmp_path / "state", datetime(2026, 1, 15, tzinfo=UTC)))
    yield database
    database.close()


@pytest.fixture
def reading(busy: Database) -> Iterator[UnlockedReading]:
    assert busy.file is not None
    reading = UnlockedReading(busy.file, busy.url, busy.section.timeout)
    yield reading
    reading.close()


def in_parts(reading: UnlockedReading, question: Select[Any]) -> list[dict[str, Any]]:
    division = division_of(question)
    assert division is not None
    found = sqlite_parts.rows_in_parts(reading.answer, division, WITHIN)
    assert found is not None
    return [dict(row) for row in found]


@pytest.mark.parametrize("question", TOLD_FROM_PARTS.values(), ids=TOLD_FROM_PARTS.keys())
def test_parts_come_to_the_whole(busy: Database, reading: UnlockedReading, question: Callable[[], Select[Any]]) -> None:
    whole = [dict(row) for row in busy.rows(question())]
    parts = in_parts(reading, question())
    assert sorted(map(repr, parts)) == sorted(map(repr, whole))


@pytest.mark.parametrize("question", AT_ONCE_OR_NOT.values(), ids=AT_ONCE_OR_NOT.keys())
def test_what_parts_would_tell_wrong_is_not_asked_of_them(question: Callable[[], Select[Any]]) -> None:
    assert division_of(question()) is None


def test_a_sample_is_as_many_rows_as_were_wanted(reading: UnlockedReading) -> None:
    assert len(in_parts(reading, select(OURS.c.id).where(OURS.c.total > 5).limit(5))) == 5


def test_groups_that_were_cut_off_are_not_put_together(reading: UnlockedReading) -> None:
    question = select(OURS.c.total, func.count()).group_by(OURS.c.total).limit(10)
    division = division_of(question)
    assert division is not None
    assert sqlite_parts.rows_in_parts(reading.answer, division, WITHIN) is None


def test_a_question_that_is_ended_is_answered_in_parts(busy: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    question = select(func.count()).select_from(OURS).where(OURS.c.total > 50)
    whole, asked = busy.value(question), the_first_is_ended(monkeypatch)
    assert busy.value(question) == whole
    assert len(asked) > 2


def test_what_cannot_be_asked_in_parts_is_not_covered_and_says_how_it_would_be(
    busy: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_first_is_ended(monkeypatch)
    with pytest.raises(WritersWouldWait) as told:
        busy.value(select(func.avg(OURS.c.total)))
    assert "A question about sale takes so long that its writers would wait" in told.value.reason
    assert "WAL" in told.value.remedy


def the_first_is_ended(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is asked; as if the first of it took longer than nobody writes, and than a lock may be held."""
    asked: list[Any] = []
    answer = UnlockedReading.answer_or_else

    def ended(reading: UnlockedReading, brief: Connection, ask: Callable[[Connection], Any]) -> Any:
        asked.append(ask)
        if len(asked) == 1:
            raise OperationalError("SELECT ...", {}, sqlite3.OperationalError("interrupted"))
        return answer(reading, brief, ask)

    monkeypatch.setattr(UnlockedReading, "answer_or_else", ended)
    return asked


def test_the_file_stays_closed_to_our_writes_after_parts(
    reading: UnlockedReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, answer = [], reading.answer

    def looked_at(ask: Callable[[Connection], Any]) -> Any:
        def asked(connection: Connection) -> Any:
            found = ask(connection)
            kept = connection.exec_driver_sql("SELECT count(*) FROM temp.sqlite_master").scalar()
            left.append((connection.exec_driver_sql("PRAGMA query_only").scalar(), kept))
            return found

        return answer(asked)

    monkeypatch.setattr(reading, "answer", looked_at)
    in_parts(reading, TOLD_FROM_PARTS["a count"]())
    assert set(left) == {(1, 0)}


@pytest.mark.parametrize(
    "made",
    [
        "CREATE VIEW odd AS SELECT id, total FROM sale",
        "CREATE TABLE odd (id TEXT PRIMARY KEY, total INTEGER) WITHOUT ROWID",
        "CREATE TABLE odd (rowid TEXT, id TEXT, total INTEGER)",
    ],
    ids=["view", "without rowid", "rowid of its own"],
)
def test_rows_without_numbers_are_not_told_from_parts(busy: Database, reading: UnlockedReading, made: str) -> None:
    """Else they would be looked for by numbers that they lack, and none be found."""
    assert busy.file is not None
    with closing(sqlite3.connect(busy.file)) as connection, connection:
        connection.execute(made)
    odd = table("odd", column("id"), column("total"))
    division = division_of(select(func.count()).select_from(odd))
    assert division is not None
    assert sqlite_parts.rows_in_parts(reading.answer, division, WITHIN) is None
