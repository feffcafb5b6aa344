"""A month that no daily question reaches is sealed, and missed when it is not any more as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.seals import PastSales
from hypercare.seals import months as months_of_seals
from tests.operations.facts import AS_OF, ZONE
from tests.operations.plain_schema import mapping
from tests.seals.conftest import Change

# The watch begins two days ago: March up to then lies before it, and so does a sale of January.
LIVE = date(2026, 3, 30)
OF_OLD = "SELECT id_ FROM sale_rows WHERE finalised_at_ LIKE '2026-03-20%' AND state_ = 'final' LIMIT 1"
COLUMNS = "id_, number_, branch_, state_, total_, created_at_, finalised_at_"
DAY = timedelta(days=1)


@dataclass
class Rounds:
    """Rounds that look at the past, of which a later one is a day after the one before."""

    open: Callable[..., Any]
    as_of: datetime = AS_OF
    last: PastSales | None = None

    def look(self, **sections: Any) -> Found | None:
        """What is found; None where nothing can be told yet."""
        self.last = PastSales(*self.open(**{"go_live": LIVE, "as_of": self.as_of, **sections}))
        self.as_of += DAY
        try:
            return self.last.changed_afterwards()
        except NotCovered:
            return None


@pytest.fixture
def rounds(opened_round: Callable[..., Any], change: Change) -> Rounds:
    change(
        f"INSERT INTO sale_rows ({COLUMNS}) VALUES (9000, 'old', 1, 'final', 5, '2026-01-09 12:00', '2026-01-09 12:00')"
    )
    return Rounds(opened_round)


def test_what_stays_as_it_was_is_not_told_of(rounds: Rounds) -> None:
    assert rounds.look() is None
    for _ in range(10):
        found = rounds.look()
        assert found is not None
        assert found.count == 0


@pytest.mark.parametrize(
    ("statement", "money"),
    [
        pytest.param(f"UPDATE sale_rows SET total_ = total_ + 7 WHERE id_ = ({OF_OLD})", "7.00", id="another total"),
        pytest.param(f"UPDATE sale_rows SET branch_ = 2 WHERE id_ = ({OF_OLD})", "0.00", id="another branch"),
        pytest.param(f"UPDATE sale_rows SET number_ = 'X' WHERE id_ = ({OF_OLD})", "0.00", id="another number"),
        pytest.param(f"DELETE FROM sale_rows WHERE id_ = ({OF_OLD})", None, id="deleted"),
        pytest.param(
            f"INSERT INTO sale_rows ({COLUMNS}) "
            "VALUES (9001, 'late', 1, 'final', 5, '2026-03-20 12:00', '2026-03-20 12:00')",
            "5.00",
            id="entered late",
        ),
    ],
)
def test_a_past_month_that_changed_is_told_until_it_is_so_again(
    rounds: Rounds, change: Change, statement: str, money: str | None
) -> None:
    rounds.look()
    change(statement)
    for _ in range(3):
        found = rounds.look()
        assert found is not None
        assert rounds.last is not None
        assert rounds.last.months == "March 2026"
        assert {row["day"] for row in found.sample} == {"2026-03-20"}
        assert found.count == 1
        assert money in {None, str(found.money)}


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([f"UPDATE sale_rows SET state_ = 'void' WHERE id_ = ({OF_OLD})"], id="was taken back"),
        pytest.param(
            [f"UPDATE sale_rows SET state_ = 'void', total_ = 0 WHERE id_ = ({OF_OLD})"], id="and holds nothing more"
        ),
        pytest.param(
            [f"UPDATE sale_rows SET state_ = 'void', finalised_at_ = NULL WHERE id_ = ({OF_OLD})"],
            id="and is not final at any time",
        ),
        pytest.param([f"UPDATE sale_rows SET customer_ = NULL WHERE id_ = ({OF_OLD})"], id="got another customer"),
        pytest.param([f"DELETE FROM payment_rows WHERE sale_ = ({OF_OLD})"], id="got back its payment"),
        pytest.param(["DELETE FROM sale_rows WHERE finalised_at_ < '2026-03-20'"], id="is kept no longer"),
        pytest.param(
            ["UPDATE sale_rows SET total_ = total_ + 1 WHERE finalised_at_ >= '2026-03-31'"], id="lies in the watch"
        ),
    ],
)
def test_what_a_business_does_with_old_sales_is_not_told_of(
    rounds: Rounds, change: Change, statements: list[str]
) -> None:
    rounds.look()
    change(*statements)
    assert {one.count for one in (rounds.look() for _ in range(4)) if one is not None} == {0}


@pytest.mark.parametrize("state", ["draft", "void"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE sale_rows SET total_ = 9 WHERE id_ = 9001", "DELETE FROM sale_rows WHERE id_ = 9001"],
    ids=["changed", "cleared away"],
)
def test_what_never_was_final_is_not_told_of(rounds: Rounds, change: Change, state: str, statement: str) -> None:
    """Offers and drafts may have the date of a sale; void ones are cleared away."""
    change(
        f"INSERT INTO sale_rows ({COLUMNS}) VALUES (9001, 'x', 1, '{state}', 5, '2026-03-20 12:00', '2026-03-20 12:00')"
    )
    rounds.look()
    change(statement)
    assert {one.count for one in (rounds.look() for _ in range(4)) if one is not None} == {0}


def test_a_sale_taken_back_may_have_been_entered_in_the_month_before(rounds: Rounds, change: Change) -> None:
    change(
        f"INSERT INTO sale_rows ({COLUMNS}) VALUES (9001, 'x', 1, 'final', 5, '2026-02-27 12:00', '2026-03-02 12:00')"
    )
    rounds.look()
    change("UPDATE sale_rows SET state_ = 'void', finalised_at_ = NULL WHERE id_ = 9001")
    assert {one.count for one in (rounds.look() for _ in range(4)) if one is not None} == {0}


def test_drafts_that_were_void_when_their_days_were_sealed_excuse_no_sale_that_is_gone(
    rounds: Rounds, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(
        "INSERT INTO sale_rows (id_, number_, branch_, state_, total_, created_at_)"
        " VALUES (9001, 'x', 1, 'void', 5, '2026-03-21 12:00')"
    )
    with monkeypatch.context() as nothing_was_written:
        nothing_was_written.setattr(months_of_seals.MonthSeals, "_is_untouched", lambda *_: True)
        for day in (18, 20, 22, 24):
            rounds.look(**_on(day))
    change(f"DELETE FROM sale_rows WHERE id_ = ({OF_OLD})")
    assert any(one is not None and one.count for one in (rounds.look(**_on(day)) for day in (24, 25)))


def test_a_replay_of_an_earlier_day_does_not_unseal_what_is_sealed(rounds: Rounds, change: Change) -> None:
    for day in (24, 15):
        rounds.look(**_on(day))
    change(f"UPDATE sale_rows SET total_ = total_ + 7 WHERE id_ = ({OF_OLD})")
    found = rounds.look(**_on(25))
    assert found is not None
    assert found.count == 1


def _on(day: int) -> dict[str, Any]:
    """In a round of that day of April, March up to 31 days before it lies before the watch."""
    return {"go_live": date(2026, 1, 5), "as_of": datetime(2026, 4, day, 17, tzinfo=ZONE)}


def test_what_is_named_as_synthetic_later_is_not_missed(rounds: Rounds) -> None:
    rounds.look()
    rounds.look()
    assert rounds.look(canary={"branch": "S"}) is None
    found = rounds.look(canary={"branch": "S"})
    assert found is not None
    assert found.count == 0


def test_a_branch_that_is_looked_up_elsewhere_moves_on_without_the_sale(rounds: Rounds, change: Change) -> None:
    of_the_seller = "SELECT branch_ FROM user_rows WHERE user_rows.id_ = created_by_"
    sale = mapping()["sale"]
    mapped = {**mapping(), "sale": {**sale, "columns": {**sale["columns"], "branch": of_the_seller}}}
    assert rounds.look(mapping=mapped) is None
    change("UPDATE user_rows SET branch_ = 3 - branch_ WHERE branch_ IN (1, 2)")
    found = rounds.look(mapping=mapped)
    assert found is not None
    assert found.count == 0


def test_a_change_that_is_meant_is_given_up_by_name_and_the_next_one_is_told(rounds: Rounds, change: Change) -> None:
    rounds.look()
    change(f"UPDATE sale_rows SET total_ = total_ + 7 WHERE id_ = ({OF_OLD})")
    while not (found := rounds.look()) or not found.count:
        pass
    assert rounds.last is not None
    meant = {**mapping(), "agreed": {"given_up": [rounds.last.names.strip('"')]}}
    for _ in range(3):
        found = rounds.look(mapping=meant)
        assert found is not None
        assert found.count == 0
    change(f"UPDATE sale_rows SET total_ = total_ + 7 WHERE id_ = ({OF_OLD})")
    assert any(one is not None and one.count for one in (rounds.look(mapping=meant) for _ in range(3)))


def test_of_a_large_past_each_month_is_compared_once_a_week_and_one_each_round(
    rounds: Rounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months_of_seals, "ALL_AT_ONCE", 0)
    compared: list[date] = []
    rounds.look()
    for number in range(1, 8):
        rounds.look()
        assert rounds.last is not None
        months = rounds.last._seals.compared
        assert len(months) == 1 or number == 7
        compared += months
    assert set(compared) == {date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)}


def test_a_round_reads_no_more_than_it_can_bear_and_goes_on_in_the_next(
    rounds: Rounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months_of_seals, "ALL_AT_ONCE", 0)
    monkeypatch.setattr(months_of_seals, "_MOST_SALES", 0)
    looks = [rounds.look() for _ in range(4)]
    assert looks[0] is None
    assert all(one is not None and not one.count for one in looks[1:])


def test_a_day_that_leaves_the_watch_is_sealed_as_it_is_then(rounds: Rounds, change: Change) -> None:
    rounds.look(go_live=date(2026, 1, 5), as_of=datetime(2026, 4, 20, 17, tzinfo=ZONE))
    change(f"UPDATE sale_rows SET total_ = total_ + 7 WHERE id_ = ({OF_OLD.replace('03-20', '03-21')})")
    later = [rounds.look(go_live=date(2026, 1, 5), as_of=datetime(2026, 4, day, 17, tzinfo=ZONE)) for day in (22, 23)]
    assert all(one is not None and not one.count for one in later)
    change(f"UPDATE sale_rows SET total_ = total_ + 7 WHERE id_ = ({OF_OLD.replace('03-20', '03-21')})")
    late = [
        rounds.look(go_live=date(2026, 1, 5), as_of=datetime(2026, 4, day, 17, tzinfo=ZONE)) for day in (24, 25, 26)
    ]
    assert any(one is not None and one.count for one in late)


@pytest.mark.parametrize(
    "otherwise",
    [
        pytest.param({"without_history": True}, id="without a history"),
        pytest.param(
            {"go_live": date(2025, 12, 1), "as_of": datetime(2026, 2, 1, 17, tzinfo=ZONE)}, id="nothing before"
        ),
    ],
)
def test_where_nothing_can_be_compared_that_is_said(rounds: Rounds, otherwise: dict[str, Any]) -> None:
    assert [rounds.look(**otherwise) for _ in range(2)] == [None, None]
