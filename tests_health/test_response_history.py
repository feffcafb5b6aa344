"""Do people get their answers as fast as they used to, and is the busiest hour carried?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.found import Found
from hypercare.performance.comparing import ALL_SLOWER_FROM
from hypercare.performance.polite_load import polite_load

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.fixtures import Figure
    from hypercare.outcome.series import TellSeries
    from hypercare.performance.comparing import Slowdown
    from hypercare.performance.performance import Performance
    from hypercare.target_file.config import LimitsSection

FIND_WHAT_CHANGED = (
    "Compare what was deployed, imported or switched on since then; the slowest one's trace id leads to its statement."
)
# So few or so short beside what is usual that it is the log, and not the day, that is to be looked at.
FEW, SHORT = 0.1, 0.02


@pytest.mark.item("focus.performance")
def test_nothing_is_slower_than_on_the_first_day(performance: Performance, limits: LimitsSection) -> None:
    first_day, found = performance.against_first_day()
    expect_as_fast(found, f"on the first day ({first_day:%d %b})", performance.where, limits)


@pytest.mark.item("performance.degradation")
def test_nothing_is_slower_than_it_used_to_be(performance: Performance, limits: LimitsSection, figure: Figure) -> None:
    found = performance.against_its_own_past()
    if found.overall is not None:
        figure("response_times_usual", round(found.overall, 2))
    expect_as_fast(found, "on the days before", performance.where, limits)


def expect_as_fast(found: Slowdown, then: str, where: str, limits: LimitsSection) -> None:
    rows = [one.row() for one in found.slower]
    with collect_failures() as part:
        with part:
            expect_none(
                Found.of_rows(rows, where=where, of=len(found.compared)),
                lambda numbers: (
                    f"{numbers.count} of {numbers.of} kinds of request take far longer than {then}; most of all "
                    f"{rows[0]['request']}: {rows[0]['median_ms']:,} ms at the median, where it was "
                    f"{rows[0]['was_ms']:,} ms, and {rows[0]['p95_ms']:,} ms at p95, where it was "
                    f"{rows[0]['p95_was_ms']:,} ms."
                ),
                next_step=FIND_WHAT_CHANGED,
            )
        with part:
            least = limits.degraded_least.total_seconds() * 1000 / 2
            expect(
                found.overall is None or found.overall < ALL_SLOWER_FROM or found.longer_by_ms < least,
                f"All kinds of request together take {found.overall or 0:.1f} times as long as {then}.",
                sample=[one.row() for one in found.compared],
                where=where,
                next_step="Look at what they share: the machine, the database, the network.",
            )


@pytest.mark.item("focus.response-trend")
def test_response_times_do_not_rise_from_day_to_day(performance: Performance, figure: Figure) -> None:
    trends = performance.trends()
    figure("response_trend_percent_a_day", trends[0].percent_a_day)
    found = performance.rising(trends)
    expect_none(
        found,
        lambda numbers: (
            f"{numbers.count} of {numbers.of} kinds of request take longer from day to day; the steepest is "
            f"{found.sample[0]['request']}, by {found.sample[0]['percent_a_day']} % a day (between "
            f"{found.sample[0]['between']} % with {found.sample[0]['confidence']} confidence), from "
            f"{found.sample[0]['first_ms']:,} to {found.sample[0]['last_ms']:,} ms."
        ),
        next_step="Look for what grows with it: rows that are read without an index, a queue, a file, a cache.",
    )


@pytest.mark.item("performance.load")
def test_the_busiest_hour_is_carried(performance: Performance, limits: LimitsSection, figure: Figure) -> None:
    load = performance.load()
    hour = load.busiest
    figure("busiest_hour_requests", hour.count)
    figure("load_headroom_percent", round(100 * load.headroom))
    with collect_failures() as part:
        with part:
            expect(
                not load.slows_down(limits.degraded_times, limits.degraded_least),
                f"In the busiest hour, from {hour.hour}:00 on with {hour.count:,} requests, the same requests took "
                f"{hour.slowdown or 0:.1f} times as long as in the other hours of the day: there is no headroom.",
                of=hour.count,
                sample=[load.row()],
                where=performance.where,
                next_step="See what was at its limit in that hour: processor, connections, locks, workers.",
            )
        with part:
            expect(
                not load.is_late(limits),
                f"The busiest hour, from {hour.hour}:00 on with {hour.count:,} requests, was not carried in time: "
                f"{hour.median:,.0f} ms at the median, {hour.p95:,.0f} ms at p95.",
                of=hour.count,
                sample=[load.row()],
                where=performance.where,
                next_step="See what was at its limit in that hour: processor, connections, locks, workers.",
            )


@pytest.mark.item("performance.load")
def test_a_little_more_load_is_carried_where_that_is_tried(api: Api, figure: Figure) -> None:
    trial = polite_load(api)
    figure("load_trial_p95_ms", round(trial.p95_ms))
    expect(
        not trial.ended_early,
        f"A trial of {api.section.load_rate:g} requests a second was ended after {trial.sent}: {trial.ended_early}.",
        count=trial.sent,
        where=api.section.url,
        next_step="See what was at its limit just then; lower [api] load_rate if so much is never asked for.",
    )


@pytest.mark.item("performance.figures")
def test_figures_of_performance_are_plausible(
    performance: Performance, limits: LimitsSection, figure: Figure, series: TellSeries
) -> None:
    today, usual = performance.today, performance.usual_by_now()
    figure("requests_today", today.count)
    if today.routes:
        figure("response_mean_ms", round(today.mean))
        figure("response_median_of_day_ms", round(today.median))
        figure("response_by_way_ms", performance.by_channel())
        series("response_by_hour_ms", performance.through_the_day())
    if usual is None:
        return
    with collect_failures() as part:
        with part:
            expect(
                today.count >= FEW * usual.requests or usual.requests < limits.response_least_requests,
                f"The logs tell of {today.count:,} requests today, where {usual.requests:,} were the fewest by this "
                "hour on such a day: either nobody works, or they are written elsewhere.",
                count=today.count,
                where=performance.where,
                next_step="See whether every server and every worker writes into the logs that are named.",
            )
        with part:
            expect(
                not today.routes or today.median >= SHORT * usual.median,
                f"Answers take {today.median:.2g} ms at the median today, where {usual.median:,.0f} ms are usual: "
                "no system became so much faster, so their unit is another.",
                where=performance.where,
                next_step="See whether the log writes seconds where it wrote milliseconds, or lost its durations.",
            )
