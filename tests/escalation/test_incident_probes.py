"""What a prober sees minute by minute: an incident when several samples agree, over when it has held."""

from datetime import timedelta

import pytest

from hypercare.escalation.incidents import Incidents
from hypercare.escalation.probed import ProbeOutcome, is_confirmed
from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.outcome.level import Level
from hypercare.uptime.state import State
from tests.escalation.incidents_of_a_shop import after, config_with, history_in, hours_of, kinds_of, trouble

ADDRESSES = {"web": "erp:443", "api": "erp:443", "database": "db:5432", "mobile": "m:443"}


class Prober:
    """Writes a sample of each way into the history, then says what it saw, once a minute."""

    def __init__(self, folder, **sections: object) -> None:
        self.history = history_in(folder)
        self.incidents = Incidents(self.history, config_with(**sections))

    def see(self, minute: float, branch: str = "", **states: str):
        at = after(minute)
        rows = [
            {
                "target": "shop",
                "way": way,
                "branch": branch,
                "prober": "here",
                "at": stored(at),
                "state": state,
                "confirmed": True,
                "interval_s": 60.0,
            }
            for way, state in states.items()
        ]
        with self.history.writing() as connection:
            connection.execute(tables.samples.insert(), rows)
        outcomes = [
            ProbeOutcome(way, State(state), ADDRESSES[way], f"The {way} is {state}.", branch)
            for way, state in states.items()
        ]
        return self.incidents.note_samples(outcomes, at)


@pytest.fixture
def prober(tmp_path):
    return Prober(tmp_path)


@pytest.mark.parametrize(
    ("newest_first", "confirmed"),
    [
        ("D", False),
        ("DD", True),
        ("DUD", True),
        ("DUU", False),
        ("UDD", False),
        ("", False),
    ],
)
def test_two_of_the_last_three_samples_make_an_outage(newest_first, confirmed):
    states = [{"D": "down", "U": "up"}[one] for one in newest_first]
    assert is_confirmed(states, 2) is confirmed


def test_a_blip_is_no_incident(prober):
    noted = [prober.see(minute, web=state) for minute, state in enumerate(["up", "down", "up", "up", "down", "up"])]
    assert [(one.open, one.changes) for one in noted] == [((), ())] * 6


def test_an_outage_is_one_incident_however_long_and_is_over_when_it_held_for_ten_minutes(prober):
    heard = {}
    for minute in range(60):
        for change in prober.see(minute, web="down" if 5 <= minute < 30 else "up").changes:
            heard[minute] = (change.kind.value, change.incident.id)
    assert heard == {6: ("opened", 1), 40: ("resolved", 1)}


def test_a_relapse_while_it_holds_starts_the_holding_anew(prober):
    heard = {}
    down = {*range(5, 10), 15, 16}
    for minute in range(40):
        for change in prober.see(minute, web="down" if minute in down else "up").changes:
            heard[minute] = change.kind.value
    assert heard == {6: "opened", 27: "resolved"}


def test_what_alternates_all_the_time_is_told_twice_and_not_again(prober):
    heard = []
    for minute in range(100):
        heard += kinds_of(prober.see(minute, web="down" if minute % 4 < 2 else "up").changes)
    assert heard == ["opened", "flapping"]


def test_ways_of_one_address_are_one_outage(prober):
    prober.see(0, web="down", api="down")
    noted = prober.see(1, web="down", api="down")
    assert [(one.cause, one.items) for one in noted.open] == [("outage:erp:443", ("health.web", "health.api"))]


def test_what_stands_on_a_database_that_is_down_is_kept_back_by_it(prober):
    for minute in range(3):
        noted = prober.see(minute, database="down", web="down", api="down")
    assert [(one.cause, one.items, one.blocked) for one in noted.open] == [
        ("outage:db:5432", ("health.database",), ("health.web", "health.api"))
    ]


def test_a_round_and_a_prober_that_see_the_same_outage_have_one_incident(prober):
    prober.incidents.note_round([trouble("outage:erp:443", Level.L3, ("health.web",), ("ops.sales",))], [], after())
    prober.see(1, web="down")
    noted = prober.see(2, web="down")
    assert [(one.cause, one.blocked) for one in noted.open] == [("outage:erp:443", ("ops.sales",))]
    assert noted.changes == ()


def test_a_prober_says_that_an_outage_is_over_but_not_that_a_page_is_right(prober):
    prober.incidents.note_round(
        [trouble("outage:erp:443", Level.L3, ("health.web",)), trouble("check:health.web", Level.L3, ("health.web",))],
        [],
        after(),
    )
    for minute in range(1, 20):
        noted = prober.see(minute, web="up")
    assert [one.cause for one in noted.open] == ["check:health.web"]


def test_a_round_that_sees_it_hold_does_not_end_what_a_prober_just_saw_down(prober):
    for minute in range(3):
        prober.see(minute, web="down")
    noted = prober.incidents.note_round([], ["health.web"], after(4))
    assert [(one.resolved, one.holding_since) for one in noted.open] == [(None, after(4))]


@pytest.mark.parametrize("state", ["maintenance", "unknown"])
def test_maintenance_and_a_fault_of_our_own_say_nothing(prober, state):
    for minute in range(3):
        prober.see(minute, web="down")
    for minute in range(3, 40):
        noted = prober.see(minute, web=state)
    assert [one.holding_since for one in noted.open] == [None]


def test_samples_of_yesterday_do_not_speak_for_today(prober):
    prober.see(-24 * 60, web="down")
    assert prober.see(0, web="down").open == ()


def test_a_branch_that_is_cut_off_is_less_than_all_of_them(tmp_path):
    prober = Prober(tmp_path, business=hours_of("north", "south"))
    levels = []
    for branch in ("north", "south"):
        prober.see(0, branch, web="down")
        levels.append(prober.see(1, branch, web="down").open[0].level)
    assert levels == [Level.L2, Level.L3]
    for minute in range(2, 14):
        noted = prober.see(minute, "north", web="up")
    assert [one.failing for one in noted.open] == [("health.web@south",)]


def test_a_long_outage_is_remembered_without_a_line_a_minute(prober):
    for minute in range(70):
        prober.see(minute, web="down")
    assert len(prober.incidents.events_of(1)) < 20
    assert after(70) - prober.incidents.one(1).last_seen <= timedelta(minutes=6)
