"""What may be looked at beside what, and in which order: told by events, not by time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import pytest

from hypercare.suite.tracks import PlannedCheck, Schedule, Track

API, DATA, PEOPLE, LOGS = Track.API, Track.DATA, Track.PEOPLE, Track.LOGS


def checks(*tracks: Track, after: dict[int, set[int]] | None = None, alone: Sequence[int] = ()) -> list[PlannedCheck]:
    needed = after or {}
    return [
        PlannedCheck(number, track, frozenset(needed.get(number, ())), number in alone)
        for number, track in enumerate(tracks)
    ]


def all_that_may_begin(schedule: Schedule) -> list[int]:
    return [check.number for check in iter(schedule.begin_next, None)]


def lived(schedule: Schedule, choose: random.Random) -> Iterator[frozenset[int]]:
    """What ran side by side, at each moment until all has ended; which ends first is up to `choose`."""
    while not schedule.is_over:
        all_that_may_begin(schedule)
        yield frozenset(check.number for check in schedule.running)
        schedule.end(choose.choice(schedule.running))


def test_checks_of_several_tracks_begin_together_and_those_of_one_follow_each_other() -> None:
    schedule = Schedule(checks(DATA, DATA, API, PEOPLE), at_once=4)
    assert all_that_may_begin(schedule) == [0, 2, 3]
    schedule.end(schedule.running[0])
    assert all_that_may_begin(schedule) == [1]


@pytest.mark.parametrize("at_once", [1, 2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_never_more_than_the_limit_run_and_all_have_run_in_the_end(at_once: int, seed: int) -> None:
    tracks = [choice for choice in Track for _ in range(4)]
    schedule = Schedule(checks(*tracks, after={5: {0, 1}, 9: {8}}, alone=[3, 23]), at_once)
    moments = list(lived(schedule, random.Random(seed)))
    assert max(len(moment) for moment in moments) <= at_once
    assert frozenset().union(*moments) == frozenset(range(len(tracks)))


def test_a_check_waits_for_those_that_leave_what_it_tells_of() -> None:
    schedule = Schedule(checks(API, PEOPLE, LOGS, after={2: {0, 1}}), at_once=4)
    assert all_that_may_begin(schedule) == [0, 1]
    schedule.end(schedule.running[0])
    assert all_that_may_begin(schedule) == []
    schedule.end(schedule.running[0])
    assert all_that_may_begin(schedule) == [2]


@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_looked_at_beside_what_measures_time(seed: int) -> None:
    schedule = Schedule(checks(API, DATA, PEOPLE, API, PEOPLE, alone=[3, 4]), at_once=4)
    moments = list(lived(schedule, random.Random(seed)))
    assert [moment for moment in moments if moment & {3, 4}] == [{3}, {4}]


def test_what_is_looked_at_again_waits_until_the_others_have_ended_and_nothing_begins_meanwhile() -> None:
    schedule = Schedule(checks(DATA, DATA, API, API), at_once=2)
    all_that_may_begin(schedule)
    of_data, of_api = schedule.running
    schedule.want_quiet(DATA)
    assert schedule.give_quiet() is None
    schedule.end(of_api)
    assert all_that_may_begin(schedule) == []
    assert (schedule.give_quiet(), schedule.give_quiet()) == (DATA, None)
    schedule.end(of_data)
    assert all_that_may_begin(schedule) == [1, 3]


def test_two_that_want_quiet_get_it_one_after_the_other() -> None:
    schedule = Schedule(checks(DATA, API), at_once=2)
    all_that_may_begin(schedule)
    of_data, of_api = schedule.running
    schedule.want_quiet(API)
    schedule.want_quiet(DATA)
    assert (schedule.give_quiet(), schedule.give_quiet()) == (API, None)
    schedule.end(of_api)
    assert schedule.give_quiet() is DATA
    schedule.end(of_data)
    assert schedule.is_over


def test_a_track_is_through_when_its_last_check_has_ended() -> None:
    schedule = Schedule(checks(DATA, DATA, API), at_once=2)
    seen = []
    while not schedule.is_over:
        all_that_may_begin(schedule)
        schedule.end(schedule.running[0])
        seen.append([track.value for track in (DATA, API) if schedule.is_through(track)])
    assert seen == [[], ["api"], ["data", "api"]]


def test_once_it_is_stopped_nothing_begins_and_it_is_over_when_what_runs_has_ended() -> None:
    schedule = Schedule(checks(DATA, DATA, API), at_once=2)
    all_that_may_begin(schedule)
    schedule.stop()
    schedule.end(schedule.running[0])
    assert (all_that_may_begin(schedule), schedule.is_over) == ([], False)
    schedule.end(schedule.running[0])
    assert schedule.is_over
