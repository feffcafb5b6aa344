"""What a question takes in and what it leaves out: each row of these tables is a condition that could be forgotten."""

from __future__ import annotations

from datetime import date

import pytest

from tests.operations import plain_schema
from tests.operations.checking import Asked
from tests.operations.facts import ROBOT

LONG_AGO = "'2026-03-20 10:00:00.000000'"
SOLD_TODAY = "(SELECT id_ FROM sale_rows WHERE number_ = '2-0401-8')"
COMPLETED_TODAY = "SELECT id_ FROM production_order_rows WHERE completed_at_ > '2026-04-01'"
OF_A_SALE = "id_, number_, branch_, state_, kind_, total_, created_at_, created_by_, finalised_at_"

SOME_MATERIAL = (
    "INSERT INTO cost_rows (id_, order_, kind_, amount_, entered_at_, entered_by_)"
    " SELECT 90000 + id_, order_, 'material', CASE id_ WHEN 1 THEN 90 ELSE 1 END, entered_at_, entered_by_"
    " FROM cost_rows WHERE id_ <= {many}"
)

# An order of the first day with all of its steps waiting, on one of which something was done this morning.
WAITS_AGAIN = (
    "UPDATE step_rows SET state_ = 'waiting', started_at_ = NULL, finished_at_ = NULL,"
    " {field} = CASE sequence_ WHEN 1 THEN '2026-04-01 06:00:00.000000' END WHERE order_ = 1"
)
# Trials that were completed two days after their last step, as many as there are orders.
SLOW_TRIALS = (
    "INSERT INTO production_order_rows (id_, number_, sale_, branch_, state_, progress_, created_at_, completed_at_)"
    " SELECT 90000 + id_, 'P-TRIAL-' || id_, (SELECT id_ FROM sale_rows WHERE number_ = 'TRIAL-1'), 1, 'done', 100,"
    " '2026-03-25 09:00:00.000000', '2026-03-27 09:00:00.000000' FROM production_order_rows",
    "INSERT INTO step_rows (id_, order_, sequence_, name_, state_, started_at_, finished_at_, updated_at_, updated_by_)"
    " SELECT id_, id_, 1, 'cut', 'done', created_at_, created_at_, created_at_, 3 FROM production_order_rows"
    " WHERE number_ LIKE 'P-TRIAL-%'",
)
STEPS_WERE_LONG_DONE = (
    "UPDATE step_rows SET started_at_ = '2026-03-30 10:00:00.000000', finished_at_ = '2026-03-30 11:00:00.000000'"
    f" WHERE order_ IN ({COMPLETED_TODAY})"
)
AN_OLD_ORDER_IS_OPEN = "UPDATE production_order_rows SET state_ = 'in_progress', completed_at_ = NULL WHERE id_ = 1"


