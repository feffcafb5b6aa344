"""What can go wrong with the files of a Tryton: its log, its backups, the pages of its SQLite database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from faultlab.suite_run import Scope
from hypercare.outcome.level import Level
from targets.tryton.log_lines import request_line
from targets.tryton.system import TrytonSystem
from tests.tryton.tryton_faults import (
    BRANCHES,
    COSTS,
    KEYS,
    L2,
    L3,
    PROGRESS,
    RULES,
    SQLITE,
    STUCK,
    TOTALS,
    TrytonFault,
)


def lines(*texts: str) -> Callable[[TrytonSystem], None]:
    """Append to the server's log, dated two minutes ago."""

    def put_in(system: TrytonSystem) -> None:
        stamp = (datetime.now(UTC) - timedelta(minutes=2)).strftime("%Y-%m-%d %H:%M:%S,123")
        with system.log.open("a", encoding="utf-8") as log:
            log.writelines(f"{stamp} {text}\n" for text in texts)

    return put_in


def _log(id_: str, noticed_by: Mapping[str, Level], put_in: Callable[[TrytonSystem], None], *may: str) -> TrytonFault:
    return TrytonFault(
        id=id_,
        put_in=put_in,
        noticed_by=noticed_by,
        may_notice=frozenset(may),
        scope=Scope.LOGS,
        engines=SQLITE,  # a log is the same whatever engine lies below
    )


def requests(did: str, milliseconds: int, count: int) -> Callable[[TrytonSystem], None]:
    """Append requests of somebody at work to the server's log, of the minutes before now."""

    def put_in(system: TrytonSystem) -> None:
        now = datetime.now(UTC)
        with system.log.open("a", encoding="utf-8") as log:
            for number in range(count, 0, -1):
                log.write(request_line(now - timedelta(seconds=5 * number), did, "north.sales", milliseconds))

    return put_in


_TRACEBACK = (
    "ERROR trytond.protocols.dispatcher model.sale.sale.search_read@north from 10.0.0.5\n"
    "Traceback (most recent call last):\n"
    '  File "trytond/protocols/dispatcher.py", line 246, in _dispatch\n'
    "KeyError: 'price_list'"
)
NEWS = {"issues.error-logs": L2, "errors.review": L2}
CRITICAL = {"health.logs": L3, **NEWS}


def _without_log(system: TrytonSystem) -> None:
    system.log.unlink()


def _log_of_tomorrow(system: TrytonSystem) -> None:
    stamp = (datetime.now(UTC) + timedelta(hours=9)).strftime("%Y-%m-%d %H:%M:%S,123")
    with system.log.open("a", encoding="utf-8") as log:
        log.write(f"{stamp} INFO trytond.server still running\n")


LOGS = (
    _log("traceback-in-log", NEWS, lines(_TRACEBACK)),
    _log("same-error-again-and-again", {"issues.error-logs": L2, "errors.recurring": L2}, lines(*[_TRACEBACK] * 5)),
    _log("critical-line", CRITICAL, lines("CRITICAL trytond.backend cannot reach the database")),
    _log(
        "disk-full-in-log",
        CRITICAL,
        lines("ERROR trytond.backend sqlite3.OperationalError: database or disk is full"),
        "errors.recurring",
    ),
    _log(
        "statement-timeout-in-log",
        {**NEWS, "perf.timeouts": L2},
        lines("ERROR trytond.backend psycopg.errors.QueryCanceled: canceling statement due to statement timeout"),
    ),
    _log(
        "everything-slow",
        {"perf.response-time": L2, "performance.degradation": L2, "focus.performance": L2},
        requests("sale.sale.search_read", 2400, 60),
        "performance.load",
    ),
    _log("one-button-slow", {"perf.response-time": L2}, requests("sale.sale.quote", 1700, 4)),
    _log("request-of-a-minute", {"perf.timeouts": L2}, requests("stock.move.assign_try", 61_000, 1)),
    _log("log-gone", {"health.logs": L3, "logs.backend": L2}, _without_log),
    _log("log-of-tomorrow", {"health.logs": L2}, _log_of_tomorrow),
)


def _newest(system: TrytonSystem) -> Path:
    return max(system.backups.iterdir())


def _backup(
    id_: str, noticed_by: Mapping[str, Level], put_in: Callable[[TrytonSystem], None], *may: str
) -> TrytonFault:
    return TrytonFault(id=id_, put_in=put_in, noticed_by=noticed_by, may_notice=frozenset(may), scope=Scope.BACKUPS)


def _none(system: TrytonSystem) -> None:
    for path in system.backups.iterdir():
        path.unlink()


def _cut(system: TrytonSystem) -> None:
    content = _newest(system).read_bytes()
    _newest(system).write_bytes(content[: len(content) * 2 // 3])


def _of_another_database(system: TrytonSystem) -> None:
    """A whole database, but not the right one: it lacks what was sold."""
    import sqlite3

    connection = sqlite3.connect(_newest(system))
    connection.execute("DELETE FROM sale_point_payment WHERE id % 2 = 0")
    connection.commit()
    connection.close()


COMPLETED, ACCESSIBLE = {"backup.completed": L3}, {"backup.accessible": L3}
BACKUPS = (
    _backup("no-backup", {**COMPLETED, **ACCESSIBLE}, _none),
    _backup("backup-of-yesterday", COMPLETED, lambda system: _newest(system).unlink()),
    _backup("backup-cut-off", ACCESSIBLE, _cut, "backup.completed"),
    _backup("backup-unreadable", ACCESSIBLE, lambda system: _newest(system).write_bytes(b"\x00\x91" * 3_000_000)),
    _backup("backup-empty", {**COMPLETED, **ACCESSIBLE}, lambda system: _newest(system).write_bytes(b"")),
    TrytonFault(
        id="backup-lacks-rows",
        put_in=_of_another_database,
        noticed_by=ACCESSIBLE,
        scope=Scope.BACKUPS,
        engines=SQLITE,
    ),
)


def _damage(system: TrytonSystem) -> None:
    """A page in the middle of the file becomes rubbish."""
    path = Path(system.engine.url(system.name).removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    page = len(content) // 4096 // 2
    for number in range(page, page + 40):
        content[number * 4096 : number * 4096 + 200] = b"\xa5" * 200
    path.write_bytes(bytes(content))


ANY = frozenset(
    {*TOTALS, *PROGRESS, *COSTS, *STUCK, *BRANCHES, *KEYS, *RULES, "health.database", "users.login-failures"}
    | {"backup.accessible", "backup.completed", "ops.sales", "ops.production-steps", "summary.sales-created"}
    | {"summary.steps-updated", "summary.orders-completed", "summary.costs-entered", "users.active"}
)
DAMAGE = (
    TrytonFault(
        id="page-of-rubbish",
        put_in=_damage,
        noticed_by={"data.corruption": L3},
        may_notice=ANY,
        scope=Scope.RECORDS,
        engines=SQLITE,
    ),
)

FILES = (*LOGS, *BACKUPS, *DAMAGE)
