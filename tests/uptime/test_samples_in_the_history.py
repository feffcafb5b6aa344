"""Samples and corrections as the history keeps them: nothing twice, nothing forgotten, old ones in few rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hypercare.history import tables
from hypercare.history.store import History
from hypercare.plan.calendar import Period
from hypercare.uptime.measured import Measured
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from hypercare.uptime.words_of_people import Correction
from hypercare.uptime_history.compacting import compact_samples
from hypercare.uptime_history.samples import add_correction, add_samples, corrections_of, samples_for
from hypercare.uptime_history.uptime import accounts_of
from tests.uptime.business_with_history import business, history_in, local, series

CONFIG = business()
FULL = Sample(
    way="api",
    prober="north",
    at=local(10, 9),
    state=State.DOWN,
    interval=timedelta(seconds=30),
    confirmed=False,
    branch="HAR",
    latency_ms=12.5,
    says="it answers 500",
    last=local(10, 9, 5),
    count=11,
)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return history_in(tmp_path, CONFIG)


def rows(history: History) -> int:
    with history.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(tables.samples)).scalar_one())


def test_a_sample_comes_back_as_it_was_kept(history: History) -> None:
    bare = Sample("web", "north", local(10, 9), State.UP)
    assert add_samples(history, [FULL, bare]) == 2
    assert set(samples_for(history, local(10), local(11))) == {FULL, bare}


def test_the_same_sample_is_kept_once_and_stays_as_it_was(history: History) -> None:
    assert add_samples(history, [FULL]) == 1
    assert add_samples(history, [FULL, replace(FULL, state=State.UP), replace(FULL, branch="")]) == 1
    assert {sample.state for sample in samples_for(history, local(10), local(11))} == {State.DOWN}
    assert rows(history) == 2


def test_the_last_sample_before_a_window_tells_that_its_prober_fell_silent(history: History) -> None:
    add_samples(history, series(local(8), local(9)) + series(local(20), local(21)))
    window = Period(local(15), local(21))
    found = accounts_of(history, CONFIG, window).measured()
    assert found.window == window
    assert found.unknown == timedelta(days=5)


def test_a_run_that_was_put_together_speaks_within_a_window_that_it_only_ends_in(history: History) -> None:
    add_samples(history, [Sample("web", "one", local(8), State.DOWN, last=local(20), count=17281)])
    found = accounts_of(history, CONFIG, Period(local(15), local(16))).measured()
    assert found.down == timedelta(days=1)


def test_corrections_come_back_in_the_order_in_which_they_were_made(history: History) -> None:
    first = Correction(local(9), local(10), State.DOWN, "Ida", "we saw it", local(12), way="web", branch="HAR")
    second = Correction(local(9), local(10), None, "Marta", "it was another day", local(11))
    for one in (first, second):
        add_correction(history, one)
    assert corrections_of(history) == [first, second]


def told(found: Measured) -> list[tuple[object, ...]]:
    return [(span.start, span.end, span.state) for span in found.intervals]


def test_old_samples_are_put_together_and_every_uptime_stays_the_same(history: History) -> None:
    samples = series(local(8), local(11, 10)) + series(local(11, 10), local(11, 11), State.DOWN)
    samples += series(local(11, 11), local(14)) + series(local(14, 6), local(20))
    add_samples(history, samples)
    windows = [Period(local(8), local(20)), Period(local(9, 12), local(11, 10, 30)), Period(local(14, 3), local(17, 4))]
    before = [accounts_of(history, CONFIG, window).measured() for window in windows]
    fewer = compact_samples(history, local(20))
    after = [accounts_of(history, CONFIG, window).measured() for window in windows]
    assert [told(found) for found in after] == [told(found) for found in before]
    assert [(found.checks, found.successes) for found in after] == [(one.checks, one.successes) for one in before]
    assert fewer == len(samples) - rows(history)
    single = len([sample for sample in samples if sample.at >= local(18)])
    assert rows(history) == single + 4


def test_putting_together_goes_on_day_by_day_where_it_ended(history: History) -> None:
    add_samples(history, series(local(8), local(20)))
    compact_samples(history, local(12))
    first = rows(history)
    assert compact_samples(history, local(12)) == 0
    compact_samples(history, local(20))
    assert rows(history) < first
    assert max(sample.count for sample in samples_for(history, local(8), local(20))) == 10 * 288