@pytest.mark.parametrize(
    ("check", "statements"),
    [
        pytest.param(
            "figures.sales_created_are_in_the_activity_log",
            [f"UPDATE activity_rows SET at_ = {LONG_AGO} WHERE action_ = 'sale.create' AND entity_id_ = {SOLD_TODAY}"],
            id="the log tells of such a sale, but of one of weeks ago",
        ),
        pytest.param(
            "figures.sales_in_the_activity_log_are_there",
            [
                "INSERT INTO activity_rows (id_, user_, action_, entity_id_, at_)"
                f" SELECT 90001, 1, 'sale.delete', {SOLD_TODAY}, {LONG_AGO}",
                f"DELETE FROM sale_rows WHERE id_ = {SOLD_TODAY}",
            ],
            id="a sale is gone, and what was deleted is one of weeks ago",
        ),
        pytest.param(
            "figures.steps_updated_are_in_the_activity_log",
            [
                f"UPDATE activity_rows SET at_ = {LONG_AGO} WHERE action_ LIKE 'step.%' AND entity_id_ ="
                " (SELECT id_ FROM step_rows WHERE updated_by_ = 3 ORDER BY updated_at_ DESC LIMIT 1)"
            ],
            id="a step was touched today, and the log tells of weeks ago",
        ),
        pytest.param(
            "issues.issues_are_classed",
            ["UPDATE issue_rows SET category_ = '' WHERE state_ = 'acknowledged'"],
            id="the category of an issue is an empty text",
        ),
        pytest.param(
            "sales.final_sales_are_complete",
            ["UPDATE sale_rows SET number_ = '' WHERE number_ = '2-0401-8'"],
            id="the number of a final sale is an empty text",
        ),
        pytest.param(
            "sales.manual_records_agree",
            [
                "UPDATE sale_rows SET state_ = 'void', voided_at_ = '2026-03-24 16:00:00.000000'"
                " WHERE number_ = '1-0324-2'"
            ],
            id="a sale was voided before the sheet of its day was written, which counts it",
        ),
        pytest.param(
            "dates.no_record_is_older_than_any_can_be",
            ["UPDATE sale_rows SET created_at_ = '0001-01-01 00:00:00.000000' WHERE number_ = '2-0401-8'"],
            id="a date of the year 1 is none that this engine keeps for no date",
        ),
        pytest.param(
            "costs.costs_are_more_than_nothing",
            ["UPDATE cost_rows SET amount_ = -5, entered_at_ = NULL WHERE id_ = 1"],
            id="a cost is less than nothing, and of no known day",
        ),
        pytest.param(
            "sales.no_sale_is_of_the_future",
            ["UPDATE sale_rows SET created_at_ = '2126-04-01 10:00:00.000000' WHERE state_ = 'draft'"],
            id="a draft was entered in the next century",
        ),
        pytest.param(
            "sales.final_sales_are_complete",
            ["UPDATE sale_rows SET finalised_at_ = NULL WHERE number_ = '2-0401-8'"],
            id="a final sale does not say when it became final",
        ),
        pytest.param(
            "sales.final_sales_are_complete",
            [
                f"INSERT INTO sale_rows ({OF_A_SALE}) VALUES (90001, 'OLD', 1, 'final', 'stock', 50,"
                " '2025-11-03 09:00:00.000000', 1, NULL)"
            ],
            id="a sale of before go-live is final, and does not say since when",
        ),
        pytest.param(
            "production.dates_and_state_of_a_step_agree",
            ["UPDATE step_rows SET finished_at_ = NULL WHERE id_ = 1"],
            id="a step is done, and does not say since when",
        ),
        pytest.param(
            "sales.states_are_known",
            ["UPDATE sale_rows SET state_ = NULL WHERE number_ = '2-0401-8'"],
            id="a sale is in no state",
        ),
        pytest.param(
            "sales.totals_are_the_sum_of_the_lines",
            [
                "UPDATE sale_rows SET total_ = NULL WHERE number_ = '2-0401-8'",
                f"UPDATE sale_line_rows SET amount_ = 0 WHERE sale_ = {SOLD_TODAY}",
            ],
            id="a sale has no total, and its lines come to nothing",
        ),
        pytest.param(
            "branches.every_record_has_one_branch",
            ["UPDATE sale_rows SET branch_ = NULL WHERE number_ = '2-0401-8'"],
            id="a sale is in no branch",
        ),
        pytest.param(
            "sales.the_ledger_is_balanced",
            ["UPDATE ledger_entry_rows SET debit_ = debit_ + 1 WHERE id_ = 1"],
            id="a posting debits more than it credits",
        ),
        pytest.param(
            "sales.the_ledger_is_balanced",
            ["UPDATE ledger_entry_rows SET credit_ = credit_ + 1 WHERE id_ = 1"],
            id="a posting credits more than it debits",
        ),
        pytest.param(
            "issues.issues_are_answered_in_time",
            [
                "UPDATE issue_rows SET respond_by_ = NULL, responded_at_ = NULL,"
                " reported_at_ = '2026-03-30 09:00:00.000000' WHERE state_ = 'acknowledged'"
            ],
            id="nobody answered for two days, and no time was agreed",
        ),
        pytest.param(
            "figures.orders_completed_have_their_steps_done",
            [f"UPDATE step_rows SET finished_at_ = NULL WHERE sequence_ = 3 AND order_ IN ({COMPLETED_TODAY})"],
            id="an order was completed whose last step does not say when it was done",
        ),
        pytest.param(
            "figures.orders_completed_have_their_steps_done",
            [
                "UPDATE step_rows SET finished_at_ = CASE sequence_ WHEN 3 THEN NULL ELSE '2026-04-01 06:00:00.000000'"
                f" END WHERE order_ IN ({COMPLETED_TODAY})"
            ],
            id="an order was completed whose last step does not say when it was done, and the others today",
        ),
        pytest.param(
            "figures.orders_completed_have_their_steps_done",
            [f"UPDATE step_rows SET state_ = 'started' WHERE sequence_ = 3 AND order_ IN ({COMPLETED_TODAY})"],
            id="an order was completed whose last step is in hand, though it was finished",
        ),
        pytest.param(
            "costs.costs_are_plausible",
            [SOME_MATERIAL.format(many=13)],
            id="of thirteen costs of a kind one is very large",
        ),
        pytest.param(
            "costs.costs_are_plausible",
            [SOME_MATERIAL.format(many=12)],
            id="of twelve costs of a kind one is very large",
        ),
        pytest.param(
            "figures.orders_completed_have_their_steps_done",
            [*SLOW_TRIALS, STEPS_WERE_LONG_DONE],
            id="orders were completed days after their last step, which only trials were before",
        ),
        pytest.param(
            "stuck.orders_have_steps",
            [
                "INSERT INTO production_order_rows (id_, number_, branch_, state_, progress_, created_at_)"
                " VALUES (90001, 'P-NEW', 1, 'open', 0, '2026-04-01 07:00:00.000000')"
            ],
            id="an order of this morning has no step yet",
        ),
    ],
)
def test_it_is_noticed_that(check: str, statements: list[str], asked: Asked) -> None:
    assert asked(check).outcome == "passed"
    assert asked(check, *statements).outcome == "failed"


