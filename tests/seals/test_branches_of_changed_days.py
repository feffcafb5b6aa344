"""Branches are asked of the days that changed: their records, whom these belong to, and what all add up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from hypercare.operations.branches import Branches
from hypercare.outcome.found import Found
from hypercare.seals import Seals
from tests.left_cases import some_of
from tests.seals.conftest import Change, Round

Ask = Callable[[Branches], Found]
OLD = "(SELECT min(id_) FROM sale_rows)"
QUESTIONS: Mapping[str, Ask] = {
    "none": lambda branches: branches.records_of_no_branch(),
    "maker": lambda branches: branches.records_of_another_branch_than_their_maker(),
    "customer": lambda branches: branches.sales_of_another_branch_than_their_customer().found,
    "order": lambda branches: branches.orders_of_another_branch_than_their_sale().found,
    "posting": lambda branches: branches.postings_of_another_branch_than_their_sale().found,
    "sums": lambda branches: branches.sums_that_do_not_add_up(),
}
CHANGES = [
    pytest.param("none", f"UPDATE sale_rows SET branch_ = NULL WHERE id_ = {OLD}", id="a sale of no branch"),
    pytest.param("none", f"UPDATE sale_rows SET branch_ = 77 WHERE id_ = {OLD}", id="a sale of a branch not there"),
    pytest.param("none", "INSERT INTO branch_rows SELECT * FROM branch_rows WHERE id_ = 2", id="a branch twice"),
    pytest.param("maker", f"UPDATE sale_rows SET branch_ = 2 WHERE id_ = {OLD}", id="a sale moved"),
    pytest.param("customer", "UPDATE customer_rows SET branch_ = 2 WHERE id_ = 1", id="a customer moved"),
    pytest.param("order", "UPDATE sale_rows SET branch_ = 2 WHERE id_ = (SELECT min(sale_) FROM production_order_rows)",
                 id="the sale of an order moved"),
    pytest.param("posting", "UPDATE ledger_entry_rows SET branch_ = 2 WHERE id_ = 1", id="a posting moved"),
    pytest.param("sums", f"UPDATE sale_rows SET branch_ = 77 WHERE id_ = {OLD}", id="a sum lacks a sale"),
    pytest.param("sums", "INSERT INTO branch_rows SELECT * FROM branch_rows WHERE id_ = 2", id="a sum has sales twice"),
]  # fmt: skip


def branches(seals: Seals) -> Branches:
    return Branches(seals.model.target, seals.model.database, seals)


def told(found: Found) -> tuple[object, ...]:
    return found.count, found.of, found.money, bool(found.doubt), [dict(row) for row in found.sample]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_healthy_business_is_told_of_alike_whether_its_days_are_sealed_or_not(
    next_round: Round, question: str
) -> None:
    ask = QUESTIONS[question]
    rounds = [told(ask(branches(next_round()))) for _ in range(3)]
    assert rounds == [told(ask(branches(next_round(without_history=True))))] * 3
    assert rounds[0][0] == 0
    assert rounds[0][1]


@pytest.mark.parametrize(("question", "statement"), some_of(CHANGES))
def test_what_became_wrong_on_a_sealed_day_is_told_as_if_all_were_read(
    next_round: Round, change: Change, question: str, statement: str
) -> None:
    ask = QUESTIONS[question]
    for _ in range(2):
        assert ask(branches(next_round())).count == 0
    change(statement)
    whole = told(ask(branches(next_round(without_history=True))))
    assert whole[0]
    assert [told(ask(branches(next_round()))) for _ in range(2)] == [whole] * 2
