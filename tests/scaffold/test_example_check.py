"""The check of a new project: it passes, tells of what is wrong, and is not covered where nothing is mapped."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from hypercare.commands.new import new
from hypercare.scaffold.project import OWN_ITEM

pytest_plugins = ["pytester"]

BUSINESS = """[target]
name = "Corner Shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
currency = "EUR"

[rounds]
checklist = "checklist.toml"
retry_after = "1ms"

[database]
url = "sqlite:///erp.sqlite"
"""
MAPPED = """
[mapping]
time = "utc"
money = "decimal"

[mapping.sale]
table = "sales"
columns = { id = "id", number = "number", state = "status", total = "total", finalised_at = "at" }
values = { state = { final = ["done"] } }
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    folder = pytester.path
    assert CliRunner().invoke(new, [str(folder)]).exit_code == 0
    with sqlite3.connect(folder / "erp.sqlite") as connection:
        connection.execute(
            "CREATE TABLE sales (id INTEGER PRIMARY KEY, number TEXT, status TEXT, total NUMERIC, at TEXT)"
        )
    return folder


def sell(project: Path, *totals: str, day: int = 15) -> None:
    with sqlite3.connect(project / "erp.sqlite") as connection:
        for number, total in enumerate(totals, day * 100):
            at = f"2026-01-{day} {number % 100 // 6:02}:{number % 6}0:00"
            connection.execute("INSERT INTO sales VALUES (?, ?, 'done', ?, ?)", (number, f"S-{number}", total, at))


def asked(pytester: pytest.Pytester, project: Path, mapped: str = MAPPED) -> pytest.RunResult:
    (project / "target.toml").write_text(BUSINESS + mapped, encoding="utf-8")
    return pytester.runpytest_inprocess(
        "-p", "no:anyio", "-p", "no:cacheprovider", "--item", OWN_ITEM, "--as-of", "2026-01-15T17:00"
    )


@pytest.mark.parametrize(
    ("mapped", "totals", "status", "says"),
    [
        (MAPPED, ["10.00", "0.50"], 0, "*1 passed*"),
        (MAPPED, ["10.00", "0.00", "3.00"], 1, "*1 of 3 final sales cost nothing.*"),
        (MAPPED, [], 0, "NOT COVERED*No sale was finalised yet*"),
        ("", ["0.00"], 0, "NOT COVERED*sale is not mapped*"),
        (MAPPED.replace('total = "total", ', ""), ["0.00"], 0, "NOT COVERED*sale.total is not mapped*"),
    ],
    ids=["holds", "a sale of nothing", "no sale", "no sales mapped", "no total mapped"],
)
def test_it_ends_as_the_records_are(
    pytester: pytest.Pytester, project: Path, mapped: str, totals: list[str], status: int, says: str
) -> None:
    sell(project, *totals)
    result = asked(pytester, project, mapped)
    assert result.ret == status
    result.stdout.fnmatch_lines([says])
    if status:
        result.stdout.fnmatch_lines(["*Ask who made the sales below*", f"*runbook/{OWN_ITEM}.md*"])


@pytest.mark.parametrize(
    ("free_of_the_past", "status", "says"),
    [
        (6, 0, "*NOT COVERED*6 of 60 records from before today break this rule too (10%)*"),
        (0, 1, "*1 of 62 final sales cost nothing.*"),
    ],
    ids=["a tenth was free", "it never happened"],
)
def test_a_business_that_often_gives_things_away_is_asked_and_any_other_is_told(
    pytester: pytest.Pytester, project: Path, free_of_the_past: int, status: int, says: str
) -> None:
    sell(project, *["0.00"] * free_of_the_past, *["10.00"] * (60 - free_of_the_past), day=14)
    sell(project, "0.00", "3.00")
    result = asked(pytester, project)
    assert result.ret == status
    result.stdout.fnmatch_lines([says])
