"""Sales are asked of the days alone that were not found in order yet, and nothing that goes wrong later escapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from hypercare.database.trouble import TooMuchToRead
from hypercare.operations.sales import Sales
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from tests.left_cases import some_of
from tests.operations.facts import AS_OF, TODAY, at
from tests.seals.conftest import Change, Round

DAY = "2026-03-20"
SALE = f"(SELECT min(id_) FROM sale_rows WHERE finalised_at_ LIKE '{DAY}%' AND state_ = 'final')"
NEXT = f"(SELECT min(id_) FROM sale_rows WHERE finalised_at_ LIKE '{DAY}%' AND state_ = 'final' AND id_ > {SALE})"
LINE = f"(SELECT min(id_) FROM sale_line_rows WHERE sale_ = {SALE})"
ENTRY = f"(SELECT min(id_) FROM ledger_entry_rows WHERE sale_ = {SALE})"
YESTERDAY = at(TODAY - timedelta(days=1), "00:00")
LIKE_IT = (
    f"UPDATE sale_rows SET customer_ = (SELECT customer_ FROM sale_rows WHERE id_ = {SALE}),"
    f" total_ = (SELECT total_ FROM sale_rows WHERE id_ = {SALE}),"
    f" created_at_ = (SELECT created_at_ FROM sale_rows WHERE id_ = {SALE}) WHERE id_ = {NEXT}"
)

Question = Callable[[Sales], Any]
QUESTIONS: dict[str, tuple[Question, tuple[str, ...]]] = {
    "total": (
        lambda sales: sales.finalised().where_total_differs_from_lines(),
        (f"UPDATE sale_rows SET total_ = total_ + 1 WHERE id_ = {SALE}",),
    ),
    "line": (
        lambda sales: sales.finalised().where_total_differs_from_lines(),
        (f"UPDATE sale_line_rows SET amount_ = amount_ + 1 WHERE id_ = {LINE}",),
    ),
    "line taken away": (
        lambda sales: sales.finalised().where_total_differs_from_lines(),
        (f"DELETE FROM sale_line_rows WHERE id_ = {LINE}",),
    ),
    "price": (
        lambda sales: sales.finalised().where_a_line_differs_from_its_price(),
        (f"UPDATE sale_line_rows SET unit_price_ = unit_price_ + 1 WHERE id_ = {LINE}",),
    ),
    "payment": (
        lambda sales: sales.finalised().where_total_differs_from_payments(),
        (f"UPDATE payment_rows SET amount_ = amount_ + 1 WHERE sale_ = {SALE}",),
    ),
    "ledger": (
        lambda sales: sales.finalised().where_total_differs_from_ledger(),
        (f"UPDATE ledger_entry_rows SET credit_ = credit_ + 1 WHERE sale_ = {SALE} AND account_ = 'revenue'",),
    ),
    "money in the ledger": (
        lambda sales: sales.finalised().where_payments_differ_from_ledger(),
        (f"UPDATE ledger_entry_rows SET debit_ = debit_ + 1 WHERE sale_ = {SALE} AND account_ = 'money'",),
    ),
    "balance": (
        lambda sales: sales.ledger.where_a_posting_is_not_balanced(),
        (f"UPDATE ledger_entry_rows SET debit_ = debit_ + 1 WHERE id_ = {ENTRY}",),
    ),
    "state": (
        lambda sales: sales.any().where_state_is_strange(),
        (f"UPDATE sale_rows SET state_ = 'parked' WHERE id_ = {SALE}",),
    ),
    "number": (
        lambda sales: sales.any().where_final_is_incomplete(),
        (f"UPDATE sale_rows SET number_ = '' WHERE id_ = {SALE}",),
    ),
    "order of instants": (
        lambda sales: sales.any().where_time_runs_backwards(),
        (f"UPDATE sale_rows SET created_at_ = '{DAY} 23:00:00.000000' WHERE id_ = {SALE}",),
    ),
    "of nothing": (
        lambda sales: sales.unusual.of_nothing(),
        (f"DELETE FROM sale_line_rows WHERE sale_ = {SALE}",),
    ),
    "entered twice": (
        lambda sales: sales.duplicates.likely_duplicates(timedelta(minutes=2), 6),
        (
            LIKE_IT,
            f"DELETE FROM sale_line_rows WHERE sale_ = {NEXT}",
            "INSERT INTO sale_line_rows (id_, sale_, product_, quantity_, unit_price_, discount_percent_, amount_)"
            f" SELECT id_ + 100000, {NEXT}, product_, quantity_, unit_price_, discount_percent_, amount_"
            f" FROM sale_line_rows WHERE sale_ = {SALE}",
        ),
    ),
    "number given twice": (
        lambda sales: sales.numbers.given_twice(),
        (
            f"UPDATE sale_rows SET number_ = (SELECT number_ FROM sale_rows WHERE id_ = {SALE}) WHERE id_ ="
            " (SELECT max(id_) FROM sale_rows WHERE state_ = 'final' AND branch_ = 1 AND created_by_ <> 99)",
        ),
    ),
}


@pytest.fixture
def sales(next_round: Round) -> Callable[..., Sales]:
    def opened(**sections: Any) -> Sales:
        seals = next_round(**sections)
        return Sales(seals.model.target, seals.model.database, seals)

    return opened


def found(answer: Any) -> Found:
    return answer if isinstance(answer, Found) else answer.found


@contextmanager
def bounds() -> Iterator[list[datetime]]:
    """The moments by which questions that judge records are bounded, whichever connection they go by."""
    seen: list[datetime] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "looked_at" not in statement and "beside" not in statement:
            return
        for value in parameters:
            if isinstance(value, str) and value.startswith("2026-"):
                seen.append(datetime.fromisoformat(value).replace(tzinfo=UTC))

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("name", some_of([name for name in QUESTIONS if name != "number given twice"]))
def test_the_next_round_counts_as_many(name: str, sales: Callable[..., Sales]) -> None:
    question, _ = QUESTIONS[name]
    first, second = (found(question(sales())) for _ in range(2))
    assert first.count == 0
    assert first.of
    assert (second.count, second.of) == (0, first.of)


@pytest.mark.parametrize("name", some_of(list(QUESTIONS)))
def test_what_goes_wrong_on_a_sealed_day_is_found(name: str, sales: Callable[..., Sales], change: Change) -> None:
    question, statements = QUESTIONS[name]
    assert found(question(sales())).count == 0
    change(*statements)
    assert found(question(sales())).count == 1
    assert found(question(sales())).count == 1, "and as long as it is so"


@pytest.mark.parametrize("name", some_of([name for name in QUESTIONS if name != "number given twice"]))
def test_sealed_days_are_not_asked_again(name: str, sales: Callable[..., Sales]) -> None:
    question, _ = QUESTIONS[name]
    with bounds() as first:
        _ = found(question(sales()))
    with bounds() as second:
        _ = found(question(sales()))
    assert min(first) < YESTERDAY - timedelta(days=1)
    assert min(second) >= YESTERDAY - timedelta(minutes=2)


def test_what_is_held_back_of_a_question_seals_nothing(
    sales: Callable[..., Sales], change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what came since yesterday is looked at then."""
    change(f"UPDATE sale_rows SET total_ = total_ + 1 WHERE id_ = {SALE}")
    by_day = sales()
    rows, held_back = by_day.model.database.rows, TooMuchToRead("sale_rows", 9, 5, "midday")

    def guarded(statement: Any, *, about: str = "") -> Any:
        if about == "sale_rows, sale_line_rows" and not held_back.__traceback__:
            raise held_back
        return rows(statement, about=about)

    monkeypatch.setattr(by_day.model.database, "rows", guarded)
    with pytest.raises(NotCovered, match="none of"):
        found(by_day.finalised().where_total_differs_from_lines())
    assert found(sales().finalised().where_total_differs_from_lines()).count == 1


