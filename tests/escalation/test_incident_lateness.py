"""Nobody answers in time: the next level hears of it. Somebody answered and it goes on: they are reminded."""

from datetime import UTC, datetime

import pytest

from hypercare.escalation.troubles import UNANSWERED
from hypercare.outcome.level import Level
from tests.escalation.incidents_of_a_shop import NINE, after, hours_of, incidents_in, kinds_of, trouble

L1, L2, L3 = Level


def told(changes):
    return [(change.kind.value, change.notified) for change in changes]


def test_within_its_promise_nothing_is_told(tmp_path):
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=L1)], [], after())
    assert incidents.overdue(after(15)) == ()


def test_unanswered_it_goes_up_level_by_level_each_with_its_own_time(tmp_path):
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=L1)], [], after())
    said = {minute: told(incidents.overdue(after(minute))) for minute in (16, 17, 76, 77, 82, 136, 137, 190, 197)}
    assert {minute: changes for minute, changes in said.items() if changes} == {
        16: [("late", (L1, L2))],
        77: [("late", (L1, L2, L3))],
        137: [("reminded", (L1, L2, L3))],
        197: [("reminded", (L1, L2, L3))],
    }


def test_being_late_is_said_once_whoever_looks(tmp_path):
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=L3)], [], after())
    assert told(incidents.overdue(after(6))) == [("late", (L3,))]
    assert incidents_in(tmp_path).overdue(after(6)) == ()


def test_lateness_raises_what_is_not_critical_to_level_two_and_no_higher(tmp_path):
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=L1)], [], after())
    levels = [change.incident.level for hours in (1, 3, 6) for change in incidents.overdue(after(hours=hours))]
    assert levels == [L2, L2, L2]


def test_a_late_incident_goes_on_being_late_although_the_next_level_was_told(tmp_path):
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(level=L1)], [], after())
    incidents.overdue(after(20))
    (one,) = incidents.open(after(21))
    assert (one.respond_by, one.is_late(after(21))) == (after(15), True)


def test_an_answer_ends_it_and_whoever_gave_it_is_reminded(tmp_path):
    incidents = incidents_in(tmp_path)
    (one,), _, _ = incidents.note_round([trouble(level=L2)], [], after())
    incidents.acknowledge(one.id, "Mara", "looking", after(30))
    said = {minute: told(incidents.overdue(after(minute))) for minute in (90, 269, 270, 271, 509, 510)}
    assert {minute: changes for minute, changes in said.items() if changes} == {
        270: [("reminded", (L2,))],
        510: [("reminded", (L2,))],
    }


def test_whoever_writes_how_it_goes_need_not_be_reminded(tmp_path):
    incidents = incidents_in(tmp_path)
    (one,), _, _ = incidents.note_round([trouble(level=L2)], [], after())
    incidents.acknowledge(one.id, "Mara", "", after(0))
    incidents.note(one.id, "Mara", "the part is ordered", after(200))
    assert incidents.overdue(after(300)) == ()
    assert kinds_of(incidents.overdue(after(440))) == ["reminded"]


def test_what_holds_already_is_left_alone(tmp_path):
    incidents = incidents_in(tmp_path, incidents={"flapping_from": 2})
    incidents.note_round([trouble()], [], after())
    incidents.note_round([], ["a.b"], after(1))
    incidents.note_round([trouble()], [], after(2))
    noted = incidents.note_round([], ["a.b"], after(3))
    assert noted.open[0].holding_since == after(3)
    assert kinds_of(incidents.overdue(after(62))) == ["resolved"]


def test_that_nobody_answers_is_not_itself_escalated(tmp_path):
    incidents = incidents_in(tmp_path)
    incidents.note_round([trouble(UNANSWERED, L3)], [], after())
    assert incidents.overdue(after(days=1)) == ()


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        # In Berlin: Thursday 16:30, so half an hour of the day is left; Friday 16:30, and then the weekend.
        (datetime(2026, 1, 15, 15, 30, tzinfo=UTC), datetime(2026, 1, 16, 8, 30, tzinfo=UTC)),
        (datetime(2026, 1, 16, 15, 30, tzinfo=UTC), datetime(2026, 1, 19, 8, 30, tzinfo=UTC)),
        (datetime(2026, 1, 17, 12, 0, tzinfo=UTC), datetime(2026, 1, 19, 9, 0, tzinfo=UTC)),
        (NINE, after(60)),
    ],
    ids=["over night", "over the weekend", "opened on a Saturday", "in the morning"],
)
def test_in_service_hours_the_clock_stands_still_while_the_business_is_closed(tmp_path, opened, due):
    level = {"who": "Workshop", "respond_within": "1h", "clock": "service hours"}
    incidents = incidents_in(tmp_path, business=hours_of("north"), escalation={"L2": level})
    (one,), _, _ = incidents.note_round([trouble(level=L2)], [], opened)
    assert one.respond_by == due
    assert incidents.overdue(due) == ()


def test_a_closed_day_is_not_counted_either(tmp_path):
    level = {"who": "Workshop", "respond_within": "1h", "clock": "service hours"}
    business = {**hours_of("north"), "closed": [{"day": "2026-01-15", "reason": "a holiday"}]}
    incidents = incidents_in(tmp_path, business=business, escalation={"L2": level})
    (one,), _, _ = incidents.note_round([trouble(level=L2)], [], NINE)
    assert one.respond_by == after(days=1, hours=1)
