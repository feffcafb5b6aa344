"""Do people get their answers in time?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.durations import milliseconds
from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.signals import NotCovered

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.fixtures import Figure
    from hypercare.logs import Logs
    from hypercare.outcome.found import Found
    from hypercare.plan.calendar import Period
    from hypercare.target_file.config import LimitsSection
    from hypercare.target_file.target import Target

FIND_THE_SLOW_ONE = "Look up the slowest request's trace id in the logs and see which statement it waited for."


@pytest.mark.item("perf.response-time")
def test_people_get_their_answers_in_time(
    logs: Logs, since_last_round: Period, limits: LimitsSection, figure: Figure
) -> None:
    requests = logs.requests(since_last_round)
    overall = requests.overall
    figure("api_calls", requests.count)
    if overall.count:
        figure("response_median_ms", milliseconds(overall.median))
        figure("response_p95_ms", milliseconds(overall.p95))
    if overall.count < limits.response_least_requests:
        requests.require_durations()
        raise NotCovered("too few requests since the last round to judge; our own requests are timed instead")
    objective = {"median": limits.response_median, "p95": limits.response_p95}
    expect(
        overall.median <= limits.response_median and overall.p95 <= limits.response_p95,
        f"Answers take {milliseconds(overall.median):,} ms at the median and {milliseconds(overall.p95):,} ms at p95 "
        f"of {overall.count:,} requests.",
        of=overall.count,
        sample=[route.row() for route in requests.by_route()],
        where=requests.source,
        next_step=FIND_THE_SLOW_ONE,
    )
    # The kinds of request before the ways to work: one that is slow and frequent makes its way slow as well.
    slow = requests.slow_routes(**objective, at_least=limits.response_least_requests)
    expect_none(
        slow,
        lambda found: (
            f"{found.count} of {found.of} kinds of request are slower than they should be; "
            f"the slowest is {slowest(slow)}"
        ),
        next_step=FIND_THE_SLOW_ONE,
    )
    expect_none(
        requests.slow_channels(**objective, at_least=limits.response_least_requests),
        lambda found: f"{found.count} of {found.of} ways to work (web, phone, API) are slower than they should be.",
        next_step=FIND_THE_SLOW_ONE,
    )
    requests.require_durations()


@pytest.mark.item("perf.response-time")
@pytest.mark.alone
def test_apis_answer_us_in_time(api: Api, limits: LimitsSection) -> None:
    # What asks an API is loaded where one is asked, so that a round begins sooner.
    from hypercare.api.response_times import endpoints_slower_than

    expect_none(
        endpoints_slower_than(api, limits.response_median),
        lambda found: (
            f"{found.count} of {found.of} APIs answer our own requests slower than they should, "
            "each asked several times."
        ),
        next_step=FIND_THE_SLOW_ONE,
    )


@pytest.mark.item("perf.timeouts")
def test_nothing_timed_out_since_the_last_round(
    logs: Logs, since_last_round: Period, limits: LimitsSection, target: Target
) -> None:
    database = target.config.database
    found = logs.timeouts(
        since_last_round,
        limit=limits.request_timeout,
        statement_limit=database.timeout if database else target.config.rounds.check_limit,
    )
    expect_none(
        found,
        lambda found: f"{found.count} request(s) or statement(s) timed out since the last round.",
        next_step="See what they waited for: a lock, a slow statement, another system; then who holds it up.",
    )


def slowest(found: Found) -> str:
    if not found.sample:
        return ""
    row = found.sample[0]
    return f"{row['route']}: {row['median_ms']:,} ms at the median, {row['p95_ms']:,} ms at p95."
