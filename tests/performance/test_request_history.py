"""Requests by day: read once, remembered, and the same as if all had been read again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hypercare.logs import Logs
from hypercare.outcome.intake import listening
from hypercare.outcome.signals import NotCovered
from hypercare.performance import request_history
from hypercare.performance.request_history import RequestHistory
from tests.performance.access_log import days_of, written
from tests.standins.frozen_target import NOON, frozen_target
from tests.standins.json_memory import JsonMemory


def days(folder, source, memory=None, *, now=NOON, as_of=None):
    target = frozen_target(folder, now=now, as_of=as_of, logs=(source,))
    with listening() as intakes:
        found = RequestHistory(target, Logs(target), memory).days()
    read = intakes.get(("access", "requests"))
    return found, 0 if read is None else read.read


def test_each_day_since_go_live_is_known_at_the_first_look(tmp_path):
    found, read = days(tmp_path, written(tmp_path, days_of(12, 40.0)))
    assert [one.day.day for one in found] == list(range(8, 16))
    assert {one.count for one in found} == {40}
    assert read < 12 * 40


def test_a_later_round_reads_what_came_since_and_knows_the_same(tmp_path):
    memory = JsonMemory()
    requests = days_of(5, 40.0)
    source = written(tmp_path, requests)
    days(tmp_path, source, memory)
    later = NOON + timedelta(hours=24)
    more = [(at + timedelta(hours=24), route, took) for at, route, took in requests[-40:]]
    written(tmp_path, more, add=True)
    found, read = days(tmp_path, source, memory, now=later)
    afresh, _ = days(tmp_path, source, now=later)
    assert found[-1] == afresh[-1]
    assert [(one.day, one.count, one.slots) for one in found] == [(one.day, one.count, one.slots) for one in afresh]
    assert [one.median for one in found] == pytest.approx([one.median for one in afresh], abs=0.01)
    assert read <= 80


def test_the_evening_of_a_day_is_added_to_what_the_day_had_by_then(tmp_path):
    memory = JsonMemory()
    source = written(tmp_path, days_of(2, 40.0))
    days(tmp_path, source, memory)
    written(tmp_path, [(NOON + timedelta(hours=2), "/sales", 900.0)] * 60, add=True)
    found, _ = days(tmp_path, source, memory, now=NOON + timedelta(hours=20))
    assert [(one.day.day, one.count) for one in found][-2:] == [(15, 100), (16, 0)]
    assert found[-2].p95 == pytest.approx(900, rel=0.03)


def test_what_was_remembered_later_does_not_count_for_a_look_back(tmp_path):
    memory = JsonMemory()
    source = written(tmp_path, days_of(5, 40.0))
    days(tmp_path, source, memory)
    found, _ = days(tmp_path, source, memory, as_of=NOON - timedelta(days=2))
    assert [one.day.day for one in found][-1] == 13


def test_another_way_to_read_the_log_begins_anew(tmp_path):
    memory = JsonMemory()
    source = written(tmp_path, days_of(5, 40.0))
    days(tmp_path, source, memory)
    _, read = days(tmp_path, source.model_copy(update={"fields": {"user": "who"}}), memory)
    assert read >= 5 * 40


def test_of_a_log_that_is_too_large_only_the_newest_days_are_known(tmp_path, monkeypatch):
    monkeypatch.setattr(request_history, "_MOST_LINES", 100)
    requests = days_of(8, 40.0)
    for day in range(7, -1, -1):
        source = written(tmp_path, [one for one in requests if (NOON - one[0]).days == day])
        if day:
            source.path.rename(tmp_path / f"access.jsonl.{day}")
    found, read = days(tmp_path, source)
    assert [(one.day.day, one.count, one.complete) for one in found] == [(14, 40, True), (15, 40, True)]
    assert 100 <= read <= 140


def test_a_log_that_is_too_large_keeps_no_other_from_being_read(tmp_path, monkeypatch):
    monkeypatch.setattr(request_history, "_MOST_LINES", 100)
    yesterday, today = days_of(2, 40.0)[:40], days_of(1, 40.0)
    written(tmp_path, yesterday * 4, name="older").file.rename(tmp_path / "access.jsonl.1")
    large, other = written(tmp_path, today * 4), written(tmp_path, [*yesterday, *today], name="other")
    target = frozen_target(tmp_path, logs=(large, other))
    found = RequestHistory(target, Logs(target), None).days()
    assert [(one.day.day, one.count, one.complete) for one in found] == [(15, 5 * 40, False)]


@pytest.mark.parametrize("took", [None, 40.0])
def test_a_log_without_durations_is_not_covered(tmp_path, took):
    source = written(tmp_path, [(NOON - timedelta(minutes=30), "/sales", took)] * 30)
    if took is None:
        with pytest.raises(NotCovered, match="how long it took"):
            days(tmp_path, source)
    else:
        assert days(tmp_path, source)[0][-1].count == 30


def test_days_come_back_from_json_as_they_were(tmp_path):
    found, _ = days(tmp_path, written(tmp_path, days_of(3, 40.0)))
    again = type(found[0]).from_json(found[0].as_json())
    rounded = replace(found[0], mean=again.mean, median=again.median, p95=again.p95)
    assert (again.day, again.count, again.slots, again.best_slot) == (
        rounded.day,
        rounded.count,
        rounded.slots,
        rounded.best_slot,
    )
    assert again.routes.keys() == rounded.routes.keys()
