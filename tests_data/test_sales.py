"""Are the sales right, to the cent, in every place that tells of them?"""

from __future__ import annotations

import pytest

from hypercare.api.api import Api
from hypercare.clients.accounts import Accounts
from hypercare.clients.sales_list import sales_shown_to_people
from hypercare.operations.sales import Sales
from hypercare.outcome.collect_failures import collect_failures
from hypercare.outcome.durations import exact_duration
from hypercare.outcome.expect import expect_none
from hypercare.outcome.level import Level
from hypercare.sales_and_production.nearly_equal_numbers import nearly_equal_numbers
from hypercare.target_file.config import LimitsSection

pytestmark = pytest.mark.item("verify.sales-totals")

RECEIPTS = "Open the sales below and compare them with their receipts; ask who changed them since they were final."
TWICE = "Ask whoever entered the sales below whether the customer bought twice; if not, void the second."


def test_totals_are_the_sum_of_the_lines(sales: Sales) -> None:
    expect_none(
        sales.finalised().where_total_differs_from_lines(),
        lambda found: (
            f"{found.count} of {found.of} final sales have a total that is not the sum of their lines; "
            f"{found.money} is at stake."
        ),
        next_step=RECEIPTS,
    )


def test_totals_of_void_sales_are_the_sum_of_the_lines(sales: Sales) -> None:
    expect_none(
        sales.void().where_a_total_left_differs_from_lines(),
        lambda found: (
            f"{found.count} of {found.of} void sales keep a total that is not the sum of their lines; "
            f"{found.money} apart."
        ),
        next_step=RECEIPTS,
        level=Level.L2,
    )


def test_the_api_lists_what_the_database_has(sales: Sales, api: Api, accounts: Accounts) -> None:
    branch, listed = sales_shown_to_people(api, accounts)
    beside = sales.beside(listed, branch)
    with collect_failures() as part:
        with part:
            expect_none(
                beside.with_another_total(),
                lambda found: (
                    f"{found.count} of {found.of} sales that the API lists have another total than the database has."
                ),
                level=Level.L2,
                next_step="Open the first sale below in the app and in the database: which of the two is of today?",
            )
        with part:
            expect_none(
                beside.newer_than_the_list(),
                lambda found: (
                    "The API's list of sales is stale: "
                    f"{found.count} of {found.of} sales in the database are newer than all that it shows."
                ),
                level=Level.L2,
                next_step="See what keeps the list: a cache, a copy of the database, or a search index that is behind.",
            )


def test_lines_are_quantity_times_price(sales: Sales) -> None:
    expect_none(
        sales.finalised().where_a_line_differs_from_its_price(),
        lambda found: (
            f"{found.count} of {found.of} lines of final sales do not come to quantity times price less discount; "
            f"{found.money} is at stake."
        ),
        next_step=RECEIPTS,
    )


def test_totals_were_paid(sales: Sales) -> None:
    expect_none(
        sales.finalised().where_total_differs_from_payments(),
        lambda found: (
            f"{found.count} of {found.of} final sales were paid more or less than their total; "
            f"{found.money} is at stake."
        ),
        next_step="Compare the payments below with the card terminal and the cash book: one may be on the wrong sale.",
    )


@pytest.mark.item("verify.sales-totals", "focus.cross-module")
def test_totals_are_in_the_ledger(sales: Sales) -> None:
    expect_none(
        sales.finalised().where_total_differs_from_ledger(),
        lambda found: (
            f"{found.count} of {found.of} final sales stand in the ledger with another revenue than their total; "
            f"{found.money} is at stake."
        ),
        next_step="Compare the postings of the sales below with their totals before the day is closed.",
    )


@pytest.mark.item("verify.sales-totals", "focus.cross-module")
def test_payments_are_in_the_ledger(sales: Sales) -> None:
    expect_none(
        sales.finalised().where_payments_differ_from_ledger(),
        lambda found: (
            f"The money accounts of the ledger tell other payments than {found.count} of {found.of} final sales; "
            f"{found.money} is at stake."
        ),
        next_step="Compare the payments below with their postings before the day is closed.",
    )


def test_the_ledger_is_balanced(sales: Sales) -> None:
    expect_none(
        sales.ledger.where_a_posting_is_not_balanced(),
        lambda found: (
            f"{found.count} of {found.of} postings are not balanced: debit and credit differ by {found.money}."
        ),
        next_step="Find what wrote these postings; nothing may be closed on them.",
    )


def test_void_sales_hold_no_money(sales: Sales) -> None:
    expect_none(
        sales.void().where_money_is_left(),
        lambda found: f"{found.count} of {found.of} void sales still hold {found.money} that was not given back.",
        next_step="Ask whether the customer got the money back, then correct the payment.",
    )


