"""Processes that each look at one mutant, several at a time."""

from __future__ import annotations

from multiprocessing import active_children
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Event

import pytest

from faultlab.mutating.model import process_pool
from faultlab.mutating.model.process_pool import ProcessResult, run_in_processes

pytestmark = pytest.mark.server


def _counts(connection: Connection, words: int) -> None:
    for word in range(words):
        connection.send(word)


def _says_nothing(connection: Connection) -> None:
    Event().wait()


def _one_of_two(connection: Connection, talks_until: Path | None) -> None:
    if talks_until is None:
        _says_nothing(connection)
    while talks_until and not talks_until.exists():
        connection.send("still here")


def _waits(connection: Connection, until: Path | None) -> None:
    while until and not until.exists():
        pass


def test_what_a_process_says_is_heard_in_its_order() -> None:
    (result,) = run_in_processes(_counts, [(3,)], at_once=2)
    assert result == ProcessResult(0, [0, 1, 2], ended=True)


def test_a_process_that_dies_is_one_that_did_not_end() -> None:
    (result,) = run_in_processes(_counts, [("no number",)], at_once=2)
    assert result == ProcessResult(0, [], ended=False)


def test_each_that_is_born_has_its_own_number() -> None:
    results = sorted(run_in_processes(_counts, [(many,) for many in range(5)], at_once=2), key=lambda one: one.number)
    assert [len(one.messages) for one in results] == [0, 1, 2, 3, 4]


@pytest.mark.long
def test_a_silent_process_is_ended_though_another_talks_on(tmp_path: Path) -> None:
    enough = tmp_path / "enough"
    results = run_in_processes(_one_of_two, [(enough,), (None,)], at_once=2, limit_s=3)
    assert next(results) == ProcessResult(1, [], ended=False)
    enough.touch()
    talked = next(results)
    assert talked.number == 0 and talked.ended


def test_who_spoke_while_nobody_listened_is_not_taken_for_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, go = [0.0], tmp_path / "go"
    monkeypatch.setattr(process_pool, "monotonic", lambda: now[0])
    results = run_in_processes(_waits, [(None,), (go,), (go,)], at_once=3, limit_s=300)
    first = next(results)
    go.touch()
    while left := active_children():
        wait([one.sentinel for one in left])
    now[0] = 1000.0
    assert [one.ended for one in (first, *results)] == [True, True, True]
