"""Every question can be put to every engine: it is written for all of them while it is asked of one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Dialect, Executable
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql

sys.path.insert(0, str(Path(__file__).parent))

import foreign_schema
import plain_schema
from checking import make_target, run
from facts import AS_OF, GO_LIVE, healthy

from hypercare.target.database import Database, Row
from hypercare.target.target import Target

DIALECTS: list[Dialect] = [postgresql.dialect(), mysql.dialect(), mssql.dialect(), oracle.dialect()]


class Interpreted(Database):
    """Writes each question for every engine before it asks its own."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self.written: set[str] = set()

    def rows(self, statement: Executable, *, about: str = "") -> Sequence[Row]:
        self.written |= {str(statement.compile(dialect=dialect)) for dialect in DIALECTS}  # type: ignore[attr-defined]
        return super().rows(statement, about=about)


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
    ended = run(target, database=database)
    assert {one.outcome for one in ended.values()} <= {"passed", "not covered"}
    assert len(database.written) > 100
