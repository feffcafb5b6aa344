"""What the store keeps of incidents: never two of one cause, each event once, and nothing that a look would lose."""

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from hypercare.escalation.incidents import Incidents
from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.store import History
from hypercare.outcome.level import Level
from tests.escalation.incidents_of_a_shop import NINE, after, config_with, history_in, incidents_in, kinds_of, trouble

CAUSES = {"check:a.b": ("a.b",), "outage:erp:443": ("c.d", "e.f")}


class IncidentsLived(RuleBasedStateMachine):
    """Rounds, time and people, in any order, by two processes that share one history."""

    @initialize()
    def open_the_history(self):
        self.folder = Path(tempfile.mkdtemp())
        self.histories = [History(self.folder / "history.sqlite", "shop") for _ in range(2)]
        self.processes = [Incidents(history, config_with()) for history in self.histories]
        self.now, self.heard = NINE, []

    @rule(
        process=st.integers(0, 1),
        minutes=st.one_of(st.integers(1, 30), st.integers(1, 6000)),
        causes=st.sets(st.sampled_from(sorted(CAUSES))),
        level=st.sampled_from(list(Level)),
        held=st.sets(st.sampled_from(["a.b", "c.d", "e.f"])),
    )
    def a_round(self, process, minutes, causes, level, held):
        self.now += timedelta(minutes=minutes)
        troubles = [trouble(cause, level, CAUSES[cause]) for cause in sorted(causes)]
        failing = {item for cause in causes for item in CAUSES[cause]}
        noted = self.processes[process].note_round(troubles, held - failing, self.now)
        self.heard += noted.changes
        assert {one.cause for one in noted.open} >= causes

    @rule(process=st.integers(0, 1), minutes=st.integers(1, 300))
    def time_passes(self, process, minutes):
        self.now += timedelta(minutes=minutes)
        self.heard += self.processes[process].overdue(self.now)

    @rule(process=st.integers(0, 1), over=st.booleans())
    def somebody_answers(self, process, over):
        for one in self.processes[process].open(self.now)[:1]:
            say = self.processes[process].resolve if over else self.processes[process].acknowledge
            self.heard.append(say(one.id, "Mara", "", self.now))

    @invariant()
    def one_open_incident_a_cause(self):
        causes = [one.cause for one in self.processes[0].open(self.now)]
        assert len(causes) == len(set(causes))

    @invariant()
    def the_row_is_the_sum_of_its_events(self):
        with self.histories[0].reading() as connection:
            rows = {row.id: row for row in connection.execute(select(tables.incidents))}
        for one in self.processes[1].all(self.now):
            row = rows[one.id]
            assert (row.level, row.acknowledged_by, row.flapping) == (
                one.level,
                one.acknowledged_by or None,
                one.flapping,
            )
            assert (row.resolved is None, row.open_cause) == (one.resolved is None, None if one.resolved else one.cause)

    @invariant()
    def what_was_heard_is_all_there_is_to_hear(self):
        events = [change.event for change in self.processes[0].changes_since(0, self.now)]
        assert events == sorted(change.event for change in self.heard)
        assert len(set(events)) == len(events)

    def teardown(self):
        for history in self.histories:
            history.close()
        shutil.rmtree(self.folder)


IncidentsLived.TestCase.settings = settings(deadline=None, max_examples=12, stateful_step_count=15)
TestIncidentsLived = IncidentsLived.TestCase


def test_the_story_of_an_incident_has_everything_in_order(tmp_path):
    incidents = incidents_in(tmp_path)
    (one,), _, _ = incidents.note_round([trouble(level=Level.L1)], [], after())
    incidents.overdue(after(20))
    incidents.acknowledge(one.id, "Mara", "looking", after(25))
    incidents.note(one.id, "Ben", "it is the cable", after(30))
    incidents.note_round([], ["a.b"], after(60))
    events = incidents.events_of(one.id)
    assert kinds_of(events) == ["opened", "late", "raised", "acknowledged", "noted", "held", "resolved"]
    assert [(event.by, event.note) for event in events if event.by] == [
        ("Mara", "looking"),
        ("Ben", "it is the cable"),
    ]
    assert incidents.one(one.id).resolved == after(60)


def test_a_note_may_come_after_the_end(tmp_path):
    incidents = incidents_in(tmp_path)
    (one,), _, _ = incidents.note_round([trouble()], [], after())
    incidents.resolve(one.id, "Mara", "restarted", after(5))
    incidents.note(one.id, "Mara", "it was the disk", after(90))
    found = incidents.one(one.id, after(90))
    assert (found.resolved_by, found.note) == ("Mara", "it was the disk")


def test_what_a_person_said_to_be_over_opens_again_when_it_is_seen(tmp_path):
    incidents = incidents_in(tmp_path)
    (one,), _, _ = incidents.note_round([trouble()], [], after())
    incidents.resolve(one.id, "Mara", "", after(5))
    (again,), _, changes = incidents.note_round([trouble()], [], after(180))
    assert (again.id, kinds_of(changes)) == (one.id, ["reopened"])


def test_incidents_of_the_version_without_events_are_taken_over(tmp_path):
    incidents = incidents_in(tmp_path)
    row = {
        "target": "shop",
        "cause": "check:a.b",
        "open_cause": "check:a.b",
        "level": "L2",
        "sentence": "It is in trouble.",
        "items": ["a.b"],
        "failing": ["a.b"],
        "blocked": [],
        "opened": stored(after()),
        "last_seen": stored(after(180)),
        "acknowledged": stored(after(20)),
        "acknowledged_by": "Mara",
    }
    with history_in(tmp_path).writing() as connection:
        connection.execute(tables.incidents.insert().values(row))
    (one,) = incidents.open(after(200))
    assert (one.opened, one.last_seen, one.acknowledged_by) == (after(), after(180), "Mara")
    incidents.acknowledge(one.id, "Ben", "", after(210))
    noted = incidents.note_round([], ["a.b"], after(240))
    assert (noted.open, kinds_of(noted.changes)) == ((), ["resolved"])
    assert [event.by for event in incidents.events_of(one.id) if event.kind == "acknowledged"] == ["Mara", "Ben"]
    assert kinds_of(incidents.changes_since(0, after(241))) == ["acknowledged", "resolved"]
