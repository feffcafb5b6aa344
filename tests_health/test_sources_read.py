"""Was each source of the daily report read, how far, and what was found?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.expect import expect_none

if TYPE_CHECKING:
    from hypercare.fixtures import Figure
    from hypercare.plan.calendar import Period
    from hypercare.sources_read.log_sources import LogSources, SourcesRead
    from hypercare.sources_read.user_reports import UserReports


@pytest.mark.item("logs.backend")
def test_logs_of_the_application_were_read_up_to_now(
    log_sources: LogSources, unreviewed: Period, figure: Figure
) -> None:
    read = log_sources.read("application", unreviewed)
    if read.errors is not None:
        figure("backend_log_lines", read.lines)
        figure("backend_log_errors", read.errors)
    expect_read_up_to_now(read, "application")


@pytest.mark.item("logs.database")
def test_logs_of_the_database_were_read_up_to_now(log_sources: LogSources, unreviewed: Period, figure: Figure) -> None:
    read = log_sources.read("database", unreviewed)
    if read.errors is not None:
        figure("database_log_lines", read.lines)
        figure("database_log_errors", read.errors)
    expect_read_up_to_now(read, "database")


def expect_read_up_to_now(read: SourcesRead, of: str) -> None:
    found = read.behind()
    expect_none(
        found,
        lambda numbers: (
            f"{numbers.count} of {numbers.of} logs of the {of} were not read up to now: {found.sample[0]['log']}, "
            f"{found.sample[0]['trouble']}. What it would tell of is missing from this report."
        ),
        next_step="See whether it is still written, where, and whether this account may read it.",
    )
    read.require_understood()


@pytest.mark.item("logs.user-reports")
def test_reports_of_users_were_read(user_reports: UserReports, unreviewed: Period, figure: Figure) -> None:
    read = user_reports.read(unreviewed)
    figure("user_reports", read.count)
    if read.count:
        figure("user_reports_by_category", read.by_category())
    found = read.alike()
    expect_none(
        found,
        lambda numbers: (
            f"{numbers.count} of {numbers.of} reports since the last review say the same, from several people: "
            f"“{found.sample[0]['title']}”. It is one trouble of the system, and not one person's."
        ),
        next_step="Treat them as one, say so to all who reported it, and look for what they have in common.",
    )
