"""What somebody of another branch did to a sale, a payment or a step, who does not work where it belongs.

Who entered a record is asked for by branches.py; here it is who made it final or void, took the money, did the work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, not_, or_, select

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records, in_different_branches
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_LOOKS_BACK = timedelta(days=7)
_MOST_REGULARS = 200
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
    who has no shift there and did no such thing there on another day.

    Each is in doubt where that is usual: one till, or one workshop, for several branches. Raises NotCovered where
    nothing of it is mapped, or nothing says who helps out where.
    """
    hands = _hands_of_people(model)
    if not _says_who_helps_out(model):
        raise NotCovered(
            "Nothing says who helps out in which branch, so whoever does is asked about.",
            remedy="Map branch in [mapping.shift], or [mapping.membership].",
        )
    return _by_kind(model, hands)


def helped_out_elsewhere(model: Model) -> Found:
    """The same where nothing says who helps out where: to be asked. Nothing where it is known, or usual."""
    hands = _hands_of_people(model)
    asked = [] if _says_who_helps_out(model) else hands
    found = Found.together([violations for _, violations in _by_kind(model, asked)])
    if found.count and found.doubt is not None:
        raise NotCovered(found.doubt.reason, remedy=found.doubt.remedy)
    return found


def _says_who_helps_out(model: Model) -> bool:
    return model.has("shift", "user", "branch") or model.has("membership", "user", "branch")


def _by_kind(model: Model, hands: Sequence[_Hand]) -> list[tuple[str, Violations]]:
    return [(one.words, _violations(model, one)) for one in hands]


def _hands_of_people(model: Model) -> Sequence[_Hand]:
    """Raises NotCovered where nothing of it is mapped."""
    if not model.has("user", "branch"):
        raise NotCovered("user.branch is not mapped", remedy="Map branch in [mapping.user] columns.")
    found = list(_hands(model))
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
    query = _query(model, hand, user, wrong)
    found = Violations(model, query)
    # Who works there regularly is read only where anybody was seen to.
    regulars = _regulars(model, hand, user, wrong) if found.count else []
    return Violations(model, replace(query, wrong=and_(wrong, not_(or_(*regulars))))) if regulars else found


def _regulars(model: Model, hand: _Hand, user: Records, wrong: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Conditions that choose what people did in another branch who did so on several days: they work there, too."""
    branch = hand.whole["branch"]
    first, last = func.min(hand.at.raw), func.max(hand.at.raw)
    statement = (
        select(hand.who.label("who"), branch.label("branch"), first.label("first"), last.label("last"))
        .select_from(hand.source.join(user.source, hand.who == user["id"]))
        .where(hand.at.within(model.hypercare), wrong)
        .group_by(hand.who, branch)
        .limit(_MOST_REGULARS)
    )
    found = []
    for row in model.database.rows(statement, about=f"who works in several branches ({hand.words})"):
        began, ended = (hand.at.timestamp_format.decode(row[name]) for name in ("first", "last"))
        if began and ended and model.calendar.date_of(began) != model.calendar.date_of(ended):
            found.append(and_(hand.who == row["who"], branch == row["branch"]))
    return found


def _query(model: Model, hand: _Hand, user: Records, wrong: ColumnElement[bool]) -> ViolationQuery:
    whole = hand.whole
    first = max(model.hypercare.start, model.target.today.start - _LOOKS_BACK)
    show: dict[str, Shown] = {
        whole.entity.removeprefix("production_"): model.shown_name(whole),
        "branch": model.shown_branch(whole["branch"]),
        "branch of the person": model.shown_branch(user["branch"]),
        "at": model.shown_time(hand.at),
    }
    return ViolationQuery(
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
