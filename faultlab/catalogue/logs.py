"""What the logs tell: critical lines, errors, slowness, timeouts; and logs that tell nothing any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

CRITICAL = {"health.logs": Level.L3, "issues.error-logs": Level.L2, "errors.review": Level.L2}
TRACEBACK = """Traceback (most recent call last):
  File "/srv/erp/services/sales.py", line 218, in finalise
    total = sum(line.amount for line in sale.lines)
TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'
"""


def line(level: str, message: str, **more: Any) -> dict[str, Any]:
    return {"level": level, "logger": "demo_erp.sales", "message": message, "trace_id": "5f" * 16, **more}


def request(duration_ms: float, status: int = 200, number: int = 0) -> dict[str, Any]:
    return {
        "method": "GET",
        "path": f"/api/v1/sales/{1000 + number}",
        "route": "/api/v1/sales/{sale_id}",
        "status": status,
        "duration_ms": duration_ms,
        "channel": "api",
        "user": "lena.vogt",
        "trace_id": f"{number:032x}",
        "bytes": 812,
    }


def _critical_text(scene: Scene) -> None:
    scene.say("app", "CRITICAL stock service does not answer, orders are lost")


def _critical_json(scene: Scene) -> None:
    scene.say("app", line("CRITICAL", "stock service does not answer, orders are lost"))


def _critical_real_time(scene: Scene) -> None:
    """A part of the system that knows nothing of the simulated clock."""
    scene.say("app", line("CRITICAL", "stock service does not answer", at=datetime.now(UTC).isoformat()))


def _new_error(scene: Scene) -> None:
    scene.say("app", line("ERROR", "sale 4711 cannot be shown", exception=TRACEBACK))


def _new_error_in_another_word(scene: Scene) -> None:
    scene.say("app", line("ERR", "label 4711 cannot be printed", logger="labels"))


def _warning_in_another_word(scene: Scene) -> None:
    scene.say("app", line("WRN", "label 4711 is printed late", logger="labels"))


def _recurring(scene: Scene) -> None:
    scene.say("app", *(line("ERROR", f"receipt {number} cannot be sent: mail server refused") for number in range(5)))


def _user_errors(scene: Scene) -> None:
    scene.say("app", *(line("WARNING", "wrong password", user="lena.vogt") for _ in range(2)))


def _slow_route(scene: Scene) -> None:
    scene.say("access", *(request(2400.0, number=number) for number in range(60)))


def _slow_tail(scene: Scene) -> None:
    """Fast at the median; every tenth answer takes four seconds."""
    scene.say("access", *(request(4000.0 if number % 10 == 0 else 35.0, number=number) for number in range(120)))


def _slightly_slower(scene: Scene) -> None:
    scene.say("access", *(request(300.0, number=number) for number in range(60)))


def _timed_out(scene: Scene) -> None:
    scene.say("access", request(30_000.0, status=504))


def _lock_timeout(scene: Scene) -> None:
    scene.say(
        "database",
        {
            "level": "ERROR",
            "message": "canceling statement due to lock timeout",
            "statement": "UPDATE sales SET total = ?",
            "duration_ms": 30000.0,
            "error_class": "LockNotAvailable",
        },
    )


def _server_error(scene: Scene) -> None:
    scene.say("access", request(80.0, status=500))


def _gone(scene: Scene) -> None:
    log = scene.log("app")
    scene.files.spoil(log)
    log.unlink()


def _is_a_folder(scene: Scene) -> None:
    log = scene.log("app")
    scene.files.spoil(log)
    log.unlink()
    log.mkdir()


def _silent(scene: Scene) -> None:
    """As if the application had lost its log this morning: what came since is not there."""
    log = scene.log("app")
    scene.files.spoil(log)
    lines = [one for one in log.read_bytes().splitlines(keepends=True) if f'"{scene.now:%Y-%m-%d}T'.encode() not in one]
    log.write_bytes(b"".join(lines))


def _hour_ahead(scene: Scene) -> None:
    ahead = scene.now + timedelta(hours=1)
    scene.say("app", *(line("INFO", f"sale {number} saved", at=ahead.isoformat()) for number in range(3)))


def _broken_text(scene: Scene) -> None:
    scene.say(
        "app", b'{"at": "' + scene.now.isoformat().encode() + b'", "level": "INFO", "message": "Gr\xfc\xdfe \xff"}'
    )


def _half_a_line(scene: Scene) -> None:
    scene.files.append(scene.log("access"), b'{"at": "2026-01-15T15:59')


def _huge_line(scene: Scene) -> None:
    scene.say("app", line("INFO", "request body was " + "x" * 10_000_000))


def _critical_behind_a_huge_line(scene: Scene) -> None:
    _huge_line(scene)
    _critical_json(scene)


def _rotated_in_between(scene: Scene) -> None:
    """The log was moved aside with its newest lines, and a new one begun."""
    log = scene.log("app")
    scene.say("app", line("CRITICAL", "stock service does not answer, orders are lost"))
    scene.files.spoil(log)
    aside = log.with_name(f"{log.name}.1")
    if aside.exists():
        scene.files.spoil(aside)
        aside.unlink()
    else:
        scene.files.make(aside)
    log.rename(aside)
    log.write_bytes(scene.line(line("INFO", "log begun")))


def _download_times_out(scene: Scene) -> None:
    scene.say("access", {**request(45_000.0), "path": "/sales/export.csv", "route": "/sales/export.csv"})


def _long_but_in_time(scene: Scene) -> None:
    scene.say("access", {**request(28_000.0), "path": "/sales/export.csv", "route": "/sales/export.csv"})


def _database_error_recurs(scene: Scene) -> None:
    for number in range(4):
        scene.say(
            "database",
            {"level": "ERROR", "message": f"duplicate key {number} in sales_number", "error_class": "UniqueViolation"},
        )


def _error_in_several_words(scene: Scene) -> None:
    """One error, of which each line names another record, hour and amount."""
    scene.say(
        "app",
        *(
            line(
                "ERROR", f"order {4000 + 13 * number} of 2026-01-{10 + number} over 1{number}.50 EUR cannot be printed"
            )
            for number in range(4)
        ),
    )


FAULTS = (
    Fault(
        id="critical-line-as-text",
        happens="A critical line without any time stands at the end of the log.",
        where=Where.LOGS,
        put_in=_critical_text,
        noticed_by=CRITICAL,
    ),
    Fault(
        id="critical-line",
        happens="The application reports something critical.",
        where=Where.LOGS,
        put_in=_critical_json,
        noticed_by=CRITICAL,
    ),
    Fault(
        id="critical-line-of-another-clock",
        happens="A critical line comes from a part of the system with another clock.",
        where=Where.LOGS,
        put_in=_critical_real_time,
        noticed_by=CRITICAL,
    ),
    Fault(
        id="error-never-seen",
        happens="An error of a kind that was never seen before.",
        where=Where.LOGS,
        put_in=_new_error,
        noticed_by={"issues.error-logs": Level.L2, "errors.review": Level.L2},
    ),
    Fault(
        id="error-in-another-word",
        happens="A part of the system calls its errors ERR.",
        where=Where.LOGS,
        put_in=_new_error_in_another_word,
        noticed_by={"issues.error-logs": Level.L2, "errors.review": Level.L2},
    ),
    Fault(
        id="warning-in-another-word",
        happens="A part of the system calls its warnings WRN: no error.",
        where=Where.LOGS,
        put_in=_warning_in_another_word,
    ),
    Fault(
        id="error-keeps-coming",
        happens="The same error has come five times.",
        where=Where.LOGS,
        put_in=_recurring,
        noticed_by={"issues.error-logs": Level.L2, "errors.recurring": Level.L2},
        may_notice=items("errors.review"),
    ),
    Fault(
        id="mistakes-of-people",
        happens="Two people mistype their password: no error of the system.",
        where=Where.LOGS,
        put_in=_user_errors,
    ),
    Fault(
        id="one-page-slow",
        happens="Looking at one sale takes more than two seconds.",
        where=Where.LOGS,
        put_in=_slow_route,
        noticed_by={"perf.response-time": Level.L2},
    ),
    Fault(
        id="slow-for-some",
        happens="Every tenth look at a sale takes four seconds; the median is fine.",
        where=Where.LOGS,
        put_in=_slow_tail,
        noticed_by={"perf.response-time": Level.L2},
    ),
    Fault(
        id="slower-but-within-objective",
        happens="Looking at a sale takes 0.3 seconds: slower, but within its objective.",
        where=Where.LOGS,
        put_in=_slightly_slower,
        just_below=items("perf.response-time"),
    ),
    Fault(
        id="request-timed-out",
        happens="A request was given up after 30 seconds.",
        where=Where.LOGS,
        put_in=_timed_out,
        noticed_by={"perf.timeouts": Level.L2},
        may_notice=items("issues.error-logs"),
    ),
    Fault(
        id="statement-waited-for-a-lock",
        happens="A statement was given up because somebody else held the row.",
        where=Where.LOGS,
        put_in=_lock_timeout,
        noticed_by={"perf.timeouts": Level.L2, "issues.error-logs": Level.L2, "errors.review": Level.L2},
    ),
    Fault(
        id="request-failed-in-the-server",
        happens="Somebody got an error page.",
        where=Where.LOGS,
        put_in=_server_error,
        noticed_by={"issues.error-logs": Level.L2},
    ),
    Fault(
        id="log-gone",
        happens="The application's log was deleted.",
        where=Where.LOGS,
        put_in=_gone,
        noticed_by={"health.logs": Level.L3, "logs.backend": Level.L2},
    ),
    Fault(
        id="log-unreadable",
        happens="Where the application's log should be is something that cannot be read.",
        where=Where.LOGS,
        put_in=_is_a_folder,
        noticed_by={"health.logs": Level.L3, "logs.backend": Level.L2},
    ),
    Fault(
        id="log-stopped",
        happens="The application writes no log any more since this morning.",
        where=Where.LOGS,
        put_in=_silent,
        noticed_by={"health.logs": Level.L2, "logs.backend": Level.L2},
    ),
    Fault(
        id="log-an-hour-ahead",
        happens="The machine that writes the log has its clock an hour ahead.",
        where=Where.LOGS,
        put_in=_hour_ahead,
        noticed_by={"health.logs": Level.L2},
    ),
    Fault(
        id="log-with-broken-text",
        happens="A line of the log is not valid UTF-8: ugly, but nothing is wrong.",
        where=Where.LOGS,
        put_in=_broken_text,
    ),
    Fault(
        id="log-line-half-written",
        happens="The last line of the log is still being written.",
        where=Where.LOGS,
        put_in=_half_a_line,
    ),
    Fault(
        id="log-line-of-ten-megabytes",
        happens="Somebody logged a whole upload: one line of ten megabytes.",
        where=Where.LOGS,
        put_in=_huge_line,
    ),
    Fault(
        id="critical-line-behind-a-huge-one",
        happens="A critical line stands behind one of ten megabytes.",
        where=Where.LOGS,
        put_in=_critical_behind_a_huge_line,
        noticed_by=CRITICAL,
    ),
    Fault(
        id="critical-line-rotated-away",
        happens="The log was begun anew right after a critical line.",
        where=Where.LOGS,
        put_in=_rotated_in_between,
        noticed_by=CRITICAL,
    ),
    Fault(
        id="download-timed-out",
        happens="A download took three quarters of a minute; nobody waits that long.",
        where=Where.LOGS,
        put_in=_download_times_out,
        noticed_by={"perf.timeouts": Level.L2},
        may_notice=items("perf.response-time"),
    ),
    Fault(
        id="download-long-but-in-time",
        happens="A download took twenty-eight seconds, just less than is called a timeout.",
        where=Where.LOGS,
        put_in=_long_but_in_time,
        just_below=items("perf.timeouts"),
    ),
    Fault(
        id="database-error-recurs",
        happens="The database refuses the same kind of statement again and again.",
        where=Where.LOGS,
        put_in=_database_error_recurs,
        noticed_by={"errors.recurring": Level.L2, "issues.error-logs": Level.L2},
        may_notice=items("errors.review"),
    ),
    Fault(
        id="error-recurs-in-other-words",
        happens="One error keeps happening, each time with another record, day and amount.",
        where=Where.LOGS,
        put_in=_error_in_several_words,
        noticed_by={"errors.recurring": Level.L2, "issues.error-logs": Level.L2},
        may_notice=items("errors.review"),
    ),
)