def test_void_sales_hold_no_revenue(sales: Sales) -> None:
    expect_none(
        sales.void().where_revenue_is_left(),
        lambda found: (
            f"{found.count} of {found.of} void sales still stand as revenue in the ledger, {found.money} in all."
        ),
        next_step="Reverse the postings of the sales below.",
    )


def test_drafts_hold_no_money(sales: Sales) -> None:
    expect_none(
        sales.drafts().where_money_is_left(but_deposits=True),
        lambda found: (
            f"{found.count} of {found.of} drafts were paid although they are not final; "
            f"{found.money} is not counted as sold."
        ),
        next_step="Finalise the sales below, or find out what made them drafts again.",
    )


def test_drafts_hold_no_revenue(sales: Sales) -> None:
    expect_none(
        sales.drafts().where_revenue_is_left(),
        lambda found: f"{found.count} of {found.of} drafts stand as revenue in the ledger, {found.money} in all.",
        next_step="Finalise the sales below, or find out what made them drafts again.",
    )


def test_final_sales_are_complete(sales: Sales) -> None:
    expect_none(
        sales.any().where_final_is_incomplete(),
        lambda found: (
            f"{found.count} of {found.of} sales are final but lack a number or the time at which they became final."
        ),
        next_step="No figure counts the sales below until this is mended.",
    )


def test_states_are_known(sales: Sales) -> None:
    expect_none(
        sales.any().where_state_is_strange(),
        lambda found: (
            f"{found.count} of {found.of} sales are in a state that is neither draft, "
            "final nor void, so no figure counts them."
        ),
        next_step="Find out what the state means and map it, or mend the sales below.",
    )


def test_sales_are_final_after_they_were_entered(sales: Sales) -> None:
    expect_none(
        sales.any().where_time_runs_backwards(),
        lambda found: f"{found.count} of {found.of} sales became final before they were entered.",
        next_step="Compare with the receipts; then look at the clock of the server and of the device.",
    )


def test_no_sale_is_of_the_future(sales: Sales) -> None:
    expect_none(
        sales.any().where_dated_in_the_future(),
        lambda found: f"{found.count} of {found.of} sales are dated later than now.",
        next_step="Look at the clock of the server and of the device that entered them.",
    )


@pytest.mark.item("verify.sales-totals", "focus.manual-records")
def test_manual_records_agree(sales: Sales) -> None:
    expect_none(
        sales.manual_records.where_they_differ_from_the_sales(),
        lambda found: (
            f"{found.count} of {found.of} day sheets that the branches "
            f"counted by hand differ from the system, by {found.money}."
        ),
        next_step="Go through the day with the branch, receipt by receipt.",
    )


@pytest.mark.item("verify.sales-totals", "focus.manual-records")
def test_manual_records_were_handed_in(sales: Sales) -> None:
    expect_none(
        sales.manual_records.where_one_is_missing(),
        lambda found: (
            f"{found.count} of {found.of} day sheets were not handed in; "
            f"{found.money} of sales have nothing to be compared with."
        ),
        next_step="Ask the branches below for their sheets.",
        level=Level.L2,
    )


@pytest.mark.item("verify.sales-totals", "sales.no-duplicates")
def test_no_number_is_a_duplicate(sales: Sales) -> None:
    expect_none(
        sales.numbers.given_twice(),
        lambda found: (
            f"{found.count} of {found.of} sales have the number of another, so they may have been entered twice; "
            f"{found.money} is at stake."
        ),
        next_step=TWICE,
        level=Level.L2,
    )


@pytest.mark.item("verify.sales-totals", "sales.no-duplicates")
def test_no_number_is_nearly_anothers(sales: Sales) -> None:
    expect_none(
        nearly_equal_numbers(sales.model),
        lambda found: (
            f"{found.count} of {found.of} sales since yesterday evening have the number of another but for a sign, "
            "a blank or a zero, which nobody sees."
        ),
        next_step=TWICE,
        level=Level.L2,
    )


@pytest.mark.item("verify.sales-totals", "sales.no-duplicates")
def test_no_sale_is_a_duplicate(sales: Sales, limits: LimitsSection) -> None:
    within = limits.same_sale_within
    expect_none(
        sales.duplicates.likely_duplicates(within, limits.walk_in_sales_a_day),
        lambda found: (
            f"{found.count} of {found.of} sales are the same as another to the same "
            f"customer within {exact_duration(within)}; {found.money} may have been entered twice."
        ),
        next_step=TWICE,
        level=Level.L2,
    )


@pytest.mark.item("verify.sales-totals", "sales.amounts")
def test_totals_are_plausible(sales: Sales, limits: LimitsSection) -> None:
    most = sales.largest_plausible(limits)
    expect_none(
        sales.finalised().where_total_is_above(most),
        lambda found: (
            f"{found.count} of {found.of} final sales are larger than {most:,f} {sales.model.currency}, "
            f"{found.money} in all."
        ),
        next_step="Compare the sales below with their receipts; if such sales are usual, raise [limits] largest_sale.",
        level=Level.L2,
    )
