"""Days up to the hour of the round: as much as was there by then, with and without a history."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from hypercare.outcome.signals import NotCovered
from hypercare.sales_and_production.by_this_hour import ByDay, Series, by_this_hour
from hypercare.seals import Seals, Watch
from tests.operations.facts import AS_OF, CLOCKS, TODAY, ZONE
from tests.seals.conftest import Change, Round

YESTERDAY = TODAY - timedelta(days=1)


def counted(seals: Seals) -> ByDay:
    model = seals.model

    def entered() -> Series:
        sale = model.records("sale")
        among = model.excluding_canary(sale)
        return Series(sale.source, sale.instant("created_at"), sale["branch"], sale.amount("total").minor, among)

    return by_this_hour(model, seals, "sales entered", Watch("sale", "created_at"), entered)


@pytest.mark.parametrize("clock", ["10:00", "12:30", "17:00"])
def test_a_day_counts_up_to_the_last_full_hour(next_round: Round, clock: str) -> None:
    as_of = datetime.combine(TODAY, time.fromisoformat(clock), ZONE)
    by_then = sum(one < f"{as_of.hour:02}:00" for one in CLOCKS)
    days = counted(next_round(as_of=as_of))
    assert days[YESTERDAY]["2"].many == by_then
    assert days[TODAY]["2"].many == by_then


def test_what_is_remembered_is_what_would_be_read(next_round: Round, change: Change) -> None:
    first, second = counted(next_round()), counted(next_round())
    assert first == second == counted(next_round(without_history=True))
    change("DELETE FROM sale_rows WHERE created_at_ LIKE '2026-03-20%' AND branch_ = 2")
    third = counted(next_round())
    assert third == counted(next_round(without_history=True))
    assert third != second


def test_just_after_midnight_there_is_nothing_to_compare(next_round: Round) -> None:
    midnight = AS_OF.astimezone(ZONE).replace(hour=0, minute=20)
    with pytest.raises(NotCovered, match="hardly begun"):
        counted(next_round(as_of=midnight))
