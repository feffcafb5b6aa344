"""Where no engine counts and no log tells, what a screen shows is looked up, and its cost is told with its plan."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from hypercare.database.database import Database
from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.slow_statements.statement import Statement
from hypercare.slow_statements.statements import Statements
from hypercare.target_file.sections.limits import LimitsSection
from hypercare.testing import small_target

AS_OF = datetime(2026, 1, 15, 16, 0, tzinfo=UTC)
LINES = """
CREATE TABLE sales (id INTEGER PRIMARY KEY, customer INTEGER);
CREATE INDEX by_customer ON sales (customer);
CREATE TABLE lines (id INTEGER PRIMARY KEY, sale_no INTEGER, note TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
INSERT INTO lines SELECT i, i / 3, 'x' FROM n;
INSERT INTO sales SELECT DISTINCT sale_no, sale_no % 100 FROM lines;
"""
MAPPING = {
    "sale": {"table": "sales", "columns": {"id": "id", "customer": "customer"}},
    "sale_line": {"table": "lines", "columns": {"id": "id", "sale": "sale_no"}},
}


@pytest.fixture
def asked(tmp_path):
    opened = []

    def make(*, rows=12_000, slow="0s", mapping=MAPPING, **sections):
        target = small_target(
            tmp_path, tables=LINES.format(rows=rows), as_of=AS_OF, mapping=mapping, limits={"slow_statement": slow},
            **sections,
        )  # fmt: skip
        opened.append(Database(target))
        return Statements(target, opened[-1], Logs(target)), target.unreviewed

    yield make
    for one in opened:
        one.close()


def test_what_is_looked_up_without_an_index_is_named_with_the_one_that_would_help(asked):
    statements, period = asked()
    rows = {str(row["statement"]).partition(" FROM ")[2][:60]: row for row in statements.slow(period).sample}
    of_lines = next(row for text, row in rows.items() if "lines" in text)
    assert (of_lines["plan"], of_lines["index"]) == ("reads all of lines (about 12,000 rows)", "lines (sale_no)")
    of_sales = next(row for text, row in rows.items() if "sales" in text)
    assert (of_sales["plan"], of_sales["index"]) == ("every table by an index", "")


def test_a_small_table_needs_no_index(asked):
    statements, period = asked(rows=300)
    assert [row["index"] for row in statements.slow(period).sample] == ["", ""]


def test_what_is_quick_is_not_slow(asked):
    statements, period = asked(rows=300, slow="10m")
    found = statements.slow(period)
    assert (found.count, found.of, found.where) == (0, 2, "our own look-ups")


def test_where_nothing_can_be_looked_up_it_is_not_covered(asked):
    statements, period = asked(mapping={})
    with pytest.raises(NotCovered):
        statements.slow(period)


def test_a_log_that_tells_of_statements_is_asked_in_place_of_look_ups(asked, tmp_path):
    path = tmp_path / "db.jsonl"
    lines = [
        {"at": (AS_OF - timedelta(minutes=number)).isoformat(), "message": "slow", "duration_ms": 3000}
        | {"level": "WARNING", "statement": f"SELECT id FROM lines WHERE sale_no = {number}"}
        for number in range(9, 4, -1)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    statements, period = asked(slow="1s", logs=[{"name": "db", "path": str(path), "holds": "database"}])
    found = statements.slow(period)
    row = found.sample[0]
    assert (found.count, found.where, row["calls"], row["mean_ms"]) == (1, "the log db", 5, 3000)
    assert (row["statement"], row["index"]) == ("SELECT id FROM lines WHERE sale_no = ?", "lines (sale_no)")


@pytest.mark.parametrize(
    ("calls", "mean_ms", "slow"),
    [(3, 1000, True), (2, 1000, False), (3, 999, False), (1, 60_000, True), (1, 59_000, False), (9000, 12, False)],
)
def test_slow_is_what_is_so_often_or_for_long(calls, mean_ms, slow):
    statement = Statement("SELECT ?", calls, calls * mean_ms, "a test")
    assert statement.is_slow(LimitsSection()) is slow
