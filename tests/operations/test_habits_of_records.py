"""What always was so in the records: told when it breaks, and never where it only seems so or is not known yet."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.habits import Habits
from hypercare.habits.judging import Habit, Tally, broken
from hypercare.history.store import History
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.seals import Seals, SealStore
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE
from tests.operations.round_memory import CANARY, Remembering

pytestmark = pytest.mark.slow

Ask = Callable[[Habits], Found]
HOURS_BEFORE = (30, 26)
A_SALE = "(SELECT min(id_) + 20 FROM sale_rows)"
LAST = "(SELECT max(id_) FROM sale_rows WHERE state_ = 'final' AND branch_ = 1 AND created_by_ <> 99)"
LAST_ENTRY = "(SELECT max(id_) FROM activity_rows WHERE action_ = 'sale.create')"


class Business:
    """The small business, looked at twice while all was well; then something changes."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.memory = Remembering()
        self.history = History(file.parent / "history.sqlite", "shop")

    def looked_at(self, ask: Ask, hours_ago: float = 0) -> Found:
        target = make_target(
            f"sqlite:///{self.file}",
            plain_schema.mapping(),
            AS_OF - timedelta(hours=hours_ago),
            go_live=GO_LIVE,
            canary=CANARY,
        )
        database = Database(target)
        try:
            seals = Seals(target, database, SealStore(lambda: self.history))
            return ask(Habits(target, database, self.memory, seals))
        finally:
            database.close()

    def learned(self, ask: Ask) -> Business:
        for hours in HOURS_BEFORE:
            with pytest.raises(NotCovered):
                self.looked_at(ask, hours)
        return self

    def change(self, *statements: str) -> Business:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount
        return self


@pytest.fixture
def small(business: Path, tmp_path: Path) -> Iterator[Business]:
    file = tmp_path / "business.sqlite"
    shutil.copyfile(business, file)
    opened = Business(file)
    yield opened
    opened.history.close()


@pytest.mark.long
@pytest.mark.parametrize(
    ("statement", "lacks"),
    [
        (f"UPDATE sale_rows SET created_by_ = NULL WHERE id_ = {LAST}", "created_by"),
        (f"UPDATE sale_rows SET created_by_ = NULL WHERE id_ = {A_SALE}", "created_by"),
        (f"UPDATE activity_rows SET entity_id_ = NULL WHERE id_ = {LAST_ENTRY}", "entity_id"),
        ("UPDATE payment_rows SET method_ = '  ' WHERE id_ = 30", "method"),
    ],
)
def test_what_all_others_have_is_missed(small: Business, statement: str, lacks: str) -> None:
    found = small.learned(Habits.lacking).change(statement).looked_at(Habits.lacking)
    assert found.count == 1
    assert found.sample[0]["lacks"] == lacks


@pytest.mark.long
def test_it_is_missed_until_it_is_back(small: Business) -> None:
    gone = f"UPDATE sale_rows SET created_by_ = NULL WHERE id_ = {A_SALE}"
    small.learned(Habits.lacking).change(gone)
    assert [small.looked_at(Habits.lacking).count for _ in range(3)] == [1, 1, 1]
    small.change(f"UPDATE sale_rows SET created_by_ = 1 WHERE id_ = {A_SALE}")
    assert small.looked_at(Habits.lacking).count == 0


@pytest.mark.long
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE sale_rows SET created_by_ = NULL WHERE id_ % 9 = 0", id="often so"),
        pytest.param(f"UPDATE sale_rows SET created_by_ = NULL WHERE id_ = {A_SALE}", id="once so, before any look"),
    ],
)
def test_what_was_so_before_is_no_news(small: Business, statement: str) -> None:
    found = small.change(statement).learned(Habits.lacking).looked_at(Habits.lacking)
    assert found.count == 0


@pytest.mark.long
def test_a_cost_of_no_step_and_a_walk_in_customer_lack_nothing(small: Business) -> None:
    small.learned(Habits.lacking).change(
        f"UPDATE sale_rows SET customer_ = NULL WHERE id_ = {LAST}", "UPDATE cost_rows SET step_ = NULL WHERE id_ = 3"
    )
    assert small.looked_at(Habits.lacking).count == 0


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE sale_rows SET created_at_ = datetime(created_at_, '-1 day') WHERE id_ = {A_SALE}",
        f"UPDATE sale_rows SET finalised_at_ = datetime(finalised_at_, '-90 days') WHERE id_ = {A_SALE}",
        "UPDATE payment_rows SET paid_at_ = datetime(paid_at_, '+400 days') WHERE id_ = 40",
        "UPDATE payment_rows SET paid_at_ = datetime(paid_at_, '-90 days') WHERE id_ = 40",
        "UPDATE ledger_entry_rows SET posted_at_ = datetime(posted_at_, '+400 days') WHERE id_ ="
        " (SELECT min(id_) + 90 FROM ledger_entry_rows WHERE account_ = 'revenue')",
    ],
)
def test_a_record_that_is_dated_far_from_its_neighbour_is_found(small: Business, statement: str) -> None:
    small.learned(Habits.dated_unlike_their_neighbours).change(statement)
    assert small.looked_at(Habits.dated_unlike_their_neighbours).count >= 1


