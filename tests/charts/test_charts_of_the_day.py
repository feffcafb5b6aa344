"""The day in pictures: every figure as summary.json has it, in words and in a table, whatever a target calls things."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from hypercare.outcome.series import Along, Series
from hypercare.reports.page import Links, page_html
from hypercare.reports.summary import Summary
from tests.charts.chart_examples import BEFORE, DAY, SALES, hours, of_day, pictured, sales_by_hour
from tests.charts.reading import ShownChart, read
from tests.reports.report_examples import HOSTILE, healthy, nothing_covered

ALL = {
    "days",
    "sales-by-hour",
    "uptime",
    "incidents",
    "sales-amount-by-branch",
    "sales-by-state",
    "payments-by-method",
    "production",
    "orders-by-step",
    "logins-by-hour",
    "response-by-hour-ms",
    "errors-by-kind",
}


def charts_of(summary: Summary, links: Links | None = None) -> Mapping[str, ShownChart]:
    return read(page_html(summary, links)).charts


def number(text: str) -> Decimal | None:
    return None if text == "–" else Decimal(text.replace(",", ""))


def test_each_chart_that_is_asked_for_is_drawn() -> None:
    assert set(charts_of(pictured())) == ALL


def test_each_picture_is_named_by_a_title_and_a_sentence_that_are_there() -> None:
    page = read(page_html(pictured()))
    assert set(page.labelled_by) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    for chart in page.charts.values():
        assert f"chart-{chart.name}-title" in page.ids
        assert f"chart-{chart.name}-says" in page.ids


def test_each_chart_but_the_calendar_has_a_table_of_its_numbers() -> None:
    assert {name for name, chart in charts_of(pictured()).items() if not chart.rows} == {"days"}


@pytest.mark.parametrize("name", ["sales_by_hour", "logins_by_hour", "response_by_hour_ms"])
def test_the_hours_in_the_table_are_those_of_the_summary(name: str) -> None:
    summary = Summary.model_validate_json(pictured().to_json())
    series = summary.series[name]
    by_clock = {
        point[11:16]: [None if one is None else one for one in values]
        for point, *values in zip(series.points, *series.lines.values(), strict=True)
    }
    rows = charts_of(summary)[name.replace("_", "-")].rows
    assert rows
    for clock, *cells in rows:
        told = [number(cell) for cell in cells[: len(series.lines)]]
        whole = by_clock[clock.removesuffix(" so far")]
        assert [None if one is None else float(one) for one in told] == [
            None if one is None else pytest.approx(one, abs=0.5 if one >= 100 else 0.05) for one in whole
        ]
    left_out = set(by_clock) - {row[0].removesuffix(" so far") for row in rows}
    assert not any(value for clock in left_out for value in by_clock[clock])


@pytest.mark.parametrize("name", ["sales_amount_by_branch", "sales_by_state", "payments_by_method"])
def test_the_parts_in_the_picture_are_those_of_the_summary(name: str) -> None:
    summary = Summary.model_validate_json(pictured().to_json())
    figure = summary.figures[name]
    assert isinstance(figure, dict)
    told = {row[0]: number(row[1]) for row in charts_of(summary)[name.replace("_", "-")].rows}
    assert told == {part: Decimal(str(value)) for part, value in figure.items()}


def test_steps_and_errors_are_those_of_the_summary() -> None:
    charts = charts_of(pictured())
    assert charts["orders-by-step"].rows == [
        ["measure", "62", "58", "94 %"],
        ["cut", "58", "55", "95 %"],
        ["sew", "55", "21", "38 %"],
        ["finish", "21", "20", "95 %"],
    ]
    assert "most stays at sew, where 34 wait" in charts["orders-by-step"].text
    head, *_, today = charts["errors-by-kind"].tables[0]
    assert dict(zip(head[1:], today[1:], strict=True)) == {
        "critical": "1",
        "recurring": "2",
        "known": "4",
        "user error": "12",
    }


def test_columns_are_as_high_as_their_numbers() -> None:
    columns = charts_of(pictured())["sales-by-hour"].shapes
    heights = [float(one["height"]) for _, one in columns if one.get("class") in {"usual", "low", "high", "open"}]
    largest = max(SALES)
    assert len(heights) == len(SALES)
    for height, value in zip(sorted(heights), sorted(SALES), strict=True):
        assert height / max(heights) == pytest.approx(value / largest, abs=0.01)


def test_an_hour_unlike_what_is_usual_is_said_and_marked() -> None:
    chart = charts_of(pictured())["sales-by-hour"]
    assert "unlike what is usual at 14:00" in chart.text
    assert "Thursdays usually have 401 in the hours that are over, this day has 383" in chart.text
    assert len(chart.of_class("low")) == 1


def test_hours_to_come_are_not_drawn_as_nothing() -> None:
    rows = charts_of(pictured())["sales-by-hour"].rows
    assert [row[1] for row in rows][-2:] == ["–", "–"]
    assert rows[-3][0] == "17:00 so far"


@pytest.mark.parametrize(("first", "shown"), [(8, range(8, 14)), (23, range(18, 24)), (0, range(6))])
def test_one_hour_alone_does_not_fill_the_picture(first: int, shown: range) -> None:
    counts = sales_by_hour(lines={"sales": of_day([4], first)}, usual=None, unfinished=False)
    chart = charts_of(pictured(series={"sales_by_hour": counts}))["sales-by-hour"]
    assert [row[0] for row in chart.rows] == [f"{hour:02}:00" for hour in shown]
    assert f"4 sales; all from {first:02}:00 to {(first + 1) % 24:02}:00." in chart.text


def test_an_hour_that_is_not_known_interrupts_the_line() -> None:
    chart = charts_of(pictured())["response-by-hour-ms"]
    assert len(chart.of_class("line")) == 4


def test_without_what_is_usual_a_line_says_why() -> None:
    gap = "What is usual on a Thursday is not known yet."
    chart = charts_of(pictured(series={"sales_by_hour": sales_by_hour(usual=None, gap=gap)}))["sales-by-hour"]
    assert gap in chart.text
    assert not chart.of_class("band")
    assert "usually have" not in chart.text


def test_what_no_round_has_told_of_is_named_and_not_drawn() -> None:
    text = page_html(pictured(series={}, uptime=None, uptime_gap="No probe has run yet."))
    assert "no round of the day has so far told of it: sales by hour, orders by step, log-ins by hour and" in text
    assert "Uptime of the day is not drawn: no probe has run yet." in text
    assert not {"sales-by-hour", "uptime"} & set(read(text).charts)


def test_a_series_of_nothing_is_said_and_not_drawn() -> None:
    silent = sales_by_hour(lines={"sales": of_day([0] * 10)}, usual=None)
    text = page_html(pictured(series={"sales_by_hour": silent}))
    assert "Nothing to draw so far: sales entered." in text
    assert "sales-by-hour" not in read(text).charts


@pytest.mark.parametrize("summary", [healthy(), nothing_covered()], ids=["healthy", "nothing covered"])
def test_a_summary_of_before_there_were_series_makes_a_page(summary: Summary) -> None:
    assert "Not drawn, since" in page_html(summary)


def test_a_day_leads_to_its_report_where_that_is_there() -> None:
    there = {BEFORE[0]: "../../2026-01-08/day/index.html", DAY: "../../2026-01-15/day/index.html"}
    chart = charts_of(pictured(), Links(day_pages=there))["days"]
    assert chart.links == ["../../2026-01-08/day/index.html"]
    assert "Thursday, day 1: critical" in chart.text
    assert "Sunday, day 4: without a round" in chart.text
    assert "Thursday, day 8: critical, today" in chart.text


def test_incidents_are_shown_with_their_clocks() -> None:
    rows = {row[0]: row[1:] for row in charts_of(pictured())["incidents"].rows}
    assert rows == {
        "4": ["L2", "13 Jan 12:00", "–", "–", "–"],
        "7": ["L3", "09:01", "–", "09:20", "–"],
        "8": ["L1", "09:01", "09:10", "–", "12:01"],
        "10": ["L2", "12:01", "12:20", "–", "–"],
        "9": ["L3", "17:00", "17:04", "–", "–"],
    }


def test_outages_stand_higher_than_service_and_service_alone_is_drawn() -> None:
    chart = charts_of(pictured())["uptime"]
    heights = {one["class"].split()[1]: float(one["height"]) for one in chart.of_class("state")}
    assert heights["bad"] > heights["warn"] > heights["good"]
    drawn = sum(float(one["width"].rstrip("%")) for one in chart.of_class("state"))
    assert drawn == pytest.approx(100 * 8.5 / 9, abs=0.2)
    assert "down for 18 min in all: 10:04 to 10:12 and 15:02 to 15:12" in chart.text
    assert "2 shorter stretches not drawn" in chart.text


def evil(**changes: Any) -> Summary:
    stages = Series(
        label=HOSTILE,
        along=Along.STAGES,
        points=[HOSTILE, "b"],
        lines={HOSTILE: [3, 1], "went on": [1, 1]},
        gap=HOSTILE,
    )
    counts = Series(label=HOSTILE, along=Along.HOURS, points=hours(), lines={HOSTILE: of_day(SALES)}, unit=HOSTILE)
    figures = {HOSTILE: {HOSTILE: 5, "\ud800": "x"}, "errors_by_kind": {HOSTILE: 3}}
    series = {HOSTILE: stages, "sales_by_hour": counts}
    return pictured(series=series, figures=figures, **changes)


def test_hostile_names_are_text_in_every_chart() -> None:
    page = page_html(evil())
    assert "<script>alert" not in page and "onerror=alert(2)>" not in page.replace("&gt;", "")
    assert "\u202e" not in page and "\x00" not in page and "\ud800" not in page
    ids = read(page).ids
    assert all(one.isascii() and "<" not in one and " " not in one for one in ids)
    assert page.count("&lt;script&gt;alert(1)") >= 5
    page.encode("utf-8")


def test_a_name_of_a_megabyte_is_cut() -> None:
    long = "x" * 1_000_000
    stages = Series(label="Steps", along=Along.STAGES, points=[long], lines={"arrived": [3], "went on": [1]})
    assert len(page_html(pictured(series={"orders_by_step": stages}))) < 400_000


def test_eighty_branches_are_folded_and_the_page_stays_light() -> None:
    branches = {f"Branch {number} of the northern and southern counties": number for number in range(80)}
    page = page_html(pictured(figures={"sales_amount_by_branch": branches}))
    chart = read(page).charts["sales-amount-by-branch"]
    assert len(chart.rows) + 1 == 81  # the second table has a head of its own
    assert "68 more" in chart.text
    assert len(page.encode()) < 400_000


def test_figures_have_their_two_weeks_and_the_change_against_the_same_weekday() -> None:
    page = page_html(pictured())
    assert "12 % more than last Thu (368)" in page
    assert "22 % more than last Thu (9)" in page
    assert page.count('class="spark"') == 4
    assert "<td>150,220.00</td>" in page


def test_a_figure_without_enough_days_has_no_line() -> None:
    recent = {"days": BEFORE, "values": {"sales_created": [None] * 6 + [405]}}
    assert 'class="spark"' not in page_html(pictured(recent_figures=recent))
