"""What was not asked by day, since it would have read too much, is taken along by the next heavy round."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.suite.held_back import items_held_back, note_held_back


def ended(*items: str, held_back: bool = False) -> CheckResult:
    load = {"statements": 3, "held_back": ["A question about sales would read too much."]} if held_back else {}
    return CheckResult(nodeid="check", items=items, outcome=Outcome.NOT_COVERED, level=Level.L2, database_load=load)


def test_rounds_by_day_add_what_they_did_not_ask_and_a_heavy_one_strikes_off_what_it_asked(tmp_path: Path) -> None:
    note_held_back(tmp_path, [ended("verify.costs", held_back=True), ended("verify.branches")], is_heavy=False)
    note_held_back(tmp_path, [ended("verify.sales-totals", held_back=True)], is_heavy=False)
    assert items_held_back(tmp_path) == {"verify.costs", "verify.sales-totals"}
    note_held_back(tmp_path, [ended("verify.costs")], is_heavy=True)
    assert items_held_back(tmp_path) == {"verify.sales-totals"}


def test_nothing_is_written_where_nothing_was_held_back(tmp_path: Path) -> None:
    note_held_back(tmp_path, [ended("verify.costs")], is_heavy=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "7"])
def test_what_cannot_be_read_is_as_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "held-back.json").write_text(text)
    assert items_held_back(tmp_path) == frozenset()
