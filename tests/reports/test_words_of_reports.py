"""docs/words.md names every word that a field of the report can say."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import pytest

from hypercare.escalation.events import EventKind
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.plan.calendar import Phase
from hypercare.plan.rounds import Round
from hypercare.reports.summary import Status
from hypercare.target_file.config import Mode
from hypercare.uptime.state import State

PAGE = (Path(__file__).parents[2] / "docs" / "words.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [Status, Outcome, Level, Mode, Round, Phase, State, EventKind])
def test_every_word_is_explained(words: type[StrEnum]) -> None:
    assert [word.value for word in words if f"`{word.value}`" not in PAGE] == []
