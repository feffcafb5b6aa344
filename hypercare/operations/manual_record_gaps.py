"""Day sheets that differ only since sales lie in a wrong branch: then those sales are what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from hypercare.operations.branches import BRANCH, Branches, of_sale
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import CheckFailed, NotCovered
from hypercare.plan.calendar import Period

Key = tuple[date, object]  # a day and a branch
_TIES = (("created_by", "user"), ("customer", "customer"))


@dataclass(frozen=True)
class Gap:
    """What a sheet has more than the system, in sales and in money; None for what nobody wrote down."""

    many: int | None
    amount: Decimal | None


@dataclass(frozen=True)
class _Moved:
    root: str
    day: date
    lies_in: object
    belongs_to: object
    amount: Decimal


def sales_that_explain(model: Model, gaps: Mapping[Key, Gap], days: Sequence[date]) -> tuple[str, ...]:
    """What tells of the sales in a wrong branch that account for every gap, to the cent; nothing where they do not."""
    many: dict[Key, int] = defaultdict(int)
    amount: dict[Key, Decimal] = defaultdict(Decimal)
    roots: set[str] = set()
    for one in _moved(model, days) if gaps else ():
        out, into = (one.day, one.lies_in), (one.day, one.belongs_to)
        if not {out, into} & gaps.keys():
            continue
        roots.add(one.root)
        many[out] -= 1
        many[into] += 1
        amount[out] -= one.amount
        amount[into] += one.amount
    explained = all(
        gap.many in (None, many[key]) and gap.amount in (None, amount[key]) and key in many for key, gap in gaps.items()
    )
    return tuple(sorted(roots)) if gaps and explained else ()


def _moved(model: Model, days: Sequence[date]) -> Iterator[_Moved]:
    """The sales of these days that one of the checks of branches finds in a wrong one, each once."""
    suspects = _in_a_wrong_branch(model)
    roots_seen: set[str] = set()
    for field, other in _TIES if suspects else ():
        if not (model.has("sale", field) and model.has(other, "id", "branch")):
            continue
        for row in _sales_beside(model, field, other, days):
            root = f"{BRANCH}:{row['root']}"
            if root in suspects and root not in roots_seen and row["belongs_to"] not in (None, row["lies_in"]):
                roots_seen.add(root)
                amount = model.money(row["total"] or 0)
                yield _Moved(root, days[int(row["number"])], row["lies_in"], row["belongs_to"], amount)


def _in_a_wrong_branch(model: Model) -> frozenset[str]:
    branches, found = Branches(model.target, model.database), set[str]()
    for misplaced_records in (
        branches.records_of_another_branch_than_their_maker,
        branches.sales_of_another_branch_than_their_customer,
    ):
        with suppress(NotCovered, CheckFailed):
            found |= set(misplaced_records().found.concerns)
    return frozenset(found)


def _sales_beside(model: Model, field: str, other: str, days: Sequence[date]) -> Sequence[Mapping[str, Any]]:
    sale, owner = model.records("sale"), model.records(other)
    periods = [model.calendar.business_day(day) for day in days]
    final = sale.instant("finalised_at")
    statement = (
        select(
            of_sale(sale).label("root"),
            final.bucket(periods).label("number"),
            sale["branch"].label("lies_in"),
            owner["branch"].label("belongs_to"),
            sale.amount("total").minor.label("total"),
        )
        .select_from(sale.source.join(owner.source, owner["id"] == sale[field]))
        .where(
            final.within(Period(periods[0].start, periods[-1].end)),
            owner["branch"] != sale["branch"],
            *model.excluding_canary(sale),
        )
    )
    return model.database.rows(statement, about="sales in a wrong branch")
