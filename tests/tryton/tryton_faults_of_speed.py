"""What the logs of a Tryton tell of its speed and of how it stays up, and what is to be noticed of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from faultlab.suite_run import Scope
from hypercare.outcome.level import Level
from targets.tryton.database_log import database_line, statement_line
from targets.tryton.log_lines import BUSIEST, LENGTH_OF_DAY, start_of_server
from targets.tryton.system import TrytonSystem
from tests.tryton.tryton_faults import L1, L2, L3, SQLITE, TrytonFault
from tests.tryton.tryton_faults_of_files import lines

_STAMP = "%Y-%m-%d %H:%M:%S,%f"
_DURATION = re.compile(r"in (\d+) ms$")
# How a line becomes another, by its text, how long ago it was written and its number; None where it is lost.
Change = Callable[[str, timedelta, int], str | None]
TODAY = timedelta(hours=10)
FOUND = "sale.sale.search_read("
SOLD = "sale.point.sale.process("


def rewritten(change: Change) -> Callable[[TrytonSystem], None]:
    def put_in(system: TrytonSystem) -> None:
        now = datetime.now(UTC).replace(tzinfo=None)
        dated = [line for line in system.log.read_text(encoding="utf-8").splitlines() if line[:1].isdigit()]
        kept = (
            change(line, now - datetime.strptime(line[:23], _STAMP), number)  # noqa: DTZ007 - as trytond writes it
            for number, line in enumerate(dated)
        )
        system.log.write_text("".join(f"{line}\n" for line in kept if line is not None), encoding="utf-8")

    return put_in


def longer(line: str, times: float) -> str:
    return _DURATION.sub(lambda found: f"in {round(int(found[1]) * times)} ms", line)


def today_longer(times: float, did: str = "") -> Change:
    return lambda line, ago, _: longer(line, times) if ago < TODAY and did in line else line


def longer_each_day(times: float, did: str) -> Change:
    return lambda line, ago, _: longer(line, times ** (8 - ago.days)) if did in line else line


def lost(did: str = "", until: timedelta = TODAY, since: timedelta = timedelta(0), keeps_one_of: int = 0) -> Change:
    """Lines of today are lost, but for one of so many."""

    def change(line: str, ago: timedelta, number: int) -> str | None:
        is_meant = since < ago < until and did in line and "dispatcher" in line
        return None if is_meant and not (keeps_one_of and number % keeps_one_of == 0) else line

    return change


def in_busiest_hour(times: float) -> Change:
    """The two hours in which most is asked for today."""
    first, last = (LENGTH_OF_DAY - since for since in BUSIEST)
    return lambda line, ago, _: longer(line, times) if last < ago < first else line


def _log(id_: str, noticed_by: Mapping[str, Level], put_in: Callable[[TrytonSystem], None], *may: str) -> TrytonFault:
    return TrytonFault(
        id=id_,
        put_in=put_in,
        noticed_by=noticed_by,
        may_notice=frozenset(may),
        scope=Scope.LOGS,
        engines=SQLITE,
    )


def statements(milliseconds: float, times: int) -> Callable[[TrytonSystem], None]:
    """What PostgreSQL logged of a statement, so many times, of the hours before now."""

    def put_in(system: TrytonSystem) -> None:
        now = datetime.now(UTC)
        with system.database_log.open("a", encoding="utf-8") as log:
            log.writelines(
                statement_line(
                    now - timedelta(minutes=5 * number + 3),
                    f'SELECT "a"."id" FROM "sale_sale" AS "a" WHERE "a"."comment" ILIKE \'%{number}%\'',
                    milliseconds + number,
                )
                for number in range(times, 0, -1)
            )

    return put_in


def _database_log(*says: tuple[str, str]) -> Callable[[TrytonSystem], None]:
    def put_in(system: TrytonSystem) -> None:
        with system.database_log.open("a", encoding="utf-8") as log:
            log.writelines(database_line(datetime.now(UTC) - timedelta(minutes=3), *one) for one in says)

    return put_in


def _database(
    id_: str, noticed_by: Mapping[str, Level], put_in: Callable[[TrytonSystem], None], *may: str
) -> TrytonFault:
    return TrytonFault(
        id=id_,
        put_in=put_in,
        noticed_by=noticed_by,
        may_notice=frozenset(may),
        scope=Scope.STORED,
        engines=("postgresql",),
    )


def starts(minutes_ago: Sequence[int]) -> Callable[[TrytonSystem], None]:
    """The server starts once more each time."""

    def put_in(system: TrytonSystem) -> None:
        now = datetime.now(UTC)
        with system.log.open("a", encoding="utf-8") as log:
            log.writelines(start_of_server(now - timedelta(minutes=one)) for one in minutes_ago)

    return put_in


THEN_AND_BEFORE = {"focus.performance": L2, "performance.degradation": L2}
SPEED = (
    _log("nobody-does-it-any-more", {"focus.unused-features": L1}, rewritten(lost("production.work.cycle.do("))),
    _log("one-button-slower-than-before", THEN_AND_BEFORE, rewritten(today_longer(8, FOUND))),
    _log(
        "slower-from-day-to-day",
        {"focus.response-trend": L2},
        rewritten(longer_each_day(1.25, SOLD)),
        "perf.response-time",
        *THEN_AND_BEFORE,
    ),
    _log(
        "busiest-hour-not-carried",
        {"performance.load": L2},
        rewritten(in_busiest_hour(6)),
        "perf.response-time",
        *THEN_AND_BEFORE,
    ),
    _log(
        "requests-written-elsewhere",
        {"performance.figures": L2},
        rewritten(lost(keeps_one_of=15)),
        "focus.crashes",
        "focus.stable",
    ),
    _log("seconds-for-milliseconds", {"performance.figures": L2}, rewritten(today_longer(0.001))),
    _log(
        "nobody-could-work-for-half-an-hour",
        {"focus.crashes": L2, "focus.stable": L2},
        rewritten(lost(until=timedelta(hours=6, minutes=20), since=timedelta(hours=5, minutes=40))),
    ),
    _log(
        "worker-killed",
        {"focus.crashes": L3, "focus.stable": L3},
        lines("WARNING trytond.server Worker (pid:4711) was sent SIGKILL! Perhaps out of memory?"),
        "health.logs",
        "issues.error-logs",
        "errors.review",
    ),
    _log("keeps-starting", {"focus.crashes": L3, "focus.stable": L3}, starts((45, 35, 25, 15, 5))),
    _database("statement-slow-each-time", {"focus.slow-queries": L2}, statements(2400, 6)),
    _database(
        "database-was-not-shut-down",
        {"focus.crashes": L3, "focus.stable": L3},
        _database_log(
            ("LOG", "database system was interrupted; last known up at 2026-01-01 10:00:00 UTC"),
            ("LOG", "database system was not properly shut down; automatic recovery in progress"),
        ),
        "health.logs",
        "issues.error-logs",
        "errors.review",
    ),
    _database(
        "log-of-the-database-gone",
        {"logs.database": L2},
        lambda system: system.database_log.unlink(),
        "health.logs",
        "focus.crashes",
        "focus.stable",
    ),
)

SPEED_JUST_BELOW: Mapping[str, Callable[[TrytonSystem], None]] = {
    "one still does it": rewritten(lost("production.work.cycle.do(", keeps_one_of=9)),
    "one button a little slower": rewritten(today_longer(1.6, FOUND)),
    "a busiest hour that is a little slower": rewritten(in_busiest_hour(1.5)),
    "started twice": starts((45, 15)),
    "a quarter of an hour without anybody": rewritten(
        lost(until=timedelta(hours=6, minutes=5), since=timedelta(hours=5, minutes=53))
    ),
}
