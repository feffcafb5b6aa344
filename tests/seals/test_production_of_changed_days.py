"""Production is asked of the days whose orders changed; what is wrong in an old one is told all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import event

from hypercare.operations.asked_orders import AskedOrders
from hypercare.operations.production import Production
from hypercare.operations.queues import JOBS, grown
from hypercare.operations_model.violations import Violations
from hypercare.seals import Seals
from tests.seals.conftest import Change, Round

Ask = Callable[[Production], Violations]
# An order of the first days, and its steps.
OLD = "(SELECT min(order_) FROM step_rows)"

CASES: list[tuple[Ask, str, str]] = [
    (
        Production.orders_whose_progress_differs_from_their_steps,
        f"UPDATE production_order_rows SET progress_ = 7 WHERE id_ = {OLD}",
        f"UPDATE production_order_rows SET progress_ = 100 WHERE id_ = {OLD}",
    ),
    (
        Production.orders_done_with_a_step_open,
        f"UPDATE step_rows SET state_ = 'waiting' WHERE sequence_ = 2 AND order_ = {OLD}",
        f"UPDATE step_rows SET state_ = 'done' WHERE order_ = {OLD}",
    ),
    (
        Production.orders_in_a_strange_state,
        f"UPDATE production_order_rows SET state_ = 'parked' WHERE id_ = {OLD}",
        f"UPDATE production_order_rows SET state_ = 'done' WHERE id_ = {OLD}",
    ),
    (
        Production.steps_in_a_strange_state,
        f"UPDATE step_rows SET state_ = 'parked' WHERE sequence_ = 1 AND order_ = {OLD}",
        f"UPDATE step_rows SET state_ = 'done' WHERE order_ = {OLD}",
    ),
    (
        Production.steps_out_of_order,
        f"UPDATE step_rows SET state_ = 'waiting' WHERE sequence_ = 2 AND order_ = {OLD}",
        f"UPDATE step_rows SET state_ = 'done' WHERE order_ = {OLD}",
    ),
]


def production(seals: Seals) -> Production:
    return Production(seals.model.target, seals.model.database, seals)


@pytest.mark.parametrize(("ask", "break_it", "mend_it"), CASES)
def test_what_is_wrong_in_an_old_order_is_told_until_it_is_mended(
    next_round: Round, change: Change, ask: Ask, break_it: str, mend_it: str
) -> None:
    assert ask(production(next_round())).count == 0
    assert ask(production(next_round())).count == 0
    change(break_it)
    assert [ask(production(next_round())).count for _ in range(2)] == [1, 1]
    change(mend_it)
    assert ask(production(next_round())).count == 0


@pytest.mark.parametrize("ask", [one[0] for one in CASES])
def test_orders_of_days_that_are_not_asked_are_counted_all_the_same(next_round: Round, ask: Ask) -> None:
    first, second = ask(production(next_round())), ask(production(next_round()))
    assert first.of == second.of == ask(production(next_round(without_history=True))).of


def test_a_later_round_reads_the_orders_of_two_days_alone(next_round: Round) -> None:
    read: list[int] = []
    for _ in range(2):
        asked: AskedOrders = production(next_round())._asked("known states")
        read.append(asked.model.count(asked.order, *asked.chosen(asked.order)))
        asked.wrong(asked.order.has_unknown_value("state"), {}).count  # noqa: B018 that is what seals the days
    assert 0 < read[1] < read[0] / 3


def test_the_queue_of_each_earlier_day_is_read_only_where_there_is_a_queue(next_round: Round) -> None:
    model, statements = next_round().model, list[str]()
    grown(model, JOBS)
    event.listen(model.database.engine, "before_cursor_execute", lambda *one: statements.append(one[2]))
    grown(model, JOBS)
    assert len([one for one in statements if one.startswith("SELECT")]) == 1
