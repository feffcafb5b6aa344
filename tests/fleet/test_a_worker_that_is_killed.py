"""A fleet on two workers of which one is killed ends at the next start, and no finished work is done again."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import URL

from hypercare.history import tables
from tests.fleet.conftest import Fleet, kill

DONE_BEFORE_THE_KILL = 3
Row = Any


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("shops", [20, pytest.param(100, marks=pytest.mark.proof)])
def test_each_target_has_its_round_once_though_one_of_two_workers_is_killed(
    fleet: Fleet, postgresql: URL, shops: int
) -> None:
    address = postgresql.render_as_string(hide_password=False)
    for number in range(1, shops + 1):
        fleet.add(number, more=f'\n[history]\nurl = "{address}"\n')
    staying, dying = fleet.start("--shard", "1/2"), fleet.start("--shard", "2/2")
    _wait_until_some_are_done(dying)
    kill(dying)
    finished_then = {row.id for row in _rounds(postgresql) if row.finished}

    said = staying.communicate(timeout=600)[0]
    assert staying.returncode == 0, said
    assert f"{shops // 2} targets: {shops // 2} hold" in said

    status, said = fleet.run("--shard", "2/2")
    assert status == 0, said
    assert f"{shops // 2} targets: {shops // 2} hold" in said
    ran_before = said.count("(ran before)")
    assert DONE_BEFORE_THE_KILL <= ran_before < shops // 2

    rounds = _rounds(postgresql)
    finished = [row for row in rounds if row.finished]
    assert Counter(row.target for row in finished) == {f"shop-{number}": 1 for number in range(1, shops + 1)}
    assert finished_then <= {row.id for row in finished}
    assert len(rounds) - len(finished) <= 1, "only what the killed one was at began twice"
    assert _results(postgresql) == {row.id: 2 for row in finished}


@pytest.mark.long
@pytest.mark.server
def test_one_that_is_asked_to_end_ends_its_rounds_too_and_the_next_start_goes_on(fleet: Fleet) -> None:
    for number in range(1, 5):
        fleet.add(number)
    worker = fleet.start()
    _wait_until_some_are_done(worker, 1)
    worker.terminate()
    worker.communicate(timeout=60)
    assert worker.returncode == 128 + signal.SIGTERM
    status, said = fleet.run()
    assert status == 0
    assert said.splitlines()[-1].startswith("4 targets: 4 hold; ")


def _wait_until_some_are_done(worker: Any, many: int = DONE_BEFORE_THE_KILL) -> None:
    """Each line of a worker but the first is of a target whose round has ended."""
    for _ in range(1 + many):
        assert worker.stdout.readline(), "the worker ended before it could be stopped"
    time.sleep(0.1)  # into the round after


def _rounds(place: URL) -> Sequence[Row]:
    engine = create_engine(place)
    with engine.connect() as connection:
        rows = connection.execute(select(tables.rounds)).all()
    engine.dispose()
    return rows


def _results(place: URL) -> dict[str, int]:
    """How many results each round that ended has."""
    results, rounds = tables.results, tables.rounds
    query = select(results.c.round_id, func.count()).join(rounds).where(rounds.c.finished.is_not(None))
    engine = create_engine(place)
    with engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.execute(query.group_by(results.c.round_id))}
    engine.dispose()
    return found
