"""The server of the history goes away in the middle of a round: the round goes on, and nothing that ended is lost."""

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from hypercare.history import engine, tables
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import read_checklist
from hypercare.plan.rounds import Round
from hypercare.suite import starting
from hypercare.suite.result_journal import ResultJournal, round_note
from hypercare.suite.session import SuiteSession
from tests.history.remembering import NINE

pytest_plugins = ["pytester"]

PROJECT = Path(__file__).parents[2]
TARGET = """
[target]
name = "Corner Shop"
id = "shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08

[history]
url = { file = "history.txt" }
"""
CHECKS = """
import pytest

@pytest.mark.item("health.web")
def test_before():
    pass

@pytest.mark.item("health.api")
def test_it_goes_away():
    __GOES__

@pytest.mark.item("health.database")
def test_after():
    pass
"""
GOES = """
    from sqlalchemy import create_engine, text
    with create_engine({server!r}, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("DROP DATABASE {name} WITH (FORCE)"))
"""


@pytest.fixture
def shop(pytester, postgresql, monkeypatch):
    monkeypatch.setenv("HYPERCARE_BROWSER", "none")
    monkeypatch.setenv("HYPERCARE_NODE", "none")
    address = postgresql.render_as_string(hide_password=False)
    pytester.makeini("[pytest]\naddopts = -p no:anyio -p no:hypothesispytest -p hypercare.pytest_plugin\n")
    pytester.makeconftest('pytest_plugins = ["hypercare.fixtures"]')
    (pytester.path / "checklist.toml").write_text((PROJECT / "checklist.toml").read_text())
    (pytester.path / "history.txt").write_text(address)
    (pytester.path / "target.toml").write_text(TARGET)
    return pytester


def test_what_a_busy_history_does_not_take_waits_until_it_does(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0)
    history = History(tmp_path / "history.sqlite", "shop")
    journal = ResultJournal(
        history, tmp_path, round_note("r1", "shop", "morning", NINE.date(), as_of=NINE, started=NINE)
    )
    journal.begin()
    with sqlite3.connect(tmp_path / "history.sqlite", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        for check in ("first", "second"):
            journal.keep(CheckResult(nodeid=check, items=("a.b",), outcome=Outcome.PASSED, level=Level.L1))
        assert not journal.all_is_kept
        other.execute("ROLLBACK")
    other.close()
    journal.flush()
    assert journal.all_is_kept
    with history.reading() as connection:
        assert connection.execute(select(tables.results.c.check)).scalars().all() == ["first", "second"]
    history.close()


def run(shop, goes):
    shop.makepyfile(test_checks=CHECKS.replace("__GOES__", goes))
    words = ["--round=morning", "--as-of=2026-01-15T09:00", "--target=target.toml", f"--reports={shop.path}/reports"]
    return shop.runpytest_subprocess(*words)


@pytest.mark.long
def test_a_round_waits_a_little_for_a_history_that_is_not_there_yet(shop, postgresql, server, monkeypatch):
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"DROP DATABASE {postgresql.database}"))
        pauses = []

        def meanwhile(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 2:
                connection.execute(text(f"CREATE DATABASE {postgresql.database}"))

        monkeypatch.setattr(starting.time, "sleep", meanwhile)
        session = session_of(shop)
        starting._reach_history(session)
    assert len(pauses) == 2
    session.close()


def session_of(shop) -> SuiteSession:
    return SuiteSession(
        project=shop.path,
        checklist=read_checklist(shop.path / "checklist.toml"),
        round=Round.MORNING,
        items=(),
        reports=shop.path / "reports",
        target_file=shop.path / "target.toml",
        as_of_text=None,
        retry=False,
    )


@pytest.mark.timeout(900)
def test_nothing_is_lost(shop, postgresql, server):
    address = server.render_as_string(hide_password=False)
    result = run(shop, GOES.format(server=address, name=postgresql.database))
    assert result.ret == 3
    assert "cannot be used" in result.stdout.str()
    assert "Traceback" not in result.stdout.str()
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {postgresql.database}"))
    assert run(shop, "pass").ret == 0
    history = History(postgresql, "shop")
    with history.reading() as connection:
        found = connection.execute(select(tables.results.c.round_id, tables.results.c.item)).all()
    history.close()
    (told,) = json.loads((shop.path / "reports/latest/summary.json").read_text())["broken_rounds"]
    kept = {item for round_id, item in found if round_id == told["id"]}
    assert kept == {"health.web", "health.api", "health.database"}
