"""Hours of the business as schedulers say them that know no summer time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hypercare.scaffold.hours import cron_lines, minutes_of_an_hour

NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
HOURS = [(9, 0), (17, 0)]


@pytest.mark.parametrize(
    ("zone", "lines", "minutes"),
    [
        ("UTC", ["0 9 * * *", "0 17 * * *"], "0"),
        ("Europe/Berlin", ["0 7 * * *", "0 8 * * *", "0 15 * * *", "0 16 * * *"], "0"),
        ("Asia/Kathmandu", ["15 3 * * *", "15 11 * * *"], "0,15"),
        ("America/St_Johns", ["30 11 * * *", "30 12 * * *", "30 19 * * *", "30 20 * * *"], "0,30"),
        ("Pacific/Auckland", ["0 4 * * *", "0 5 * * *", "0 20 * * *", "0 21 * * *"], "0"),
    ],
)
def test_each_hour_is_asked_for_at_every_hour_of_utc_on_which_it_may_fall(
    zone: str, lines: list[str], minutes: str
) -> None:
    assert cron_lines(HOURS, zone, NOW) == lines
    assert minutes_of_an_hour(HOURS, zone, NOW) == minutes
