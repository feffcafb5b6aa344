"""Starts and stops in a log: which are in good order, which are a crash, and what nobody can tell."""

import json
from datetime import timedelta

import pytest

from hypercare.logs import Logs
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.stability.restarts import Restarts
from hypercare.target_file.sections.logs import LogSource
from tests.standins.frozen_target import NOON, frozen_target
from tests.standins.json_memory import JsonMemory

TODAY = Period(NOON - timedelta(hours=11), NOON)
START, STOP, CRASH = "serving on port 8080", "stopped", "process was terminated by signal 9"


def restarts(folder, *said, memory=None, now=NOON, add=False):
    """`said` are how many minutes before noon of today a line was written, and what it says."""
    lines = [
        {"at": (NOON - timedelta(minutes=ago)).isoformat(), "level": "INFO", "message": message}
        for ago, message in sorted(said, reverse=True)
    ]
    path = folder / "app.jsonl"
    with path.open("a" if add else "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    target = frozen_target(folder, now=now, logs=(LogSource(name="app", path=path),))
    return Restarts(target, Logs(target), memory)


def nightly(days=4):
    return [
        one for day in range(days) for one in ((24 * 60 * day + 602, STOP), (24 * 60 * day + 601, START))
    ]  # fmt: skip


def found(asked):
    return [asked.crashes(TODAY).count, asked.loops(TODAY).count, asked.unexplained_starts(TODAY).count]


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ([], [0, 0, 0]),
        ([(30, CRASH)], [1, 0, 0]),
        ([(26 * 60, CRASH)], [0, 0, 0]),  # told yesterday
        (nightly(), [0, 0, 0]),
        ([*nightly(), (200, START)], [0, 0, 1]),
        ([*nightly(1), (200, START)], [0, 0, 0]),  # one stop says little of how this log is written
        ([(300, START), (200, START), (100, START)], [0, 0, 0]),
        ([(60, START), (45, START), (30, START), (15, START)], [0, 0, 0]),
        ([(ago, START) for ago in (55, 45, 35, 25, 15)], [0, 4, 0]),
        ([(30 - 2.5 * number, START) for number in range(6)], [0, 0, 0]),  # six instances of a new version
        ([*nightly(), (200, START), (199, STOP), (90, START)], [0, 0, 1]),
        ([*nightly(), (200, START), (199, STOP)], [0, 0, 0]),  # one instance takes over from another
        ([(60, START), (59.5, "uvicorn running on http://x"), (59, START), (58.5, START)], [0, 0, 0]),  # one start
        ([one for ago in (55, 40, 25, 10) for one in ((ago, STOP), (ago - 1, START))], [0, 0, 0]),  # in good order
    ],
)
def test_only_what_was_not_in_order_is_told(tmp_path, said, counts):
    assert found(restarts(tmp_path, (1, "a line"), *said)) == counts


def test_how_often_it_started_is_counted_by_starts_and_not_by_lines(tmp_path):
    asked = restarts(tmp_path, *nightly(), (200, STOP), (199, START), (198.5, "server is listening"))
    assert asked.starts(TODAY) == 2


def test_earlier_starts_are_remembered_when_their_log_is_gone(tmp_path):
    memory = JsonMemory()
    assert restarts(tmp_path, *nightly(), memory=memory).starts(TODAY) == 1
    later = NOON + timedelta(hours=6)
    asked = restarts(tmp_path, (-200, START), memory=memory, now=later)
    assert asked.unexplained_starts(Period(NOON, later)).count == 1


def test_without_a_log_nothing_is_known(tmp_path):
    target = frozen_target(tmp_path)
    with pytest.raises(NotCovered):
        Restarts(target, Logs(target)).crashes(TODAY)