SALE_OF_BEFORE = (
    f"INSERT INTO sale_rows ({OF_A_SALE}) VALUES (90001, 'OLD', 7, 'final', 'stock', 50,"
    " '2025-11-03 09:00:00.000000', 1, '2025-11-03 09:05:00.000000')"
)


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        pytest.param(
            "branches.every_record_has_one_branch", SALE_OF_BEFORE, id="a sale of long before go-live has no branch"
        ),
        pytest.param(
            "branches.branches_add_up_to_the_whole", SALE_OF_BEFORE, id="a sale of long before go-live is in no sum"
        ),
        pytest.param(
            "costs.costs_are_more_than_nothing",
            "INSERT INTO cost_rows (id_, order_, kind_, amount_, entered_at_, entered_by_)"
            f" VALUES (90001, 1, 'labour', -5, '2026-04-01 09:00:00.000000', {ROBOT})",
            id="the canary's user entered a cost on an order of the business",
        ),
        pytest.param(
            "costs.costs_are_not_on_cancelled_orders",
            "UPDATE production_order_rows SET state_ = 'cancelled', cancelled_at_ = '2026-03-31 09:00:00.000000'"
            " WHERE id_ = 1",
            id="an order was cancelled that had its costs already",
        ),
        pytest.param(
            "costs.costs_are_not_on_cancelled_orders",
            "UPDATE production_order_rows SET cancelled_at_ = '2026-03-18 12:00:00.000000' WHERE id_ = 1",
            id="an order that was cancelled was taken up again, and cost something",
        ),
        pytest.param(
            "production.states_of_orders_are_known",
            "INSERT INTO production_order_rows (id_, number_, branch_, state_, progress_, created_at_)"
            " VALUES (90001, 'P-OLD', 1, 'dreamt', 0, '2025-11-03 09:00:00.000000')",
            id="an order of long before go-live is in a state that nobody knows",
        ),
        pytest.param(
            "costs.orders_done_have_costs",
            "INSERT INTO production_order_rows (id_, number_, branch_, state_, progress_, created_at_, completed_at_)"
            " VALUES (90001, 'P-OLD', 1, 'done', 100, '2025-11-03 09:00:00.000000', '2025-11-05 09:00:00.000000')",
            id="an order that was completed long before go-live has no costs",
        ),
        pytest.param(
            "stuck.orders_have_steps",
            "INSERT INTO production_order_rows (id_, number_, branch_, state_, progress_, created_at_)"
            " VALUES (90001, 'P-NEW', 1, 'open', 0, '2026-04-01 14:55:00.000000')",
            id="an order of five minutes ago has no step yet",
        ),
        pytest.param(
            "stuck.no_job_is_left_waiting",
            "INSERT INTO job_rows (id_, kind_, state_, queued_at_, due_at_, error_)"
            " VALUES (90001, 'reminder', 'queued', '2026-03-30 10:00:00.000000', '2026-04-01 14:59:00.000000', '')",
            id="a job that was queued days ago is due only now",
        ),
        pytest.param(
            "costs.costs_are_plausible",
            SOME_MATERIAL.format(many=11),
            id="of eleven costs of a kind one is very large, but eleven do not tell what is usual",
        ),
        pytest.param(
            "stuck.orders_have_steps",
            "INSERT INTO production_order_rows (id_, number_, sale_, branch_, state_, progress_, created_at_)"
            " SELECT 90001, 'P-TRIAL', id_, branch_, 'open', 0, finalised_at_ FROM sale_rows"
            " WHERE number_ = 'TRIAL-1'",
            id="the canary's user sold something in a branch of the business",
        ),
        pytest.param(
            "sales.void_sales_hold_no_revenue",
            "INSERT INTO ledger_entry_rows (id_, posting_, sale_, branch_, account_, debit_, credit_, posted_at_)"
            " SELECT 90001, 90001, id_, branch_, 'receivable', 5, 0, voided_at_ FROM sale_rows"
            " WHERE number_ = '1-0324-5'",
            id="on a void sale something is owed, which is no revenue",
        ),
        pytest.param(
            "costs.costs_are_plausible",
            "INSERT INTO cost_rows (id_, order_, kind_, amount_, entered_at_, entered_by_)"
            " SELECT 90000 + id_, order_, 'material', id_ > 14, entered_at_, entered_by_ FROM cost_rows"
            " WHERE id_ <= 26",
            id="of many costs most are of nothing, which does not tell what is usual",
        ),
        pytest.param(
            "sales.manual_records_agree",
            "UPDATE sale_rows SET created_at_ = '2026-03-24 10:00:00.000000', finalised_at_ ="
            " '2026-03-24 10:01:00.000000' WHERE number_ = 'TRIAL-1'",
            id="the canary sold something on a day of which there is a sheet",
        ),
        pytest.param(
            "branches.nothing_happens_in_a_closed_branch",
            "INSERT INTO branch_rows (id_, code_, name_, live_) VALUES (90, 'O', 'Old town', 0)",
            id="another branch was closed",
        ),
        pytest.param(
            "branches.branches_add_up_to_the_whole",
            "UPDATE sale_rows SET branch_ = 77 WHERE state_ = 'draft'",
            id="a draft is in a branch that is not there, and no figure counts drafts",
        ),
        pytest.param(
            "sales.manual_records_were_handed_in",
            "DELETE FROM manual_record_rows WHERE branch_ = 2",
            id="a branch never handed in a sheet",
        ),
        pytest.param(
            "sales.no_number_is_a_duplicate",
            "UPDATE sale_rows SET number_ = '1-0324-4' WHERE number_ = '1-0324-5'",
            id="a void sale has the number of another",
        ),
        pytest.param(
            "sales.no_number_is_a_duplicate",
            "UPDATE sale_rows SET number_ = '' WHERE number_ LIKE '2-0401-_'",
            id="several sales have an empty text for their number",
        ),
        pytest.param(
            "sales.manual_records_agree",
            "UPDATE sale_rows SET state_ = 'void', voided_at_ = '2026-03-25 10:00:00.000000'"
            " WHERE number_ = '1-0324-2'",
            id="a sale was voided on the day after it was counted by hand",
        ),
    ],
)
def test_nobody_is_alarmed_that(check: str, statement: str, asked: Asked) -> None:
    assert asked(check, statement).outcome == "passed"


