"""A question that is asked again says what was answered before, or on how many days nobody did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hypercare.escalation.annotations import Annotations
from hypercare.history.store import History
from hypercare.suite.asking import earlier_words
from tests.operations.checking import make_target
from tests.operations.till import AS_OF

ITEM = "focus.confidence"


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "history.sqlite", "shop")
    yield opened
    opened.close()


def _words(history: History, at: datetime = AS_OF) -> str:
    calendar = make_target("sqlite://", {}, at, zone="UTC").calendar
    target: Any = SimpleNamespace(as_of=at, calendar=calendar)
    session: Any = SimpleNamespace(history=history, target=target, checklist={ITEM: SimpleNamespace(day_ranges=())})
    return earlier_words(session, ITEM)


def _hold(history: History, *days_ago: int) -> None:
    for back in days_ago:
        at = AS_OF - timedelta(days=back)
        history.begin_round(f"r{back}", "evening", at.date(), at, at)


def test_nothing_is_said_of_days_on_which_nobody_was_asked(history: History) -> None:
    _hold(history, 0)
    assert _words(history) == ""


def test_days_with_a_round_and_without_an_answer_are_counted(history: History) -> None:
    _hold(history, 0, 1, 2, 5)
    assert _words(history) == "Nobody answered it on any of the 3 days before."


def test_the_last_answer_is_told(history: History) -> None:
    _hold(history, 0, 1, 2)
    Annotations(history).answer(ITEM, (AS_OF - timedelta(days=1)).date(), "quite", "Mara", datetime.now(UTC))
    assert _words(history) == "Last answered on 14 Apr by Mara: quite"