def test_a_posting_that_was_made_on_two_days_is_balanced(sales: Callable[..., Sales], change: Change) -> None:
    """Of which only the second is asked."""
    late = "(SELECT max(posting_) FROM ledger_entry_rows WHERE account_ = 'receivable' AND debit_ > 0)"
    change(
        f"UPDATE ledger_entry_rows SET posted_at_ = '{DAY} 12:00:00.000000'"
        f" WHERE posting_ = {late} AND account_ = 'receivable'"
    )
    assert found(sales().ledger.where_a_posting_is_not_balanced()).count == 0
    assert found(sales().ledger.where_a_posting_is_not_balanced()).count == 0


def test_a_usual_price_is_remembered(sales: Callable[..., Sales], change: Change) -> None:
    change("UPDATE sale_line_rows SET product_ = 2 WHERE unit_price_ = 4.35")
    first = found(sales().prices.sold_far_from_it())
    last = "(SELECT max(id_) FROM sale_rows WHERE state_ = 'final' AND branch_ = 1 AND created_by_ <> 99)"
    change(
        "UPDATE sale_line_rows SET unit_price_ = 43.50 WHERE id_ ="
        f" (SELECT max(id_) FROM sale_line_rows WHERE sale_ = {last})"
    )
    second = sales()
    dear = found(second.prices.sold_far_from_it())
    assert (first.count, dear.count) == (0, 1)
    assert dear.sample[0]["usual"] == "4.35"


