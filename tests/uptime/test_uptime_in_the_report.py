"""The uptime in a round's summary: since go-live, in service hours, in parts; and the words where there is none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hypercare.reports.summary import Summary, Uptime
from hypercare.reports.uptime_words import (
    bounds_words,
    part_tone,
    promise_words,
    shares_of,
    stretch_words,
    uptime_line,
    why_words,
)
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.overrides import Correction
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from hypercare.uptime_history.entry import uptime_entry
from hypercare.uptime_history.samples import add_correction, add_samples
from tests.uptime.recorded_business import HOURS, business, local, recorded, sampled

EVENING = local(15, 17)
WORK = {"name": "Till update", "start": "2026-01-14T18:00:00", "end": "2026-01-14T19:00:00"}


def entry(
    folder: Path, config: TargetConfig, samples: list[Sample], as_of: datetime = EVENING
) -> tuple[Uptime | None, str]:
    history = recorded(folder, config)
    add_samples(history, samples)
    try:
        return uptime_entry(history, config, as_of)
    finally:
        history.close()


def lived(folder: Path) -> Uptime:
    """Two ways in shop hours since the 12th: an outage of half an hour, an hour of work, a morning nobody looked at."""
    samples = sampled(local(12), local(13, 12)) + sampled(
        local(13, 12), local(13, 12, 30), State.DOWN, says="It is gone."
    )
    samples += sampled(local(13, 12, 30), local(15, 8)) + sampled(local(15, 11), EVENING)
    samples += sampled(local(12), EVENING, way="api")
    found, gap = entry(folder, business(HOURS, maintenance=[WORK]), samples)
    assert found is not None
    assert gap == ""
    return found


def summary_with(uptime: Uptime | None, gap: str = "") -> Summary:
    moment = EVENING.isoformat()
    return Summary.model_validate(
        {
            "target": "Rosewood",
            "round": "evening",
            "day": 8,
            "phase": "days 8-14",
            "status": "healthy",
            "as_of": moment,
            "started": moment,
            "finished": moment,
            "timezone": "Europe/Berlin",
            "uptime": uptime.model_dump() if uptime else None,
            "uptime_gap": gap,
        }
    )


def test_it_counts_the_service_hours_since_the_first_look(tmp_path: Path) -> None:
    found = lived(tmp_path)
    # From 9 to 20 on three days and from 9 to 17 on the last, which nobody saw until 11 but for a moment after 8.
    assert found.from_ == local(12)
    assert found.to == EVENING
    assert found.seconds == {
        "up": (3 * 11 + 6 - 1.5) * 3600,
        "down": 1800,
        "maintenance": 3600,
        "unknown": 2 * 3600,
        "degraded": 0,
        "flaky": 0,
    }
    assert (found.percent, found.coverage) == (98.684, 95.0)
    assert (found.lower, found.upper) == (93.75, 98.75)
    assert found.hours == 37.5


def test_what_was_not_simply_up_is_listed_with_its_receipts_the_newest_first(tmp_path: Path) -> None:
    found = lived(tmp_path)
    assert [(one.state, one.seconds) for one in found.intervals] == [
        ("unknown", 7200),
        ("maintenance", 3600),
        ("down", 1800),
    ]
    assert found.intervals[2].words == ["web: 6 looks of probe-1 from 13 Jan 12:00 to 13 Jan 12:25 failed: It is gone."]
    assert found.intervals_left_out == 0


def test_the_day_the_ways_and_the_branches_have_a_percentage_of_their_own(tmp_path: Path) -> None:
    parts = {(part.kind, part.name): part for part in lived(tmp_path).parts}
    assert list(parts) == [
        ("day", "today"),
        ("way", "api"),
        ("way", "web"),
        ("branch", "HAR"),
        ("branch", "OLD"),
    ]
    assert (parts["day", "today"].percent, parts["day", "today"].hours) == (100.0, 6.0)
    assert parts["way", "api"].percent == 100.0
    assert [one.state for one in parts["way", "web"].intervals] == ["unknown", "maintenance", "down"]
    # The work was after the harbour had closed, so that it took none of its hours.
    assert "maintenance" not in [one.state for one in parts["branch", "HAR"].intervals]


@pytest.mark.parametrize(
    ("more", "samples", "says"),
    [
        pytest.param({}, [], "", id="nobody ever looked"),
        pytest.param(
            {"maintenance": [{"name": "move", "start": "2026-01-08", "end": "2026-01-20"}]},
            sampled(local(12), EVENING),
            "All service time so far was announced maintenance, which is not judged.",
            id="maintenance only",
        ),
        pytest.param(
            {},
            sampled(local(12), EVENING, State.UNKNOWN),
            "Nobody has observed it in service hours yet.",
            id="all unknown",
        ),
    ],
)
def test_where_there_is_no_percentage_there_is_a_reason(
    tmp_path: Path, more: dict[str, Any], samples: list[Sample], says: str
) -> None:
    assert entry(tmp_path, business(HOURS, **more), samples) == (None, says)


def test_looks_before_go_live_and_after_the_instant_of_the_round_do_not_count(tmp_path: Path) -> None:
    samples = (
        sampled(local(7), local(8), State.DOWN)
        + sampled(local(8), local(15))
        + sampled(local(15), local(16), State.DOWN)
    )
    found, _ = entry(tmp_path, business(), samples, as_of=local(15))
    assert found is not None
    assert (found.percent, found.from_, found.to) == (100.0, local(8), local(15))


def test_what_counts_may_begin_later_and_some_ways_may_not_count(tmp_path: Path) -> None:
    config = business(uptime={"since": "2026-01-10", "ways": ["web"], "goal": 99.5})
    samples = sampled(local(9), local(10), State.DOWN) + sampled(local(10), EVENING)
    samples += sampled(local(10), EVENING, State.DOWN, way="api")
    found, _ = entry(tmp_path, config, samples)
    assert found is not None
    assert (found.percent, found.from_, found.goal) == (100.0, local(10), 99.5)


def test_of_many_stretches_the_weightiest_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    samples = []
    for number in range(100):
        state = State.DOWN if number % 10 == 0 else State.FLAKY
        samples += sampled(local(8 + number // 20, number % 20), local(8 + number // 20, number % 20, 30), state)
        samples += sampled(local(8 + number // 20, number % 20, 30), local(8 + number // 20, number % 20 + 1))
    found, _ = entry(tmp_path, business(), samples, as_of=local(13))
    assert found is not None
    assert [one.state for one in found.intervals].count("down") == 10
    assert len(found.intervals) == 40
    notable = 100 + 5  # the nights, in which nobody looked
    assert found.intervals_left_out == notable - 40


def test_of_what_was_observed_whole_no_bounds_are_told(tmp_path: Path) -> None:
    samples = sampled(local(8), local(13))
    found, _ = entry(tmp_path, business(), samples, as_of=local(13))
    assert found is not None
    assert "observed" in uptime_line(summary_with(found))
    whole = found.model_copy(update={"coverage": 100.0})
    assert uptime_line(summary_with(whole)).endswith("(all of it observed)")


def test_the_uptime_in_words(tmp_path: Path) -> None:
    found = lived(tmp_path)
    line = uptime_line(summary_with(found))
    assert line == "6.0 hours today; 98.684 % since 12 Jan 00:00 (between 93.75 % and 98.75 %; 95.0 % observed)"
    assert [share.words for share in shares_of(found)] == [
        "37 h 30 min up",
        "30 min down",
        "2 h not observed",
        "60 min in maintenance",
    ]
    assert why_words(found) == "30 min down, 2 h not observed and 60 min in maintenance, in 3 stretches"
    assert bounds_words(found) == "between 93.75 % and 98.75 %, 95 % observed"
    interval = summary_with(found).uptime.intervals[2]  # type: ignore[union-attr]
    assert stretch_words(interval) == "13 Jan 12:00 to 12:30"


@pytest.mark.parametrize(
    ("percent", "lower", "upper", "seconds", "goal", "tone", "says"),
    [
        (100.0, 100.0, 100.0, {"up": 60}, 98.0, "good", "The promised 98 % is kept."),
        (99.0, 99.0, 99.0, {"up": 60, "down": 1}, 98.0, "warn", "The promised 98 % is kept."),
        (100.0, 98.0, 100.0, {"up": 60, "flaky": 1}, 98.0, "warn", "The promised 98 % is kept."),
        (100.0, 2.0, 100.0, {"up": 1, "unknown": 49}, 98.0, "unknown", "is not certain: too little was observed."),
        (97.9, 97.9, 97.9, {"up": 60, "down": 1}, 98.0, "bad", "The promised 98 % is not kept."),
        (50.0, 40.0, 99.0, {"up": 1, "down": 1}, 98.0, "bad", "is not certain: too little was observed."),
        (99.9, 99.9, 99.9, {"up": 60, "down": 1}, None, "bad", ""),
        (100.0, 100.0, 100.0, {"up": 60}, None, "good", ""),
    ],
)
def test_the_tone_and_the_words_are_those_of_the_promise(
    percent: float, lower: float, upper: float, seconds: dict[str, float], goal: float | None, tone: str, says: str
) -> None:
    instants = {"from": local(8), "to": EVENING}
    bounds = {"percent": percent, "lower": lower, "upper": upper, "coverage": 100 - upper + lower}
    found = Uptime.model_validate({**instants, **bounds, "seconds": seconds, "goal": goal})
    assert part_tone(found, goal) == tone
    assert promise_words(found).endswith(says)
    assert bool(promise_words(found)) is (goal is not None)


def test_where_nothing_was_measured_the_line_says_why() -> None:
    assert uptime_line(summary_with(None)) == "not measured: no probe has run yet"
    assert uptime_line(summary_with(None, "All of it was work.")) == "All of it was work."


def test_a_correction_reaches_the_report(tmp_path: Path) -> None:
    config = business()
    history = recorded(tmp_path, config)
    add_samples(history, sampled(local(12), EVENING))
    said = Correction(local(13, 9), local(13, 10), State.DOWN, "Ida", "the tills stood still", local(14))
    add_correction(history, said)
    found, _ = uptime_entry(history, config, EVENING)
    assert found is not None
    assert found.intervals[0].words[0].startswith("Ida on 14 Jan 00:00: down from 13 Jan 09:00 to 13 Jan 10:00")
