"""What each round found is kept whole, for the report of its day, and for as long as its results."""

from datetime import timedelta

from sqlalchemy import func, select

from hypercare.history import tables
from hypercare.history.forgetting import forget
from hypercare.history.retention import remove_old
from hypercare.history.round_summaries import keep_summary, summaries_of_day
from tests.history.remembering import NINE, remember, result

DAY = timedelta(days=1)
TODAY = NINE.date()


def count(history):
    with history.reading() as connection:
        return connection.execute(select(func.count()).select_from(tables.summaries)).scalar_one()


def hold(history, round_id, as_of=NINE, text="{}", **more):
    remember(history, round_id, result(), as_of=as_of, **more)
    keep_summary(history, round_id, text)


def test_those_of_a_day_come_in_the_order_of_their_instants(history):
    hold(history, "noon", NINE + timedelta(hours=3), "noon", name="midday")
    hold(history, "nine", NINE, "nine")
    hold(history, "yesterday", NINE - DAY, "yesterday")
    assert summaries_of_day(history, TODAY) == ("nine", "noon")


def test_one_that_is_kept_again_takes_the_place_of_the_first(history):
    hold(history, "r", text="first")
    keep_summary(history, "r", "second")
    assert summaries_of_day(history, TODAY) == ("second",)


def test_a_round_that_never_ended_and_one_of_another_target_are_none_of_the_day(history, place):
    hold(history, "broke off", status=None)
    other = type(history)(place, "another")
    hold(other, "theirs")
    other.close()
    assert summaries_of_day(history, TODAY) == ()


def test_one_that_was_damaged_costs_that_one_alone(history):
    hold(history, "whole", text="whole")
    hold(history, "torn", NINE + timedelta(hours=3), name="midday")
    with history.writing() as connection:
        connection.execute(tables.summaries.update().where(tables.summaries.c.round_id == "torn"), {"content": b"x"})
    assert summaries_of_day(history, TODAY) == ("whole",)


def test_they_go_with_the_results_of_their_rounds(history):
    for number in range(5):
        hold(history, f"r{number}", NINE + number * DAY)
    assert remove_old(history, NINE + 3 * DAY) == 6
    assert count(history) == 2


def test_they_are_forgotten_with_their_rounds(history):
    hold(history, "before", NINE - DAY)
    hold(history, "while attaching")
    forget(history, NINE)
    assert count(history) == 1
