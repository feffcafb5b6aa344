"""The digest of a round: how it is, what is new, and silence when nothing is."""

from datetime import timedelta

import pytest

from hypercare.notification.notifier import Notifier
from hypercare.outcome.outcome import Outcome
from hypercare.plan.rounds import Round
from tests.notification.changes import NOW, config_with
from tests.reports.report_examples import LOCKED_OUT, OVERDUE, WEB_DOWN, WORST, at, round_summary

ACKED = {"acknowledged": at(9, 20), "acknowledged_by": "Anna"}
FAULT = {"health.web": {"outcome": Outcome.MONITOR_FAULT, "sentence": "No browser could be started."}}


def of_round(chosen, incidents=(), findings=None):
    return round_summary(chosen, findings, incidents).model_copy(update={"live_looks_at": []})


def told(history, web, *summaries, **settings):
    notifier = Notifier(history, config_with({"name": "hook", "url": web.url, **settings}))
    for number, summary in enumerate(summaries):
        notifier.tell((), summary, NOW + timedelta(hours=number), f"round-{number}")
        notifier.deliver(NOW + timedelta(hours=number))
    return [message["title"].partition(": ")[::2] for message in web.messages()]


def test_a_digest_says_what_a_manager_asks(history, web):
    told(history, web, of_round(Round.MORNING, [WEB_DOWN, LOCKED_OUT.model_copy(update=ACKED)], WORST))
    (message,) = web.messages()
    text = message["text"]
    assert message["title"] == "Morning round, day 8: Critical: act now"
    assert "Can we trade? No." in text
    assert "New:\n- L3, since 09:01, nobody is on it yet: The web app does not answer" in text
    assert "- L1, since 09:01, Anna is on it: Anna K. was locked out" in text
    assert (message["kind"], message["mood"], message["level"]) == ("digest", "bad", None)


def test_the_first_digest_says_that_the_watch_has_begun_and_the_next_nothing_new_is_silent(history, web):
    titles = told(history, web, of_round(Round.MORNING), of_round(Round.MIDDAY), of_round(Round.EVENING))
    assert titles == [("Morning round, day 8", "All is well")]


@pytest.mark.parametrize(
    ("first", "second", "heard"),
    [
        ([WEB_DOWN], [WEB_DOWN], False),
        ([WEB_DOWN], [WEB_DOWN.model_copy(update={"sentence": "It does not answer at all."})], False),
        ([WEB_DOWN], [WEB_DOWN.model_copy(update=ACKED)], True),
        ([WEB_DOWN], [WEB_DOWN, LOCKED_OUT], True),
        ([WEB_DOWN], [WEB_DOWN.model_copy(update={"resolved": at(11)})], True),
        ([WEB_DOWN], [WEB_DOWN.model_copy(update={"holding_since": at(11)})], True),
        ([LOCKED_OUT], [LOCKED_OUT.model_copy(update={"level": OVERDUE.level})], True),
    ],
)
def test_a_digest_is_sent_when_something_about_the_incidents_changed(history, web, first, second, heard):
    titles = told(history, web, of_round(Round.MORNING, first), of_round(Round.MIDDAY, second))
    assert len(titles) == (2 if heard else 1)


def test_that_rounds_look_at_different_items_is_nothing_new(history, web):
    failing = {"health.web": {"outcome": Outcome.FLAKY, "sentence": "Held when tried again."}}
    assert len(told(history, web, of_round(Round.MORNING, findings=failing), of_round(Round.MIDDAY))) == 1


def test_a_fault_of_the_monitor_is_news_and_said_as_such(history, web):
    told(history, web, of_round(Round.MORNING), of_round(Round.MORNING, findings=FAULT))
    text = web.messages()[1]["text"]
    assert "Not judged, since the monitor itself is at fault:\n- health.web: No browser could be started." in text


def test_a_route_that_wants_every_digest_gets_it(history, web):
    titles = told(history, web, of_round(Round.MORNING), of_round(Round.MIDDAY), quiet=False)
    assert [title for title, _ in titles] == ["Morning round, day 8", "Mid-day round, day 8"]


def test_a_digest_names_what_is_over_and_what_goes_on(history, web):
    over = WEB_DOWN.model_copy(update={"resolved": at(11)})
    told(history, web, of_round(Round.MORNING, [WEB_DOWN, LOCKED_OUT]), of_round(Round.MIDDAY, [over, LOCKED_OUT]))
    text = web.messages()[1]["text"]
    assert "Still open:\n- L1, since 09:01, nobody is on it yet: Anna K. was locked out" in text
    assert "Over:\n- The web app does not answer" in text
    assert "New:" not in text


def test_a_round_that_looks_back_at_another_day_has_no_digest(history, web):
    assert told(history, web, round_summary(Round.MORNING)) == []


def test_the_same_round_told_twice_is_one_digest(history, web):
    notifier = Notifier(history, config_with({"name": "hook", "url": web.url, "quiet": False}))
    for _ in range(2):
        notifier.tell((), of_round(Round.MORNING), NOW, "the round")
        notifier.deliver(NOW)
    assert len(web.requests) == 1
