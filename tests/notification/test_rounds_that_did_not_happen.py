"""The dead man's switch: a round that did not happen, or broke off, is noticed and told once."""

from datetime import UTC, datetime, timedelta

import pytest

from hypercare.history.store import History
from hypercare.notification.notifier import Notifier
from hypercare.notification.watch import watch_once
from tests.notification.changes import config_with
from tests.notification.test_who_hears import local


def ran(history, name, when, *, ended=True):
    started = datetime.now(UTC) - timedelta(days=30)
    history.begin_round(f"{name}-{when}", name, local(when).date(), local(when), started)
    if ended:
        history.finish_round(f"{name}-{when}", started, "healthy")


def titles(web):
    return [message["title"] for message in web.messages()]


def test_a_round_that_did_not_happen_is_told_once_by_whoever_notices_it(history, web):
    config = config_with({"name": "hook", "url": web.url})
    ran(history, "morning", "2026-01-15T09:00")
    for minutes in (0, 20, 40, 60):
        now = local("2026-01-15T12:00") + timedelta(minutes=minutes)
        watch_once(History(history.url, "shop"), config, now)
        watch_once(history, config, now)
    assert titles(web) == ["The mid-day round of Thursday 15 January did not happen"]
    assert "It was due at 12:00 and never began." in web.messages()[0]["text"]
    assert "not about the system that it watches" in web.messages()[0]["text"]


def test_a_round_that_broke_off_is_told_as_such(history, web):
    ran(history, "morning", "2026-01-15T09:00")
    ran(history, "midday", "2026-01-15T12:01", ended=False)
    watch_once(history, config_with({"name": "hook", "url": web.url}), local("2026-01-15T13:00"))
    assert titles(web) == ["The mid-day round of Thursday 15 January broke off"]


def test_the_next_round_tells_all_that_did_not_happen_in_one_message(history, web):
    ran(history, "evening", "2026-01-15T17:00")
    notifier = Notifier(history, config_with({"name": "hook", "url": web.url}))
    now = local("2026-01-17T09:05")
    assert len(notifier.notice_missed_rounds(now)) == 3
    notifier.deliver(now)
    assert titles(web) == ["3 rounds did not happen or broke off"]
    assert "- The morning round of Friday 16 January did not happen." in web.messages()[0]["text"]


def test_a_round_that_was_late_but_happened_is_not_missed(history, web):
    ran(history, "morning", "2026-01-15T09:00")
    ran(history, "midday", "2026-01-15T12:20")
    seen = watch_once(history, config_with({"name": "hook", "url": web.url}), local("2026-01-15T13:00"))
    assert (seen.missed, web.requests) == ((), [])


def test_before_the_first_round_nothing_is_missed(history):
    ran(history, "midday", "2026-01-15T12:00")
    assert watch_once(history, config_with(), local("2026-01-15T13:00")).missed == ()


def test_where_no_round_ever_happened_those_due_since_the_first_look_are_missed(history, web):
    config = config_with({"name": "hook", "url": web.url})
    assert watch_once(history, config, local("2026-01-15T10:00")).any_round is False
    assert watch_once(history, config, local("2026-01-15T12:20")).missed == ()
    watch_once(history, config, local("2026-01-15T12:40"))
    watch_once(history, config, local("2026-01-15T13:00"))
    assert titles(web) == ["The mid-day round of Thursday 15 January did not happen"]


@pytest.mark.parametrize("routes", [[], [{"name": "low", "url": "mailto://shop.test", "kinds": ["incident"]}]])
def test_where_nobody_is_told_it_is_noticed_once_all_the_same(history, routes):
    ran(history, "morning", "2026-01-15T09:00")
    config = config_with(*routes)
    assert len(watch_once(history, config, local("2026-01-15T13:00")).missed) == 1
    again = watch_once(history, config, local("2026-01-15T13:05"))
    assert (again.missed, again.delivered.sent) == ((), [])
