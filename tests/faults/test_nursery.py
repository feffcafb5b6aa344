"""Processes that each look at one mutant, several at a time."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

from faultlab.mutating.model.nursery import Born, bring_up


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


def test_what_a_process_says_is_heard_in_its_order() -> None:
    (born,) = bring_up(_counts, [(3,)], at_once=2)
    assert born == Born(0, [0, 1, 2], ended=True)


def test_a_process_that_dies_is_one_that_did_not_end() -> None:
    (born,) = bring_up(_counts, [("no number",)], at_once=2)
    assert born == Born(0, [], ended=False)


def test_each_that_is_born_has_its_own_number() -> None:
    born = sorted(bring_up(_counts, [(many,) for many in range(5)], at_once=2), key=lambda one: one.number)
    assert [len(one.said) for one in born] == [0, 1, 2, 3, 4]


def test_a_silent_process_is_ended_though_another_talks_on(tmp_path: Path) -> None:
    enough = tmp_path / "enough"
    born = bring_up(_one_of_two, [(enough,), (None,)], at_once=2, limit_s=3)
    assert next(born) == Born(1, [], ended=False)
    enough.touch()
    talked = next(born)
    assert talked.number == 0 and talked.ended
