"""Ten seconds: can we trade, what is broken, who is on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.plan.checklist import Checklist, read_checklist
from hypercare.plan.rounds import Round
from hypercare.reports.gathering import item_result
from hypercare.reports.summary import PlanPart, Summary
from hypercare.reports.verdict import can_we_trade, response_words, verdict_of, what_is_broken, who_is_on_it
from tests.reports.report_examples import (
    CHECKLIST,
    HOURS,
    OVERDUE,
    TOTALS,
    WEB_DOWN,
    WORST,
    Findings,
    at,
    critical,
    healthy,
    issues,
    merged,
    nothing_covered,
    results_of,
    round_summary,
)


def test_a_healthy_day() -> None:
    verdict = verdict_of(healthy())
    assert verdict.headline == "All is well"
    assert [answer.short for answer in verdict.answers] == ["Yes", "Nothing", "No one needed"]


def test_a_critical_day() -> None:
    verdict = verdict_of(critical())
    assert verdict.headline == "Critical: act now"
    assert "4 items failed, 2 of them critical" in verdict.text
    assert [answer.short for answer in verdict.answers] == ["No", "4 items", "Nobody yet"]


def test_a_day_with_issues_names_who_has_answered() -> None:
    assert who_is_on_it(issues()).short == "J. Lindqvist"


def test_nothing_is_claimed_where_nothing_was_seen() -> None:
    verdict = verdict_of(nothing_covered())
    assert verdict.headline == "We cannot say"
    assert [answer.tone for answer in verdict.answers] == ["unknown"] * 3


FAILS = {"outcome": Outcome.FAILED, "sentence": "It fails."}
TRADE: list[tuple[str, Findings, str]] = [
    ("a sale goes slowly", {"ops.sales": FAILS}, "With limits"),
    ("no sale goes", {"ops.sales": FAILS | {"level": Level.L3}}, "No"),
    ("totals are wrong", {"verify.sales-totals": WORST["verify.sales-totals"]}, "Yes, but"),
    ("the API is not seen", {"health.api": {"outcome": Outcome.BLOCKED, "sentence": "x"}}, "Probably"),
    ("the system has no API", {"health.api": {"outcome": Outcome.NOT_COVERED, "sentence": "x"}}, "Yes"),
    ("a report is late", {"issues.reported": FAILS}, "Yes"),
]


@pytest.mark.parametrize(("findings", "short"), [row[1:] for row in TRADE], ids=[row[0] for row in TRADE])
def test_can_we_trade(findings: Findings, short: str) -> None:
    assert can_we_trade(merged(findings)).short == short


def test_an_item_that_selling_depends_on_is_a_matter_of_the_checklist_alone(tmp_path: Path) -> None:
    entry = '[[item]]\nid = "shop.terminals"\nsection = "Shop"\nwords = "Cards are taken."\nlevel = "L3"\n'
    for trading, short in (("needed", "No"), ("no", "Yes")):
        path = tmp_path / f"{trading}.toml"
        path.write_text(f'{entry}rounds = ["midday"]\ntrading = "{trading}"\n', encoding="utf-8")
        plan = read_checklist(path)
        _, failed = results_of(plan["shop.terminals"], {"shop.terminals": FAILS}, 0)
        item = item_result(plan["shop.terminals"], [failed], round_name="midday")
        summary = round_summary(Round.MIDDAY)
        plan_part = PlanPart.of(Checklist((*CHECKLIST.items, *plan.items)))
        summary = summary.model_copy(update={"items": [*summary.items, item], "plan": plan_part})
        assert can_we_trade(summary).short == short


def test_what_a_plan_calls_data_makes_figures_doubtful() -> None:
    wrong = round_summary(Round.EVENING, {"backup.completed": FAILS | {"level": Level.L3}})
    assert can_we_trade(with_plan(wrong, trading=["backup.accessible"])).short == "Yes"
    doubtful = with_plan(wrong, trading=["backup.accessible"], data=["backup.completed"])
    assert can_we_trade(doubtful).short == "Yes, but"


def test_only_what_shows_sales_lets_us_say_that_they_arrive() -> None:
    looked = round_summary(Round.MIDDAY)
    assert can_we_trade(looked).text.startswith("Sales are arriving")
    assert (
        can_we_trade(with_plan(looked, trading=["ops.sales", "perf.mobile"])).text == "What selling depends on works."
    )


def test_what_was_not_looked_at_lets_us_trade_only_as_far_as_seen() -> None:
    unseen = {"outcome": Outcome.NOT_COVERED, "sentence": "No mobile app is configured."}
    looked = round_summary(Round.MIDDAY, {"perf.mobile": unseen})
    answer = can_we_trade(with_plan(looked, trading=["perf.mobile", "ops.sales"]))
    assert answer.short == "As far as seen"
    assert answer.text.startswith("Nothing else that selling depends on was looked at:")
    assert answer.text.endswith(next(item.words for item in looked.items if item.id == "ops.sales"))


def with_plan(summary: Summary, **lists: list[str]) -> Summary:
    return summary.model_copy(update={"plan": PlanPart(**lists)})


def test_an_outage_seen_by_another_round_stops_trade_until_it_is_over() -> None:
    assert can_we_trade(round_summary(Round.MIDDAY, {}, [WEB_DOWN])).short == "No"
    over = WEB_DOWN.model_copy(update={"resolved": at(11)})
    assert can_we_trade(round_summary(Round.MIDDAY, {}, [over])).short == "Yes"
    assert can_we_trade(merged(WORST, [over, TOTALS])).short == "Yes, but"


def test_what_is_broken_names_the_most_urgent_first() -> None:
    assert what_is_broken(merged(WORST, rounds=[*HOURS])).text.startswith("The web app does not answer")


def test_a_promise_that_ran_out_is_said() -> None:
    silent = OVERDUE.model_copy(update={"acknowledged": None})
    assert response_words(silent, at(12, 30)) == "to answer by 13:01"
    assert response_words(silent, at(13, 31)) == "no answer yet; 30 min late"
    assert response_words(OVERDUE, at(17)) == "answered at 12:20 by J. Lindqvist"
    assert response_words(WEB_DOWN, at(9, 1)) == "to answer at once"
