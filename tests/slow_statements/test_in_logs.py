"""Slow statements as the logs of databases tell of them."""

import json
from datetime import timedelta

import pytest

from hypercare.database.engine import MARK
from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.slow_statements.in_logs import logged_statements
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import NOON, frozen_target

SLOW_LOG = """# Time: {time}
# User@Host: erp[erp] @ localhost []
# Thread_id: 12  Schema: erp  QC_hit: No
# Query_time: 2.500000  Lock_time: 0.000100  Rows_sent: 1  Rows_examined: 900000
SET timestamp={stamp};
SELECT * FROM sales WHERE customer = "Anna Weiss";
# User@Host: erp[erp] @ localhost []
# Thread_id: 13  Schema: erp  QC_hit: No
# Query_time: 1.500000  Lock_time: 0.000100  Rows_sent: 1  Rows_examined: 900000
SET timestamp={stamp};
SELECT * FROM sales
WHERE customer = "Ben Roth";
"""


def statements(folder, text, *, quotes=False, **settings):
    path = folder / "database.log"
    path.write_text(text, encoding="utf-8")
    source = LogSource(**{"name": "db", "path": path, "holds": "database", "format": "text", **settings})
    target = frozen_target(folder, logs=(source,))
    found = logged_statements(target, Logs(target), target.today, double_quotes=quotes)
    return {one.text: (one.calls, round(one.total_ms)) for one in found.statements}


def at(minutes: float) -> str:
    return f"{NOON - timedelta(minutes=minutes):%Y-%m-%d %H:%M:%S}.123 UTC [12]"


@pytest.mark.parametrize(
    ("severity", "words", "sql"),
    [
        ("LOG", "duration: 1200.512 ms  statement:", "SELECT 1 FROM t WHERE a = 'x'"),
        ("LOG", "Dauer: 1200.512 ms  Anweisung:", "SELECT 2 FROM t WHERE a = 'y'"),
        ("LOG", "duration: 1200.512 ms  execute <unnamed>:", "SELECT $1 FROM t WHERE a = $2"),
        ("СООБЩЕНИЕ", "продолжительность: 1200.512 мс, оператор:", None),  # another unit than is written anywhere else
    ],
)
def test_postgresql_tells_in_its_own_language(tmp_path, severity, words, sql):
    text = "".join(
        f"{at(ago)} {severity}:  {words} {sql or 'SELECT 1'}\n{at(ago)} ERROR:  duration of a lease is missing\n"
        for ago in (30, 20, 10)
    )
    wanted = {"SELECT ? FROM t WHERE a = ?": (3, 3602)} if sql else {}
    assert statements(tmp_path, text) == wanted


def test_a_statement_of_several_lines_is_one(tmp_path):
    text = f"{at(9)} LOG:  duration: 1500.000 ms  statement: SELECT a\n\tFROM t\n\tWHERE b = 3\n"
    assert statements(tmp_path, text) == {"SELECT a FROM t WHERE b = ?": (1, 1500)}


def test_the_slow_log_of_mariadb_tells_several_under_one_time(tmp_path):
    moment = NOON - timedelta(minutes=20)
    text = SLOW_LOG.format(time=f"{moment:%Y-%m-%dT%H:%M:%S}.000000Z", stamp=round(moment.timestamp()))
    assert statements(tmp_path, text, quotes=True) == {"SELECT * FROM sales WHERE customer = ?": (2, 4000)}


def test_lines_of_json_name_both(tmp_path):
    lines = [
        {"at": (NOON - timedelta(minutes=ago)).isoformat(), "level": "WARNING", "message": "slow statement"}
        | {"statement": f"SELECT {ago}", "duration_ms": 700}
        for ago in (5, 4)
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    assert statements(tmp_path, text, format="json") == {"SELECT ?": (2, 1400)}


@pytest.mark.parametrize("sql", [f"{MARK} SELECT 1", "COPY t TO stdout", "VACUUM t"])
def test_our_own_statements_backups_and_maintenance_do_not_count(tmp_path, sql):
    assert statements(tmp_path, f"{at(5)} LOG:  duration: 9200.512 ms  statement: {sql}\n") == {}


def test_what_came_before_the_period_does_not_count(tmp_path):
    assert statements(tmp_path, f"{at(26 * 60)} LOG:  duration: 9200.512 ms  statement: SELECT 1\n") == {}


def test_without_a_log_of_the_database_nothing_is_told(tmp_path):
    target = frozen_target(tmp_path)
    with pytest.raises(NotCovered, match="No log of the database"):
        logged_statements(target, Logs(target), target.today, double_quotes=False)
