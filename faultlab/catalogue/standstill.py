"""A business that has stopped: nobody sells, nobody works, and no record is wrong."""

from __future__ import annotations

from datetime import time

from faultlab.fault import Fault, Where, items
from faultlab.scene import Scene
from hypercare.outcome.level import Level

MORNING = time(9)


def _nobody_works(scene: Scene) -> None:
    scene.put_clock_forward(hours=4)


def _a_quiet_quarter(scene: Scene) -> None:
    scene.put_clock_forward(minutes=15)


def _nobody_yet(scene: Scene) -> None:
    """So early that hardly anything is usual."""
    scene.put_clock_forward(minutes=10)


FAULTS = (
    Fault(
        id="nothing-entered-yet",
        happens="Ten minutes after nine nobody has entered a thing: on other days there was hardly more.",
        where=Where.CLOCK,
        put_in=_nobody_yet,
        just_below=items(
            "summary.sales-created",
            "summary.steps-updated",
            "summary.orders-completed",
            "summary.costs-entered",
            "production.figures",
        ),
        at=MORNING,
    ),
    Fault(
        id="everybody-back-to-paper",
        happens="Since nine in the morning nobody has used the system: the branches are back to paper.",
        where=Where.CLOCK,
        put_in=_nobody_works,
        noticed_by={
            "ops.sales": Level.L3,
            "ops.production-steps": Level.L2,
            "users.active": Level.L1,
            "focus.adoption": Level.L1,
            "resistance.not-using": Level.L1,
        },
        may_notice=items(
            "health.logs",
            "ops.workflows",
            "summary.sales-created",
            "summary.steps-updated",
            "summary.orders-completed",
            "summary.costs-entered",
            "logs.backend",
            "performance.figures",
            "activity.figures",
            "activity.using",
            "resistance.causes",
        ),
        at=MORNING,
    ),
    Fault(
        id="quiet-quarter-of-an-hour",
        happens="Nobody has sold anything for a quarter of an hour: it is raining.",
        where=Where.CLOCK,
        put_in=_a_quiet_quarter,
        just_below=items("ops.sales", "ops.production-steps"),
    ),
)
