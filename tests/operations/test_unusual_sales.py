"""Sales that agree with themselves and yet are hardly meant, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from tests.operations import plain_schema
from tests.operations.checking import Asked

OF_SOMETHING = "unusual_sales.final_sales_are_of_something"
GIVEN_AWAY = "unusual_sales.nothing_was_given_away"
SOLD_AT = "unusual_sales.products_are_sold_at_their_usual_price"
BEFORE_GO_LIVE = "unusual_sales.no_new_sale_is_dated_before_go_live"
LAST = "(SELECT max(id_) FROM sale_rows WHERE state_ = 'final' AND branch_ = 1 AND created_by_ <> 99)"
LAST_LINE = f"(SELECT max(id_) FROM sale_line_rows WHERE sale_ = {LAST})"
# The second line of each sale is always the same little thing at 4.35.
COUNTED_UP = {"sql": "'R-2026/' || substr('00000' || max(id_ + 10, 0), -5)"}
STEADY = "UPDATE sale_line_rows SET product_ = 2 WHERE unit_price_ = 4.35"


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM sale_line_rows WHERE sale_ = {LAST}",
        f"UPDATE sale_line_rows SET quantity_ = 0 WHERE sale_ = {LAST}",
    ],
)
def test_a_sale_of_nothing_is_found(found: Callable[..., Finding], statement: str) -> None:
    finding = found(OF_SOMETHING, statement, f"UPDATE sale_rows SET total_ = 0 WHERE id_ = {LAST}")
    assert finding.count == 1
    assert finding.level is Level.L2


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(f"UPDATE sale_line_rows SET unit_price_ = 0, amount_ = 0 WHERE sale_ = {LAST}", id="a gift"),
        pytest.param(f"UPDATE sale_line_rows SET quantity_ = -1 WHERE sale_ = {LAST}", id="a return"),
        pytest.param(f"DELETE FROM sale_line_rows WHERE id_ = {LAST_LINE}", id="one line of two"),
    ],
)
def test_a_sale_of_something_is_not_meant(asked: Asked, statement: str) -> None:
    assert asked(OF_SOMETHING, statement).outcome == "passed"


def test_where_many_sales_keep_their_lines_elsewhere_none_is_judged(asked: Asked) -> None:
    ended = asked(OF_SOMETHING, "DELETE FROM sale_line_rows WHERE sale_ % 8 = 0")
    assert ended.outcome == "not covered"
    assert "usual here" in ended.reason


@pytest.mark.parametrize("what", ["discount_percent_ = 100, amount_ = 0", "amount_ = 0"])
def test_a_sale_given_away_whole_is_found_where_none_ever_was(found: Callable[..., Finding], what: str) -> None:
    finding = found(GIVEN_AWAY, f"UPDATE sale_line_rows SET {what} WHERE sale_ = {LAST}")
    assert finding.count == 2
    assert finding.level is Level.L2


def test_sales_given_away_often_are_nothing_new(asked: Asked) -> None:
    ended = asked(GIVEN_AWAY, "UPDATE sale_line_rows SET discount_percent_ = 100, amount_ = 0 WHERE sale_ % 50 = 0")
    assert ended.outcome == "not covered"
    assert "usual here" in ended.reason


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(f"UPDATE sale_line_rows SET discount_percent_ = 50 WHERE sale_ = {LAST}", id="half price"),
        pytest.param(
            f"UPDATE sale_line_rows SET discount_percent_ = 100, amount_ = 0 WHERE id_ = {LAST_LINE}",
            id="free beside what was paid for",
        ),
    ],
)
def test_a_bargain_is_no_gift(asked: Asked, statement: str) -> None:
    assert asked(GIVEN_AWAY, statement).outcome == "passed"


@pytest.mark.parametrize("price", ["43.50", "0.40"])
def test_ten_times_the_usual_price_is_found(found: Callable[..., Finding], price: str) -> None:
    finding = found(SOLD_AT, STEADY, f"UPDATE sale_line_rows SET unit_price_ = {price} WHERE id_ = {LAST_LINE}")
    assert finding.count == 1
    assert finding.sample[0]["usual"] == "4.35"


@pytest.mark.parametrize("price", ["40.00", "0.50", "0"])
def test_a_dear_or_cheap_day_is_none(asked: Asked, price: str) -> None:
    moved = f"UPDATE sale_line_rows SET unit_price_ = {price} WHERE id_ = {LAST_LINE}"
    assert asked(SOLD_AT, STEADY, moved).outcome == "passed"


def test_a_service_at_any_price_has_no_usual_one(asked: Asked) -> None:
    spread = "UPDATE sale_line_rows SET unit_price_ = 1 + (id_ * 37) % 400"
    ended = asked(SOLD_AT, "UPDATE sale_line_rows SET product_ = 1", spread)
    assert ended.outcome == "not covered"
    assert "Not enough history" in ended.reason


def new_sale_of(day: str) -> str:
    kept = "number_, branch_, customer_, kind_, state_, total_"
    return (
        f"INSERT INTO sale_rows (id_, {kept}, created_at_, created_by_, finalised_at_)"
        f" SELECT 800, {kept.replace('number_', repr('N-1'))}, '{day}', 1, '{day}' FROM sale_rows WHERE id_ = {LAST}"
    )


def test_a_new_sale_of_before_go_live_is_found(found: Callable[..., Finding]) -> None:
    assert found(BEFORE_GO_LIVE, new_sale_of("2026-01-07 10:00:00.000000")).count == 1


def test_what_was_carried_over_is_not_meant(asked: Asked) -> None:
    carried = new_sale_of("2026-01-07 10:00:00.000000").replace("800", "-5")
    assert asked(BEFORE_GO_LIVE, carried).outcome == "passed"


def test_a_range_of_its_own_is_an_import_of_before(asked: Asked) -> None:
    apart = new_sale_of("2026-01-07 10:00:00.000000").replace("800", "900000")
    assert asked(BEFORE_GO_LIVE, apart).outcome == "passed"


def test_an_import_is_not_meant(asked: Asked) -> None:
    many = [new_sale_of("2026-01-07 10:00:00.000000").replace("800", str(800 + n)) for n in range(30)]
    ended = asked(BEFORE_GO_LIVE, *many)
    assert ended.outcome == "not covered"
    assert "import" in ended.reason


OF_DAYS_AGO = f"(SELECT max(id_) FROM sale_rows WHERE state_ = 'final' AND branch_ = 1 AND id_ < {LAST} - 20)"
DATED_BACK = f"UPDATE sale_rows SET created_at_ = '2023-07-14 10:00:00.000000' WHERE id_ = {OF_DAYS_AGO}"
# Keys that say nothing of when, as UUIDs are.
SCATTERED = {"sql": "'k' || ((id_ * 7919) % 10007)"}


def keyed_without_order(number: object = "number_") -> dict[str, Any]:
    mapped = plain_schema.mapping()
    mapped["sale"]["columns"] |= {"id": SCATTERED, "number": number}
    del mapped["activity"]
    return mapped


def test_a_sale_of_days_ago_whose_date_was_lost_is_told_by_its_key(asked: Asked) -> None:
    assert asked(BEFORE_GO_LIVE, DATED_BACK).outcome == "failed"


def test_where_keys_tell_nothing_it_is_told_by_its_number(asked: Asked) -> None:
    finding = asked(BEFORE_GO_LIVE, DATED_BACK, mapping=keyed_without_order(COUNTED_UP)).finding
    assert finding is not None
    assert finding.count == 1


def test_where_neither_is_counted_up_nothing_is_said(asked: Asked) -> None:
    ended = asked(BEFORE_GO_LIVE, DATED_BACK, mapping=keyed_without_order(SCATTERED))
    assert ended.outcome == "not covered"
    assert "Nothing but its own date" in ended.reason


def test_several_were_carried_over_one_by_one(asked: Asked) -> None:
    several = DATED_BACK.replace("id_ = (", "id_ % 17 = 3 AND id_ < (")
    assert asked(BEFORE_GO_LIVE, several, mapping=keyed_without_order(COUNTED_UP)).outcome == "passed"


def test_where_numbers_begin_anew_one_of_last_year_has_a_namesake(asked: Asked) -> None:
    namesake = DATED_BACK.replace(
        "SET ", f"SET id_ = 777, number_ = (SELECT number_ FROM sale_rows WHERE id_ = {LAST}), "
    )
    mapping = keyed_without_order({"sql": "'R-' || CASE WHEN id_ = 777 THEN 100030 ELSE 100000 + id_ END"})
    assert asked(BEFORE_GO_LIVE, namesake, mapping=mapping).outcome == "passed"


def test_a_number_of_before_is_no_sign(asked: Asked) -> None:
    carried = DATED_BACK.replace("SET ", "SET id_ = -5, ")
    assert asked(BEFORE_GO_LIVE, carried, mapping=keyed_without_order(COUNTED_UP)).outcome == "passed"
