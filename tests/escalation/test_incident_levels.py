"""What raises the level of an incident: what is seen, how far it reaches, how often it comes, that nobody answers."""

import pytest

from hypercare.escalation.troubles import Spread
from hypercare.outcome.level import Level
from tests.escalation.incidents_of_a_shop import after, hours_of, incidents_in, kinds_of, trouble

L1, L2, L3 = Level


@pytest.mark.parametrize(
    ("level", "spread", "opened_at"),
    [
        (L1, Spread.ONE, L1),
        (L1, Spread.BRANCH, L2),
        (L1, Spread.ALL, L3),
        (L2, Spread.BRANCH, L2),
        (L2, Spread.ALL, L3),
        (L3, Spread.ONE, L3),
    ],
)
def test_how_far_it_reaches_decides_the_least_level(tmp_path, level, spread, opened_at):
    noted = incidents_in(tmp_path).note_round([trouble(level=level, spread=spread)], [], after())
    assert [one.level for one in noted.open] == [opened_at]


def test_a_trouble_that_spreads_is_raised_and_told_to_both_levels(tmp_path):
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=L1)], [], after())
    noted = incidents.note_round([trouble(level=L1, spread=Spread.ALL)], [], after(hours=3))
    assert kinds_of(noted.changes) == ["raised"]
    assert (noted.changes[0].incident.level, noted.changes[0].notified) == (L3, (L1, L3))


def test_one_branch_after_the_other_is_all_of_them_in_the_end(tmp_path):
    incidents = incidents_in(tmp_path, business=hours_of("north", "south"))
    down = {
        name: trouble(
            "outage:erp:443",
            L2,
            ("health.web",),
            spread=Spread.BRANCH,
            branches=(name,),
            failing=(f"health.web@{name}",),
        )
        for name in ("north", "south")
    }
    first = incidents.note_round([down["north"]], [], after())
    second = incidents.note_round([down["south"]], [], after(5))
    assert [(one.level, one.branches) for one in first.open] == [(L2, ("north",))]
    assert [(one.level, one.branches) for one in second.open] == [(L3, ("north", "south"))]


def test_a_level_never_falls_while_it_is_open(tmp_path):
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=L3)], [], after())
    assert incidents.note_round([trouble(level=L1)], [], after(5)).open[0].level is L3


def test_what_comes_back_is_as_critical_as_it_is_now(tmp_path):
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=L3)], [], after())
    incidents.note_round([], ["a.b"], after(10))
    noted = incidents.note_round([trouble(level=L1)], [], after(15))
    assert [(one.level, one.gravity) for one in noted.open] == [(L1, L1)]
    assert [(change.kind.value, change.notified) for change in noted.changes] == [("reopened", (L1,))]


@pytest.mark.parametrize("at_most", ["L2", "L3"])
def test_the_third_time_raises_the_level_once(tmp_path, at_most):
    incidents = incidents_in(tmp_path, incidents={"flapping_within": "1h", "raised_at_most": at_most})
    levels = []
    for day in range(5):
        noted = incidents.note_round([trouble(level=L1)], [], after(days=day))
        levels.append(noted.open[0].level)
        incidents.note_round([], ["a.b"], after(days=day, hours=8))
    assert levels == [L1, L1, L2, L2, L2]


def test_failing_again_while_it_was_only_holding_is_no_further_time(tmp_path):
    rules = {"flapping_from": 2, "recurrence_from": 2, "raised_at_most": "L3"}
    incidents = incidents_in(tmp_path, incidents=rules)
    levels = []
    for minute in (0, 10, 20, 30):
        levels.append(incidents.note_round([trouble(level=L1)], [], after(minute)).open[0].level)
        incidents.note_round([], ["a.b"], after(minute + 5))
    assert levels == [L1, L2, L2, L2]


def test_what_comes_back_after_a_long_time_is_a_new_incident(tmp_path):
    incidents = incidents_in(tmp_path)
    (first,), _, _ = incidents.note_round([trouble()], [], after())
    incidents.note_round([], ["a.b"], after(hours=1))
    (second,), _, changes = incidents.note_round([trouble()], [], after(days=4))
    assert (second.id != first.id, kinds_of(changes)) == (True, ["opened"])


def test_what_is_not_critical_is_not_made_critical_by_coming_back(tmp_path):
    incidents = incidents_in(tmp_path)
    for day in range(5):
        level = incidents.note_round([trouble(level=L2)], [], after(days=day)).open[0].level
        incidents.note_round([], ["a.b"], after(days=day, hours=8))
    assert level is L2


def test_the_gravity_stays_that_of_the_trouble_itself(tmp_path):
    incidents = incidents_in(tmp_path, incidents={"raised_at_most": "L3"})
    incidents.note_round([trouble(level=L1)], [], after())
    for hours in (1, 3, 6):
        incidents.overdue(after(hours=hours))
    (one,) = incidents.open(after(hours=7))
    assert (one.level, one.gravity) == (L3, L1)


@pytest.mark.parametrize(
    ("levels", "acknowledged"),
    [
        ({}, ""),
        ({"L3": {"who": "System administrator", "respond_within": "5m"}}, "Mara"),
    ],
    ids=["other people", "the same people"],
)
def test_whoever_took_it_keeps_it_unless_other_people_act_at_the_new_level(tmp_path, levels, acknowledged):
    incidents = incidents_in(tmp_path, escalation=levels)
    (one,), _, _ = incidents.note_round([trouble(level=L2)], [], after())
    incidents.acknowledge(one.id, "Mara", "", after(5))
    (one,), _, _ = incidents.note_round([trouble(level=L3)], [], after(30))
    assert (one.level, one.acknowledged_by) == (L3, acknowledged)


def test_the_promise_of_the_new_level_runs_from_the_raising(tmp_path):
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=L2)], [], after())
    (one,), _, _ = incidents.note_round([trouble(level=L3)], [], after(58))
    assert one.respond_by == after(63)
