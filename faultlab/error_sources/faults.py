"""What a table of errors and a log server tell: critical, new and recurring errors, mistakes of people, and nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from faultlab.error_sources.log_server import start_log_server
from faultlab.error_sources.named import name_log_server, name_table, rename_table, write_down
from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

CRITICAL = {"health.logs": Level.L3, "issues.error-logs": Level.L2, "errors.review": Level.L2}
NEW = {"issues.error-logs": Level.L2, "errors.review": Level.L2}
# A kind that recurs is classed by that, and is told as a new one all the same.
RECURRING = {"errors.recurring": Level.L2, "issues.error-logs": Level.L2}
UNREADABLE = {"health.logs": Level.L3, "logs.backend": Level.L2}
BELOW = items("health.logs", "errors.recurring", "logs.backend")
# What cannot be read stops whoever reads it.
READERS = items("issues.error-logs", "errors.review", "errors.recurring", "errors.fix-plan", "perf.timeouts")
CRASH = "sale 4711 cannot be shown: TypeError"

Row = tuple[str, str, float]  # severity, message, minutes ago


def _in_table(*rows: Row) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        name_table(scene)
        for severity, message, minutes_ago in rows:
            write_down(scene, severity, message, minutes_ago)

    return put_in


def _table_gone(scene: Scene) -> None:
    name_table(scene)
    rename_table(scene)


def _at_server(*rows: Row) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        lines = [
            ((scene.now - timedelta(minutes=minutes_ago)).timestamp(), message, severity)
            for severity, message, minutes_ago in rows
        ]
        name_log_server(scene, start_log_server(scene, lines))

    return put_in


def _server_down(scene: Scene) -> None:
    # Nothing listens at port 9, to which everything may be sent and which never answers.
    name_log_server(scene, "http://127.0.0.1:9")


def _mistakes(people: int, times: int) -> Callable[[Scene], None]:
    """So many refusals for want of a reason, which people in turn ran into."""

    def put_in(scene: Scene) -> None:
        said = [
            {
                "at": (scene.now - timedelta(minutes=2 * number + 2)).isoformat(),
                "level": "WARNING",
                "logger": "demo_erp.sales",
                "message": f"sale {4000 + number}: the reason is missing",
                "user": f"clerk.{number % people}",
            }
            for number in range(times)
        ]
        scene.say("app", *reversed(said))

    return put_in


FAULTS = (
    Fault(
        id="mistake-of-several",
        happens="Three clerks are told twelve times that the reason of a void is missing.",
        where=Where.LOGS,
        put_in=_mistakes(3, 12),
        noticed_by={"focus.training": Level.L1},
    ),
    Fault(
        id="mistake-of-nearly-all",
        happens="Eight clerks are told thirty times that the reason of a void is missing.",
        where=Where.LOGS,
        put_in=_mistakes(8, 30),
        noticed_by={"focus.training": Level.L1},
    ),
    Fault(
        id="mistake-made-twice-each",
        happens="Six clerks are told twelve times that the reason of a void is missing: twice each.",
        where=Where.LOGS,
        put_in=_mistakes(6, 12),
        just_below=items("focus.training"),
    ),
    Fault(
        id="table-of-errors-critical",
        happens="The application wrote into its table of errors that orders are lost.",
        where=Where.LOGS,
        put_in=_in_table(("CRITICAL", "stock service does not answer, orders are lost", 10)),
        noticed_by=CRITICAL,
    ),
    Fault(
        id="table-of-errors-new-kind",
        happens="An error that was never seen stands in the application's table of errors.",
        where=Where.LOGS,
        put_in=_in_table(("ERROR", CRASH, 10)),
        noticed_by=NEW,
    ),
    Fault(
        id="table-of-errors-recurring",
        happens="One error came five times today, says the application's table of errors.",
        where=Where.LOGS,
        put_in=_in_table(*(("ERROR", f"receipt {n} cannot be sent: mail server refused", 5 * n) for n in range(1, 6))),
        noticed_by=RECURRING,
    ),
    Fault(
        id="table-of-errors-gone",
        happens="The table into which the application writes its errors was renamed.",
        where=Where.LOGS,
        put_in=_table_gone,
        noticed_by=UNREADABLE,
        may_notice=READERS,
    ),
    Fault(
        id="table-of-errors-mistakes",
        happens="The table of errors holds two wrong passwords, and warnings.",
        where=Where.LOGS,
        put_in=_in_table(
            ("ERROR", "wrong password", 10), ("ERROR", "wrong password", 12), ("WARNING", "stock is low", 20)
        ),
        just_below=BELOW,
    ),
    Fault(
        id="log-server-critical",
        happens="The log server holds a fatal error of the application.",
        where=Where.LOGS,
        put_in=_at_server(("info", "a sale was made", 20), ("fatal", "stock service does not answer", 10)),
        noticed_by=CRITICAL,
    ),
    Fault(
        id="log-server-new-kind",
        happens="The log server holds an error that was never seen.",
        where=Where.LOGS,
        put_in=_at_server(("info", "a sale was made", 20), ("error", CRASH, 10)),
        noticed_by=NEW,
    ),
    Fault(
        id="log-server-down",
        happens="The log server does not answer.",
        where=Where.LOGS,
        put_in=_server_down,
        noticed_by=UNREADABLE,
        may_notice=READERS,
    ),
    Fault(
        id="log-server-quiet",
        happens="The log server holds warnings, and an error of three weeks ago.",
        where=Where.LOGS,
        put_in=_at_server(
            ("info", "a sale was made", 20), ("warning", "stock is low", 10), ("error", CRASH, 21 * 24 * 60)
        ),
        just_below=BELOW,
    ),
)
