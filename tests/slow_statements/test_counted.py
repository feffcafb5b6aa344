"""What engines count, without the statements that are ours."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy.dialects import mysql, postgresql

from hypercare.slow_statements.counted import Counter, counters_of, since


@dataclass
class Engine:
    """MySQL as far as it is asked for its counters."""

    keeps_samples: bool
    dialect: str = "mysql"
    asked: list[str] = field(default_factory=list)

    def rows(self, statement: Any, *, about: str) -> list[dict[str, Any]]:
        words = str(statement.compile(dialect=mysql.dialect(), compile_kwargs={"literal_binds": True}))
        self.asked.append(words)
        if words.startswith("SHOW"):
            return [{"Variable_name": "performance_schema", "Value": "ON"}]
        if "COLUMN_NAME" in words:
            return [{"COLUMN_NAME": "QUERY_SAMPLE_TEXT"}] if self.keeps_samples else []
        return [
            {"key": text, "text": text, "calls": 5, "total": 10e12, "longest": 9e12}
            for text in ("SELECT `a` FROM `t`", "UPDATE `t` SET `a` = ?")
        ]


@pytest.mark.parametrize(("keeps_samples", "told"), [(True, 2), (False, 1)], ids=["MySQL", "MariaDB"])
def test_ours_are_told_by_their_mark_where_the_engine_keeps_it(keeps_samples, told):
    engine = Engine(keeps_samples)
    found = since(counters_of(engine)[1], {}, "a test")
    assert len(found) == told
    assert any("`QUERY_SAMPLE_TEXT` NOT LIKE" in words for words in engine.asked) is keeps_samples


@dataclass
class PostgreSQL:
    """PostgreSQL likewise; one that `cuts_comments` off has our mark nowhere."""

    cuts_comments: bool
    dialect: str = "postgresql"

    def rows(self, statement: Any, *, about: str) -> list[dict[str, Any]]:
        words = str(statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
        if "pg_extension" in words:
            return [{"schema": "public", "version": "1.10"}]
        if " NOT LIKE " not in words:
            return [] if self.cuts_comments else [{"queryid": 17}]
        return [
            {"key": text, "text": text, "calls": 5, "total": 10_000.0, "longest": 9_000.0}
            for text in ("SELECT a FROM t", "UPDATE t SET a = $1")
        ]


@pytest.mark.parametrize(("cuts_comments", "told"), [(False, 2), (True, 1)])
def test_a_mark_that_the_engine_cuts_off_tells_nothing(cuts_comments, told):
    assert len(since(counters_of(PostgreSQL(cuts_comments))[1], {}, "a test")) == told


@pytest.mark.parametrize(("calls", "told"), [(30, False), (31, True)])
def test_what_may_be_ours_counts_where_it_is_put_more_often_than_ours_are(calls, told):
    counter = Counter("k", "SELECT a FROM t", 100 + calls, 90_000.0, may_be_ours=True)
    assert bool(since([counter], {"k": (100, 10.0)}, "a test")) is told
