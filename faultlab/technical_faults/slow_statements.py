"""Statements that the database's log tells of because they took long."""

from __future__ import annotations

from collections.abc import Callable

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

NOTICED = {"focus.slow-queries": Level.L2}
OF_A_CUSTOMER = "SELECT s.id, s.total FROM sales s WHERE s.note = 'blue {number}' ORDER BY s.created_at DESC"
TO_CHANGE = "UPDATE sales SET note = 'seen {number}' WHERE customer_id = {number}"
OF_A_YEAR = "SELECT sum(total) FROM sales WHERE created_at >= '2025-01-01'"


def _logged(statement: str, milliseconds: float, times: int) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        scene.say(
            "database",
            *(
                {
                    "level": "WARNING",
                    "message": "slow statement",
                    "statement": statement.format(number=number),
                    "duration_ms": milliseconds + 3 * number,
                    "error_class": None,
                }
                for number in range(times)
            ),
        )

    return put_in


FAULTS = (
    Fault(
        id="statement-slow-each-time",
        happens="To look for a sale by its note takes more than two seconds each time.",
        where=Where.LOGS,
        put_in=_logged(OF_A_CUSTOMER, 2400.0, 6),
        noticed_by=NOTICED,
    ),
    Fault(
        id="statement-a-minute-long",
        happens="A sum over a whole year held the database up for more than a minute.",
        where=Where.LOGS,
        put_in=_logged(OF_A_YEAR, 64_000.0, 1),
        noticed_by={**NOTICED, "perf.timeouts": Level.L2},
    ),
    Fault(
        id="statement-a-little-too-slow",
        happens="To look for a sale by its note takes a second and a tenth, dozens of times.",
        where=Where.LOGS,
        put_in=_logged(OF_A_CUSTOMER, 1100.0, 40),
        noticed_by=NOTICED,
    ),
    Fault(
        id="change-slow-each-time",
        happens="To note something on a customer's sales takes three seconds.",
        where=Where.LOGS,
        put_in=_logged(TO_CHANGE, 3000.0, 4),
        noticed_by=NOTICED,
    ),
    Fault(
        id="statement-slow-but-seldom",
        happens="Somebody's report took more than two seconds, twice.",
        where=Where.LOGS,
        put_in=_logged(OF_A_YEAR, 2400.0, 2),
        just_below=items("focus.slow-queries"),
    ),
    Fault(
        id="statement-nearly-slow",
        happens="To look for a sale by its note takes nine tenths of a second.",
        where=Where.LOGS,
        put_in=_logged(OF_A_CUSTOMER, 900.0, 10),
        just_below=items("focus.slow-queries"),
    ),
)
