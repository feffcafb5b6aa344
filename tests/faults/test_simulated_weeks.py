"""The first weeks, lived: what is due when, what is true, and that whatever differs from it is found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from faultlab.simulating.differences import of_branches, of_day, of_figures, of_outcomes, true_figures
from faultlab.simulating.ground_truth import sums_of_weeks
from faultlab.simulating.life_report import summarise, write_life
from faultlab.simulating.moment import at
from faultlab.simulating.script import (
    FOURTEEN_DAYS,
    GO_LIVE,
    PROBER_OFF,
    Trouble,
    go_live_of,
    of_fault,
    on_paper,
    server_down,
)
from faultlab.simulating.week_results import Weeks
from faultlab.simulating.weeks import LOOK, live, plan
from hypercare.outcome.level import Level

COST = Trouble("a cost", at(2, 11), at(2, 14), {"verify.costs": Level.L2}, frozenset({"errors.review"}))


# -- a life ------------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.server
@pytest.mark.timeout(900)
def test_two_days_in_good_order_are_told_as_they_were(tmp_path: Path) -> None:
    weeks = Weeks(1, GO_LIVE[1], days=2)
    live(tmp_path, weeks)
    assert [str(one) for one in weeks.differences] == []
    assert (weeks.rounds, weeks.probes, weeks.incidents) == (6, 22, [])
    assert set(weeks.outcomes) <= {"passed", "awaiting", "not covered"}
    assert weeks.uptime[0]["told"] == 100.0
    amounts = {row["figure"]: Decimal(row["told"]) for row in weeks.sums}
    assert amounts["sales_amount"] > 0
    assert amounts["sales_created"] > 100


# -- what happens when -------------------------------------------------------------------------------------------


def test_a_day_has_its_looks_and_its_rounds_in_order() -> None:
    happened = [f"{moment.at:%H:%M} {what}" for moment, what in plan(1, ())]
    assert happened[:5] == ["09:00 look", "09:00 morning", "10:00 look", "11:00 look", "12:00 look"]
    assert len(happened) == 14


def test_after_day_14_the_rounds_of_normal_operations_are_held_beside_the_daily_ones() -> None:
    rarer = [
        (moment.day, what)
        for moment, what in plan(30, (), go_live=date(2026, 3, 10))
        if what in ("weekly", "monthly", "quarterly", "annual")
    ]
    assert rarer == [(21, "weekly"), (23, "monthly"), (23, "quarterly"), (28, "weekly")]


def test_a_trouble_begins_before_anybody_looks_and_ends_before_anybody_looks() -> None:
    troubled = Trouble("a fault", at(1, 9), at(1, 12))
    happened = [(str(moment), what) for moment, what in plan(1, [troubled]) if moment.at.hour in (9, 12)]
    assert [what for _, what in happened] == [troubled, LOOK, "morning", troubled, LOOK, "midday"]


def test_what_begins_after_the_last_day_never_happens() -> None:
    assert all(isinstance(what, str) for _, what in plan(1, [Trouble("a fault", at(2, 9), at(2, 12))]))


def test_nobody_looks_while_the_prober_is_off() -> None:
    off = Trouble(PROBER_OFF, at(1, 12, 30), at(1, 16, 30))
    looks = [moment.at.hour for moment, what in plan(1, [off]) if what == LOOK]
    assert looks == [9, 10, 11, 12, 17, 18, 19]


@pytest.mark.parametrize(("seed", "crossed"), [(2, date(2026, 10, 25)), (3, date(2026, 3, 29)), (4, date(2027, 1, 1))])
def test_a_life_crosses_what_calendars_stumble_over(seed: int, crossed: date) -> None:
    assert timedelta(0) < crossed - go_live_of(seed) < timedelta(days=14)


def test_more_seeds_than_first_days_begin_where_one_of_them_does() -> None:
    assert go_live_of(6) == GO_LIVE[1]


def test_the_script_names_items_that_have_to_notice() -> None:
    silent = [trouble.what for trouble in FOURTEEN_DAYS if not trouble.noticed_by]
    assert silent == [PROBER_OFF]


# -- outcomes ----------------------------------------------------------------------------------------------------


def item(name: str, outcome: str, level: str = "L2") -> Mapping[str, Any]:
    return {"id": name, "outcome": outcome, "level": level, "sentence": "It is so."}


@pytest.mark.parametrize(
    ("hour", "said", "differs"),
    [
        (9, item("verify.costs", "passed"), ""),
        (9, item("verify.costs", "not covered"), ""),
        (9, item("errors.fix-plan", "awaiting"), ""),
        (9, item("verify.costs", "failed"), "verify.costs failed: It is so."),
        (9, item("verify.costs", "flaky"), "verify.costs flaky: It is so."),
        (9, item("verify.costs", "monitor fault"), "verify.costs monitor fault: It is so."),
        (9, item("verify.costs", "blocked"), "verify.costs blocked: It is so."),
        (12, item("verify.costs", "failed"), ""),
        (12, item("verify.costs", "failed", "L3"), "verify.costs reported L3 instead of L2"),
        (12, item("verify.costs", "passed"), "verify.costs did not notice: passed"),
        (12, item("verify.costs", "flaky"), "verify.costs did not notice: flaky"),
        (12, item("errors.review", "failed"), ""),
        (12, item("ops.sales", "failed"), "ops.sales failed: It is so."),
        (14, item("verify.costs", "failed"), "verify.costs failed: It is so."),
    ],
)
def test_an_outcome_that_the_script_does_not_explain_is_a_difference(
    hour: int, said: Mapping[str, Any], differs: str
) -> None:
    found = [one.says for one in of_outcomes(at(2, hour), {"items": [said]}, [COST])]
    assert found == ([differs] if differs else [])


@pytest.mark.parametrize(
    ("day", "said", "differs"),
    [
        (3, {"day": 3, "phase": "days 1-3"}, False),
        (4, {"day": 4, "phase": "days 4-7"}, False),
        (14, {"day": 14, "phase": "days 8-14"}, False),
        (15, {"day": 15, "phase": "after day 14"}, False),
        (15, {"day": 15, "phase": "days 8-14"}, True),
        (15, {"day": 14, "phase": "after day 14"}, True),
        (15, {"day": 15, "phase": "after day 14", "items": []}, True),
    ],
)
def test_a_round_that_mistakes_its_day_or_leaves_an_item_out_is_a_difference(
    day: int, said: Mapping[str, Any], differs: bool
) -> None:
    summary = {"items": [item("verify.costs", "passed")], **said}
    assert bool(list(of_day(at(day, 17), summary, ["verify.costs"]))) is differs


def test_of_two_troubles_the_heavier_level_is_due() -> None:
    heavier = replace(COST, noticed_by={"verify.costs": Level.L3})
    said = {"items": [item("verify.costs", "failed", "L2")]}
    assert [one.says for one in of_outcomes(at(2, 12), said, [COST, heavier])] == [
        "verify.costs reported L2 instead of L3"
    ]


# -- figures -----------------------------------------------------------------------------------------------------

TRUTH = {
    "total": {"issues_reported": 3},
    "branches": {"HAR": {"amount_finalised": "10.10"}, "OLD": {"amount_finalised": "0.00"}},
}


@pytest.mark.parametrize(
    ("said", "differs"),
    [
        ({"issues_reported": 3}, []),
        ({"issues_reported": "3.00"}, []),
        ({"issues_reported": 4}, ["issues_reported is 4 where 3 is right"]),
        ({}, ["issues_reported is None where 3 is right"]),
    ],
)
def test_a_figure_that_is_not_true_is_a_difference(said: Mapping[str, Any], differs: Sequence[str]) -> None:
    assert [one.says for one in of_figures("noon", said, true_figures(TRUTH, "midday"))] == differs


def test_what_a_trouble_adds_to_a_figure_is_part_of_the_truth() -> None:
    imported = replace(COST, adds={"issues_reported": Decimal(2), "sales_created": Decimal(1)})
    assert true_figures(TRUTH, "midday", [imported]) == {"issues_reported": Decimal(5)}


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"HAR": "10.10"}, True),
        ({"HAR": "10.11"}, False),
        ({"HAR": "10.10", "OLD": "1.00"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_amounts_of_branches_are_held_against_theirs(said: Mapping[str, str] | None, holds: bool) -> None:
    found = list(of_branches("evening", {"sales_amount_by_branch": said}, TRUTH))
    assert bool(found) is not holds


def test_figures_are_summed_by_weeks_since_go_live() -> None:
    days = [(1, {"a": Decimal(1)}), (7, {"a": Decimal("0.5"), "b": Decimal(2)}), (8, {"a": Decimal(4)})]
    assert sums_of_weeks(days) == {1: {"a": Decimal("1.5"), "b": Decimal(2)}, 2: {"a": Decimal(4)}}


# -- what is written ---------------------------------------------------------------------------------------------


def test_lives_are_written_down_with_a_page_about_all_of_them(tmp_path: Path) -> None:
    good, bad = Weeks(1, GO_LIVE[1], 14, rounds=42), Weeks(2, GO_LIVE[2], 14, FOURTEEN_DAYS, rounds=42)
    good.outcomes.update(passed=400, awaiting=14)
    good.asked |= {("focus.confidence", 4), ("focus.confidence", 5)}
    bad.differences += of_outcomes(at(9, 9), {"items": [item("verify.costs", "failed")]}, ())
    write_life(good, tmp_path, "healthy", date(2026, 11, 23))
    written = write_life(bad, tmp_path, "incidents", date(2026, 11, 23))
    page = summarise(tmp_path).read_text(encoding="utf-8")
    assert json.loads(written.read_text(encoding="utf-8"))["differences"] == [
        "day 9 09:00: verify.costs failed: It is so."
    ]
    assert "2 lives with 84 rounds, 2026-11-23: 1 differences from the truth." in page
    assert "| healthy, seed 1 | 2026-01-08 | 14 | 42 | 0 | 400 passed, 14 awaiting | 0.1 a day | 0 | 0 |" in page
    assert "| focus.confidence | 2 |" in page
    assert "- day 9 09:00: verify.costs failed: It is so." in page
    assert "| day 2 11:00 | day 2 14:00 | server down | ops.sales (L3) |" in page


def test_what_a_script_says_of_a_fault_is_what_the_catalogue_says() -> None:
    trouble = of_fault("job-failed", at(5, 11), at(6, 8))
    assert trouble.noticed_by == {"ops.workflows": Level.L2}
    assert trouble.lasts_at(at(5, 12))
    assert not trouble.lasts_at(at(6, 8))


def test_a_branch_on_paper_and_a_server_that_is_down_last_as_long_as_they_say() -> None:
    day, morning_after = on_paper("HAR", 5)
    assert [day.lasts_at(at(5, 17)), day.lasts_at(at(6, 9))] == [True, False]
    assert [morning_after.lasts_at(at(6, 9)), morning_after.lasts_at(at(6, 12))] == [True, False]
    assert server_down(at(2, 11), at(2, 14)).noticed_by == {"ops.sales": Level.L3}
