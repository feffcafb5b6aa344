"""What broken rounds leave in the reports folder: written into the history, and then removed."""

import json
import os
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.suite.recovery import clear, recover_results
from hypercare.suite.result_journal import append_line, round_note

NINE = datetime(2026, 1, 15, 8, tzinfo=UTC)
CHECK_LIMIT = timedelta(minutes=3)
RESULT = CheckResult(nodeid="test_web", items=("health.web",), outcome=Outcome.PASSED, level=Level.L3, ended="09:01")
GONE = {"process": "", "machine": "another"}


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path / "history.sqlite", "shop")
    yield opened
    opened.close()


def left_behind(reports, *, silent=timedelta(hours=1), target="shop", **more):
    """The work folder of a round that ended that long ago, without a word."""
    folder = reports / ".work" / "abc"
    folder.mkdir(parents=True)
    note = replace(round_note("r1", target, "morning", NINE.date(), as_of=NINE, started=NINE), **more)
    (folder / "round.json").write_text(json.dumps(asdict(note)))
    append_line(folder / "results.jsonl", RESULT.as_dict())
    then = (datetime.now(UTC) - silent).timestamp()
    for path in (*folder.iterdir(), folder):
        os.utime(path, (then, then))
    return folder


def recorded(history):
    with history.reading() as connection:
        return connection.execute(select(tables.results.c.check)).scalars().all()


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        ({**GONE}, ["test_web"]),
        ({**GONE, "silent": timedelta(minutes=7)}, []),
        ({}, []),
        ({**GONE, "target": "another shop"}, []),
    ],
    ids=["elsewhere, silent", "elsewhere, at work lately", "its process is there", "of another target"],
)
def test_the_results_of_a_round_that_broke_off_are_written(history, tmp_path, left, kept):
    left_behind(tmp_path, **left)
    for _ in range(2):
        recover_results(history, tmp_path, CHECK_LIMIT)
    assert recorded(history) == kept


@pytest.mark.parametrize("damage", ["", "{", '["a list"]', '{"id": "r1"}'])
def test_a_note_that_cannot_be_read_is_passed_over(history, tmp_path, damage):
    (left_behind(tmp_path, **GONE) / "round.json").write_text(damage)
    recover_results(history, tmp_path, CHECK_LIMIT)
    assert recorded(history) == []


def test_what_is_left_goes_when_somebody_was_told_and_not_before(history, tmp_path):
    folder = left_behind(tmp_path, **GONE)
    recover_results(history, tmp_path, CHECK_LIMIT)
    clear(history, tmp_path)
    assert folder.exists()
    history.begin_round("r2", "midday", NINE.date(), NINE, NINE)
    history.finish_round("r2", NINE, "healthy", reported_rounds=["r1"])
    clear(history, tmp_path)
    assert not folder.exists()


@pytest.mark.parametrize(("age", "there"), [(timedelta(days=1), True), (timedelta(days=3), False)])
def test_a_folder_in_which_nothing_was_noted_goes_when_it_is_old(history, tmp_path, age, there):
    folder = left_behind(tmp_path, **GONE)
    (folder / "round.json").unlink()
    then = (datetime.now(UTC) - age).timestamp()
    os.utime(folder, (then, then))
    clear(history, tmp_path)
    assert folder.exists() is there