@pytest.mark.parametrize(
    ("field", "outcome"),
    [
        pytest.param("finished_at_", "passed", id="a step was finished this morning"),
        pytest.param("started_at_", "passed", id="a step was begun this morning, and waits again"),
        pytest.param("updated_at_", "failed", id="somebody looked at a step this morning"),
    ],
)
def test_an_old_order_on_which_nothing_is_in_hand_lies_about_unless(field: str, outcome: str, asked: Asked) -> None:
    ended = asked("stuck.no_order_lies_about", WAITS_AGAIN.format(field=field), AN_OLD_ORDER_IS_OPEN)
    assert ended.outcome == outcome


def test_steps_of_a_trial_are_in_no_figure(asked: Asked) -> None:
    of_a_trial = (
        "INSERT INTO production_order_rows"
        " (id_, number_, sale_, branch_, state_, progress_, created_at_, completed_at_)"
        " SELECT 90001, 'P-TRIAL', id_, branch_, 'done', 100, finalised_at_, finalised_at_ FROM sale_rows"
        " WHERE number_ = 'TRIAL-1'"
    )
    its_step = (
        "INSERT INTO step_rows"
        " (id_, order_, sequence_, name_, state_, started_at_, finished_at_, updated_at_, updated_by_)"
        " SELECT 90001, 90001, 1, 'cut', 'done', created_at_, created_at_, created_at_, 3 FROM production_order_rows"
        " WHERE id_ = 90001"
    )
    check = "figures.steps_updated_today"
    assert (
        asked(check, of_a_trial, its_step).figures
        == asked(check).figures
        == {
            "steps_updated": 6,
            "steps_completed": 6,
        }
    )


