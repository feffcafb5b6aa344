"""Work that comes in one go, or late: steps ticked off in seconds, piles of records, receipts for nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL, an_order
from faultlab.scene import Scene
from hypercare.outcome.level import Level

OLD_WAYS = {"resistance.old-methods": Level.L1}
_OTHERS = items("production.costs", "production.completion", "verify.production-progress", "focus.workflow-gaps")


def _ticked_off(many: int) -> Callable[[Scene], None]:
    """The next steps of an order, seconds after each other."""

    def put_in(scene: Scene) -> None:
        order = an_order(scene, "in_progress")
        steps = scene.tables.rows("SELECT * FROM production_steps WHERE order_id = :id ORDER BY sequence", id=order.id)
        person = next(one.updated_by for one in steps if one.updated_by is not None)
        for place, step in enumerate([one for one in steps if one.state == "waiting"][:many]):
            begun, ended = (scene.ago(minutes=40, seconds=-5 * place - more) for more in (0, 4))
            scene.tables.change(
                "production_steps",
                "state = 'done', started_at = :begun, finished_at = :ended, updated_at = :ended, updated_by = :by",
                "id = :id",
                id=step.id,
                begun=begun,
                ended=ended,
                by=person,
            )

    return put_in


def _pile_of_costs(many: int) -> Callable[[Scene], None]:
    """One person enters so many costs, of several orders, within a minute."""

    def put_in(scene: Scene) -> None:
        orders = scene.tables.rows(
            f"SELECT c.* FROM costs c JOIN production_orders o ON o.id = c.order_id WHERE o.{REAL}"
            " AND o.branch_id = 3 AND c.kind = 'labour' ORDER BY c.id DESC LIMIT :many",
            many=many,
        )
        for place, cost in enumerate(orders):
            scene.tables.change(
                "costs",
                "entered_at = :at, entered_by = :by",
                "id = :id",
                id=cost.id,
                at=scene.ago(minutes=20, seconds=-6 * place),
                by=orders[0].entered_by,
            )

    return put_in


def _receipts_late(many: int, minutes: float) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        jobs = scene.tables.rows(
            "SELECT * FROM jobs WHERE kind = 'receipt' AND queued_at >= :since AND queued_at < :until"
            " ORDER BY id LIMIT :many",
            since=scene.ago(hours=5),
            until=scene.ago(hours=1),
            many=many,
        )
        for job in jobs:
            later = timedelta(minutes=minutes)
            scene.tables.change(
                "jobs",
                "started_at = :begun, finished_at = :ended",
                "id = :id",
                id=job.id,
                begun=scene.moved(job.started_at, later),
                ended=scene.moved(job.finished_at, later),
            )

    return put_in


FAULTS = (
    Fault(
        id="steps-ticked-off-in-seconds",
        happens="Four steps of an order were ticked off within twenty seconds.",
        where=Where.DATABASE,
        put_in=_ticked_off(4),
        noticed_by=OLD_WAYS,
        may_notice=_OTHERS | items("summary.steps-updated", "backup.accessible", "data.constraints"),
    ),
    Fault(
        id="two-steps-at-once",
        happens="Two small steps of an order were ticked off one after the other.",
        where=Where.DATABASE,
        put_in=_ticked_off(2),
        just_below=items("resistance.old-methods"),
        may_notice=_OTHERS | items("summary.steps-updated", "backup.accessible", "data.constraints"),
    ),
    Fault(
        id="pile-of-costs",
        happens="Somebody entered nine costs within a minute, from a pile of slips.",
        where=Where.DATABASE,
        put_in=_pile_of_costs(9),
        noticed_by=OLD_WAYS,
        may_notice=items("verify.costs", "summary.costs-entered", "backup.accessible", "data.constraints"),
    ),
    Fault(
        id="a-few-slips-at-once",
        happens="Somebody entered five costs within a minute.",
        where=Where.DATABASE,
        put_in=_pile_of_costs(5),
        just_below=items("resistance.old-methods"),
        may_notice=items("verify.costs", "summary.costs-entered", "backup.accessible", "data.constraints"),
    ),
    Fault(
        id="receipts-for-nobody",
        happens="Twenty receipts came three quarters of an hour after their sales.",
        where=Where.JOBS,
        put_in=_receipts_late(20, 45),
        noticed_by={"ops.workflows": Level.L2},
    ),
    Fault(
        id="some-receipts-late",
        happens="The worker was started anew, and eight receipts came ten minutes late.",
        where=Where.JOBS,
        put_in=_receipts_late(8, 10),
        just_below=items("ops.workflows"),
    ),
)