def test_a_customer_of_many_sales_is_no_person_even_on_quiet_days(sales: Callable[..., Sales], change: Change) -> None:
    """Whoever gives no name buys much in the month, though little on the days that are asked."""
    old = f"created_at_ < '{YESTERDAY.date()}'"
    change(f"UPDATE sale_rows SET customer_ = 7 WHERE {old}")
    _ = found(sales().duplicates.likely_duplicates(timedelta(minutes=2), 1))
    change(*twins(customer=7))
    assert found(sales().duplicates.likely_duplicates(timedelta(minutes=2), 1)).count == 0
    change("UPDATE sale_rows SET customer_ = 8 WHERE number_ IN ('TWIN-1', 'TWIN-2')")
    assert found(sales().duplicates.likely_duplicates(timedelta(minutes=2), 1)).count == 1


def twins(customer: int) -> list[str]:
    """Two sales of today of the same thing, a minute apart."""
    statements = []
    for number in (1, 2):
        when = f"{AS_OF - timedelta(minutes=30 - number):%Y-%m-%d %H:%M}:00.000000"
        statements += [
            "INSERT INTO sale_rows (id_, number_, branch_, customer_, kind_, state_, total_, created_at_, created_by_,"
            f" finalised_at_) VALUES ({90000 + number}, 'TWIN-{number}', 1, {customer}, 'stock', 'final', 5, '{when}',"
            f" 1, '{when}')",
            "INSERT INTO sale_line_rows (id_, sale_, product_, quantity_, unit_price_, discount_percent_, amount_)"
            f" VALUES ({90000 + number}, {90000 + number}, 1, 1, 5, 0, 5)",
        ]
    return statements


def test_the_canary_is_looked_for_once_a_session(next_round: Round) -> None:
    """However many resources leave it out."""
    seals = next_round()
    about: list[str] = []
    ask = seals.model.database.rows

    def rows(statement: Any, *, about_: list[str] = about, **named: Any) -> Any:
        about_.append(named.get("about", ""))
        return ask(statement, **named)

    seals.model.database.rows = rows  # type: ignore[method-assign]
    for _ in range(3):
        _ = Sales(seals.model.target, seals.model.database, seals).created(seals.model.target.today).count
    assert [one for one in about if one.startswith("synthetic")] == ["synthetic branch", "synthetic user"]
