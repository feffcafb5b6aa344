"""Work that nobody of a role ever did is asked about; work in one go is told; what is usual here is neither."""

from __future__ import annotations

import pytest

from tests.operations import conftest
from tests.operations.checking import Asked

business = conftest.business
asked = conftest.asked

FILES = ("tests_data/test_activity.py", "tests_workflows/test_resistance.py")
ROLE = "activity.people_do_what_others_of_their_role_do"
STEPS = "resistance.no_order_is_ticked_off_in_one_go"
PILE = "resistance.nobody_enters_a_pile_in_one_go"
COSTS = "resistance.no_workshop_enters_its_costs_in_one_go"
TODAY = ">= '2026-03-31 22:00'"
TAILOR = "(SELECT min(id_) FROM user_rows WHERE role_ = 'production')"
ORDER = "(SELECT max(id_) FROM production_order_rows WHERE state_ = 'done')"
OF_TODAY = f"created_at_ {TODAY} AND branch_ = 1"
SALE = f"(SELECT max(id_) FROM sale_rows WHERE {OF_TODAY})"


def many_steps(day: str) -> str:
    """Six more steps of an order, ticked off within seconds."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6) "
    at = f"'{day} 09:00:0' || i || '.000000'"
    return (
        "INSERT INTO step_rows (id_, order_, sequence_, name_, state_, started_at_, finished_at_, updated_at_,"
        " updated_by_)"
        f" {numbers} SELECT 9000 + i, {ORDER}, 10 + i, 'more', 'done', {at}, {at}, {at}, 3 FROM n"
    )


def pile(day: str, first: int = 8000) -> str:
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8) "
    return (
        "INSERT INTO cost_rows (id_, order_, step_, kind_, amount_, entered_at_, entered_by_)"
        f" {numbers} SELECT {first} + i, 1, 1, 'labour', i, '{day} 09:00:0' || i || '.000000', 3 FROM n"
    )


@pytest.mark.parametrize(
    ("who", "outcome"),
    [(TAILOR, "awaiting"), ("4", "passed")],
    ids=["a tailor at the counter", "a colleague of another branch"],
)
def test_a_role_that_never_sold_is_asked_about(asked: Asked, who: str, outcome: str) -> None:
    ended = asked(ROLE, f"UPDATE sale_rows SET created_by_ = {who} WHERE id_ = {SALE}", files=FILES)
    assert ended.outcome == outcome


def test_who_sold_before_is_no_stranger(asked: Asked) -> None:
    before = f"UPDATE sale_rows SET created_by_ = {TAILOR} WHERE id_ = 150"
    today = f"UPDATE sale_rows SET created_by_ = {TAILOR} WHERE id_ = {SALE}"
    assert asked(ROLE, before, today, files=FILES).outcome == "passed"


def test_with_little_done_before_nobody_is_a_stranger(asked: Asked) -> None:
    few = "DELETE FROM sale_rows WHERE created_at_ < '2026-03-31'"
    no_work = "DELETE FROM step_rows"
    assert asked(ROLE, few, no_work, "DELETE FROM payment_rows", files=FILES).outcome == "not covered"


def test_steps_ticked_off_in_one_go_are_told(asked: Asked) -> None:
    finding = asked(STEPS, many_steps("2026-04-01"), files=FILES).finding
    assert finding is not None
    assert finding.count == 1
    assert asked(STEPS, files=FILES).outcome == "passed"


def test_where_steps_are_always_ticked_off_so_it_is_usual(asked: Asked) -> None:
    before = many_steps("2026-03-30").replace("9000 + i", "9100 + i").replace("10 + i", "20 + i")
    assert asked(STEPS, before, many_steps("2026-04-01"), files=FILES).outcome == "not covered"


def test_a_pile_entered_in_one_go_is_told_unless_that_is_usual(asked: Asked) -> None:
    finding = asked(PILE, pile("2026-04-01"), files=FILES).finding
    assert finding is not None
    assert finding.count == 1
    assert asked(PILE, files=FILES).outcome == "passed"
    assert asked(PILE, pile("2026-03-30", first=8100), pile("2026-04-01"), files=FILES).outcome == "passed"


def test_without_a_week_before_nothing_tells_how_work_is_entered(asked: Asked) -> None:
    no_steps = "UPDATE step_rows SET state_ = 'started', finished_at_ = NULL WHERE finished_at_ < '2026-03-31 22:00'"
    no_costs = "DELETE FROM cost_rows WHERE entered_at_ < '2026-03-31 22:00'"
    assert "Not enough history" in asked(STEPS, no_steps, many_steps("2026-04-01"), files=FILES).reason
    assert "Not enough history" in asked(PILE, no_costs, pile("2026-04-01"), files=FILES).reason


@pytest.mark.parametrize(
    "by_a_program",
    [
        pytest.param(pile("2026-04-01").replace(", 3 FROM n", ", 5 FROM n"), id="under a name of its own"),
        pytest.param(
            pile("2026-04-01").replace("i < 8", "i < 50").replace("09:00:0' || i", "09:00:' || (i + 9)"), id="at once"
        ),
    ],
)
def test_what_a_program_enters_comes_from_no_pile(asked: Asked, by_a_program: str) -> None:
    assert asked(PILE, by_a_program, files=FILES).outcome == "passed"


def costs_of(day: str, minutes: int, first: int) -> str:
    """Ten costs of an order of branch 1, so many minutes after each other."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) "
    at = f"strftime('%Y-%m-%d %H:%M:%f000', '{day} 08:00:00', (i * {minutes}) || ' minutes')"
    return (
        "INSERT INTO cost_rows (id_, order_, step_, kind_, amount_, entered_at_, entered_by_)"
        f" {numbers} SELECT {first} + i, 1, 1, 'labour', i, {at}, 3 FROM n"
    )


DAYS = ("2026-03-26", "2026-03-27", "2026-03-30", "2026-03-31")


@pytest.mark.parametrize(("minutes", "before", "outcome"), [(2, 30, "failed"), (30, 30, "passed"), (2, 2, "passed")])
def test_costs_entered_in_one_go_are_told_unless_they_always_are(
    asked: Asked, minutes: int, before: int, outcome: str
) -> None:
    earlier = [costs_of(day, before, 20_000 + 100 * place) for place, day in enumerate(DAYS)]
    no_others = "DELETE FROM cost_rows"
    ended = asked(COSTS, no_others, *earlier, costs_of("2026-04-01", minutes, 30_000), files=FILES)
    assert ended.outcome == outcome
