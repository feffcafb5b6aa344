"""A branch whose counter goes back to paper for a day."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from demo_erp.state import Settings
from demo_erp.traffic.planner import Planner

BERLIN = ZoneInfo("Europe/Berlin")
GO_LIVE = date(2026, 1, 8)
ON_PAPER = GO_LIVE + timedelta(days=1)


def counters(planner: Planner, day: date, branch: str) -> list[str]:
    """What the counter of a branch does in the system on a day."""
    return [
        event.kind
        for event in planner.plan(day).events
        if event.actor is not None
        and event.actor.role == "sales"
        and event.actor.branch is not None
        and event.actor.branch.code == branch
    ]


def sales(planner: Planner, branch: str) -> list[str]:
    return [
        kind for kind in counters(planner, ON_PAPER, branch) if kind in {"sale.create", "sale.finalise", "sale.void"}
    ]


def test_its_counter_does_not_touch_the_system_but_for_the_cash_book_and_asking_for_help() -> None:
    planner = Planner(1, GO_LIVE, BERLIN, {ON_PAPER.isoformat(): ["HAR"]})
    assert "sheet.hand_in" in counters(planner, ON_PAPER, "HAR")
    assert {kind.partition(".")[0] for kind in counters(planner, ON_PAPER, "HAR")} <= {"sheet", "issue"}


def test_the_other_branches_and_the_day_before_are_as_they_would_have_been() -> None:
    usual, other = Planner(1, GO_LIVE, BERLIN), Planner(1, GO_LIVE, BERLIN, {ON_PAPER.isoformat(): ["HAR"]})
    assert sales(other, "GAR") == sales(usual, "GAR")
    assert sales(usual, "HAR")
    assert not sales(other, "HAR")
    assert [event.trace_id for event in other.plan(GO_LIVE).events] == [
        event.trace_id for event in usual.plan(GO_LIVE).events
    ]


def test_no_later_day_works_on_what_was_never_sold() -> None:
    planner = Planner(1, GO_LIVE, BERLIN, {ON_PAPER.isoformat(): ["HAR"]})
    later = [event for number in range(2, 9) for event in planner.plan(GO_LIVE + timedelta(days=number)).events]
    sold = {
        sale.reference for number in range(9) for sale in planner._selling_day(GO_LIVE + timedelta(days=number)).sales
    }
    changed = {event.subject.sale.reference for event in later if event.kind.startswith("step.")}
    assert changed
    assert changed <= sold


def test_the_settings_keep_it() -> None:
    chosen = Settings(on_paper={"2026-01-09": ("HAR",)})
    assert list(Settings.from_json(chosen.to_json()).on_paper["2026-01-09"]) == ["HAR"]
