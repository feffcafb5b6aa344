"""Processes that crash, start again by themselves, or leave people without answers amid their work."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from faultlab.technical_faults.response_history import rewritten
from hypercare.outcome.level import Level

CRASHED = {"focus.crashes": Level.L3, "focus.stable": Level.L3}
QUIET = items("focus.crashes", "focus.stable")
START, STOP = "serving on port 8080", "stopped"


def _line(at: datetime, message: str, level: str = "INFO", logger: str = "demo_erp.serve") -> dict[str, Any]:
    stamp = at.isoformat(timespec="milliseconds")
    return {"at": stamp, "level": level, "logger": logger, "message": message, "trace_id": ""}


def _said(*lines: tuple[timedelta, str]) -> Callable[[Scene], None]:
    """Each so long ago, in its place among the other lines of the application's log."""

    def put_in(scene: Scene) -> None:
        _insert(scene, [_line(scene.now - ago, message) for ago, message in lines])

    return put_in


def _insert(scene: Scene, added: list[dict[str, Any]]) -> None:
    log = scene.log("app")
    scene.files.spoil(log)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    lines = sorted([*lines, *added], key=lambda line: datetime.fromisoformat(line["at"]))
    log.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def _minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def _stopped_each_night(*bare: timedelta) -> Callable[[Scene], None]:
    """Each night it is stopped and started; besides, so long ago it was started without having been stopped."""

    def put_in(scene: Scene) -> None:
        night = scene.now.replace(hour=2, minute=30, second=0)
        nights = [night - timedelta(days=number) for number in range(5)]
        pairs = [_line(at + _minutes(after), says) for at in nights for after, says in ((0, STOP), (1, START))]
        _insert(scene, [*pairs, *(_line(scene.now - ago, START) for ago in bare)])

    return put_in


def _killed(scene: Scene) -> None:
    message = "server process (pid 2171) was terminated by signal 9: Killed"
    _insert(scene, [_line(scene.now - _minutes(40), message, "WARNING", "supervisor")])


def _nobody_asks(first: tuple[int, int], minutes: int) -> Callable[[Scene], None]:
    """No request from a time of today on (UTC), for so long."""

    def put_in(scene: Scene) -> None:
        start = scene.now.replace(hour=first[0], minute=first[1], second=0, microsecond=0)
        end = start + timedelta(minutes=minutes)
        rewritten(scene, lambda line, at, _: None if start <= at < end else line)

    return put_in


FAULTS = (
    Fault(
        id="process-killed",
        happens="The supervisor tells that the server was killed, and started it again.",
        where=Where.LOGS,
        put_in=_killed,
        noticed_by=CRASHED,
    ),
    Fault(
        id="process-keeps-starting",
        happens="The application starts again and again, each ten minutes.",
        where=Where.LOGS,
        put_in=_said(*((_minutes(ago), START) for ago in (55, 45, 35, 25, 15))),
        noticed_by=CRASHED,
    ),
    Fault(
        id="process-started-without-a-stop",
        happens="Each night it is stopped and started in order; today it was started at noon, and nobody stopped it.",
        where=Where.LOGS,
        put_in=_stopped_each_night(timedelta(hours=4)),
        noticed_by=CRASHED,
    ),
    Fault(
        id="process-restarted-in-order",
        happens="Each night it is stopped and started in order.",
        where=Where.LOGS,
        put_in=_stopped_each_night(),
        just_below=QUIET,
    ),
    Fault(
        id="process-deployed-twice",
        happens="Two versions were put in within an hour; their log never tells of a stop.",
        where=Where.LOGS,
        put_in=_said((timedelta(days=1), START), (_minutes(50), START), (_minutes(20), START)),
        just_below=QUIET,
    ),
    Fault(
        id="nobody-asks-for-forty-minutes",
        happens="In the afternoon nobody got anything from the system for forty minutes.",
        where=Where.LOGS,
        put_in=_nobody_asks((13, 0), 40),
        noticed_by={"focus.crashes": Level.L2, "focus.stable": Level.L2},
    ),
    Fault(
        id="nobody-asks-for-ten-minutes",
        happens="For ten minutes nobody asked for anything: a quiet moment.",
        where=Where.LOGS,
        put_in=_nobody_asks((13, 0), 10),
        just_below=QUIET,
    ),
)
