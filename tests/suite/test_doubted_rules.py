"""A rule in doubt fails where it was agreed on or earlier rounds saw it hold; else it is a question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History
from hypercare.outcome.finding import Finding
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.redaction import Redactor
from hypercare.outcome.signals import Doubted
from hypercare.suite.result_journal import rules_version
from hypercare.suite.running import Judge

CHECK = "tests_data/test_sales.py::test_totals_were_paid"
DOUBT = Doubted(Finding(sentence="30 of 200 sales were not paid."), "much of the past breaks it", remedy="Say so.")
NINE = datetime(2026, 1, 15, 9, tzinfo=UTC)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "history.sqlite", "shop")
    yield opened
    opened.close()


def _remember(history: History, outcomes: Sequence[str], check: str = CHECK, rules: str = "") -> None:
    for number, outcome in enumerate(outcomes):
        at, name = NINE + timedelta(days=number), f"r{number}"
        history.begin_round(name, "evening", at.date(), at, at, rules=rules or rules_version())
        row = {"item": "verify.sales-totals", "check": check, "outcome": outcome, "level": "L3"}
        history.record(name, [{**row, "sentence": "", "count": None, "duration_s": 0.1, "ended": at.isoformat()}])


def _ends(history: Any, *holds: str) -> Outcome:
    agreed = SimpleNamespace(holds=holds)
    session: Any = SimpleNamespace(
        config=SimpleNamespace(mapping=SimpleNamespace(agreed=agreed)),
        history=history,
        redactor=Redactor(),
        checklist={},
    )
    test: Any = SimpleNamespace(
        name="test_totals_were_paid", nodeid=CHECK, stash=pytest.Stash(), iter_markers=lambda name: ()
    )
    return Judge(session, test).result(DOUBT).outcome


@pytest.mark.parametrize(
    ("outcomes", "end"),
    [
        ((), Outcome.NOT_COVERED),
        (("passed", "passed"), Outcome.NOT_COVERED),
        (("passed",) * 4, Outcome.NOT_COVERED),
        (("passed",) * 5, Outcome.FAILED),
        ((*("passed",) * 5, *("failed",) * 6), Outcome.FAILED),
        ((*("passed",) * 5, *("not covered",) * 5), Outcome.NOT_COVERED),
        (("failed", "failed", "failed", "failed"), Outcome.NOT_COVERED),
    ],
)
def test_what_earlier_rounds_saw_hold_is_a_rule(outcomes: Sequence[str], end: Outcome, history: History) -> None:
    _remember(history, outcomes)
    assert _ends(history) is end


def test_another_check_says_nothing_of_it(history: History) -> None:
    _remember(history, ["passed"] * 5, "tests_data/test_sales.py::test_states_are_known")
    assert _ends(history) is Outcome.NOT_COVERED


def test_what_another_version_saw_hold_proves_nothing(history: History) -> None:
    _remember(history, ["passed"] * 5, rules="of yesterday")
    assert _ends(history) is Outcome.NOT_COVERED


def test_what_was_agreed_on_never_doubts_itself(history: History) -> None:
    assert _ends(history, "totals_were_paid") is Outcome.FAILED
    assert _ends(history, "states_are_known") is Outcome.NOT_COVERED


def test_a_history_that_is_away_leaves_the_question() -> None:
    class Away:
        @property
        def is_there(self) -> bool:
            raise HistoryProblem("the history cannot be used")

    assert _ends(Away()) is Outcome.NOT_COVERED


def test_no_history_is_made_to_find_out(tmp_path: Path) -> None:
    history = History(tmp_path / "none.sqlite", "shop")
    assert _ends(history) is Outcome.NOT_COVERED
    assert not (tmp_path / "none.sqlite").exists()
