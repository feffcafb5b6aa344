"""Maintenance and corrections, to the second: what people say of time goes before what was sampled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hypercare.uptime.ledger import Ledger
from hypercare.uptime.words_of_people import Correction, Maintenance
from tests.uptime.samples import DOWN, MAINTENANCE, UP, Case, at, series

HOUR = 3600.0
FIXING = Maintenance("new release", at("10:00"), at("11:00"))


def correction(start: str, end: str, state, said: str, **more: str) -> Correction:
    return Correction(at(start), at(end), state, "Marta", "seen by the shop", at(said), **more)


CASES = [
    Case(
        "a window of maintenance only has no percentage, neither a hundred nor none",
        Ledger(series("09:00", "12:00", DOWN), [FIXING]),
        ("10:00", "11:00"),
        {"maintenance": HOUR},
        percent=None,
        coverage=None,
        bounds=(None, None),
        naive=0.0,
    ),
    Case(
        "maintenance is left out, and an outage that goes on after it begins with its end",
        Ledger(
            series("09:00", "10:00") + series("10:00", "11:30", DOWN) + series("11:30", "12:00"),
            [FIXING],
        ),
        ("09:00", "12:00"),
        {"up": 1.5 * HOUR, "maintenance": HOUR, "down": 0.5 * HOUR},
        percent=75.0,
        coverage=100.0,
        bounds=(75.0, 75.0),
        naive=50.0,
    ),
    Case(
        "a correction holds against samples and gaps, and one on top of it holds against both",
        Ledger(
            series("10:00", "11:00"),
            corrections=[
                correction("10:10", "10:30", DOWN, "05 08:00"),
                correction("10:20", "10:40", UP, "05 09:00"),
                correction("11:00", "11:10", DOWN, "05 09:30"),
            ],
        ),
        ("10:00", "11:10"),
        {"up": 50 * 60.0, "down": 20 * 60.0},
        percent=71.429,
        coverage=100.0,
        bounds=(71.429, 71.429),
        naive=100.0,
    ),
    Case(
        "a correction that is withdrawn leaves what was sampled, also where another one lies underneath",
        Ledger(
            series("10:00", "11:00"),
            corrections=[
                correction("10:00", "10:30", DOWN, "05 08:00"),
                correction("10:00", "10:45", DOWN, "05 09:00"),
                correction("10:15", "11:00", None, "05 10:00"),
            ],
        ),
        ("10:00", "11:00"),
        {"up": 2700.0, "down": 900.0},
        percent=75.0,
        coverage=100.0,
        bounds=(75.0, 75.0),
        naive=100.0,
    ),
    Case(
        "somebody's word on a time before the first look is an observation, and what lies between is unknown",
        Ledger(series("10:00", "11:00"), corrections=[correction("08:00", "08:30", DOWN, "05 08:00")]),
        ("07:00", "11:00"),
        {"down": 1800.0, "unknown": 1.5 * HOUR, "up": HOUR},
        percent=66.667,
        coverage=50.0,
        bounds=(33.333, 83.333),
        naive=100.0,
    ),
    Case(
        "a person's word goes before announced maintenance",
        Ledger(series("09:00", "12:00"), [FIXING], [correction("10:30", "11:00", DOWN, "05 08:00")]),
        ("09:00", "12:00"),
        {"up": 2 * HOUR, "maintenance": 1800.0, "down": 1800.0},
        percent=80.0,
        coverage=100.0,
        bounds=(80.0, 80.0),
        naive=100.0,
    ),
    Case(
        "a correction of one way leaves the other ways as they were",
        Ledger(
            series("10:00", "11:00") + series("10:00", "11:00", DOWN, way="api"),
            corrections=[correction("10:00", "10:30", UP, "05 08:00", way="api")],
        ),
        ("10:00", "11:00"),
        {"up": 1800.0, "down": 1800.0},
        percent=50.0,
        coverage=100.0,
        bounds=(50.0, 50.0),
        naive=50.0,
    ),
    Case(
        "maintenance of one way asks the others all the same",
        Ledger(
            series("09:00", "12:00", DOWN) + series("09:00", "12:00", way="api"),
            [replace(FIXING, ways=("web",)), Maintenance("later", at("11:00"), at("12:00"), ways=("web",))],
        ),
        ("09:00", "12:00"),
        {"down": HOUR, "up": 2 * HOUR},
        percent=66.667,
        coverage=100.0,
        bounds=(66.667, 66.667),
        naive=50.0,
    ),
    Case(
        "maintenance that another tool announced is maintenance",
        Ledger(series("10:00", "10:30") + series("10:30", "11:00", MAINTENANCE)),
        ("10:00", "11:00"),
        {"up": 1800.0, "maintenance": 1800.0},
        percent=100.0,
        coverage=100.0,
        bounds=(100.0, 100.0),
        naive=100.0,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_uptime_is_right_to_the_second(case: Case) -> None:
    case.check()
