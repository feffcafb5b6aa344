"""Costs are asked of the days on which they, or what they belong to, changed: all is told as if all were read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from hypercare.costs import Costs
from hypercare.outcome.found import Found
from hypercare.seals import Seals
from tests.left_cases import some_of
from tests.seals.conftest import Change, Round

Ask = Callable[[Costs], Found]
# A cost of the first days, its order and its step; and one of the days in between, of another order.
OLD = "(SELECT min(id_) FROM cost_rows)"
OF_OLD = f"(SELECT order_ FROM cost_rows WHERE id_ = {OLD})"
STEP = f"(SELECT step_ FROM cost_rows WHERE id_ = {OLD})"
LATER = f"(SELECT min(id_) FROM cost_rows WHERE order_ > {OF_OLD} + 3)"

QUESTIONS: Mapping[str, Ask] = {
    "more than nothing": lambda costs: costs.where_not_positive().found,
    "future": lambda costs: costs.where_dated_in_the_future().found,
    "order": lambda costs: costs.where_on_no_order().found,
    "before its order": lambda costs: costs.where_before_the_order().found,
    "cancelled": lambda costs: costs.where_order_was_cancelled().found,
    "branch": lambda costs: costs.where_in_another_branch().found,
    "step": lambda costs: costs.where_step_is_of_another_order().found,
    "step begun": lambda costs: costs.where_step_was_not_begun().found,
    "usual": lambda costs: costs.where_far_above_the_usual(3).found,
    "budget": lambda costs: costs.where_over_budget(),
    "without costs": lambda costs: costs.orders_done_without_costs().found,
    "twice": lambda costs: costs.duplicates.within(timedelta(minutes=10)),
}
CHANGES = [
    pytest.param("more than nothing", f"UPDATE cost_rows SET amount_ = 0 WHERE id_ = {OLD}", id="a cost of nothing"),
    pytest.param("future", f"UPDATE cost_rows SET entered_at_ = '2027-01-01 10:00:00' WHERE id_ = {OLD}", id="future"),
    pytest.param("order", f"UPDATE cost_rows SET order_ = 99999 WHERE id_ = {OLD}", id="on an order of nobody"),
    pytest.param("order", f"DELETE FROM production_order_rows WHERE id_ = {OF_OLD}", id="the order was deleted"),
    pytest.param(
        "before its order",
        f"UPDATE production_order_rows SET created_at_ = '2026-03-31 10:00:00' WHERE id_ = {OF_OLD}",
        id="the order was opened later",
    ),
    pytest.param(
        "cancelled",
        "UPDATE production_order_rows SET state_ = 'cancelled', cancelled_at_ = '2026-03-18 10:00:00'"
        f" WHERE id_ = {OF_OLD}",
        id="the order was cancelled before",
    ),
    pytest.param("branch", f"UPDATE production_order_rows SET branch_ = 2 WHERE id_ = {OF_OLD}", id="order moved"),
    pytest.param(
        "branch",
        f"UPDATE user_rows SET branch_ = 3 - branch_ WHERE id_ = (SELECT entered_by_ FROM cost_rows WHERE id_ = {OLD})",
        id="who entered them moved",
    ),
    pytest.param("step", f"UPDATE step_rows SET order_ = order_ + 1 WHERE id_ = {STEP}", id="the step moved"),
    pytest.param("step begun", f"UPDATE step_rows SET state_ = 'waiting' WHERE id_ = {STEP}", id="step not begun"),
    pytest.param("usual", f"UPDATE cost_rows SET amount_ = amount_ * 9 WHERE id_ = {OLD}", id="far too large"),
    pytest.param(
        "usual", f"UPDATE production_order_rows SET budget_ = budget_ / 9 WHERE id_ = {OF_OLD}", id="a smaller budget"
    ),
    pytest.param("budget", f"UPDATE cost_rows SET amount_ = amount_ * 9 WHERE id_ = {OLD}", id="over budget"),
    pytest.param(
        "budget", f"UPDATE production_order_rows SET budget_ = 1 WHERE id_ = {OF_OLD}", id="the budget was cut"
    ),
    pytest.param(
        "budget",
        "UPDATE production_order_rows SET budget_ = -1 WHERE id_ = (SELECT max(id_) FROM production_order_rows)",
        id="a budget below nothing, without any cost",
    ),
    pytest.param("without costs", f"DELETE FROM cost_rows WHERE order_ = {OF_OLD}", id="all its costs are gone"),
    pytest.param(
        "twice",
        "INSERT INTO cost_rows (id_, order_, step_, kind_, amount_, entered_at_, entered_by_)"
        " SELECT 90001, order_, step_, kind_, amount_, datetime(entered_at_, '+3 minutes'), entered_by_"
        f" FROM cost_rows WHERE id_ = {LATER}",
        id="entered twice",
    ),
]


def costs(seals: Seals) -> Costs:
    return Costs(seals.model.target, seals.model.database, seals)


def told(found: Found) -> tuple[object, ...]:
    """All that a finding says of its numbers."""
    return found.count, found.of, found.money, bool(found.doubt), [dict(row) for row in found.sample]


@pytest.mark.parametrize("question", some_of(list(QUESTIONS)))
def test_a_healthy_business_is_told_of_alike_whether_its_days_are_sealed_or_not(
    next_round: Round, question: str
) -> None:
    ask = QUESTIONS[question]
    rounds = [told(ask(costs(next_round()))) for _ in range(3)]
    assert rounds == [told(ask(costs(next_round(without_history=True))))] * 3
    assert rounds[0][0] == 0
    assert rounds[0][1]


@pytest.mark.parametrize(("question", "statement"), some_of(CHANGES))
def test_what_became_wrong_on_a_sealed_day_is_told_as_if_all_were_read(
    next_round: Round, change: Change, question: str, statement: str
) -> None:
    ask = QUESTIONS[question]
    for _ in range(2):
        assert ask(costs(next_round())).count == 0
    change(statement)
    whole = told(ask(costs(next_round(without_history=True))))
    assert whole[0]
    assert [told(ask(costs(next_round()))) for _ in range(2)] == [whole] * 2


def test_what_is_mended_is_told_no_more(next_round: Round, change: Change) -> None:
    ask = QUESTIONS["budget"]
    ask(costs(next_round()))
    change(f"UPDATE cost_rows SET amount_ = amount_ * 9 WHERE id_ = {OLD}")
    assert ask(costs(next_round())).count == 1
    change(f"UPDATE cost_rows SET amount_ = amount_ / 9 WHERE id_ = {OLD}")
    assert told(ask(costs(next_round()))) == told(ask(costs(next_round(without_history=True))))
    assert ask(costs(next_round())).count == 0


def test_costs_alike_on_both_sides_of_midnight_are_told_whichever_of_their_days_changed(
    next_round: Round, change: Change
) -> None:
    change(
        f"UPDATE cost_rows SET order_ = 1, step_ = 1, amount_ = 5, entered_by_ = 3,"
        f" entered_at_ = '2026-03-20 22:58:00' WHERE id_ = {OLD}",
        f"UPDATE cost_rows SET order_ = 1, step_ = 1, amount_ = 6, entered_by_ = 3,"
        f" entered_at_ = '2026-03-20 23:02:00' WHERE id_ = {LATER}",
    )
    ask = QUESTIONS["twice"]
    assert ask(costs(next_round())).count == 0
    change(f"UPDATE cost_rows SET amount_ = 6 WHERE id_ = {OLD}")
    assert [ask(costs(next_round())).count for _ in range(2)] == [1, 1]


def test_a_later_round_reads_the_costs_of_two_days_alone(next_round: Round) -> None:
    read: list[int] = []
    for _ in range(2):
        asked = costs(next_round())._asked("of the future")
        read.append(asked.model.count(asked.cost, asked.window.within(asked.cost.instant("entered_at"))))
        asked.wrong(asked.cost["id"].is_(None)).count  # noqa: B018 that is what seals the days
    assert 0 < read[1] < read[0] / 3
