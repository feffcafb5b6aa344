"""What holds for any samples, maintenance and corrections whatever."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from hypercare.plan.calendar import Period
from hypercare.uptime.ledger import Ledger
from hypercare.uptime.measured import Measured, rounded
from hypercare.uptime.sample import Sample, put_together
from hypercare.uptime.state import State
from hypercare.uptime.words_of_people import Correction, Maintenance
from tests.uptime.samples import at

START, NOTHING = at("00:00"), timedelta(0)
LENGTH = 7200
WAYS, PROBERS = ("web", "api"), ("one", "two")

# On a grid, so that looks follow each other, meet, and fall on edges.
instants = some.integers(0, LENGTH // 30).map(lambda step: START + timedelta(seconds=30 * step))
stretches = some.tuples(instants, instants).filter(lambda pair: pair[0] != pair[1]).map(sorted)
samples = some.builds(
    Sample,
    way=some.sampled_from(WAYS),
    prober=some.sampled_from(PROBERS),
    at=instants,
    state=some.sampled_from(State),
    interval=some.sampled_from([60, 300, 900]).map(lambda number: timedelta(seconds=number)),
    confirmed=some.booleans(),
    latency_ms=some.none() | some.integers(1, 999).map(float),
)
maintenance = stretches.map(lambda pair: Maintenance("work", *pair))
corrections = some.builds(
    lambda pair, state, way, said: Correction(*pair, state, "Ida", "so it was", said, way),
    stretches,
    some.none() | some.sampled_from(State),
    some.sampled_from(("", *WAYS)),
    instants,
)
ledgers = some.builds(
    Ledger,
    some.lists(samples, max_size=25),
    some.lists(maintenance, max_size=3),
    some.lists(corrections, max_size=3),
)
hours = some.lists(stretches, max_size=3).map(
    lambda pairs: _apart([Period(*pair) for pair in pairs]) or [Period(START, START + timedelta(seconds=LENGTH))]
)
WHOLE = Period(START, START + timedelta(seconds=LENGTH))


def _apart(periods: list[Period]) -> list[Period]:
    kept: list[Period] = []
    for period in sorted(periods):
        if not kept or kept[-1].end <= period.start:
            kept.append(period)
    return kept


def service_within(service: list[Period], window: Period) -> timedelta:
    parts = [min(one.end, window.end) - max(one.start, window.start) for one in service]
    return sum((part for part in parts if part > NOTHING), NOTHING)


@given(ledgers, hours)
@settings(max_examples=50, deadline=None)
def test_every_second_of_service_time_is_in_one_state(ledger: Ledger, service: list[Period]) -> None:
    found = ledger.measured(service, WHOLE)
    assert found.up + found.down + found.unknown + found.maintenance == service_within(service, found.window)
    assert sum((span.length for span in found.intervals), NOTHING) == found.service
    for before, after in zip(found.intervals, found.intervals[1:], strict=False):
        assert before.end <= after.start
        assert before.end < after.start or before.state is not after.state


@given(ledgers, hours)
@settings(max_examples=50, deadline=None)
def test_the_percentage_lies_within_its_bounds(ledger: Ledger, service: list[Period]) -> None:
    found = ledger.measured(service, WHOLE)
    if found.percent is not None:
        assert 0 <= found.lower <= found.percent <= found.upper <= 100  # type: ignore[operator]
        assert rounded(found.lower) <= rounded(found.percent) <= rounded(found.upper)  # type: ignore[operator]
    if found.lower is not None:
        assert found.upper - found.lower == 100 - found.coverage  # type: ignore[operator]


@given(ledgers, hours, instants)
@settings(max_examples=50, deadline=None)
def test_two_parts_of_a_window_add_up_to_the_whole(ledger: Ledger, service: list[Period], parted) -> None:
    whole = ledger.measured(service, WHOLE)
    parts = [ledger.measured(service, Period(START, parted)), ledger.measured(service, Period(parted, WHOLE.end))]
    for state in State:
        assert sum((part.seconds[state] for part in parts), NOTHING) == whole.seconds[state]
    assert sum(part.checks for part in parts) + _in_last_instant(ledger) >= whole.checks


def _in_last_instant(ledger: Ledger) -> int:
    return sum(sample.at == WHOLE.end for sample in ledger.samples)


def test_a_state_said_in_the_very_instant_of_its_withdrawal_holds() -> None:
    end = START + timedelta(minutes=5)
    said = [Correction(START, end, state, "Ida", "so it was", START) for state in (State.UP, None)]
    for corrections in (said, said[::-1]):
        assert Ledger((), (), corrections).measured([WHOLE], WHOLE).up == timedelta(minutes=5)


@given(ledgers, hours, some.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_what_is_known_is_irrelevant(ledger: Ledger, service: list[Period], dice: random.Random) -> None:
    shuffled = Ledger(*(dice.sample(list(part), len(part)) for part in _parts(ledger)))
    assert _told(shuffled.measured(service, WHOLE)) == _told(ledger.measured(service, WHOLE))


def _parts(ledger: Ledger) -> tuple[list, list, list]:
    return list(ledger.samples), list(ledger.maintenance), list(ledger.corrections)


def _told(found: Measured) -> list[tuple[object, ...]]:
    return [(span.start, span.end, span.state) for span in found.intervals]


@given(ledgers, stretches)
@settings(max_examples=50, deadline=None)
def test_maintenance_changes_no_second_outside_of_it(ledger: Ledger, window: list) -> None:
    start, end = window
    more = replace(ledger, corrections=(), maintenance=[*ledger.maintenance, Maintenance("more", start, end)])
    less = replace(ledger, corrections=())
    for outside in (Period(WHOLE.start, start), Period(end, WHOLE.end)):
        assert more.measured([outside], outside).seconds == less.measured([outside], outside).seconds
    inside = Period(start, end)
    found = more.measured([inside], inside)
    assert found.maintenance == found.service


apart = some.lists(samples, max_size=40, unique_by=lambda one: (one.way, one.prober, one.at))


@given(apart, hours)
@settings(max_examples=50, deadline=None)
def test_samples_put_together_say_what_each_of_them_said(looks: list[Sample], service: list[Period]) -> None:
    few = put_together(looks)
    assert sum(sample.count for sample in few) == len(looks)
    assert _told(Ledger(few).measured(service, WHOLE)) == _told(Ledger(looks).measured(service, WHOLE))


@given(some.integers(2, 40), some.integers(0, 39), some.sampled_from([0, 20]), some.sampled_from(State))
@settings(max_examples=100, deadline=None)
def test_a_look_that_comes_late_parts_what_was_put_together(number: int, place: int, apart: int, state: State) -> None:
    looks = [Sample("web", "one", START + timedelta(seconds=60 * count), State.UP) for count in range(number)]
    late = Sample("web", "one", START + timedelta(seconds=60 * min(place, number - 1) + apart), state)
    whole, together = Ledger([*looks, late]), Ledger([*put_together(looks), late])
    assert _told(together.measured([WHOLE], WHOLE)) == _told(whole.measured([WHOLE], WHOLE))
