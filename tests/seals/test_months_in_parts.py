"""However many sales a month has, a round reads a bounded number of them, and the next one goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from hypercare.history import tables
from hypercare.operations_model.model import Model
from hypercare.seals import month_reading
from hypercare.seals import months as months_of_seals
from hypercare.seals.month_contents import Slice, slices_of
from tests.seals.conftest import Change
from tests.seals.test_past_months import COLUMNS, Rounds

A_DAY, MOST = 6, 20
LATE = "2026-03-27"


class Reads:
    """How many sales each statement read, of which days."""

    def __init__(self) -> None:
        self.statements: list[tuple[date, date, int]] = []

    def note(self, model: Model, first: date, last: date) -> dict[str, Slice]:
        found = dict(slices_of(model, first, last))
        self.statements.append((first, last, sum(one.count for one in found.values())))
        return found

    def taken(self) -> int:
        """How many sales were read since this was asked last."""
        total = sum(count for _, _, count in self.statements)
        self.statements.clear()
        return total


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    reads = Reads()
    monkeypatch.setattr(month_reading, "slices_of", reads.note)
    return reads


@pytest.fixture
def rounds(opened_round: Callable[..., Any], change: Change, monkeypatch: pytest.MonkeyPatch) -> Rounds:
    """A March of which each day has six more sales, and a round may read twenty."""
    rows = [
        f"({10_000 + 10 * day + number}, 'many-{day}-{number}', 1, 'final', 5, '2026-03-{day:02} 12:00',"
        f" '2026-03-{day:02} 12:00')"
        for day in range(1, 29)
        for number in range(A_DAY)
    ]
    change(f"INSERT INTO sale_rows ({COLUMNS}) VALUES {', '.join(rows)}")
    monkeypatch.setattr(months_of_seals, "ALL_AT_ONCE", 0)
    monkeypatch.setattr(months_of_seals, "_MOST_SALES", MOST)
    monkeypatch.setattr(month_reading, "AT_ONCE", 10)
    return Rounds(opened_round)


def test_each_round_reads_a_bounded_number_of_sales_until_all_are_sealed(rounds: Rounds, reads: Reads) -> None:
    taken = []
    for _ in range(25):
        rounds.look()
        assert max((count for _, _, count in reads.statements), default=0) <= 10 + 3 * A_DAY
        taken.append(reads.taken())
    # What is compared and what is sealed have a share each, and the last statement of each may go beyond it.
    assert max(taken) <= 2 * (MOST + 3 * A_DAY)
    store = rounds.open()[2]
    (basis,) = {row.basis for row in store._read(_bases())}
    through = {month.month: seal.through for month, seal in store.months("sale", basis).items()}
    assert through == {3: 29}


def _bases() -> Any:
    return select(tables.sealed_months.c.basis)


@pytest.mark.long
def test_a_change_on_any_day_is_told_within_some_rounds_and_until_it_is_so_again(
    rounds: Rounds, change: Change
) -> None:
    for _ in range(14):
        assert not getattr(rounds.look(), "count", 0)
    change(f"UPDATE sale_rows SET total_ = total_ + 7 WHERE number_ = 'many-27-3' AND finalised_at_ LIKE '{LATE}%'")
    found = [rounds.look() for _ in range(14)]
    counts = [one.count for one in found if one is not None]
    assert counts[-5:] == [1] * 5
    assert counts == sorted(counts)
    last = found[-1]
    assert last is not None
    assert {row["day"] for row in last.sample} == {LATE}
    change("UPDATE sale_rows SET total_ = total_ - 7 WHERE number_ = 'many-27-3'")
    again = [rounds.look() for _ in range(6)]
    assert [one.count for one in again if one is not None] == [0] * 6


def test_a_month_of_few_sales_is_read_by_one_statement(opened_round: Callable[..., Any], reads: Reads) -> None:
    rounds = Rounds(opened_round)
    rounds.look()
    assert [first.day for first, _, _ in reads.statements] == [1] * len(reads.statements)
    reads.statements.clear()
    rounds.look()
    assert len(reads.statements) == len({first for first, _, _ in reads.statements})
