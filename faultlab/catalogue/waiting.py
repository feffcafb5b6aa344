"""What was waited for in vain, as the logs tell it; and waiting that is no trouble."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from faultlab.catalogue.logs import line, request
from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

TIMED_OUT = {"perf.timeouts": Level.L2}


def _deadlock(scene: Scene) -> None:
    scene.say(
        "database",
        {
            "level": "ERROR",
            "message": "deadlock detected",
            "statement": "UPDATE production_steps SET state = ?",
            "duration_ms": 1010.0,
            "error_class": "DeadlockDetected",
        },
    )


def _terminal_silent(scene: Scene) -> None:
    scene.say("app", line("WARNING", "card terminal 2: read timed out, payment is tried again"))


def _long_statement(milliseconds: float) -> dict[str, object]:
    return {
        "level": "INFO",
        "message": "slow statement",
        "statement": "SELECT * FROM activity_log",
        "duration_ms": milliseconds,
    }


def _statement_too_long(scene: Scene) -> None:
    scene.say("database", _long_statement(31_000.0))


def _statement_long(scene: Scene) -> None:
    scene.say("database", _long_statement(29_000.0))


def _somebody_at_lunch(scene: Scene) -> None:
    scene.say("app", line("WARNING", "session of lena.vogt timed out after 60 minutes"))


def _median_at_its_limit(scene: Scene) -> None:
    """Enough answers that the slow ones are nearly, but not quite, a twentieth."""
    scene.say("access", *(request(4000.0 if number % 25 == 0 else 40.0, number=number) for number in range(200)))


def _error_twice(scene: Scene) -> None:
    scene.say("app", *(line("ERROR", f"receipt {number} cannot be sent: mail server refused") for number in range(2)))


def _once_a_day(scene: Scene) -> None:
    """Among the lines of each day, where it belongs."""
    log = scene.log("app")
    scene.files.spoil(log)
    lines = log.read_bytes().splitlines(keepends=True)
    for days in (2, 1, 0):
        at = (scene.now - timedelta(days=days, hours=1)).isoformat(timespec="milliseconds")
        ended_early = scene.line(line("ERROR", f"night export {days} ended early: no space on share", at=at))
        later = (place for place, one in enumerate(lines) if _time_of(one) > at)
        lines.insert(next(later, len(lines)), ended_early)
    log.write_bytes(b"".join(lines))


def _time_of(line_of_log: bytes) -> str:
    return str(json.loads(line_of_log).get("at", ""))


def _saving_fails(*routes: str) -> Callable[[Scene], None]:
    """Requests of these kinds fail in the server, three of each; pages are shown as before."""

    def put_in(scene: Scene) -> None:
        failing = [
            {**request(12.0, 500, number), "method": "POST", "path": route, "route": route}
            for number in range(3)
            for route in routes
        ]
        scene.say("access", *failing, request(40.0))

    return put_in


FAULTS = (
    Fault(
        id="error-once-a-day",
        happens="The same error has come once on each of three days.",
        where=Where.LOGS,
        put_in=_once_a_day,
        noticed_by={"errors.recurring": Level.L2},
    ),
    Fault(
        id="deadlock-in-the-database",
        happens="Two people waited for each other, and the database gave one of them up.",
        where=Where.LOGS,
        put_in=_deadlock,
        noticed_by={**TIMED_OUT, "issues.error-logs": Level.L2, "errors.review": Level.L2},
    ),
    Fault(
        id="card-terminal-does-not-answer",
        happens="A card terminal did not answer in time, and the payment was tried again.",
        where=Where.LOGS,
        put_in=_terminal_silent,
        noticed_by=TIMED_OUT,
    ),
    Fault(
        id="statement-takes-too-long",
        happens="A statement kept the database busy for half a minute.",
        where=Where.LOGS,
        put_in=_statement_too_long,
        noticed_by=TIMED_OUT,
    ),
    Fault(
        id="statement-takes-long",
        happens="A statement took 29 seconds, just less than is called a timeout.",
        where=Where.LOGS,
        put_in=_statement_long,
        just_below=items("perf.timeouts"),
    ),
    Fault(
        id="session-of-somebody-at-lunch",
        happens="Somebody went to lunch and was logged out meanwhile.",
        where=Where.LOGS,
        put_in=_somebody_at_lunch,
    ),
    Fault(
        id="slow-for-few",
        happens="Of the looks at a sale each twenty-fifth takes four seconds: less than a twentieth.",
        where=Where.LOGS,
        put_in=_median_at_its_limit,
        just_below=items("perf.response-time"),
    ),
    Fault(
        id="nothing-can-be-saved",
        happens="Pages are shown as before, and whatever somebody saves ends with an error of the server.",
        where=Where.LOGS,
        put_in=_saving_fails("/api/v1/sales", "/api/v1/production/steps/{step_id}/start", "/sales/new"),
        noticed_by={"health.database": Level.L3, "ops.sales": Level.L3, "issues.error-logs": Level.L2},
    ),
    Fault(
        id="one-form-cannot-be-saved",
        happens="After a release one form ends with an error of the server; whatever else somebody saves is taken.",
        where=Where.LOGS,
        put_in=_saving_fails("/sales/new"),
        noticed_by={"issues.error-logs": Level.L2},
        just_below=items("health.database", "ops.sales"),
    ),
    Fault(
        id="error-came-twice",
        happens="A new error has come twice: it is to be looked at, but nobody can say yet that it keeps coming.",
        where=Where.LOGS,
        put_in=_error_twice,
        noticed_by={"issues.error-logs": Level.L2, "errors.review": Level.L2},
        just_below=items("errors.recurring"),
    ),
)
