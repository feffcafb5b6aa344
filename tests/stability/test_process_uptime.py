"""Since when a process runs, as an API's own document tells it."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from hypercare.api.api import Api
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.stability.process_uptime import (
    ProcessStart,
    agreed,
    started_in_opening_hours,
    starts_in,
    starts_told_by_api,
)
from tests.standins.fixtures import standin
from tests.standins.frozen_target import NOON, frozen_target
from tests.standins.some_target import some_target

__all__ = ["standin"]

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"status": "ok", "uptime_seconds": 3600}, [("uptime_seconds", 60)]),
        ({"status": "UP", "process": {"uptime": 90.5}}, [("process.uptime", 1.5)]),
        ({"uptimeMs": 120_000}, [("uptimeMs", 2)]),
        ({"started_at": "2026-01-15T11:30:00Z"}, [("started_at", 30)]),
        ({"startTime": "2026-01-15T12:30:00+01:00"}, [("startTime", 30)]),
        ({"startTime": "2026-01-15T12:30:00"}, []),  # by which clock?
        ({"uptime": "3 days"}, []),
        ({"uptime": True}, []),
        ({"uptime": 1_768_478_400_000}, []),  # an instant and no length
        ({"data": {"server": {"uptime_seconds": 120}}}, [("data.server.uptime_seconds", 2)]),
        ({"last_import": {"started_at": "2026-01-15T11:30:00Z"}}, []),  # a job began, not the process
        ({"sessions": {"oldest": {"uptime": 60}}}, []),
        ({"checks": {"database": "ok"}, "downtime": 3}, []),
        (["uptime", 5], []),
        (None, []),
    ],
)
def test_a_document_tells_by_the_usual_names(document, told):
    found = [(path, round((NOW - at) / timedelta(minutes=1), 1)) for path, at in starts_in(document, NOW)]
    assert found == told


@pytest.mark.parametrize(
    ("minutes_before_noon", "hours", "told"),
    [
        (30, True, True),
        (240, True, False),  # before they open
        (26 * 60, True, False),  # told yesterday
        (30, False, False),  # nobody knows when they are open
    ],
)
def test_a_start_counts_amid_opening_hours(tmp_path, minutes_before_noon, hours, told):
    target = frozen_target(tmp_path, hours=hours)
    start = ProcessStart("it", NOON - timedelta(minutes=minutes_before_noon), "its uptime")
    found = started_in_opening_hours([start], target, Period(NOON - timedelta(hours=12), NOON))
    assert bool(found) is told


def test_a_start_amid_maintenance_does_not_count(tmp_path):
    target = frozen_target(tmp_path)
    target.worked_on = (Period(NOON - timedelta(hours=1), NOON),)
    start = ProcessStart("it", NOON - timedelta(minutes=30), "its uptime")
    assert started_in_opening_hours([start], target, Period(NOON - timedelta(hours=12), NOON)) == []


@pytest.mark.parametrize(
    ("said", "says_after_3_s", "told"),
    [
        ({"uptime": 600}, {"uptime": 603}, True),
        ({"uptime": 600}, {"uptime": 604}, True),  # it had been nearly 601
        ({"started_at": "2026-01-15T11:50:00Z"}, {"started_at": "2026-01-15T11:50:00Z"}, True),
        ({"uptime": 3}, {"uptime": 3}, False),  # days, or hours
        ({"uptime": 600_000}, {"uptime": 603_000}, False),  # milliseconds
        ({"uptime": 600}, {"uptime": 90_000}, False),  # another process answers
        ({"uptime": 600}, {"status": "ok"}, False),
    ],
)
def test_only_what_two_answers_agree_on_is_told(said, says_after_3_s, told):
    later = NOW + timedelta(seconds=3)
    assert bool(agreed(dict(starts_in(said, NOW)), dict(starts_in(says_after_3_s, later)))) is told


@pytest.mark.parametrize(
    ("endpoint", "asked"),
    [
        ({"name": "health", "path": "/healthz"}, 2),
        ({"name": "status of the server", "path": "/about"}, 2),
        ({"name": "deliveries", "path": "/deliveries"}, 0),
        ({"name": "health", "path": "/health", "as_role": "manager"}, 0),
    ],
)
def test_only_open_endpoints_that_tell_of_themselves_are_asked(tmp_path, standin, endpoint, asked):
    standin.json(endpoint["path"], {"uptime_seconds": 3600})
    target = some_target(tmp_path, api={"url": standin.url, "endpoints": [endpoint]})
    pauses = []
    with suppress(NotCovered):
        starts_told_by_api(Api(target), pause=pauses.append)
    assert len(standin.seen) == asked
    assert len(pauses) == asked // 2
