"""Does the system stay up: no crash, no restart that nobody meant, no more downtime and errors than in week 1?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.found import Found
from hypercare.outcome.level import Level
from hypercare.stability.process_uptime import start_of_database, started_in_opening_hours, starts_told_by_api

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.database.database import Database
    from hypercare.fixtures import Figure
    from hypercare.logs import Logs
    from hypercare.performance.performance import Performance
    from hypercare.plan.calendar import Period
    from hypercare.stability.availability import Availability
    from hypercare.stability.process_uptime import ProcessStart
    from hypercare.stability.restarts import Restarts
    from hypercare.target_file.target import Target

READ_BEFORE_IT = "Read what stands in the log before it; if it was meant, have it stopped in order, or announce it."
crashes = pytest.mark.item("focus.crashes", "focus.stable")


@crashes
def test_nothing_crashed(restarts: Restarts, unreviewed: Period, figure: Figure) -> None:
    figure("application_starts", restarts.starts(unreviewed))
    with collect_failures() as part:
        with part:
            expect_none(
                restarts.crashes(unreviewed),
                lambda found: f"The logs tell of {found.count} crash(es) since the last review.",
                next_step=READ_BEFORE_IT,
                level=Level.L3,
                cause="crash",
            )
        with part:
            expect_none(
                restarts.loops(unreviewed),
                lambda found: f"A process keeps starting: {found.count} starts follow each other within an hour.",
                next_step="Read what stands in the log before each start; it ends by the same thing again.",
                level=Level.L3,
                cause="crash",
            )
        with part:
            expect_none(
                restarts.unexplained_starts(unreviewed),
                lambda found: (
                    f"A process was started {found.count} time(s) without a word of having been stopped, which its log "
                    "has before nearly every other start."
                ),
                next_step=READ_BEFORE_IT,
                level=Level.L3,
                cause="crash",
            )


@crashes
def test_the_database_server_did_not_restart(database: Database, target: Target, unreviewed: Period) -> None:
    expect_no_restart([start_of_database(database)], target, unreviewed)


@crashes
def test_the_application_tells_of_no_restart(api: Api, target: Target, unreviewed: Period) -> None:
    expect_no_restart(starts_told_by_api(api), target, unreviewed)


def expect_no_restart(starts: list[ProcessStart], target: Target, period: Period) -> None:
    started = started_in_opening_hours(starts, target, period)
    expect_none(
        Found.of_rows((one.row() for one in started), where=", ".join(one.what for one in starts), of=len(starts)),
        f"{', '.join(one.what for one in started).capitalize()} restarted in opening hours, at "
        f"{', '.join(f'{one.at.astimezone(target.calendar.zone):%H:%M}' for one in started)}, unannounced.",
        next_step="Ask who restarted it; if nobody did, read its log before that time.",
        level=Level.L2,
    )


@crashes
def test_people_were_not_kept_from_working(performance: Performance, target: Target) -> None:
    pauses = performance.pauses()
    expect_none(
        Found.of_rows((one.row(target.calendar) for one in pauses), where=performance.where),
        lambda found: (
            f"{found.count} time(s) today nobody asked the system for anything amid work, longest for "
            f"{rounded_duration(max(one.period.length for one in pauses))}, where on other days somebody always did."
        ),
        next_step="Ask the branches whether they could work then, and see what the logs say just before.",
        level=Level.L2,
    )


@pytest.mark.item("focus.downtime")
def test_downtime_stays_within_its_objective(availability: Availability, unreviewed: Period, figure: Figure) -> None:
    downtime = availability.downtime(unreviewed)
    figure("downtime_minutes", downtime.minutes)
    expect(
        downtime.down <= downtime.allowed,
        f"The system was down for {downtime.minutes} minutes of {rounded_duration(downtime.service)} of service; the "
        f"objective of {downtime.goal:g} % allows {rounded_duration(downtime.allowed)}.",
        count=downtime.minutes,
        sample=downtime.rows(),
        where="the uptime history",
        next_step="See `hypercare uptime` for when, and what was done then; correct there what was not so.",
    )
    downtime.require_observed()


@pytest.mark.item("focus.stable")
def test_uptime_is_as_in_the_first_week(availability: Availability) -> None:
    weeks = availability.uptime_by_week()
    expect(
        not availability.is_less_up(weeks),
        f"Since day 8 the system was up for {weeks.since:.2f} % of its service, where it was {weeks.first:.2f} % in "
        "the first week.",
        where="the uptime history",
        next_step="Compare what went down since then with what was changed since then.",
    )


@pytest.mark.item("focus.stable")
def test_errors_are_as_few_as_in_the_first_week(availability: Availability, logs: Logs, today: Period) -> None:
    errors = logs.errors(today)
    weeks = availability.errors_by_week(errors.count - errors.by_users().count)
    expect(
        not availability.has_more_errors(weeks),
        f"The logs hold {weeks.since:.0f} errors a day since day 8; by the first week, {weeks.first:.0f} a day are "
        "already many.",
        count=round(weeks.since),
        sample=errors.rows(),
        where=logs.names,
        next_step="Take the most frequent first: its first time says what had been changed.",
    )
    errors.require_understood()
