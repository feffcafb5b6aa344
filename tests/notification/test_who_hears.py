"""Which routes hear of what, and when."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hypercare.notification.gaps import notification_gaps
from hypercare.notification.message import Kind
from hypercare.notification.routes import hears, next_opening, sends_at
from hypercare.outcome.level import Level
from hypercare.plan.calendar import Calendar
from hypercare.target_file.sections.notify import NotifyRoute
from tests.notification.changes import NOW, config_with

BERLIN = Calendar(ZoneInfo("Europe/Berlin"), NOW.date())
L1, L2, L3 = Level


def route(**settings):
    return NotifyRoute.model_validate({"name": "somebody", "url": "mailto://shop.test", **settings})


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


@pytest.mark.parametrize(
    ("settings", "kind", "levels", "branches", "expected"),
    [
        ({}, Kind.INCIDENT, [L1], [], True),
        ({"levels": ["L3"]}, Kind.INCIDENT, [L2], [], False),
        ({"levels": "L3"}, Kind.INCIDENT, [L2, L3], [], True),
        ({"kinds": ["digest"]}, Kind.INCIDENT, [L3], [], False),
        ({"kinds": ["incident"]}, Kind.DIGEST, [], [], False),
        ({"levels": ["L3"]}, Kind.DIGEST, [], [], True),
        ({"kinds": ["incident"]}, Kind.TEST, [], [], True),
        ({"branches": ["Berlin"]}, Kind.INCIDENT, [L2], ["Berlin", "Bonn"], True),
        ({"branches": ["Berlin"]}, Kind.INCIDENT, [L2], ["Bonn"], False),
        ({"branches": ["Berlin"]}, Kind.INCIDENT, [L2], [], True),
        ({}, Kind.INCIDENT, [L2], ["Bonn"], True),
    ],
)
def test_a_route_hears_of_its_levels_branches_and_kinds(settings, kind, levels, branches, expected):
    assert hears(route(**settings), kind, levels, branches) is expected


@pytest.mark.parametrize(
    ("settings", "now", "expected"),
    [
        ({}, "2026-01-15T03:00", "2026-01-15T03:00"),
        ({"hours": "07:00-20:00"}, "2026-01-15T07:00", "2026-01-15T07:00"),
        ({"hours": "07:00-20:00"}, "2026-01-15T20:00", "2026-01-16T07:00"),
        ({"hours": "7:00-20:00"}, "2026-01-15T03:00", "2026-01-15T07:00"),
        ({"days": ["mon", "tue"]}, "2026-01-15T12:00", "2026-01-19T00:00"),
        ({"days": ["thu"], "hours": "07:00-20:00"}, "2026-01-15T21:00", "2026-01-22T07:00"),
        # Over midnight: the hours of Thursday end on Friday morning.
        ({"days": ["thu"], "hours": "22:00-06:00"}, "2026-01-16T05:59", "2026-01-16T05:59"),
        ({"days": ["thu"], "hours": "22:00-06:00"}, "2026-01-16T06:00", "2026-01-22T22:00"),
        ({"hours": "07:00-24:00"}, "2026-01-15T23:59", "2026-01-15T23:59"),
        # The clocks go forward: local seven o'clock all the same.
        ({"hours": "07:00-20:00"}, "2026-03-28T21:00", "2026-03-29T07:00"),
    ],
)
def test_a_message_waits_for_the_routes_hours(settings, now, expected):
    assert next_opening(route(**settings), BERLIN, local(now)) == local(expected)


def test_levels_that_always_go_through_do_not_wait_and_others_may_be_left_out():
    night = local("2026-01-15T03:00")
    asleep = route(hours="07:00-20:00", always=["L3"], outside="drop")
    assert sends_at(asleep, BERLIN, L3, night) == night
    assert sends_at(asleep, BERLIN, L2, night) is None
    assert sends_at(asleep, BERLIN, None, night) is None
    assert sends_at(route(hours="07:00-20:00"), BERLIN, L2, night) == local("2026-01-15T07:00")


DAYTIME = {"name": "day", "url": "mailto://shop.test", "hours": "07:00-20:00"}


@pytest.mark.parametrize(
    ("routes", "sentences"),
    [
        ([], []),
        ([{"name": "all", "url": "mailto://shop.test"}], []),
        (
            [{"name": "low", "url": "mailto://shop.test", "levels": ["L1", "L2"]}],
            ["Nobody is told of L3 incidents (critical): no [[notify]] route takes them."],
        ),
        (
            [{**DAYTIME, "levels": ["L3"]}, {"name": "low", "url": "mailto://shop.test", "levels": ["L1", "L2"]}],
            [
                "Nobody is told at once of L3 incidents from Thursday 00:00 to Thursday 07:00, and at 7 more times of "
                "the week: no route takes them then."
            ],
        ),
        (
            [{**DAYTIME, "always": ["L1", "L2", "L3"], "branches": ["Berlin"]}],
            [f"Nobody is told of {level} incidents that touch Bonn alone." for level in ("L3", "L2", "L1")],
        ),
    ],
)
def test_what_nobody_would_hear_of_is_said_before_it_is_needed(routes, sentences):
    hours = [{"branch": name, "days": ["mon"], "opens": "09:00", "closes": "18:00"} for name in ("Berlin", "Bonn")]
    business = {"timezone": "Europe/Berlin", "go_live": "2026-01-08", "hours": hours}
    assert notification_gaps(config_with(*routes, business=business), NOW) == sentences
