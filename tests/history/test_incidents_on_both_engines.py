"""Incidents, and what people said, are the same in a file and on a PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.incidents import Incidents
from hypercare.escalation.probed import ProbeOutcome
from hypercare.escalation.troubles import Trouble
from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.state import State

NINE = datetime(2026, 1, 15, 8, tzinfo=UTC)
DAY = date(2026, 1, 15)
CONFIG = TargetConfig.model_validate(
    {"target": {"name": "Shop"}, "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08"}}
)


def after(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def test_an_incident_lives_its_whole_life(history: History) -> None:
    incidents = Incidents(history, CONFIG)
    words = "Der Umsatz fehlt, 5 € – \x00 und 🧾."
    trouble = Trouble("check:a.b", Level.L1, words, ("a.b",), ("c.d",), ("north",))
    heard = [*incidents.note_round([trouble], [], NINE).changes, *incidents.overdue(after(16))]
    (one,) = incidents.open(after(16))
    heard.append(incidents.acknowledge(one.id, "Mara", "schaut nach", after(20)))
    heard += incidents.note_round([], ["a.b"], after(60)).changes
    assert [change.kind.value for change in heard] == ["opened", "late", "acknowledged", "resolved"]
    assert [one.event for one in incidents.changes_since(0, after(60))] == [one.event for one in heard]
    assert [one.kind for one in incidents.changes_since(heard[1].event, after(60))] == ["acknowledged", "resolved"]


def test_samples_open_an_incident(history: History) -> None:
    incidents = Incidents(history, CONFIG)
    for minute in range(2):
        row = {"way": "web", "branch": "", "prober": "here", "at": stored(after(minute)), "state": "down"}
        with history.writing() as connection:
            insert = tables.samples.insert().values(**row, target="shop", confirmed=True, interval_s=60.0)
            connection.execute(insert)
        noted = incidents.note_samples([ProbeOutcome("web", State.DOWN, "erp:443", "It is down.")], after(minute))
    assert [(one.cause, one.level) for one in noted.open] == [("outage:erp:443", Level.L3)]


def test_what_people_said_is_kept(history: History) -> None:
    said = Annotations(history)
    incidents = Incidents(history, CONFIG)
    ((one,), _, _) = incidents.note_round([Trouble("check:a.b", Level.L1, "x", ("a.b",))], [], NINE)
    said.answer("errors.fix-plan", DAY, "Ben", "Mara", NINE)
    said.act(DAY, "mended", "Ben", NINE, one.id)
    said.sign_off("daily", DAY, "", "Owner", after(600))
    found = said.of_day(DAY)
    assert (found.answers["errors.fix-plan"].answer, found.actions[0].incident) == ("Ben", one.id)
    assert found.sign_off is not None and found.sign_off.at == after(600)
    assert Annotations(history).of_day(DAY + timedelta(days=1)).sign_off is None
