"""What a check remembers is what the latest instant showed, in whatever order instants are looked at."""

from datetime import timedelta

from hypercare.history.memory import Memory
from tests.history.remembering import NINE


def test_what_was_kept_is_recalled_by_another_round(history):
    Memory(lambda: history).keep("words", {"cash": 1}, NINE)
    assert Memory(lambda: history).recall("words") == {"cash": 1}
    assert Memory(lambda: history).recall("others") is None


def test_an_instant_of_the_past_that_is_looked_at_again_changes_nothing(history):
    memory = Memory(lambda: history)
    memory.keep("words", {"cash": 2}, NINE)
    memory.keep("words", {"cash": 1}, NINE - timedelta(hours=3))
    assert memory.recall("words") == {"cash": 2}
    memory.keep("words", {"cash": 3}, NINE)
    assert memory.recall("words") == {"cash": 3}


def test_a_look_at_the_desk_recalls_and_changes_nothing(history):
    desk = Memory(lambda: history, only_recalls=True)
    desk.keep("words", {"cash": 1}, NINE)
    assert desk.recall("words") is None
    Memory(lambda: history).keep("words", {"cash": 2}, NINE)
    desk.keep("words", {"cash": 3}, NINE)
    assert desk.recall("words") == {"cash": 2}


def test_without_a_history_nothing_is_remembered():
    memory = Memory()
    memory.keep("words", {"cash": 1}, NINE)
    assert memory.recall("words") is None
