"""Sales and log-ins by hour, as the checks tell of them, are those of the database."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.hourly import Hourly
from hypercare.outcome.series import Series
from hypercare.testing import Resources, run_check
from tests.operations import plain_schema
from tests.operations.checking import Asked, checks, make_target
from tests.operations.conftest import CANARY
from tests.operations.facts import AS_OF, GO_LIVE, ZONE
from tests.standins.json_memory import JsonMemory

SALES = "figures.sales_created_today"
LOG_INS = "users.log_ins_mostly_go_well"
# The small business keeps UTC, and is two hours ahead of it.
TODAY = "{0} >= '2026-03-31 22:00' AND {0} < '2026-04-01 15:00'"


def truth(business: Path, query: str) -> Counter[tuple[str, ...]]:
    with closing(sqlite3.connect(business)) as connection:
        return Counter(tuple(str(part) for part in row) for row in connection.execute(query))


def told(series: Series, line: str) -> dict[str, Any]:
    return {point[11:13]: value for point, value in zip(series.points, series.lines[line], strict=True)}


def test_sales_of_each_hour_are_those_entered_in_it(asked: Asked, business: Path) -> None:
    ended = asked(SALES)
    by_hour = truth(
        business,
        "SELECT strftime('%H', created_at_, '+2 hours') FROM sale_rows "
        f"WHERE {TODAY.format('created_at_')} AND created_by_ <> 99 AND branch_ NOT IN (SELECT id_ FROM branch_rows "
        "WHERE code_ = 'T')",
    )
    found = told(ended.series["sales_by_hour"], "sales")
    assert {hour: value for hour, value in found.items() if value} == {hour: many for (hour,), many in by_hour.items()}
    assert {hour for hour, value in found.items() if value is None} == {f"{hour:02}" for hour in range(17, 24)}
    states = ended.figures["sales_by_state"]
    assert isinstance(states, dict)
    assert sum(states.values()) == ended.figures["sales_created"] == by_hour.total() > 0


def test_log_ins_of_each_hour_add_up_to_the_figures(asked: Asked) -> None:
    ended = asked(LOG_INS)
    series = ended.series["logins_by_hour"]
    failed = sum(value for value in series.lines["failed"] if value is not None)
    assert failed == ended.figures["login_failures"]
    assert any(series.lines["went well"])


@pytest.mark.parametrize("statement", ["UPDATE sale_rows SET created_at_ = substr(created_at_, 1, 10)"])
def test_where_only_days_are_kept_no_hour_is_told(asked: Asked, statement: str) -> None:
    mapping = plain_schema.mapping()
    mapping["sale"]["columns"]["created_at"] = {"column": "created_at_", "time": "date"}
    ended = asked(SALES, statement, mapping=mapping)
    assert "sales_by_hour" not in ended.series
    assert ended.figures["sales_by_state"]


def test_what_is_usual_is_the_middle_of_the_days_that_were_lived(business: Path) -> None:
    memory = JsonMemory()
    days = [AS_OF - timedelta(days=number) for number in range((AS_OF.date() - GO_LIVE).days, -1, -1)]
    series = [_on(business, as_of, memory) for as_of in days][-1]
    assert series.usual is not None
    assert (series.usual.alike, series.usual.days) == ("days of the week", 10)
    real = "SELECT created_at_ FROM sale_rows WHERE created_by_ <> 99 AND branch_ NOT IN"
    entered = truth(business, f"{real} (SELECT id_ FROM branch_rows WHERE code_ = 'T')")
    local = [datetime.fromisoformat(at).replace(tzinfo=UTC).astimezone(ZONE) for (at,) in entered.elements()]
    counts = Counter((at.date(), f"{at:%H}") for at in local)
    weekdays = [as_of.date() for as_of in days[:-1] if as_of.weekday() < 5]
    by_hour = {hour: [counts[day, hour] for day in weekdays] for hour in (f"{number:02}" for number in range(24))}
    told_middle = dict(zip((point[11:13] for point in series.points), series.usual.middle, strict=True))
    assert told_middle == {hour: median(values) for hour, values in by_hour.items()}


def _on(business: Path, as_of: datetime, memory: JsonMemory) -> Series:
    target = make_target(f"sqlite:///{business}", plain_schema.mapping(), as_of, go_live=GO_LIVE, canary=CANARY)
    with closing(Database(target)) as database:
        resources = Resources(target, database, hourly=Hourly(target, memory))
        (check,) = (function for name, function in checks(SALES))
        return run_check(check, resources).series["sales_by_hour"]
