"""Every question can be put to every engine: it is written for all of them while it is asked of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import ClauseElement, Connection, Dialect, Engine, Executable, event
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql

from hypercare.backups.content import contents, shapes
from hypercare.database.database import Database, Row
from hypercare.database.disk_space import read_something
from hypercare.integrity.references import agreed_references, dangling_among
from hypercare.integrity.rolling_scan import RollingScan
from hypercare.integrity.rules import broken_agreements
from hypercare.target_file.mapping import AgreedReference, AgreedRule
from hypercare.target_file.target import Target
from tests.operations import foreign_schema, plain_schema
from tests.operations.checking import FILES, OF_REPORTS, make_target, run
from tests.operations.facts import AS_OF, GO_LIVE, healthy

DIALECTS: list[Dialect] = [postgresql.dialect(), mysql.dialect(), mssql.dialect(), oracle.dialect()]
GROUPS = re.compile(r"\bGROUP BY (?P<by>.*?)(?=\) (?:AS )?\[?\w+\]? ON\b|\bHAVING\b|\bORDER BY\b|\n|\Z)", re.DOTALL)


def written(statement: Executable) -> list[str]:
    """The question in the words of each engine."""
    return [str(statement.compile(dialect=dialect)) for dialect in DIALECTS]  # type: ignore[attr-defined]


def is_refused_by_sql_server(question: str) -> bool:
    """Whether it groups by a parameter, which SQL Server takes for another than the same one in SELECT."""
    return any(":" in found["by"] or "%(" in found["by"] for found in GROUPS.finditer(question))


class Interpreted(Database):
    """Writes each question for every engine before it asks its own."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.written: set[str] = set()

    def rows(self, statement: Executable, *, about: str = "") -> Sequence[Row]:
        questions = written(statement)
        self.written |= set(questions)
        assert not any(map(is_refused_by_sql_server, questions)), questions
        return super().rows(statement, about=about)


@pytest.fixture
def business(tmp_path: Path) -> Iterator[Interpreted]:
    url = f"sqlite:///{tmp_path / 'business.sqlite'}"
    plain_schema.fill(url, healthy())
    database = Interpreted(make_target(url, plain_schema.mapping(), AS_OF, go_live=GO_LIVE))
    yield database
    database.close()


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("schema", ["plain", "foreign"])
def test_every_question_is_written_for_every_engine(schema: str, tmp_path: Path) -> None:
    path = tmp_path / "business.sqlite"
    mapping: dict[str, Any] = plain_schema.mapping() if schema == "plain" else foreign_schema.MAPPING
    if schema == "plain":
        plain_schema.fill(f"sqlite:///{path}", healthy())
    else:
        foreign_schema.fill(path, healthy())
    target = make_target(
        f"sqlite:///{path}", mapping, AS_OF, go_live=GO_LIVE, canary={"branch": "T", "users": ["robot"]}
    )
    database = Interpreted(target)
    ended = run(target, database=database, files=(*FILES, *OF_REPORTS))
    assert {one.outcome for one in ended.values()} <= {"passed", "not covered"}
    assert len(database.written) > 100


def test_what_is_asked_of_the_schema_itself_is_written_for_every_engine(business: Interpreted) -> None:
    """References, agreed rules, the rows of a backup, and a row of each table."""
    seen: set[str] = set()

    def note(_: Connection, statement: Any, *__: Any) -> None:
        if isinstance(statement, ClauseElement):
            seen.update(written(statement))  # type: ignore[arg-type]

    references = [
        AgreedReference(child="payment_rows.sale_", parent="sale_rows.id_"),
        AgreedReference(child="sale_rows.number_", parent="sale_rows.id_", prefix="sale-", where="number_ <> ''"),
    ]
    rule = AgreedRule(table="sale_rows", name="a total is no debt", holds="total_ >= 0")
    event.listen(Engine, "before_execute", note)
    try:
        with business.snapshot() as connection:
            dangling_among(connection, agreed_references(references), RollingScan.of_all())
            broken_agreements(connection, [rule], RollingScan.of_all())
            found = contents(connection, shapes(connection), datetime.now(UTC), ZoneInfo("Europe/Berlin"))
            contents(connection, shapes(connection), datetime.now(UTC), ZoneInfo("Europe/Berlin"), found)
        read_something(business)
    finally:
        event.remove(Engine, "before_execute", note)
    assert len(seen) > 60
    assert not any(map(is_refused_by_sql_server, seen))
