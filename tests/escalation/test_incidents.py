"""The state of an incident: opened, acknowledged, resolved."""

from datetime import UTC, datetime, timedelta

import pytest

from hypercare.escalation.incidents import Incidents, UnknownIncident
from hypercare.escalation.troubles import Trouble
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.target_file.config import TargetConfig

NINE = datetime(2026, 1, 15, 8, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)
CONFIG = TargetConfig.model_validate(
    {
        "target": {"name": "Shop"},
        "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08"},
        "escalation": {level.value: {"who": f"who of {level}", "respond_within": "15m"} for level in Level},
    }
)


@pytest.fixture
def incidents(tmp_path):
    return Incidents(History(tmp_path / "history.sqlite", "shop"), CONFIG)


def trouble(cause="check:a.b", level=Level.L2, items=("a.b",), blocked=()):
    return Trouble(cause, level, f"{cause} is in trouble", items, blocked)


def test_a_trouble_opens_an_incident_with_its_promise(incidents):
    still_open, resolved, _ = incidents.note_round([trouble()], [], NINE)
    assert [one.cause for one in still_open] == ["check:a.b"]
    assert still_open[0].respond_by == NINE + timedelta(minutes=15)
    assert still_open[0].who == "who of L2"
    assert resolved == ()


def test_the_same_trouble_later_is_the_same_incident(incidents):
    incidents.note_round([trouble()], [], NINE)
    still_open, _, _ = incidents.note_round([trouble(level=Level.L3)], [], NOON)
    (one,) = still_open
    assert (one.opened, one.last_seen, one.level) == (NINE, NOON, Level.L3)


def test_a_level_never_sinks_while_the_incident_is_open(incidents):
    incidents.note_round([trouble(level=Level.L3)], [], NINE)
    still_open, _, _ = incidents.note_round([trouble(level=Level.L1)], [], NOON)
    assert still_open[0].level is Level.L3


def test_it_is_resolved_when_all_its_items_hold_again(incidents):
    incidents.note_round([trouble(items=("a.b", "c.d"))], [], NINE)
    still_open, resolved, _ = incidents.note_round([], ["a.b"], NOON)
    assert (len(still_open), len(resolved)) == (1, 0)
    still_open, resolved, _ = incidents.note_round([], ["a.b", "c.d"], NOON)
    assert still_open == ()
    assert [one.resolved for one in resolved] == [NOON]


def test_items_of_different_rounds_may_hold_one_after_the_other(incidents):
    incidents.note_round([trouble(items=("a.b", "c.d"))], [], NINE)
    incidents.note_round([], ["a.b"], NOON)
    still_open, resolved, _ = incidents.note_round([], ["c.d"], NOON)
    assert (still_open, len(resolved)) == ((), 1)


def test_what_fails_again_must_hold_again(incidents):
    incidents.note_round([trouble(items=("a.b", "c.d"))], [], NINE)
    incidents.note_round([], ["a.b"], NOON)
    incidents.note_round([trouble(items=("a.b",))], [], NOON)
    still_open, _, _ = incidents.note_round([], ["c.d"], NOON)
    assert [one.failing for one in still_open] == [("a.b",)]


def test_an_outage_is_over_when_what_it_blocked_holds_again(incidents):
    incidents.note_round([trouble("outage:erp:443", items=("health.web",), blocked=("ops.sales",))], [], NINE)
    still_open, _, _ = incidents.note_round([], ["ops.sales"], NOON)
    assert still_open == ()


def test_an_item_that_was_not_looked_at_resolves_nothing(incidents):
    incidents.note_round([trouble()], [], NINE)
    still_open, _, _ = incidents.note_round([], ["x.y"], NOON)
    assert len(still_open) == 1


def test_the_most_urgent_stands_first(incidents):
    incidents.note_round([trouble("one", Level.L1), trouble("two", Level.L3)], [], NINE)
    assert [one.cause for one in incidents.open()] == ["two", "one"]


def test_acknowledging_says_who_is_on_it(incidents):
    (one,), _, _ = incidents.note_round([trouble()], [], NINE)
    incidents.acknowledge(one.id, "Mara", "looking", NOON)
    (one,) = incidents.open()
    assert (one.acknowledged, one.acknowledged_by) == (NOON, "Mara")


def test_only_an_open_incident_can_be_acknowledged(incidents):
    with pytest.raises(UnknownIncident, match="no open incident 7"):
        incidents.acknowledge(7, "Mara", "", NOON)


def test_another_target_in_the_same_store_is_another_business(incidents, tmp_path):
    incidents.note_round([trouble()], [], NINE)
    assert Incidents(History(tmp_path / "history.sqlite", "other"), CONFIG).open() == ()
