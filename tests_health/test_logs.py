"""Do the logs hold a critical error, and can they be trusted to tell?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.expect import expect_none
from hypercare.outcome.level import Level

if TYPE_CHECKING:
    from hypercare.logs import Logs
    from hypercare.plan.calendar import Period


@pytest.mark.item("health.logs")
def test_no_critical_error_since_the_last_round(logs: Logs, since_last_round: Period) -> None:
    errors = logs.errors(since_last_round)
    expect_none(
        errors.critical(),
        lambda found: f"{found.count} critical error(s) stand in the logs since the last round.",
        next_step="Read the newest line below with what stands before it, and act on it now.",
        cause="critical-error-in-log",
    )
    errors.require_understood()


@pytest.mark.item("health.logs")
def test_every_log_is_still_being_written(logs: Logs) -> None:
    with collect_failures() as part:
        with part:
            expect_none(
                logs.gone(),
                lambda found: (
                    f"{found.count} of {found.of} logs are not there any more; only old pieces of them are left."
                ),
                next_step="See whether the application can still write its log, and whether the disk is full.",
            )
        with part:
            expect_none(
                logs.silent(),
                lambda found: f"{found.count} of {found.of} logs say nothing although the business is open.",
                next_step="See whether the application still writes there; until then an error would go unseen.",
                level=Level.L2,
            )


@pytest.mark.item("health.logs")
def test_log_times_agree_with_the_clock(logs: Logs) -> None:
    expect_none(
        logs.with_wrong_clock(),
        lambda found: f"{found.count} of {found.of} logs state times that cannot be right.",
        next_step="Compare the clock and the time zone of the machine that writes the log with the right time.",
        level=Level.L2,
    )