def test_a_sheet_of_long_ago_is_not_asked_for_any_more(asked: Asked) -> None:
    of_march = (
        "INSERT INTO manual_record_rows (id_, branch_, day_, count_, amount_) VALUES (90001, 1, '2026-03-0{}', 9, 9)"
    )
    check, winter = "sales.manual_records_agree", date(2026, 1, 8)
    ended = [asked(check, of_march.format(day), go_live=winter).outcome for day in (3, 4)]
    assert ended == ["passed", "passed"]
    assert asked(check, of_march.replace("03-0{}", "03-19"), go_live=winter).outcome == "failed"


@pytest.mark.parametrize(
    ("by", "outcome"),
    [
        pytest.param("17:00", "failed", id="it is due by the very minute of the round"),
        pytest.param("17:01", "passed", id="it has a minute left, and was done yesterday"),
    ],
)
def test_a_daily_job_is_missed_from_the_minute_in_which_it_is_due(by: str, outcome: str, asked: Asked) -> None:
    mapped = plain_schema.mapping()
    mapped["expected_jobs"] = [{"kind": "closing", "by": by}]
    not_last_night = "DELETE FROM job_rows WHERE due_at_ > '2026-03-31 15:00:00.000000'"
    of_yesterday = (
        "INSERT INTO job_rows (id_, kind_, state_, queued_at_, due_at_, started_at_, finished_at_, error_)"
        " SELECT 90001, 'closing', 'done', at_, at_, at_, at_, '' FROM (SELECT '2026-03-31 14:30:00.000000' AS at_)"
    )
    assert asked("stuck.daily_jobs_were_done", not_last_night, of_yesterday, mapping=mapped).outcome == outcome
