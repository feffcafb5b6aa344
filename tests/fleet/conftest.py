"""A fleet of small shops: a project with a plan of two items, and as many target files as wanted."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.history.conftest import postgresql, server

__all__ = ["postgresql", "server"]

PROJECT = Path(__file__).parents[2]
PLAN = """
[[round]]
name = "evening"
at = "17:00"

[[item]]
id = "health.database"
section = "System health"
words = "The database answers."
rounds = ["evening"]
level = "L3"
answers_for = "database"

[[item]]
id = "own.sales"
section = "Our own"
words = "Every sale has a total."
rounds = ["evening"]
level = "L2"
"""
CHECKS = """
import pytest
from sqlalchemy import text

from hypercare.outcome.expect import expect

@pytest.mark.item("health.database")
def test_answers(database):
    assert database.value(text("SELECT 1")) == 1

@pytest.mark.item("own.sales")
def test_sales(database):
    many = database.value(text("SELECT COUNT(*) FROM sale WHERE total IS NULL"))
    expect(not many, f"{many} sales have no total.")
"""
# What a report is made of is the matter of tests/reports, and takes most of so small a round.
CONFTEST = """
from hypercare.suite import publishing

pytest_plugins = ["hypercare.fixtures"]

def write(summary, work, **_):
    summary.write(work / "summary.json")
    (work / "index.html").write_text("a report")
    return Written()

class Written:
    skipped = {}

publishing.write_round_report = write
publishing.browser_for_printing = lambda: None
"""
PLUGINS = "-p hypercare.pytest_plugin -p no:anyio -p no:hypothesispytest -p no:xdist -p no:unraisableexception"
TARGET = """
[target]
name = "{name}"
id = "{id}"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08

[database]
url = "sqlite:///../{database}.sqlite"

[rounds]
retry_after = "1ms"
"""


class Fleet:
    """A project in a folder, with target files in `targets/` and reports in `reports/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.targets = folder / "targets"
        self.reports = folder / "reports"
        self.targets.mkdir()
        (folder / "checklist.toml").write_text(PLAN)
        (folder / "test_checks.py").write_text(CHECKS)
        (folder / "conftest.py").write_text(CONFTEST)
        (folder / "pytest.ini").write_text(f"[pytest]\naddopts = {PLUGINS}\n")
        for name, total in (("sound", "5"), ("broken", "NULL")):
            with sqlite3.connect(folder / f"{name}.sqlite") as shop:
                shop.execute("CREATE TABLE sale (id INTEGER PRIMARY KEY, total INTEGER)")
                shop.execute(f"INSERT INTO sale (total) VALUES ({total})")
            shop.close()

    def add(self, number: int, *, database: str = "sound", more: str = "") -> Path:
        file = self.targets / f"shop-{number:03}.toml"
        words = TARGET.format(name=f"Shop {number}", id=f"shop-{number}", database=database)
        file.write_text(words + more)
        return file

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """A worker, in a group of processes of its own."""
        command = [sys.executable, "-m", "hypercare", "round", "evening", "--targets", str(self.targets), *words]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "HYPERCARE_BROWSER": "none", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, **environment: str) -> tuple[int, str]:
        worker = self.start(*words, **environment)
        said = worker.communicate(timeout=600)[0]
        return worker.returncode, said


def kill(worker: subprocess.Popen[str]) -> None:
    """As a machine that loses its power ends all that runs on it."""
    os.killpg(worker.pid, signal.SIGKILL)
    worker.communicate(timeout=60)


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    return Fleet(tmp_path)