@pytest.mark.long
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(
            "UPDATE payment_rows SET paid_at_ = datetime(paid_at_, '+5 days') WHERE id_ = 40", id="paid days later"
        ),
        pytest.param(
            "UPDATE activity_rows SET at_ = datetime(at_, '+1 day') WHERE id_ >"
            " (SELECT max(id_) - 60 FROM activity_rows)",
            id="a log that comes late as a whole",
        ),
        pytest.param("DELETE FROM activity_rows WHERE id_ % 5 = 0", id="a log that tells of some"),
    ],
)
def test_what_comes_later_by_right_is_not_meant(small: Business, statement: str) -> None:
    small.learned(Habits.dated_unlike_their_neighbours).change(statement)
    assert small.looked_at(Habits.dated_unlike_their_neighbours).count == 0


@pytest.mark.long
@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE sale_rows SET created_by_ = 5 WHERE id_ = {A_SALE} AND created_by_ <> 5",
        "UPDATE ledger_entry_rows SET payment_ = (SELECT max(id_) FROM payment_rows) WHERE id_ ="
        " (SELECT min(id_) FROM ledger_entry_rows WHERE payment_ IS NOT NULL)",
    ],
)
def test_a_record_that_its_neighbour_contradicts_is_found(small: Business, statement: str) -> None:
    small.learned(Habits.naming_others_than_their_neighbours).change(statement)
    assert small.looked_at(Habits.naming_others_than_their_neighbours).count >= 1


def test_where_people_enter_for_others_nobody_is_asked(small: Business) -> None:
    small.change("UPDATE sale_rows SET created_by_ = 1 + id_ % 3 WHERE created_by_ <> 99")
    found = small.learned(Habits.naming_others_than_their_neighbours)
    assert (
        found.change(f"UPDATE sale_rows SET created_by_ = 5 WHERE id_ = {LAST}")
        .looked_at(Habits.naming_others_than_their_neighbours)
        .count
        == 0
    )


@pytest.mark.long
def test_a_record_that_breaks_two_habits_is_one_record(small: Business) -> None:
    moved = f"UPDATE sale_rows SET created_at_ = datetime(created_at_, '-1 day') WHERE id_ = {A_SALE}"
    found = small.learned(Habits.dated_unlike_their_neighbours).change(moved)
    told = found.looked_at(Habits.dated_unlike_their_neighbours)
    assert told.count == len(told.sample) == len({str(row) for row in told.sample})


# -- how a habit is learned -----------------------------------------------------------------------------------


def rounds(*tallies: Tally, apart_h: float = 24) -> list[int]:
    """How many records are told of in each of some rounds, one after another; -1 where nothing is known yet."""
    memory, told = Remembering(), []
    for number, tally in enumerate(tallies):
        habit = Habit("sale.by", tally, "sales", lambda only_new: [])
        try:
            told.append(broken([habit], memory, "filled", AS_OF + number * timedelta(hours=apart_h), ()).count)
        except NotCovered:
            told.append(-1)
    return told


WELL = Tally(200, 0, 30, 0)


@pytest.mark.parametrize(
    ("last", "count"),
    [
        (Tally(200, 0, 30, 1), 1),
        (Tally(200, 1, 30, 0), 1),
        (Tally(200, 0, 30, 30), 30),
        (Tally(99, 0, 30, 1), 0),
        (Tally(200, 12, 30, 0), 0),
        (Tally(15, 1, 0, 0), 0),
    ],
)
def test_what_breaks_a_habit_is_told_where_enough_is_known(last: Tally, count: int) -> None:
    assert rounds(WELL, WELL, last) == [-1, -1, count]


def test_what_is_filled_in_later_is_no_habit() -> None:
    open_at_first = Tally(200, 0, 30, 4)
    assert rounds(open_at_first, WELL, open_at_first, WELL, open_at_first)[2:] == [-1, -1, -1]


def test_looks_within_one_hour_are_one_look() -> None:
    assert rounds(WELL, WELL, WELL, Tally(200, 0, 30, 1), apart_h=0.2) == [-1, -1, -1, -1]


def test_an_exception_of_yesterday_is_history_tomorrow() -> None:
    assert rounds(WELL, WELL, Tally(200, 0, 30, 1), Tally(230, 1, 30, 0)) == [-1, -1, 1, 0]


