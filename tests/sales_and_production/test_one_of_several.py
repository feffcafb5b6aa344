"""One branch, or person, that does today what it never did is asked about; a campaign and a quiet day are not."""

from __future__ import annotations

import pytest

from tests.operations.checking import Asked

MISSING = "sales_report.no_branch_lacks_what_it_has_every_day"
GENEROUS = "sales_report.nobody_gives_a_discount_to_everybody"
TODAY = "created_at_ >= '2026-03-31 22:00'"
PAID_TODAY = "paid_at_ >= '2026-03-31 22:00'"


def test_a_way_of_payment_that_one_branch_lacks_is_asked_about(asked: Asked) -> None:
    ended = asked(
        MISSING, *many_payments(), f"UPDATE payment_rows SET method_ = 'cash' WHERE {PAID_TODAY} AND {of_branch(1)}"
    )
    assert ended.outcome == "awaiting"
    assert "missing: card" in ended.reason


@pytest.mark.parametrize(("left", "outcome"), [(1, "awaiting"), (20, "passed")])
def test_a_few_that_are_left_do_not_make_a_day_as_ever(asked: Asked, left: int, outcome: str) -> None:
    """A sale of earlier days was paid by card today, or a void one."""
    here = f"{PAID_TODAY} AND {of_branch(1)}"
    cards = f"SELECT id_ FROM payment_rows WHERE {here} AND method_ = 'card' ORDER BY id_ LIMIT {left}"
    cash = f"UPDATE payment_rows SET method_ = 'cash' WHERE {here} AND id_ NOT IN ({cards})"
    assert asked(MISSING, *many_payments(), cash).outcome == outcome


def test_a_branch_with_a_few_payments_is_not_judged(asked: Asked) -> None:
    few = f"DELETE FROM payment_rows WHERE {PAID_TODAY} AND id_ % 4 > 0"
    assert asked(MISSING, few, f"UPDATE payment_rows SET method_ = 'cash' WHERE {PAID_TODAY}").outcome == "passed"


def of_branch(branch: int) -> str:
    return f"sale_ IN (SELECT id_ FROM sale_rows WHERE branch_ = {branch})"


def many_payments() -> list[str]:
    """Each payment twelve times, half of them by card."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12) "
    return [
        f"INSERT INTO payment_rows (id_, sale_, method_, amount_, paid_at_) {numbers}"
        " SELECT id_ * 100 + 90000 + i, sale_, CASE i % 2 WHEN 0 THEN 'card' ELSE 'cash' END, 1, paid_at_"
        " FROM payment_rows, n"
    ]


@pytest.mark.parametrize(
    ("whose", "outcome"),
    [("branch_ = 1", "awaiting"), ("branch_ > 0", "passed")],
    ids=["one branch", "a campaign of all"],
)
def test_a_branch_that_discounts_everything_is_asked_about(asked: Asked, whose: str, outcome: str) -> None:
    lines = f"sale_ IN (SELECT id_ FROM sale_rows WHERE {TODAY} AND {whose})"
    given = f"UPDATE sale_line_rows SET discount_percent_ = 20 WHERE {lines}"
    before = "UPDATE sale_line_rows SET discount_percent_ = 0"
    ended = asked(GENEROUS, before, given)
    assert ended.outcome == outcome


def test_without_discounts_it_is_not_covered(asked: Asked) -> None:
    from tests.operations import plain_schema

    mapping = plain_schema.mapping()
    del mapping["sale_line"]["columns"]["discount_percent"]
    mapping["sale_line"]["columns"].pop("discount", None)
    assert asked(GENEROUS, mapping=mapping).outcome == "not covered"


def test_what_is_most_of_a_day_is_missed_though_little_is_left_beside_it(asked: Asked) -> None:
    most = "UPDATE payment_rows SET method_ = CASE id_ % 50 WHEN 0 THEN 'card' ELSE 'cash' END WHERE id_ > 90000"
    gone = f"DELETE FROM payment_rows WHERE {PAID_TODAY} AND {of_branch(1)} AND method_ = 'cash'"
    ended = asked(MISSING, *many_payments(), most, gone)
    assert ended.outcome == "awaiting"
    assert "missing: cash" in ended.reason
