"""Series travel as they are: from a check into its round, from rounds into their day, through JSON."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from hypercare.history.recent_days import RecentFigures
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.outcome.series import Along, Series
from hypercare.plan.rounds import Round
from hypercare.reports.daily import daily_summary
from hypercare.reports.summary import Summary
from tests.charts.chart_examples import BEFORE, SERIES, sales_by_hour
from tests.reports.report_examples import round_summary


def of_round(chosen: Round, **changes: object) -> Summary:
    return round_summary(chosen).model_copy(update=changes)


def test_a_series_is_the_same_after_json() -> None:
    summary = of_round(Round.EVENING, series=SERIES)
    assert Summary.model_validate_json(summary.to_json()).series == SERIES


def test_a_check_tells_it_as_plain_data() -> None:
    told = {"sales_by_hour": sales_by_hour().model_dump(mode="json")}
    result = CheckResult(nodeid="a", items=("b",), outcome=Outcome.PASSED, level=Level.L1, series=told)
    again = CheckResult.from_dict(result.as_dict())
    assert Series.model_validate(again.series["sales_by_hour"]) == sales_by_hour()


def test_the_day_has_those_of_all_rounds_and_of_each_the_newest() -> None:
    logins = SERIES["logins_by_hour"]
    earlier = logins.model_copy(update={"gap": "as of the morning"})
    morning = of_round(Round.MORNING, series={"logins_by_hour": earlier, "orders_by_step": SERIES["orders_by_step"]})
    evening = of_round(Round.EVENING, series={"logins_by_hour": logins})
    day = daily_summary([evening, morning])
    assert day.series == {"logins_by_hour": logins, "orders_by_step": SERIES["orders_by_step"]}


def test_the_day_compares_each_figure_with_the_round_that_told_it() -> None:
    morning = of_round(Round.MORNING, recent_figures=RecentFigures(days=BEFORE, values={"users_active": [1] * 7}))
    evening = of_round(Round.EVENING, recent_figures=RecentFigures(days=BEFORE, values={"sales_created": [2] * 7}))
    day = daily_summary([morning, evening])
    assert day.recent_figures == RecentFigures(days=BEFORE, values={"users_active": [1] * 7, "sales_created": [2] * 7})


def test_a_summary_of_an_older_version_has_none() -> None:
    old = round_summary(Round.EVENING).model_dump(mode="json")
    for name in ("series", "recent_figures", "recent_days"):
        del old[name]
    read = Summary.model_validate(old)
    assert (read.series, read.recent_figures, read.recent_days) == ({}, RecentFigures(), [])


@pytest.mark.parametrize("lines", [{"sales": [1]}, {"sales": [1, 2], "more": []}])
def test_a_line_without_a_value_for_each_point_is_refused(lines: dict[str, list[int]]) -> None:
    with pytest.raises(ValidationError, match="a value of each line at each point"):
        Series.model_validate({"label": "x", "along": Along.STAGES, "points": ["a", "b"], "lines": lines})


def test_names_of_a_target_are_cut_and_writable() -> None:
    series = Series(label="x", along=Along.STAGES, points=["a" * 500, "\ud800\x00"], lines={"b" * 500: [1, 2]})
    assert [len(point) for point in series.points] == [120, 2]
    assert max(map(len, series.lines)) == 120
    series.model_dump_json().encode("utf-8")
