"""Uptime to the second where it is easily got wrong, and what successes divided by checks would say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hypercare.uptime.ledger import Ledger
from hypercare.uptime.measured import rounded
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from hypercare.uptime.words_of_people import Correction
from tests.uptime.samples import DEGRADED, DOWN, FLAKY, UNKNOWN, UP, Case, at, measure, seconds, series

HOUR, DAY = 3600.0, 86400.0

CASES = [
    Case(
        "a check created in mid-month that was down since: nothing before it is counted, neither up nor unknown",
        Ledger(series("16 00:00", "30 00:00", DOWN, every=300)),
        ("01 00:00", "30 00:00"),
        {"down": 14 * DAY},
        percent=0.0,
        coverage=100.0,
        bounds=(0.0, 0.0),
        naive=0.0,
    ),
    Case(
        "a check created in mid-month beside one that ran: the system is down since then, not for the month",
        Ledger(
            series("01 00:00", "11 00:00", every=600) + series("06 00:00", "11 00:00", DOWN, every=600, way="api"),
        ),
        ("01 00:00", "11 00:00"),
        {"up": 5 * DAY, "down": 5 * DAY},
        percent=50.0,
        coverage=100.0,
        bounds=(50.0, 50.0),
        naive=66.667,
    ),
    Case(
        "retries that would paint an outage green: failures that a tool calls pending are down from the first on",
        Ledger(
            series("10:00", "10:30")
            + series("10:30", "10:35", DOWN, confirmed=False, says="pending")
            + series("10:35", "11:00")
        ),
        ("10:00", "11:00"),
        {"up": 55 * 60.0, "down": 300.0},
        percent=91.667,
        coverage=100.0,
        bounds=(91.667, 91.667),
        naive=91.667,
    ),
    Case(
        "retries that come quicker than looks: five minutes are five minutes, however often somebody tried",
        Ledger(
            series("10:00", "10:30", every=300)
            + series("10:30", "10:35", DOWN, every=20, confirmed=False)
            + series("10:35", "11:00", every=300)
        ),
        ("10:00", "11:00"),
        {"up": 55 * 60.0, "down": 300.0},
        percent=91.667,
        coverage=100.0,
        bounds=(91.667, 91.667),
        naive=42.308,
    ),
    Case(
        "a blip that would be painted red: one failure that nobody tried again, and the next look answered",
        Ledger(series("10:00", "10:30") + series("10:30", "10:31", DOWN, confirmed=False) + series("10:31", "11:00")),
        ("10:00", "11:00"),
        {"up": 59 * 60.0, "flaky": 60.0},
        percent=100.0,
        coverage=100.0,
        bounds=(100.0, 100.0),
        naive=98.333,
    ),
    Case(
        "two failures in a row that nobody tried again in between are an outage from the first on",
        Ledger(series("10:00", "10:30") + series("10:30", "10:32", DOWN, confirmed=False) + series("10:32", "11:00")),
        ("10:00", "11:00"),
        {"up": 58 * 60.0, "down": 120.0},
        percent=96.667,
        coverage=100.0,
        bounds=(96.667, 96.667),
        naive=96.667,
    ),
    Case(
        "two single failures with a silence between them are not in a row, and what came of them is unknown",
        Ledger(
            series("10:00", "10:01", DOWN, confirmed=False)
            + series("10:10", "10:11", DOWN, confirmed=False)
            + series("10:20", "10:30")
        ),
        ("10:00", "10:30"),
        {"unknown": 20 * 60.0, "up": 600.0},
        percent=100.0,
        coverage=33.333,
        bounds=(33.333, 100.0),
        naive=83.333,
    ),
    Case(
        "one failure that was tried again at once and failed again is an outage until the next look",
        Ledger(series("10:00", "10:30") + series("10:30", "10:31", DOWN) + series("10:31", "11:00")),
        ("10:00", "11:00"),
        {"up": 59 * 60.0, "down": 60.0},
        percent=98.333,
        coverage=100.0,
        bounds=(98.333, 98.333),
        naive=98.333,
    ),
    Case(
        "a single failure at the end that nobody has tried again yet is not known to be an outage",
        Ledger(series("10:00", "10:59") + series("10:59", "11:00", DOWN, confirmed=False)),
        ("10:00", "11:00"),
        {"up": 59 * 60.0, "unknown": 60.0},
        percent=100.0,
        coverage=98.333,
        bounds=(98.333, 100.0),
        naive=98.333,
    ),
    Case(
        "a prober silent for three days: unknown, but for the minute and a half that its last look speaks for",
        Ledger(series("02 00:00", "04 00:00", every=60) + series("07 00:00", "08 00:00", every=60)),
        ("02 00:00", "08 00:00"),
        {"up": 3 * DAY + 30.0, "unknown": 3 * DAY - 30.0},
        percent=100.0,
        coverage=50.006,
        bounds=(50.006, 100.0),
        naive=100.0,
    ),
    Case(
        "a prober that went silent while the way was down does not stretch the outage",
        Ledger(series("00:00", "06:00") + series("06:00", "06:10", DOWN) + series("12:00", "18:00")),
        ("00:00", "18:00"),
        {"up": 12 * HOUR, "down": 630.0, "unknown": 5 * HOUR + 2970.0},
        percent=98.563,
        coverage=67.639,
        bounds=(66.667, 99.028),
        naive=98.63,
    ),
    Case(
        "two overlapping outages count once where they overlap",
        Ledger(
            series("09:00", "10:00")
            + series("10:00", "10:30", DOWN)
            + series("10:30", "12:00")
            + series("09:00", "10:20", way="api")
            + series("10:20", "10:50", DOWN, way="api")
            + series("10:50", "12:00", way="api")
        ),
        ("09:00", "12:00"),
        {"up": 130 * 60.0, "down": 50 * 60.0},
        percent=72.222,
        coverage=100.0,
        bounds=(72.222, 72.222),
        naive=83.333,
    ),
    Case(
        "a sample interval that changes: each look speaks for its own time",
        Ledger(
            series("00:00", "06:00", every=60)
            + series("06:00", "12:00", DOWN, every=600)
            + series("12:00", "18:00", every=30)
        ),
        ("00:00", "18:00"),
        {"up": 12 * HOUR, "down": 6 * HOUR},
        percent=66.667,
        coverage=100.0,
        bounds=(66.667, 66.667),
        naive=96.774,
    ),
    Case(
        "slow and unsteady are up, and told apart",
        Ledger(series("10:00", "10:30") + series("10:30", "10:40", DEGRADED) + series("10:40", "11:00", FLAKY)),
        ("10:00", "11:00"),
        {"up": 1800.0, "degraded": 600.0, "flaky": 1200.0},
        percent=100.0,
        coverage=100.0,
        bounds=(100.0, 100.0),
        naive=100.0,
    ),
    Case(
        "two probers of three that see it down are right",
        Ledger(
            series("10:00", "11:00", DOWN, prober="north")
            + series("10:00", "11:00", DOWN, prober="south")
            + series("10:00", "11:00", prober="west")
        ),
        ("10:00", "11:00"),
        {"down": HOUR},
        percent=0.0,
        coverage=100.0,
        bounds=(0.0, 0.0),
        naive=33.333,
    ),
    Case(
        "one prober of two that cannot reach it: it answers, but not everybody",
        Ledger(series("10:00", "11:00", DOWN, prober="north") + series("10:00", "11:00", prober="south")),
        ("10:00", "11:00"),
        {"degraded": HOUR},
        percent=100.0,
        coverage=100.0,
        bounds=(100.0, 100.0),
        naive=50.0,
    ),
    Case(
        "one prober stands in for another that is silent or whose own network failed",
        Ledger(
            series("10:00", "10:30", prober="north")
            + series("10:00", "11:00", UNKNOWN, prober="south")
            + series("10:30", "11:00", DOWN, prober="west")
        ),
        ("10:00", "11:00"),
        # For half a minute the last word of the north and the first of the west stand against each other.
        {"up": 1800.0, "degraded": 30.0, "down": 1770.0},
        percent=50.833,
        coverage=100.0,
        bounds=(50.833, 50.833),
        naive=25.0,
    ),
    Case(
        "our own network at fault is unknown, never down",
        Ledger(series("10:00", "10:45") + series("10:45", "11:00", UNKNOWN)),
        ("10:00", "11:00"),
        {"up": 2700.0, "unknown": 900.0},
        percent=100.0,
        coverage=75.0,
        bounds=(75.0, 100.0),
        naive=75.0,
    ),
    Case(
        "a clock that jumped an hour ahead leaves an hour that nobody saw",
        Ledger(series("10:00", "10:30") + series("11:30", "12:00")),
        ("10:00", "12:00"),
        {"up": HOUR + 30.0, "unknown": HOUR - 30.0},
        percent=100.0,
        coverage=50.417,
        bounds=(50.417, 100.0),
        naive=100.0,
    ),
    Case(
        "a clock that was set back counts the repeated time once",
        Ledger(series("10:00", "10:30") + series("10:10", "11:00")),
        ("10:00", "11:00"),
        {"up": HOUR},
        percent=100.0,
        coverage=100.0,
        bounds=(100.0, 100.0),
        naive=100.0,
    ),
    Case(
        "a look from the future has no say before its time",
        Ledger([*series("10:00", "11:00"), Sample("web", "one", at("05 10:00"), DOWN)]),
        ("10:00", "11:00"),
        {"up": HOUR},
        percent=100.0,
        coverage=100.0,
        bounds=(100.0, 100.0),
        naive=100.0,
    ),
    Case(
        "two looks at one instant: the worse one counts",
        Ledger(series("10:00", "11:00") + series("10:00", "10:30", DOWN)),
        ("10:00", "11:00"),
        {"up": 1800.0, "down": 1800.0},
        percent=50.0,
        coverage=100.0,
        bounds=(50.0, 50.0),
        naive=66.667,
    ),
    Case(
        "nobody ever looked",
        Ledger(),
        ("10:00", "11:00"),
        {},
        percent=None,
        coverage=None,
        bounds=(None, None),
        naive=None,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_uptime_is_right_to_the_second(case: Case) -> None:
    case.check()


def test_a_percentage_is_a_full_hundred_only_when_nothing_was_missed() -> None:
    year = [Sample("web", "one", at("01 00:00"), UP, last=at("30 00:00"), count=41761)]
    blip = Ledger(year, corrections=[_said(DOWN)])
    assert rounded(measure(blip, "01 00:00", "30 00:00").percent) == 99.999
    dead = Ledger([replace(year[0], state=DOWN)], corrections=[_said(UP)])
    assert rounded(measure(dead, "01 00:00", "30 00:00").percent) == 0.001


def test_one_way_is_measured_by_itself() -> None:
    ledger = Ledger(series("10:00", "11:00") + series("10:00", "11:00", DOWN, way="api"))
    assert rounded(measure(ledger, "10:00", "11:00", way="web").percent) == 100.0
    assert rounded(measure(ledger, "10:00", "11:00", way="api").percent) == 0.0
    assert rounded(measure(ledger, "10:00", "11:00").percent) == 0.0
    without_api = replace(ledger, ways=("web",))
    assert rounded(measure(without_api, "10:00", "11:00").percent) == 100.0


def _said(state: State) -> Correction:
    return Correction(at("10:00:00"), at("10:00:01"), state, "Marta", "seen by the shop", at("11:00"))


def _stretches(*ends: tuple[str, str, State]) -> Ledger:
    whole = timedelta(0)
    return Ledger(
        [
            Sample(way="api", prober="book", at=at(first), last=at(last), state=state, interval=whole)
            for first, last, state in ends
        ]
    )


@pytest.mark.parametrize("up_until", ["10:44:02", "10:44:01"])
@pytest.mark.parametrize("down_until", ["10:44:20", "10:44:19"])
def test_stretches_that_touch_leave_no_gap_between_them(up_until: str, down_until: str) -> None:
    ledger = _stretches(("10:00", up_until, UP), ("10:44:02", down_until, DOWN), ("10:44:20", "11:00", UP))
    found = measure(ledger, "10:00", "11:00")
    assert [(one.start, one.end, one.state) for one in found.intervals] == [
        (at("10:00"), at("10:44:02"), UP),
        (at("10:44:02"), at("10:44:20"), DOWN),
        (at("10:44:20"), at("11:00"), UP),
    ]


def test_stretches_that_are_two_seconds_apart_leave_what_nobody_saw() -> None:
    found = measure(_stretches(("10:00", "10:30", UP), ("10:30:02", "11:00", UP)), "10:00", "11:00")
    assert seconds(found)["unknown"] == 2
