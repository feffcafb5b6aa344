"""Does anybody go back to the old way of working, or say that they would rather?"""

from __future__ import annotations

import pytest

from hypercare.adoption.attendance import Attendance
from hypercare.adoption.backdating import people_who_backdate
from hypercare.adoption.causes import Resistance
from hypercare.adoption.complaints import complaining_far_more
from hypercare.adoption.in_one_go import orders_ticked_off_in_one_go, people_who_enter_in_one_go
from hypercare.adoption.late_entry import branches_that_enter_in_one_go, workshops_that_enter_in_one_go
from hypercare.adoption.paper import PaperSales
from hypercare.fixtures import Figure
from hypercare.operations.production import Production
from hypercare.operations.sales import Sales
from hypercare.outcome.expect import ask_about, expect_none


@pytest.mark.item("resistance.complaining")
def test_nobody_complains_far_more_than_the_others(attendance: Attendance) -> None:
    expect_none(
        complaining_far_more(attendance),
        lambda found: f"{found.count} people or branches have reported far more than the others within a week.",
        next_step="Go and listen: what is it that they cannot do, and what would make tomorrow easier than today?",
    )


@pytest.mark.item("resistance.old-methods")
def test_no_branch_enters_its_day_in_one_go(sales: Sales) -> None:
    expect_none(
        branches_that_enter_in_one_go(sales.model),
        lambda found: (
            f"{found.count} of {found.of} branches entered nearly all sales of yesterday within half an hour: "
            "they sell on paper."
        ),
        next_step="Ask what keeps them from entering a sale while the customer is there, and take that away first.",
    )


@pytest.mark.item("resistance.old-methods")
def test_no_workshop_enters_its_costs_in_one_go(production: Production) -> None:
    expect_none(
        workshops_that_enter_in_one_go(production.model),
        lambda found: (
            f"{found.count} of {found.of} branches entered nearly all costs of today within half an hour, "
            "which they did not do before."
        ),
        next_step="Ask production whether slips are kept on paper during the day, and what would spare them that.",
    )


@pytest.mark.item("resistance.old-methods")
def test_no_order_is_ticked_off_in_one_go(production: Production) -> None:
    expect_none(
        orders_ticked_off_in_one_go(production.model),
        lambda found: f"{found.count} production order(s) had their steps ticked off within a minute today.",
        next_step="Ask production what keeps them from ticking off a step when it is done.",
    )


@pytest.mark.item("resistance.old-methods")
def test_nobody_enters_a_pile_in_one_go(sales: Sales) -> None:
    expect_none(
        people_who_enter_in_one_go(sales.model),
        lambda found: f"{found.count} time(s) somebody entered eight records or more within a minute today.",
        next_step="Ask who it was whether they had kept notes on paper; if it was a program, find out which.",
    )


@pytest.mark.item("resistance.old-methods")
def test_no_branch_sells_without_the_system(paper: PaperSales) -> None:
    expect_none(
        paper.branches(),
        lambda found: (
            f"{found.count} of {found.of} branches have entered less than a tenth of the sales "
            "that are usual by this hour."
        ),
        next_step="Call them: are they closed, or do they sell on paper? Then be there when they open tomorrow.",
    )


@pytest.mark.item("resistance.old-methods")
def test_nobody_enters_records_under_an_earlier_day(attendance: Attendance) -> None:
    expect_none(
        people_who_backdate(attendance),
        lambda found: (
            f"{found.count} of {found.of} people who entered sales or costs today entered several of them "
            "under an earlier day, unlike the others of their role."
        ),
        next_step="Ask them what keeps them from entering it at once; until then no day's figures are whole.",
    )


@pytest.mark.item("resistance.causes")
def test_no_sign_of_resistance_waits_for_its_next_step(resistance: Resistance, figure: Figure) -> None:
    causes = resistance.causes()
    figure("resistance_signs", resistance.counted())
    figure("resistance_decreasing", resistance.decreasing())
    expect_none(
        causes,
        lambda found: f"{found.count} sign(s) of resistance are seen; the sample says what is likely behind each.",
        next_step="Take the step that stands beside each, and note what you heard; what the records tell is a guess.",
    )


@pytest.mark.item("resistance.causes")
def test_whoever_was_won_back_hears_of_it(resistance: Resistance) -> None:
    ask_about(
        resistance.overcome(),
        lambda found: (
            f"{found.count} sign(s) of resistance are gone today, a small win: who tells them that it was seen?"
        ),
    )
