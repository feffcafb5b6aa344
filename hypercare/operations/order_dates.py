"""When something was last done about a production order, which tells what lies in the past from what is of today."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records


def last_touched(model: Model, order: Records) -> Instant:
    """When its last step was finished, where that is kept as the order's own dates are; else when it was opened."""
    created = order.instant("created_at")
    if not model.has("step", "order", "finished_at"):
        return created
    step = model.records("step", "step_of_touched")
    finished = step.instant("finished_at")
    if finished.face != created.face:
        return created
    last = select(func.max(finished.raw)).where(step["order"] == order["id"]).scalar_subquery()
    return replace(created, raw=func.coalesce(last, created.raw))