def test_what_was_given_up_is_not_told() -> None:
    memory = Remembering()
    for number, tally in enumerate((WELL, WELL, Tally(200, 1, 30, 0))):
        habits = [Habit(name, tally, "sales", lambda only_new: []) for name in ("sale.by", "sale.at")]
        try:
            found = broken(habits, memory, "filled", AS_OF + number * timedelta(days=1), ("sale.by",))
        except NotCovered:
            continue
    assert found.count == 1


def test_an_instant_of_the_past_does_not_change_what_is_remembered() -> None:
    assert rounds(WELL, WELL, Tally(200, 9, 30, 9), Tally(200, 1, 30, 0), apart_h=-24)[-1] <= 0


def test_of_records_without_a_date_only_what_had_it_can_have_lost_it() -> None:
    memory, told = Remembering(), []
    for number, tally in enumerate((Tally(40, 0), Tally(40, 0), Tally(41, 1), Tally(41, 2))):
        habit = Habit("product.number", tally, "products", lambda only_new: [], dated=False)
        try:
            told.append(broken([habit], memory, "filled", AS_OF + number * timedelta(days=1), ()).count)
        except NotCovered:
            told.append(-1)
    assert told == [-1, -1, 0, 1]


def states_in_rounds(*of_both: tuple[Tally, Tally]) -> list[int]:
    """Of a state of few records and of its sibling, in each of some rounds: how many records are told of."""
    memory, told = Remembering(), []
    for number, (few, many) in enumerate(of_both):
        habits = [
            Habit("order.number of held", few, "orders", lambda only_new: [], siblings={"order.number of done": many}),
            Habit("order.number of done", many, "orders", lambda only_new: [], siblings={"order.number of held": few}),
        ]
        try:
            told.append(broken(habits, memory, "filled", AS_OF + number * timedelta(days=1), ()).count)
        except NotCovered:
            told.append(-1)
    return told


@pytest.mark.parametrize(
    ("few", "many", "then", "count"),
    [
        pytest.param(Tally(5), Tally(90), (Tally(5, 1), Tally(90)), 1, id="one of few lost it"),
        pytest.param(Tally(25), Tally(90), (Tally(25, 0, 4, 1), Tally(90)), 1, id="a new one of few lacks it"),
        pytest.param(
            Tally(0, 0, 4), Tally(120), (Tally(0, 0, 5, 1), Tally(120)), 0, id="a state too young for new ones"
        ),
        pytest.param(Tally(0, 0, 4), Tally(120), (Tally(0, 0, 7, 1), Tally(120)), 1, id="a state of a day"),
        pytest.param(Tally(), Tally(120), (Tally(0, 0, 7, 1), Tally(120)), 0, id="a state not seen before"),
        pytest.param(Tally(5), Tally(90, 9), (Tally(5, 1), Tally(90, 9)), 0, id="other states lack it"),
        pytest.param(Tally(5), Tally(90, 1), (Tally(6, 1), Tally(89)), 0, id="one that lacked it changed its state"),
        pytest.param(
            Tally(25), Tally(90, 9, 9, 2), (Tally(25, 1), Tally(97, 9, 9, 2)), 1, id="others lack it every day"
        ),
        pytest.param(Tally(5), Tally(9), (Tally(5, 1), Tally(9)), 0, id="few of all"),
    ],
)
def test_other_states_speak_for_one_of_few_records(
    few: Tally, many: Tally, then: tuple[Tally, Tally], count: int
) -> None:
    assert states_in_rounds((few, many), (few, many), then)[2] == count


# -- words ----------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_word_that_nobody_used_before_is_asked_about_for_a_day(small: Business) -> None:
    with pytest.raises(NotCovered):
        words(small, 70)
    assert words(small, 66) == []
    small.change("UPDATE payment_rows SET method_ = 'zebra' WHERE id_ = 40")
    assert len(words(small, 25)) == len(words(small, 20)) == 1
    assert words(small, 0) == []


def test_what_comes_for_the_first_time_within_a_night_and_a_day_is_no_new_word(small: Business) -> None:
    with pytest.raises(NotCovered):
        words(small, 40)
    small.change("UPDATE payment_rows SET method_ = 'zebra' WHERE id_ = 40")
    assert [words(small, hours) for hours in (25, 10, 0)] == [[], [], []]


@pytest.mark.long
def test_words_of_which_there_were_too_few_records_are_not_new_when_there_are_enough(small: Business) -> None:
    few = "DELETE FROM payment_rows WHERE id_ > 100"
    small.change("CREATE TABLE kept AS SELECT * FROM payment_rows", few, "UPDATE payment_rows SET method_ = 'card'")
    with pytest.raises(NotCovered):
        words(small, 60)
    small.change("DELETE FROM payment_rows", "INSERT INTO payment_rows SELECT * FROM kept")
    assert [words(small, hours) for hours in (20, 10)] == [[], []]


def words(small: Business, hours_ago: float) -> list[str]:
    return small.looked_at(lambda habits: habits.new_words(), hours_ago)  # type: ignore[arg-type,return-value]
