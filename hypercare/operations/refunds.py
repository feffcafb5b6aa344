"""Refunds and corrections that take back more than anything has ever come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, func, literal_column, select

from hypercare.operations_model.amounts import Amount
from hypercare.operations_model.model import Model
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.signals import NotCovered


@dataclass(frozen=True)
class Booked:
    """Amounts that may be taken back: `earlier` are the records that tell what one comes to, `lately` those judged."""

    source: FromClause
    amount: Amount
    earlier: Sequence[ColumnElement[bool]]
    lately: Sequence[ColumnElement[bool]]
    show: Mapping[str, Shown]
    place: str


def beyond_anything_booked(model: Model, booked: Booked) -> Violations:
    """What takes back more than the largest amount that is known: an honest refund gives back what was once booked.

    Raises NotCovered where too few records tell how much one may come to.
    """
    amount = booked.amount.minor
    statement = select(func.count().label("many"), func.max(amount).label("largest")).select_from(booked.source)
    earlier_extent = model.database.row(statement.where(*booked.earlier), about=f"the largest of {booked.place}")
    if int(earlier_extent["many"]) < model.target.config.limits.doubt_least:
        raise NotCovered(
            f"There is not enough history: {earlier_extent['many']} records do not tell how much one may come to here.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    largest = int(earlier_extent["largest"] or 0)
    if largest <= 0:
        raise NotCovered(
            f"Nothing in {booked.place} comes to more than nothing, so it does not tell how much may be taken back.",
            remedy="Turn the sign round in the mapping, where amounts are kept with the other one.",
        )
    query = ViolationQuery(
        source=booked.source,
        among=booked.lately,
        wrong=amount < literal_column(str(-largest)),
        stake=func.abs(amount),
        show=booked.show,
        place=booked.place,
    )
    return model.violations(query)
