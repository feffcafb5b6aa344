"""[[maintenance]]: once or again and again, in the business's own time, right across the changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from hypercare.maintenance.announced import maintenance_between
from tests.uptime.business_with_history import business

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAYS = {"name": "backup", "days": ["sun"], "at": "02:30", "lasts": "1h"}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def announced(window: dict[str, Any], start: str, end: str) -> list[tuple[str, str]]:
    found = maintenance_between(business(maintenance=[window]), local(start), local(end))
    return [(f"{one.start:%d %H:%M}", f"{one.end:%d %H:%M}") for one in found]


@pytest.mark.parametrize(
    ("window", "start", "end", "expected"),
    [
        pytest.param(
            {"start": "2026-01-10T18:00:00", "end": "2026-01-10T19:30:00"},
            "2026-01-10",
            "2026-01-11",
            [("10 17:00", "10 18:30")],
            id="once, by the clock on the wall",
        ),
        pytest.param(
            {"start": "2026-01-10T18:00:00Z", "end": "2026-01-10T19:30:00Z"},
            "2026-01-10",
            "2026-01-11",
            [("10 18:00", "10 19:30")],
            id="once, with a zone of its own",
        ),
        pytest.param(
            {"start": "2026-01-10", "end": "2026-01-11"},
            "2026-01-01",
            "2026-02-01",
            [("09 23:00", "11 23:00")],
            id="whole days",
        ),
        pytest.param(
            {"start": "2026-01-10", "end": "2026-01-11"}, "2026-01-12", "2026-02-01", [], id="what is over is over"
        ),
        pytest.param(
            {"days": ["sun"], "at": "22:00", "lasts": "4h"},
            "2026-01-05",
            "2026-01-20",
            [("04 21:00", "05 01:00"), ("11 21:00", "12 01:00"), ("18 21:00", "19 01:00")],
            id="every Sunday over midnight, the one that is under way among them",
        ),
        pytest.param(
            {"at": "04:00", "lasts": "30m", "start": "2026-01-11", "end": "2026-01-12"},
            "2026-01-01",
            "2026-02-01",
            [("11 03:00", "11 03:30"), ("12 03:00", "12 03:30")],
            id="every day between two dates",
        ),
        pytest.param(
            {"days": "sun", "at": "02:30", "lasts": "1h"},
            "2026-03-29",
            "2026-03-30",
            [("29 01:30", "29 02:30")],
            id="an hour that is missing that night",
        ),
        pytest.param(
            {"days": "sun", "at": "02:30", "lasts": "1h"},
            "2026-10-25",
            "2026-10-26",
            [("25 00:30", "25 01:30")],
            id="an hour that comes twice that night",
        ),
    ],
)
def test_when_work_was_announced(window: dict[str, Any], start: str, end: str, expected: list[tuple[str, str]]) -> None:
    assert announced({"name": "work", **window}, start, end) == expected


def test_ways_and_branches_may_be_named_one_or_several() -> None:
    config = business(maintenance=[{**SUNDAYS, "ways": "web", "branches": ["HAR", "OLD"]}])
    (one,) = maintenance_between(config, local("2026-01-11"), local("2026-01-12"))
    assert (one.name, one.ways, one.branches) == ("backup", ("web",), ("HAR", "OLD"))


@pytest.mark.parametrize(
    ("window", "says"),
    [
        ({"name": "work"}, "give start and end"),
        ({"name": "work", "start": "2026-01-10"}, "give start and end"),
        ({"name": "work", "start": "2026-01-11", "end": "2026-01-10"}, "ends before it begins"),
        ({"name": "work", "at": "02:00"}, "how long it lasts"),
        ({"name": "work", "at": "02:00", "lasts": "0s"}, "how long it lasts"),
        ({"name": "work", "start": "2026-01-10", "end": "2026-01-11", "days": ["sun"]}, "go together with at"),
        ({"name": "", "start": "2026-01-10", "end": "2026-01-11"}, "at least 1 character"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(window: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        business(maintenance=[window])
