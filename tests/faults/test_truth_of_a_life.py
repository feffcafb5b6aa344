"""The truth of a life: which incidents there had to be and how long it was up; and whatever differs is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from faultlab.simulating.ground_truth import GroundTruth
from faultlab.simulating.incident_truth import (
    CHANNELS,
    Episode,
    Observation,
    episodes_of_items,
    incident_differences,
    outages,
    told_episodes,
)
from faultlab.simulating.moment import at
from faultlab.simulating.script import Trouble
from faultlab.simulating.uptime_truth import ProbeSample, service_hours, shown, truth_of_window, uptime_differences
from hypercare.outcome.level import Level

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
COST = Trouble("a cost", at(2, 11), at(2, 14), {"verify.costs": Level.L2}, frozenset({"errors.review"}))


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def item(name: str, outcome: str, level: str = "L2") -> Mapping[str, Any]:
    return {"id": name, "outcome": outcome, "level": level, "sentence": "It is so."}


# -- incidents ---------------------------------------------------------------------------------------------------


def observation(day: int, hour: int, level: Level | None, name: str = "a") -> Observation:
    return Observation(local(day, hour), name, level)


def test_an_item_fails_from_the_first_round_that_sees_it_until_the_first_that_does_not() -> None:
    seen = [
        observation(8, 9, None),
        observation(8, 12, Level.L2),
        observation(8, 17, Level.L3),
        observation(9, 9, None),
        observation(9, 12, Level.L1),
    ]
    assert list(episodes_of_items(reversed(seen))) == [
        Episode(frozenset({"a"}), local(8, 12), local(9, 9), Level.L3),
        Episode(frozenset({"a"}), local(9, 12), None, Level.L1),
    ]


@pytest.mark.parametrize(
    ("up", "blocked", "outage"),
    [
        ("uuuu", (), None),
        ("uduu", (), None),
        ("uddu", (), (11, None)),
        ("udduu", (), (11, 13)),
        ("udduduu", (), (11, 15)),
        ("uduudduu", (), (14, 16)),
        ("ududuu", (), (12, 14)),
        ("uduuu", (10,), (10, 12)),
    ],
)
def test_an_outage_is_known_at_its_second_look_or_by_a_round_and_over_when_it_held(
    up: str, blocked: Sequence[int], outage: tuple[int, int | None] | None
) -> None:
    probes = [ProbeSample(local(8, 9 + number), one == "u") for number, one in enumerate(up)]
    found = list(outages(probes, [local(8, hour) for hour in blocked]))
    if outage is None:
        assert found == []
        return
    ends = local(8, outage[1]) if outage[1] else None
    assert found == [Episode(frozenset({channel}), local(8, outage[0]), ends, Level.L3) for channel in CHANNELS]


TRUE = [
    Episode(frozenset({"a"}), local(8, 12), local(9, 12), Level.L2),
    Episode(frozenset({"b"}), local(8, 17), local(9, 17), Level.L3),
]
TOLD = Episode(frozenset({"a", "b"}), local(8, 12), local(9, 17), Level.L3)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ([TOLD], []),
        (TRUE, []),
        ([], ["no incident was told for a L2", "no incident was told for b L3"]),
        ([replace(TOLD, begins=local(8, 13))], ["an incident is a, b L3"]),
        ([replace(TOLD, ends=local(9, 12))], ["an incident is a, b L3"]),
        ([replace(TOLD, ends=None)], ["an incident is a, b L3"]),
        ([replace(TOLD, level=Level.L2)], ["an incident is a, b L2"]),
        ([TOLD, Episode(frozenset({"c"}), local(8, 12), None, Level.L1)], ["an incident that nothing caused: c L1"]),
        ([TRUE[0]], ["no incident was told for b L3"]),
    ],
)
def test_an_incident_that_is_not_as_it_has_to_be_is_a_difference(told: Sequence[Episode], says: Sequence[str]) -> None:
    found = list(incident_differences(told, TRUE))
    assert [one.partition(" since")[0] for one in found] == list(says)


def test_an_incident_that_came_back_is_told_as_two() -> None:
    kinds = (("opened", 12, "L1"), ("raised", 13, "L2"), ("resolved", 14, "L2"), ("reopened", 17, "L1"))
    story = [{"kind": kind, "at": local(8, hour).isoformat(), "level": level} for kind, hour, level in kinds]
    assert list(told_episodes([{"items": ["a"], "story": story}])) == [
        Episode(frozenset({"a"}), local(8, 12), local(8, 14), Level.L2),
        Episode(frozenset({"a"}), local(8, 17), None, Level.L1),
    ]


def test_what_has_to_be_noticed_is_true_whatever_the_round_said() -> None:
    truth = GroundTruth()
    truth.observe_round(
        local(9, 12), at(2, 12), [item("verify.costs", "passed"), item("errors.review", "failed", "L1")], [COST]
    )
    truth.observe_round(
        local(9, 17), at(2, 17), [item("verify.costs", "failed"), item("errors.review", "passed")], [COST]
    )
    assert {(*one.items, one.level) for one in truth.episodes()} == {
        ("verify.costs", Level.L2),
        ("errors.review", Level.L1),
    }
    assert {one.ends for one in truth.episodes()} == {local(9, 17)}


# -- uptime ------------------------------------------------------------------------------------------------------


def probes_of(day: int, **states: bool) -> list[ProbeSample]:
    return [ProbeSample(local(day, int(name.removeprefix("h"))), up) for name, up in states.items()]


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        (date(2026, 1, 8), 9.5, 20),
        (date(2026, 1, 11), 10, 19),
        (date(2026, 10, 25), 10, 19),
        (date(2026, 3, 29), 10, 19),
    ],
)
def test_service_is_from_the_first_door_to_the_last_by_the_clocks_on_the_wall(
    day: date, opens: float, closes: float
) -> None:
    ((begins, ends),) = service_hours(day, day, BERLIN)
    shown_on_walls = [one.astimezone(BERLIN) for one in (begins, ends)]
    assert [one.hour + one.minute / 60 for one in shown_on_walls] == [opens, closes]


@pytest.mark.parametrize(
    ("probes", "seconds", "percent"),
    [
        # Thursday, open from 9:30 to 20:00; the window ends at 20:00.
        ([(9, True), (10, True), (19, True)], {"up": 3600 // 2 + 5400 + 3600, "down": 0, "unknown": 27000}, 100.0),
        ([(18, True), (19, False)], {"up": 3600, "down": 3600, "unknown": 0}, 50.0),
        ([(18, False), (19, False)], {"up": 0, "down": 7200, "unknown": 0}, 0.0),
        ([(12, True)], {"up": 5400, "down": 0, "unknown": 23400}, 100.0),
        ([(9, False), (9.5, True)], {"up": 5400, "down": 0, "unknown": 32400}, 100.0),
    ],
)
def test_a_look_speaks_until_the_next_one_and_one_and_a_half_intervals_at_most(
    probes: Sequence[tuple[float, bool]], seconds: Mapping[str, int], percent: float
) -> None:
    made = [ProbeSample(local(8, int(hour), int(hour % 1 * 60)), up) for hour, up in probes]
    right = truth_of_window(local(8, 0), local(8, 20), made, HOUR, BERLIN)
    assert (right["seconds"], right["percent"]) == (seconds, percent)


@pytest.mark.parametrize(
    ("percent", "reads"),
    [
        (None, None),
        (Fraction(100), 100.0),
        (Fraction(99999999, 1000000), 99.999),
        (Fraction(1, 1000000), 0.001),
        (Fraction(0), 0.0),
        (Fraction(200, 3), 66.667),
    ],
)
def test_a_percentage_is_a_full_hundred_only_where_nothing_was_down(percent: Fraction | None, reads: float) -> None:
    assert shown(percent) == reads


def test_an_uptime_that_is_not_true_is_a_difference() -> None:
    right = truth_of_window(local(8, 0), local(8, 20), probes_of(8, h18=True, h19=False), HOUR, BERLIN)
    states = ("up", "degraded", "flaky", "down", "maintenance", "unknown")
    told = {**right, "seconds": {**dict.fromkeys(states, 0.0), "degraded": 3600.0, "down": 3600.0}}
    assert list(uptime_differences(told, right)) == []
    wrong = {**told, "seconds": {**told["seconds"], "down": 3599.0}, "percent": 50.007}
    assert list(uptime_differences(wrong, right)) == [
        "3599 seconds down where 3600 are right",
        "percent is 50.007 where 50.0 is right",
    ]
