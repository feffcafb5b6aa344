"""Old results and messages are removed; what a report still needs is not."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.retention import remove_old
from hypercare.history.watermarks import watermark
from hypercare.suite.recovery import tidy
from tests.history.remembering import NINE, config_of, remember, result

DAY = timedelta(days=1)


def count(history, table):
    with history.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def open_incident(history, opened, resolved=None):
    row = {key: [] for key in ("items", "failing", "blocked", "branches")}
    row |= {"target": history.target, "cause": "outage:a", "level": "L3", "sentence": "down"}
    row |= {"opened": stored(opened), "last_seen": stored(opened), "resolved": stored(resolved) if resolved else None}
    with history.writing() as connection:
        connection.execute(tables.incidents.insert(), row)


def message(history, key, created, next_try=None):
    row = {"target": history.target, "key": key, "kind": "digest", "title": "t", "body": "b", "content": {}}
    with history.writing() as connection:
        number = connection.execute(
            tables.messages.insert().returning(tables.messages.c.id), {**row, "created": stored(created)}
        ).scalar_one()
        state = "waiting" if next_try else "sent"
        values = {"message_id": number, "route": "mail", "state": state}
        connection.execute(tables.deliveries.insert(), {**values, "next_try": stored(next_try) if next_try else None})


def test_results_of_old_rounds_go_and_their_rounds_and_figures_stay(history):
    for number in range(5):
        remember(history, f"r{number}", result(), result("a.b"), as_of=NINE + number * DAY)
        history.record_figures(f"r{number}", {"sales_created": number})
    assert remove_old(history, NINE + 3 * DAY) == 6
    assert (count(history, tables.results), count(history, tables.rounds), count(history, tables.figures)) == (4, 5, 5)
    assert remove_old(history, NINE + 3 * DAY) == 0


@pytest.mark.parametrize(
    ("opened", "resolved", "left"),
    [(NINE + DAY, None, 4), (NINE - DAY, None, 5), (NINE + DAY, NINE + 2 * DAY, 2), (NINE + 9 * DAY, None, 2)],
    ids=["open since the second day", "open since before", "over", "opened later"],
)
def test_nothing_goes_that_is_younger_than_an_open_incident(history, opened, resolved, left):
    for number in range(5):
        remember(history, f"r{number}", result(), as_of=NINE + number * DAY)
    open_incident(history, opened, resolved)
    remove_old(history, NINE + 3 * DAY)
    assert count(history, tables.results) == left


def test_another_target_keeps_its_own(history, place):
    other = type(history)(place, "another")
    remember(other, "r1", result())
    assert remove_old(history, NINE + 100 * DAY) == 0
    assert count(other, tables.results) == 1
    other.close()


def test_old_messages_go_but_for_those_that_wait_to_be_sent(history):
    message(history, "old", NINE)
    message(history, "waiting", NINE, next_try=NINE + DAY)
    message(history, "new", NINE + 5 * DAY)
    remove_old(history, NINE + 3 * DAY)
    with history.reading() as connection:
        keys = set(connection.execute(select(tables.messages.c.key)).scalars())
    assert keys == {"waiting", "new"}
    assert count(history, tables.deliveries) == 2


def test_what_there_is_no_time_for_is_left_for_the_next_day(history):
    remember(history, "r1", result())
    assert remove_old(history, NINE + DAY, budget=timedelta(0)) == 0


def test_it_is_tidied_once_a_day_as_the_target_file_says(history):
    config = config_of(history={"keep_days": 30})
    remember(history, "r1", result())
    assert tidy(history, config, NINE + 30 * DAY)
    assert count(history, tables.results) == 1
    assert not tidy(history, config, NINE + 30 * DAY + timedelta(hours=8))
    assert tidy(history, config, NINE + 31 * DAY)
    assert count(history, tables.results) == 0
    assert watermark(history, "history tidied").at == NINE + 31 * DAY
