"""Routes with hours: what waits for the morning, what does not, and what the morning then says."""

from datetime import timedelta

from hypercare.escalation.changes import ChangeKind
from hypercare.notification.notifier import Notifier
from hypercare.outcome.level import Level
from tests.notification.changes import change, config_with, incident
from tests.notification.test_who_hears import local

NIGHT = local("2026-01-15T03:00")
MORNING = local("2026-01-15T07:00")


def day_route(web, **settings):
    return {"name": "day", "url": web.url, "hours": "07:00-20:00", **settings}


def at_night(kind, event, number, level=Level.L2):
    at = NIGHT + timedelta(minutes=event)
    return change(kind, event, incident(number, level=level, opened=NIGHT), at)


def titles_after(web, history, config, *changes):
    notifier = Notifier(history, config)
    notifier.tell(changes, None, NIGHT)
    notifier.deliver(NIGHT + timedelta(hours=1))
    at_night_sent = len(web.requests)
    notifier.deliver(MORNING)
    return at_night_sent, [message["title"] for message in web.messages()]


def test_the_night_is_told_in_the_morning_each_incident_once(history, web):
    opened, over = at_night(ChangeKind.OPENED, 1, 1), at_night(ChangeKind.RESOLVED, 2, 1)
    other = at_night(ChangeKind.OPENED, 3, 2)
    sent, titles = titles_after(web, history, config_with(day_route(web)), opened, over, other)
    assert sent == 0
    assert titles == [
        "Over: The shop's page 1 does not answer.",
        "L2 technical: The shop's page 2 does not answer.",
    ]


def test_what_is_critical_does_not_wait(history, web):
    changes = (at_night(ChangeKind.OPENED, 1, 1, Level.L3), at_night(ChangeKind.OPENED, 2, 2))
    sent, titles = titles_after(web, history, config_with(day_route(web, always="L3")), *changes)
    assert sent == 1
    assert titles[0] == "L3 critical: The shop's page 1 does not answer."


def test_a_route_may_leave_the_night_out(history, web):
    config = config_with(day_route(web, outside="drop"))
    assert titles_after(web, history, config, at_night(ChangeKind.OPENED, 1, 1)) == (0, [])


def test_whoever_heard_of_an_incident_hears_how_it_ends_though_it_is_no_longer_theirs(history, web):
    config = config_with({"name": "low", "url": web.url, "levels": ["L1"], "kinds": ["incident"]})
    notifier = Notifier(history, config)
    notifier.tell([at_night(ChangeKind.OPENED, 1, 1, Level.L1)], None, NIGHT)
    notifier.deliver(NIGHT)
    notifier.tell([at_night(ChangeKind.RESOLVED, 2, 1, Level.L2)], None, MORNING)
    notifier.tell([at_night(ChangeKind.RESOLVED, 3, 9, Level.L2)], None, MORNING)
    notifier.deliver(MORNING)
    assert [message["title"] for message in web.messages()] == [
        "L1 user support: The shop's page 1 does not answer.",
        "Over: The shop's page 1 does not answer.",
    ]
