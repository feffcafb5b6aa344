"""What somebody of another branch did to a sale, a payment or a step, who does not work where it belongs.

Who entered a record is asked for by branches.py; here it is who made it final or void, took the money, did the work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, not_

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records, in_different_branches
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_LOOKS_BACK = timedelta(days=7)
# The record, who did it and when, and the field that names the record which says the branch.
_HANDS = (
    ("payment", "received_by", "paid_at", "sale", "sale"),
    ("sale", "finalised_by", "finalised_at", "", "sale"),
    ("sale", "voided_by", "voided_at", "", "sale"),
    ("step", "updated_by", "updated_at", "order", "production_order"),
)


@dataclass(frozen=True)
class _Hand:
    records: Records
    whole: Records
    source: FromClause
    who: ColumnElement[Any]
    at: Instant
    words: str


def done_from_another_branch(model: Model) -> list[tuple[str, Violations]]:
    """By kind of deed in words, records of the last week that bear the hand of somebody of another branch than theirs,
    who has no shift there.

    Each is in doubt where that is usual: one till, or one workshop, for several branches. Raises NotCovered where
    nothing of it is mapped.
    """
    if not model.has("user", "branch"):
        raise NotCovered("user.branch is not mapped", remedy="Map branch in [mapping.user] columns.")
    found = [(one.words, _violations(model, one)) for one in _hands(model)]
    if not found:
        raise NotCovered("Who did something is not mapped.", remedy="Map received_by in [mapping.payment] columns.")
    return found


def _hands(model: Model) -> Iterator[_Hand]:
    for entity, who, at, through, owner in _HANDS:
        if not model.has(entity, who, at) or not model.has(owner, "branch"):
            continue
        records = model.records(entity)
        words = f"{entity.replace('_', ' ')}: {who.replace('_', ' ')}"
        if not through:
            yield _Hand(records, records, records.source, records[who], records.instant(at), words)
            continue
        whole = model.records(owner)
        source = records.source.join(whole.source, records[through] == whole["id"])
        yield _Hand(records, whole, source, records[who], records.instant(at), words)


def _violations(model: Model, hand: _Hand) -> Violations:
    user, whole = model.records("user"), hand.whole
    wrong = in_different_branches(whole, user)
    if model.has("shift", "user", "branch"):
        shift = model.records("shift", "shift_elsewhere")
        wrong = and_(wrong, not_(exists().where(shift["user"] == hand.who, shift["branch"] == whole["branch"])))
    if model.has("membership", "user", "branch"):
        membership = model.records("membership")
        wrong = and_(
            wrong, not_(exists().where(membership["user"] == hand.who, membership["branch"] == whole["branch"]))
        )
    first = max(model.hypercare.start, model.target.today.start - _LOOKS_BACK)
    show: dict[str, Shown] = {
        whole.entity.removeprefix("production_"): model.shown_name(whole),
        "branch": model.shown_branch(whole["branch"]),
        "branch of the person": model.shown_branch(user["branch"]),
        "at": model.shown_time(hand.at),
    }
    query = ViolationQuery(
        source=hand.source.join(user.source, hand.who == user["id"]),
        among=[
            hand.at.within(Period(first, model.hypercare.end)),
            *model.excluding_canary(whole),
            *model.excluding_canary(user),
        ],
        wrong=wrong,
        show=show,
        place=hand.records.place,
        dated=hand.at,
        habit=True,
    )
    return Violations(model, query)
