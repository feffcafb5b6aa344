"""An error is told with what is known from before: first seen, last owner, what people did about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

import tests_health.test_errors as checks
from hypercare.error_history.error_history import ErrorHistory
from hypercare.escalation.annotations import Annotations
from hypercare.escalation.incidents import Incidents
from hypercare.escalation.troubles import Trouble
from hypercare.history.memory import Memory
from hypercare.history.opening import open_history
from hypercare.history.store import History
from hypercare.logs import Logs
from hypercare.logs.errors import ErrorGroup
from hypercare.outcome.level import Level
from hypercare.outcome.signals import AwaitingPerson
from hypercare.target_file.sections.logs import KnownError, LogSource
from hypercare.target_file.target import Target
from tests.standins.frozen_target import NOON, frozen_target

PRINTER = "the printer is offline"
MARA = KnownError(says="printer", owner="Mara", until=date(2026, 1, 20))


class Business:
    """A log that is written from day to day, and rounds that read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "app.log"
        self.log.touch()
        self.history: History = open_history(self.on(NOON).config, folder)

    def on(self, now: datetime, *known: KnownError) -> Target:
        return frozen_target(self.folder, now=now, logs=(LogSource(name="app", path=self.log),), known_errors=known)

    def fails(self, at: datetime, times: int = 3, says: str = PRINTER) -> None:
        with self.log.open("a") as file:
            for number in range(times):
                when = (at - timedelta(minutes=5 + number)).isoformat()
                file.write(json.dumps({"time": when, "level": "ERROR", "message": says}) + "\n")

    def looked_at(self, now: datetime, *known: KnownError, remembers: bool = True) -> list[ErrorGroup]:
        target = self.on(now, *known)
        memory = Memory(lambda: self.history, only_recalls=not remembers)
        errors = Logs(target).errors(target.today)
        ErrorHistory(target, memory, lambda: self.history).tell(errors)
        return list(errors.groups)


@pytest.fixture
def business(tmp_path: Path) -> Iterator[Business]:
    one = Business(tmp_path)
    yield one
    one.history.close()


def test_the_first_time_is_known_for_longer_than_the_log(business: Business) -> None:
    business.fails(NOON)
    business.looked_at(NOON)
    business.log.write_text("")
    later = NOON + timedelta(days=40)
    business.fails(later)
    [group] = business.looked_at(later)
    assert group.first_seen == NOON - timedelta(minutes=7)


def test_what_was_not_seen_for_months_is_new_again(business: Business) -> None:
    business.fails(NOON)
    business.looked_at(NOON)
    business.log.write_text("")
    between, later = NOON + timedelta(days=130), NOON + timedelta(days=131)
    business.fails(between, says="labels broke")
    business.looked_at(between)
    business.fails(later)
    assert later - timedelta(minutes=7) in [group.first_seen for group in business.looked_at(later)]


def test_whose_it_was_last_is_told_once_it_is_nobodys(business: Business) -> None:
    business.fails(NOON)
    [group] = business.looked_at(NOON, MARA)
    assert (group.owner, group.past["last_owner"]) == ("Mara", "")
    later = NOON + timedelta(days=6)
    business.fails(later)
    [group] = business.looked_at(later)
    assert (group.owner, group.past["last_owner"]) == ("", "Mara")


def test_the_plan_of_the_last_day_on_which_it_came_is_told(business: Business) -> None:
    annotations = Annotations(business.history)
    for days, answer in ((0, "new cable"), (1, "nothing to do"), (2, "new printer")):
        at = NOON + timedelta(days=days)
        if days != 1:  # on that day it did not come, so that day's answer is about something else
            business.fails(at)
        business.looked_at(at)
        annotations.answer("errors.fix-plan", at.date(), answer, "A. Keller", at)
        annotations.answer("focus.concerns", at.date(), "none", "A. Keller", at)
    later = NOON + timedelta(days=3)
    assert business.looked_at(later) == []
    business.fails(later)
    [group] = business.looked_at(later)
    assert group.past["done_before"] == "2026-01-17, A. Keller: new printer"


@pytest.mark.parametrize(
    ("item", "told"), [("errors.recurring", "2026-01-15, Jo: restarted the queue"), ("health.web", "")]
)
def test_an_action_on_an_incident_of_errors_is_told(business: Business, item: str, told: str) -> None:
    business.fails(NOON)
    business.looked_at(NOON)
    incidents = Incidents(business.history, business.on(NOON).config)
    noted = incidents.note_round([Trouble("one", Level.L2, "Something is wrong.", (item,))], [], NOON)
    Annotations(business.history).act(NOON.date(), "restarted the queue", "Jo", NOON, int(noted.open[0].id))
    later = NOON + timedelta(days=1)
    business.fails(later)
    [group] = business.looked_at(later)
    assert group.past["done_before"] == told


def test_the_question_for_a_plan_says_what_was_done(business: Business) -> None:
    business.fails(NOON)
    business.looked_at(NOON, MARA)
    Annotations(business.history).answer("errors.fix-plan", NOON.date(), "new cable", "A. Keller", NOON)
    later = NOON + timedelta(days=7)
    business.fails(later)
    target = business.on(later)
    past = ErrorHistory(target, Memory(lambda: business.history), lambda: business.history)
    with pytest.raises(AwaitingPerson) as asked:
        checks.test_recurring_errors_have_an_owner(Logs(target), past, target.today)
    assert asked.value.question.endswith(
        f"Without an owner today: {PRINTER} (3 times, steady, Mara's before,"
        " done before: 2026-01-15, A. Keller: new cable)."
    )


def test_a_look_at_the_desk_remembers_nothing(business: Business) -> None:
    business.fails(NOON)
    business.looked_at(NOON, MARA, remembers=False)
    later = NOON + timedelta(days=1)
    business.fails(later)
    [group] = business.looked_at(later)
    assert group.past["last_owner"] == ""


def test_a_history_that_is_not_at_hand_keeps_nobody_from_reading(business: Business) -> None:
    business.fails(NOON)
    target = business.on(NOON)
    errors = Logs(target).errors(target.today)
    ErrorHistory(target, Memory()).tell(errors)
    assert [group.past for group in errors.groups] == [{"last_owner": "", "done_before": ""}]
