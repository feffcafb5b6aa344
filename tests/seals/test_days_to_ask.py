"""A day that a question found in order is not asked again, unless it is not any more as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import Executable, func, select

from hypercare.database.database import Row
from hypercare.history.forgetting import forget
from hypercare.history.store import History
from hypercare.outcome.signals import NotCovered
from hypercare.seals import Seals, Watch, Window, day_seals
from tests.operations.facts import AS_OF, GO_LIVE, TODAY, ZONE
from tests.operations.plain_schema import mapping
from tests.seals.conftest import Change, Round

SALES = Watch("sale", "finalised_at", parts=("sale_line", "payment"))
YESTERDAY = TODAY - timedelta(days=1)
OLD = date(2026, 3, 20)
OF_OLD = "SELECT id_ FROM sale_rows WHERE finalised_at_ LIKE '2026-03-20%' LIMIT 1"


def ask(seals: Seals, watch: Watch = SALES, wrong: date | None = None, question: str = "totals") -> Window:
    """Judge all that the window says, with nothing amiss but on one day."""
    window = seals.window(question, watch)
    sale = seals.model.records(watch.entity)
    instant = sale.instant(watch.field)
    each = select(window.day_of(instant).label("day")).where(window.within(instant)).subquery()
    rows = seals.model.database.rows(select(each.c.day, func.count().label("looked_at")).group_by(each.c.day))
    window.judged({**row, "wrong": int(window.days[int(row["day"])].date == wrong)} for row in rows)
    return window


def dates(window: Window) -> list[date]:
    return [day.date for day in window.days]


def test_a_first_round_asks_the_whole_watch(next_round: Round) -> None:
    window = next_round().window("totals", SALES)
    assert window.is_whole
    assert dates(window)[0] == GO_LIVE
    assert dates(window)[-1] == TODAY


def test_the_next_round_asks_since_yesterday_and_counts_all_the_same(next_round: Round) -> None:
    first = ask(next_round())
    seals = next_round()
    window = ask(seals)
    assert dates(window) == [YESTERDAY, TODAY]
    assert [one.start.astimezone(ZONE).date() for one in window.ranges] == [YESTERDAY]
    sale = seals.model.records("sale")
    instant = sale.instant("finalised_at")
    now, all_of_it = (seals.model.count(sale, one) for one in (window.within(instant), instant.within(first.whole)))
    assert 0 < now < all_of_it
    assert now + window.remembered["looked_at"] == all_of_it


def test_days_that_are_over_before_the_watch_begins_are_never_asked(next_round: Round) -> None:
    since = AS_OF - timedelta(days=3)
    for asked in ([TODAY - timedelta(days=days) for days in (3, 2, 1, 0)], [YESTERDAY, TODAY]):
        window = next_round().window("balance", SALES, since)
        assert dates(window) == asked
        window.judged([])


def test_a_day_on_which_something_is_amiss_is_asked_until_it_is_not(next_round: Round) -> None:
    ask(next_round(), wrong=OLD)
    assert dates(ask(next_round(), wrong=OLD)) == [OLD, YESTERDAY, TODAY]
    assert dates(ask(next_round())) == [OLD, YESTERDAY, TODAY]
    assert dates(ask(next_round())) == [YESTERDAY, TODAY]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(f"UPDATE sale_rows SET total_ = total_ + 1 WHERE id_ = ({OF_OLD})", id="a sale was changed"),
        pytest.param(f"DELETE FROM sale_rows WHERE id_ = ({OF_OLD})", id="a sale was deleted"),
        pytest.param(
            "INSERT INTO sale_rows (id_, number_, branch_, state_, total_, created_at_, finalised_at_) "
            "VALUES (9001, 'late', 1, 'final', 5, '2026-03-20 12:00:00', '2026-03-20 12:00:00')",
            id="a sale was entered late",
        ),
        pytest.param(f"UPDATE payment_rows SET amount_ = 0 WHERE sale_ = ({OF_OLD})", id="a payment was changed"),
        pytest.param(f"DELETE FROM sale_line_rows WHERE sale_ = ({OF_OLD})", id="lines were deleted"),
        pytest.param(
            f"INSERT INTO payment_rows (id_, sale_, amount_, paid_at_) VALUES (9001, ({OF_OLD}), 5, '')",
            id="a payment came today",
        ),
    ],
)
def test_a_day_that_changed_is_asked_again(next_round: Round, change: Change, statement: str) -> None:
    ask(next_round())
    change(statement)
    assert dates(ask(next_round())) == [OLD, YESTERDAY, TODAY]
    assert dates(ask(next_round())) == [YESTERDAY, TODAY]


def test_what_no_question_reads_matters_to_none(next_round: Round, change: Change) -> None:
    ask(next_round())
    change("UPDATE ledger_entry_rows SET debit_ = debit_ + 1")
    assert dates(ask(next_round())) == [YESTERDAY, TODAY]


def test_what_all_is_compared_with_matters_to_all_days(next_round: Round, change: Change) -> None:
    watch = Watch("sale", "finalised_at", beside=("branch",))
    ask(next_round(), watch)
    assert dates(ask(next_round(), watch)) == [YESTERDAY, TODAY]
    change("UPDATE branch_rows SET live_ = 0 WHERE code_ = 'S'")
    assert ask(next_round(), watch).is_whole


def test_each_question_seals_for_itself(next_round: Round) -> None:
    ask(next_round())
    assert next_round().window("another", SALES).is_whole


@pytest.mark.parametrize(
    "otherwise",
    [
        pytest.param({"rules": "2"}, id="other rules"),
        pytest.param({"limits": {"doubt_least": 7}}, id="other limits"),
        pytest.param({"canary": {"branch": "S"}}, id="another canary"),
    ],
)
def test_what_was_judged_otherwise_is_asked_again(next_round: Round, otherwise: dict[str, object]) -> None:
    ask(next_round())
    assert next_round(**otherwise).window("totals", SALES).is_whole


def test_without_a_history_all_is_asked_as_ever(next_round: Round) -> None:
    ask(next_round(without_history=True))
    window = next_round(without_history=True).window("totals", SALES)
    assert window.is_whole
    assert not window.seals


def test_a_look_at_the_desk_seals_nothing_and_is_spared_what_is_sealed(next_round: Round) -> None:
    ask(next_round(only_recalls=True))
    assert ask(next_round()).is_whole
    assert dates(ask(next_round(only_recalls=True))) == [YESTERDAY, TODAY]


@pytest.mark.parametrize("settles", ["20h", "3d"])
def test_what_is_still_settling_is_not_asked_and_what_settled_is(next_round: Round, settles: str) -> None:
    sections = {"mapping": {**mapping(), "settles_within": settles}}
    for _ in range(2):
        window = ask(next_round(**sections))
        assert window.days[-1].period.end == window.whole.end
        assert window.whole.end < AS_OF - timedelta(hours=19)
    later = ask(next_round(**sections, as_of=AS_OF + timedelta(days=1)))
    assert later.ranges[0].start <= window.whole.end
    assert later.days[-1].period.end == window.whole.end + timedelta(days=1)


def test_a_record_without_a_time_belongs_to_no_day(next_round: Round, change: Change) -> None:
    change(f"UPDATE sale_rows SET finalised_at_ = NULL WHERE id_ = ({OF_OLD})")
    seals = next_round()
    window = seals.window("totals", SALES)
    day = window.day_of(seals.model.records("sale").instant("finalised_at"))
    found = seals.model.database.rows(select(day.label("day"), func.count().label("many")).group_by(day))
    assert {row["day"] for row in found} == {None, *range(len(window.days))}


def test_parts_of_very_many_records_are_compared_once_a_week(
    next_round: Round, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_seals, "ALL_AT_ONCE", 0)
    ask(next_round())
    change(f"UPDATE payment_rows SET amount_ = 0 WHERE sale_ = ({OF_OLD})")
    asked = [dates(ask(next_round(as_of=AS_OF + timedelta(days=number)))) for number in range(8)]
    assert sum(OLD in days for days in asked) == 1


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE customer_rows SET branch_ = 2 WHERE id_ = 1", id="a customer was changed"),
        pytest.param("DELETE FROM customer_rows WHERE id_ = 1", id="a customer is gone"),
    ],
)
def test_the_days_of_an_owner_that_changed_are_asked_again(next_round: Round, change: Change, statement: str) -> None:
    watch = Watch("sale", "finalised_at", owners=("customer", "created_by.branch"))
    ask(next_round(), watch)
    change("UPDATE user_rows SET role_ = 'other' WHERE id_ = 1")
    assert dates(ask(next_round(), watch)) == [YESTERDAY, TODAY]
    change(statement)
    assert OLD in dates(ask(next_round(), watch))
    assert dates(ask(next_round(), watch)) == [YESTERDAY, TODAY]


def test_owners_of_very_many_records_are_compared_once_a_week(
    next_round: Round, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_seals, "ALL_AT_ONCE", 0)
    watch = Watch("sale", "finalised_at", owners=("created_by.branch",))
    ask(next_round(), watch)
    change("UPDATE user_rows SET branch_ = 2 WHERE id_ = 1")
    asked = [dates(ask(next_round(as_of=AS_OF + timedelta(days=number)), watch)) for number in range(8)]
    assert sum(OLD in days for days in asked) == 1


def test_where_days_cannot_be_compared_in_time_all_is_asked(next_round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(next_round())
    seals = next_round()
    rows = seals.model.database.rows

    def too_slow(statement: Executable, *, about: str = "") -> Sequence[Row]:
        if about.startswith("seals of"):
            raise NotCovered("too slow")
        return rows(statement, about=about)

    monkeypatch.setattr(seals.model.database, "rows", too_slow)
    window = seals.window("totals", SALES)
    assert window.is_whole
    assert not window.seals


def test_what_is_forgotten_is_asked_again(next_round: Round, history: History) -> None:
    ask(next_round())
    forget(history, AS_OF + timedelta(days=1))
    assert dates(ask(next_round())) == [YESTERDAY, TODAY]
    forget(history, AS_OF)
    assert next_round().window("totals", SALES).is_whole
