"""Final sales beside the activity log: who made them final?"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, select

from hypercare.operations.activity import alike, made_by_people
from hypercare.operations_model.model import Model
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_ACTION = "sale.finalise"
# An entry may have been written before or after, where clocks differ.
_MARGIN = timedelta(hours=12)
# Long enough to tell what is usual.
_LOOKED_BACK_ON = timedelta(days=3)


def final_sales_that_nobody_made_final(model: Model) -> Violations:
    """Sales that became final in the last three days, of which the activity log does not tell that anybody did it.

    In doubt where much of the past is like that: sales that a job makes final. Programs, of whose sales none is in the
    log, are left out.

    Raises NotCovered where the log does not tell of such actions.
    """
    sale, activity = model.records("sale"), model.records("activity")
    words = activity.mapping.values.get("action")
    if words is None or _ACTION not in words:
        raise NotCovered(
            f"The activity log does not tell of {_ACTION!r}.",
            remedy="Map it as a value of action in [mapping.activity], if the log keeps it after all.",
        )
    final, new = sale.instant("finalised_at"), _lately(model)
    around = Period(new.start - _MARGIN, new.end + _MARGIN)
    thing: ColumnElement[object] = activity["entity_id"]
    traced = (
        select(thing.label("thing"))
        .where(activity.is_("action", _ACTION), activity.instant("at").within(around))
        .distinct()
        .subquery("made_final")
    )
    of_log, of_sale = alike(traced.c.thing, activity, sale)
    show = {"sale": model.shown_name(sale), "final": model.shown_time(final)}
    if sale.has("branch"):
        show["branch"] = model.shown_branch(sale["branch"])
    query = ViolationQuery(
        source=sale.source.outerjoin(traced, of_log == of_sale),
        among=[sale.is_mostly("state", "final"), final.within(new), *model.excluding_canary(sale)],
        wrong=traced.c.thing.is_(None),
        show=show,
        place=f"{sale.place}, {activity.place}",
        dated=final,
        habit=True,
    )
    who = "finalised_by" if sale.has("finalised_by") else "created_by"
    return made_by_people(model, query, sale, who)


def _lately(model: Model) -> Period:
    whole = model.hypercare
    return Period(max(whole.start, whole.end - _LOOKED_BACK_ON), whole.end)
