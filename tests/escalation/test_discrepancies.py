"""Discrepancies of earlier days, and who has explained them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.discrepancies import Discrepancies, discrepancies_before
from hypercare.escalation.incidents import Incidents
from hypercare.escalation.troubles import Trouble
from hypercare.history.opening import open_history
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.plan.checklist import shipped
from hypercare.target_file.config import TargetConfig

NOW = datetime.fromisoformat("2026-01-15T17:00:00+01:00")
MIDNIGHT = datetime.fromisoformat("2026-01-15T00:00:00+01:00")
YESTERDAY = NOW - timedelta(days=1)
CONFIG = TargetConfig.model_validate(
    {
        "target": {"name": "shop"},
        "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08"},
        "database": {"url": "sqlite:///unused.sqlite"},
    }
)
Said = Callable[[Incidents, Annotations, int], object]


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with closing(open_history(CONFIG, tmp_path)) as opened:
        yield opened


def found(history: History, said: Said, opened: datetime = YESTERDAY, item: str = "verify.costs") -> Discrepancies:
    incidents, annotations = Incidents(history, CONFIG), Annotations(history)
    noted = incidents.note_round([Trouble("costs", Level.L2, "Costs differ.", (item,))], [], opened)
    said(incidents, annotations, int(noted.open[0].id))
    return discrepancies_before(MIDNIGHT, NOW, incidents, shipped(), annotations)


def nothing(incidents: Incidents, annotations: Annotations, number: int) -> None:
    """Nobody says anything."""


def on_it(incidents: Incidents, annotations: Annotations, number: int) -> None:
    incidents.acknowledge(number, "Mara", "", YESTERDAY)


def with_a_note(incidents: Incidents, annotations: Annotations, number: int) -> None:
    incidents.acknowledge(number, "Mara", "the old till rounds up", YESTERDAY)


def noted(incidents: Incidents, annotations: Annotations, number: int) -> None:
    incidents.note(number, "Mara", "the old till rounds up", NOW)


def resolved(incidents: Incidents, annotations: Annotations, number: int) -> None:
    incidents.resolve(number, "Mara", "booked again", NOW)


def acted_on(incidents: Incidents, annotations: Annotations, number: int) -> None:
    annotations.act(NOW.date(), "booked again", "Mara", NOW, number)


def went_away(incidents: Incidents, annotations: Annotations, number: int) -> None:
    for hours in (8, 5, 1):
        incidents.note_round([], ["verify.costs"], NOW - timedelta(hours=hours))


@pytest.mark.parametrize("said", [nothing, on_it])
def test_that_somebody_is_on_it_explains_nothing(history: History, said: Said) -> None:
    one = found(history, said)
    assert len(one.unexplained) == len(one.open) == 1


@pytest.mark.parametrize("said", [with_a_note, noted, resolved, acted_on])
def test_what_a_person_says_of_it_explains_it(history: History, said: Said) -> None:
    one = found(history, said)
    assert len(one.earlier) == 1
    assert one.unexplained == []


def test_that_it_went_away_explains_nothing(history: History) -> None:
    one = found(history, went_away)
    assert len(one.unexplained) == 1
    assert one.open == []


@pytest.mark.parametrize(
    ("opened", "item"),
    [
        pytest.param(NOW - timedelta(hours=3), "verify.costs", id="of today"),
        pytest.param(YESTERDAY, "health.web", id="about the system"),
    ],
)
def test_what_is_of_today_or_not_about_data_is_no_discrepancy_of_before(
    history: History, opened: datetime, item: str
) -> None:
    assert found(history, nothing, opened, item).earlier == []
