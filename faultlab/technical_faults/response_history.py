"""Answers that take longer than on the first day, than usual, from day to day, or in the busiest hour."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

Line = dict[str, Any]
FINALISE = "/sales/{sale_id}/finalise"
LINES = "/sales/{sale_id}/lines"
THEN_AND_BEFORE = {"focus.performance": Level.L2, "performance.degradation": Level.L2}
BUSIEST_HOUR_UTC = 14


def rewritten(scene: Scene, change: Callable[[Line, datetime, int], Line | None]) -> None:
    """The access log with each line as `change` makes it of line, instant and number; what it makes None is gone."""
    log = scene.log("access")
    scene.files.spoil(log)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    changed = (change(line, datetime.fromisoformat(line["at"]), number) for number, line in enumerate(lines))
    log.write_text("".join(json.dumps(line) + "\n" for line in changed if line is not None), encoding="utf-8")


def _today_longer(times: float, route: str = "", every: int = 1) -> Callable[[Scene], None]:
    """Answers of today, of one route or of all, each or each so many of them."""

    def put_in(scene: Scene) -> None:
        today = scene.now.date()

        def change(line: Line, at: datetime, number: int) -> Line:
            chosen = at.date() == today and line["route"].endswith(route) and number % every == 0
            return longer(line, times) if chosen else line

        rewritten(scene, change)

    return put_in


def _longer_each_day(times: float, route: str = "") -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        first: date = scene.config.business.go_live

        def change(line: Line, at: datetime, _: int) -> Line:
            return longer(line, times ** (at.date() - first).days) if line["route"].endswith(route) else line

        rewritten(scene, change)

    return put_in


def _phones_longer_each_day(scene: Scene) -> None:
    first: date = scene.config.business.go_live
    rewritten(
        scene,
        lambda line, at, _: longer(line, 1.25 ** (at.date() - first).days) if line["channel"] == "mobile" else line,
    )


def _one_bad_day(scene: Scene) -> None:
    """The day before yesterday; yesterday and today are as ever."""

    def change(line: Line, at: datetime, _: int) -> Line:
        return longer(line, 3.0) if (scene.now.date() - at.date()).days == 2 else line

    rewritten(scene, change)


def _busiest_hour(times: float, every: int = 1) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        today = scene.now.date()

        def change(line: Line, at: datetime, number: int) -> Line:
            chosen = at.date() == today and at.hour == BUSIEST_HOUR_UTC and number % every == 0
            return longer(line, times) if chosen else line

        rewritten(scene, change)

    return put_in


def longer(line: Mapping[str, Any], times: float) -> Line:
    return {**line, "duration_ms": round(line["duration_ms"] * times, 3)}


def _lines_of_today_lost(keeps_one_of: int) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        today = scene.now.date()
        rewritten(
            scene, lambda line, at, number: None if at.date() == today and number % keeps_one_of else line
        )  # fmt: skip

    return put_in


FAULTS = (
    Fault(
        id="one-page-slower-than-at-first",
        happens="To finalise a sale takes six times as long as on the first day, still within its objective.",
        where=Where.LOGS,
        put_in=_today_longer(6.0, FINALISE),
        noticed_by=THEN_AND_BEFORE,
        may_notice=items("perf.response-time"),
    ),
    Fault(
        id="everything-slower-than-it-was",
        happens="All answers take three and a half times as long as ever before, within their objective.",
        where=Where.LOGS,
        put_in=_today_longer(3.5),
        noticed_by=THEN_AND_BEFORE,
    ),
    Fault(
        id="slower-now-and-then",
        happens="One in eight lines of a sale takes two seconds to be added since today.",
        where=Where.LOGS,
        put_in=_today_longer(40.0, LINES, every=8),
        noticed_by=THEN_AND_BEFORE,
        may_notice=items("perf.response-time"),
    ),
    Fault(
        id="a-little-slower-than-at-first",
        happens="All answers take two fifths longer than before.",
        where=Where.LOGS,
        put_in=_today_longer(1.4),
        just_below=items("focus.performance", "performance.degradation", "focus.response-trend"),
    ),
    Fault(
        id="one-page-slower-each-day",
        happens="To finalise a sale takes a quarter longer each day.",
        where=Where.LOGS,
        put_in=_longer_each_day(1.25, FINALISE),
        noticed_by={"focus.performance": Level.L2, "focus.response-trend": Level.L2},
        may_notice=items("perf.response-time", "performance.degradation"),
    ),
    Fault(
        id="adding-lines-slower-each-day",
        happens="To add a line to a sale takes three tenths longer each day.",
        where=Where.LOGS,
        put_in=_longer_each_day(1.3, LINES),
        noticed_by={"focus.performance": Level.L2, "focus.response-trend": Level.L2},
        may_notice=items("perf.response-time", "performance.degradation"),
    ),
    Fault(
        id="phones-slower-each-day",
        happens="Answers to phones take a quarter longer each day.",
        where=Where.LOGS,
        put_in=_phones_longer_each_day,
        noticed_by={"focus.performance": Level.L2, "focus.response-trend": Level.L2},
        may_notice=items("perf.response-time", "performance.degradation"),
    ),
    Fault(
        id="everything-slower-each-day",
        happens="All answers take a fifth longer each day.",
        where=Where.LOGS,
        put_in=_longer_each_day(1.2),
        noticed_by={**THEN_AND_BEFORE, "focus.response-trend": Level.L2},
        may_notice=items("perf.response-time"),
    ),
    Fault(
        id="hardly-slower-each-day",
        happens="All answers take a fiftieth longer each day.",
        where=Where.LOGS,
        put_in=_longer_each_day(1.02),
        just_below=items("focus.response-trend", "focus.performance", "performance.degradation"),
    ),
    Fault(
        id="one-bad-day-in-between",
        happens="The day before yesterday all answers took three times as long; that is over.",
        where=Where.LOGS,
        put_in=_one_bad_day,
        just_below=items("focus.response-trend", "performance.degradation"),
    ),
    Fault(
        id="slow-in-the-busiest-hour",
        happens="In the busiest hour each answer took six times as long as in the others.",
        where=Where.LOGS,
        put_in=_busiest_hour(6.0),
        noticed_by={"performance.load": Level.L2},
    ),
    Fault(
        id="late-in-the-busiest-hour",
        happens="In the busiest hour one answer in ten took many seconds.",
        where=Where.LOGS,
        put_in=_busiest_hour(100.0, every=10),
        noticed_by={"performance.load": Level.L2},
        may_notice=items("perf.response-time", "perf.timeouts", "focus.performance", "performance.degradation"),
    ),
    Fault(
        id="much-slower-in-the-busiest-hour",
        happens="In the busiest hour each answer took fifteen times as long as in the others.",
        where=Where.LOGS,
        put_in=_busiest_hour(15.0),
        noticed_by={"performance.load": Level.L2},
        may_notice=items("perf.response-time", "focus.performance", "performance.degradation"),
    ),
    Fault(
        id="half-of-the-busiest-hour-slow",
        happens="In the busiest hour every second answer took twelve times as long.",
        where=Where.LOGS,
        put_in=_busiest_hour(12.0, every=2),
        noticed_by={"performance.load": Level.L2},
        may_notice=items("focus.performance", "performance.degradation"),
    ),
    Fault(
        id="a-little-slower-in-the-busiest-hour",
        happens="In the busiest hour answers took half as long again.",
        where=Where.LOGS,
        put_in=_busiest_hour(1.5),
        just_below=items("performance.load"),
    ),
    Fault(
        id="requests-written-elsewhere",
        happens="Since this morning nearly all requests are written into a log that nobody named.",
        where=Where.LOGS,
        put_in=_lines_of_today_lost(20),
        noticed_by={"performance.figures": Level.L2},
    ),
    Fault(
        id="durations-in-another-unit",
        happens="Since this morning the log writes seconds where it wrote milliseconds.",
        where=Where.LOGS,
        put_in=_today_longer(0.001),
        noticed_by={"performance.figures": Level.L2},
    ),
    Fault(
        id="all-requests-written-elsewhere",
        happens="Since this morning hardly one request in fifty is written into the log.",
        where=Where.LOGS,
        put_in=_lines_of_today_lost(50),
        noticed_by={"performance.figures": Level.L2},
    ),
    Fault(
        id="durations-lost",
        happens="Since this morning the log writes no duration but nothing at all: 0 ms.",
        where=Where.LOGS,
        put_in=_today_longer(0.0),
        noticed_by={"performance.figures": Level.L2},
    ),
    Fault(
        id="half-as-many-requests",
        happens="Half as much is asked for as usual: a quiet day.",
        where=Where.LOGS,
        put_in=_lines_of_today_lost(2),
        just_below=items("performance.figures"),
    ),
)
