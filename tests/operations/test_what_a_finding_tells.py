"""What a finding tells besides its count: the money at stake, the branches, what a step is called."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from hypercare.outcome.finding import Finding
from tests.operations.checking import Asked

SOLD_TODAY = "(SELECT id_ FROM sale_rows WHERE number_ = '2-0401-8')"
OF_A_SALE = "id_, number_, branch_, state_, kind_, total_, created_at_, created_by_, finalised_at_"
FOUR_MINUTES_LATER = "strftime('%Y-%m-%d %H:%M:%f000', created_at_, '+4 minutes')"


@pytest.mark.parametrize(
    ("check", "statement", "money"),
    [
        pytest.param(
            "costs.costs_are_more_than_nothing",
            "UPDATE cost_rows SET amount_ = -5 WHERE id_ = 1",
            "5.00",
            id="of a cost less than nothing, its size",
        ),
        pytest.param(
            "sales.manual_records_agree",
            "UPDATE manual_record_rows SET amount_ = amount_ + 12.34 WHERE branch_ = 1 AND day_ = '2026-03-24'",
            "12.34",
            id="of a day sheet, what it is off by",
        ),
        pytest.param(
            "branches.branches_add_up_to_the_whole",
            "UPDATE sale_rows SET branch_ = 77, total_ = 12.34 WHERE number_ = '2-0401-8'",
            "12.34",
            id="of a sale that no branch counts, its total",
        ),
        pytest.param(
            "sales.lines_are_quantity_times_price",
            "UPDATE sale_line_rows SET amount_ = amount_ + 12.34 WHERE id_ = 1",
            "12.34",
            id="of a line, what it is off by",
        ),
        pytest.param(
            "stuck.no_draft_is_forgotten",
            "UPDATE sale_rows SET created_at_ = '2026-03-20 10:00:00.000000' WHERE state_ = 'draft'",
            "10.00",
            id="of a forgotten draft, its total",
        ),
    ],
)
def test_the_money_at_stake_is(check: str, statement: str, money: str, found: Callable[..., Finding]) -> None:
    finding = found(check, statement)
    assert (finding.count, finding.money) == (1, Decimal(money))


def test_a_sale_in_the_wrong_branch_is_told_with_its_money(found: Callable[..., Finding]) -> None:
    finding = found(
        "branches.records_are_in_the_branch_of_who_made_them",
        "UPDATE sale_rows SET branch_ = 1, total_ = 12.34 WHERE number_ = '2-0401-8'",
    )
    assert (finding.count, finding.money) == (1, Decimal("12.34"))


def test_a_step_is_told_by_its_name(found: Callable[..., Finding]) -> None:
    finding = found(
        "production.steps_are_finished_after_they_began",
        "UPDATE step_rows SET finished_at_ = '2026-03-19 05:00:00.000000' WHERE id_ = 1",
    )
    assert [(row["order"], row["step"]) for row in finding.sample] == [("P-1", "cut")]


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        (
            "users.people_at_work_use_the_system",
            "DELETE FROM activity_rows WHERE user_ = 6 AND at_ > '2026-03-31 10:00'",
        ),
        (
            "users.nobody_is_locked_out",
            "UPDATE user_rows SET locked_until_ = '2026-04-01 20:00:00.000000' WHERE id_ = 6",
        ),
        (
            "figures.sales_created_are_in_the_activity_log",
            f"DELETE FROM activity_rows WHERE action_ = 'sale.create' AND entity_id_ = {SOLD_TODAY}",
        ),
        (
            "figures.orders_completed_have_their_steps_done",
            "UPDATE production_order_rows SET completed_at_ = '2026-04-01 14:00:00.000000' WHERE id_ ="
            " (SELECT id_ FROM production_order_rows WHERE branch_ = 2 AND completed_at_ < '2026-03-31'"
            " ORDER BY completed_at_ DESC LIMIT 1)",
        ),
        (
            "issues.issues_are_classed",
            "UPDATE issue_rows SET category_ = NULL, branch_ = 2 WHERE state_ = 'acknowledged'",
        ),
        (
            "sales.no_number_is_a_duplicate",
            "UPDATE sale_rows SET number_ = '2-0401-8' WHERE number_ = '2-0401-7'",
        ),
    ],
)
def test_a_finding_tells_the_branch(check: str, statement: str, found: Callable[..., Finding]) -> None:
    finding = found(check, statement)
    assert (finding.count, finding.branches) == (1, ("S",))


def test_sales_entered_twice_tell_every_branch_that_they_touch(found: Callable[..., Finding]) -> None:
    chosen = "(number_ LIKE '1-0324-_' OR number_ = '2-0401-8')"
    finding = found(
        "sales.no_sale_is_a_duplicate",
        "INSERT INTO sale_line_rows (id_, sale_, product_, quantity_, unit_price_, discount_percent_, amount_)"
        " SELECT id_ + 90000, sale_ + 90000, product_, quantity_, unit_price_, discount_percent_, amount_"
        f" FROM sale_line_rows WHERE sale_ IN (SELECT id_ FROM sale_rows WHERE {chosen})",
        f"INSERT INTO sale_rows ({OF_A_SALE}, customer_)"
        " SELECT id_ + 90000, number_ || '-again', branch_, state_, kind_, total_,"
        f" {FOUR_MINUTES_LATER}, created_by_, finalised_at_, customer_ FROM sale_rows WHERE {chosen}",
    )
    assert finding.count > len(finding.sample) == 5
    assert finding.branches == ("N", "S")


def test_sums_that_do_not_add_up_are_told_with_their_amounts(found: Callable[..., Finding]) -> None:
    finding = found(
        "branches.branches_add_up_to_the_whole", "UPDATE sale_rows SET branch_ = 77 WHERE number_ = '2-0401-8'"
    )
    (row,) = finding.sample
    assert row["what"] == "final sales"
    assert int(str(row["whole"])) - int(str(row["branches together"])) == 1
    assert Decimal(str(row["amount of the whole"])) - Decimal(str(row["amount of the branches"])) == finding.money


def test_a_forgotten_draft_is_told_with_its_total(found: Callable[..., Finding]) -> None:
    of_march = "UPDATE sale_rows SET created_at_ = '2026-03-20 10:00:00.000000' WHERE state_ = 'draft'"
    assert [row["total"] for row in found("stuck.no_draft_is_forgotten", of_march).sample] == ["10.00"]


def test_a_step_that_waits_in_a_done_order_is_told_of_one_order_by_all_who_see_it(asked: Asked) -> None:
    statement = (
        "UPDATE step_rows SET state_ = 'waiting', started_at_ = NULL, finished_at_ = NULL WHERE sequence_ = 2"
        " AND order_ = (SELECT max(id_) FROM production_order_rows WHERE state_ = 'done')"
    )
    names = (
        "production.orders_done_have_every_step_done",
        "production.steps_go_in_their_order",
        "production.progress_shown_is_progress_made",
        "figures.orders_completed_have_their_steps_done",
        "costs.costs_are_for_work_that_was_begun",
    )
    findings = [finding for finding in (asked(name, statement).finding for name in names) if finding]
    assert len(findings) >= 4
    assert {finding.concerns for finding in findings} == {findings[0].concerns}
    assert max(findings, key=lambda finding: finding.rank) is findings[0]
