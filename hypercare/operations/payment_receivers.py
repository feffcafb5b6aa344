"""Payments that somebody of another branch received, who does not work in the branch of the sale."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, exists, not_

from hypercare.operations_model.model import Model
from hypercare.operations_model.records import in_different_branches
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.plan.calendar import Period

_LOOKS_BACK = timedelta(days=7)


def received_in_another_branch(model: Model) -> Violations:
    """Payments of the last week whose receiver belongs to another branch than the sale and has no shift there.

    In doubt where that is usual: one till for several branches. Raises NotCovered where it is not mapped who received.
    """
    payment, sale, user = model.records("payment"), model.records("sale"), model.records("user")
    receiver, paid = payment["received_by"], payment.instant("paid_at")
    wrong = in_different_branches(sale, user)
    if model.has("shift", "user", "branch"):
        shift = model.records("shift", "shift_elsewhere")
        wrong = and_(wrong, not_(exists().where(shift["user"] == receiver, shift["branch"] == sale["branch"])))
    first = max(model.hypercare.start, model.target.today.start - _LOOKS_BACK)
    query = ViolationQuery(
        source=payment.source.join(sale.source, payment["sale"] == sale["id"]).join(
            user.source, receiver == user["id"]
        ),
        among=[
            paid.within(Period(first, model.hypercare.end)),
            *model.excluding_canary(sale),
            *model.excluding_canary(user),
        ],
        wrong=wrong,
        stake=payment.amount("amount").minor,
        show={
            "sale": model.shown_name(sale),
            "branch": model.shown_branch(sale["branch"]),
            "branch of the receiver": model.shown_branch(user["branch"]),
            "amount": model.shown_money(payment.amount("amount")),
        },
        place=payment.place,
        dated=paid,
        habit=True,
    )
    return Violations(model, query)
