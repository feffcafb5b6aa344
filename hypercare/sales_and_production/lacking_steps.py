"""Orders under way that lack a step which all others have: told by nothing but the others, so it is a question.

Of those that are done, work_done.py tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hypercare.operations.asked_orders import orders_excluding_canary
from hypercare.operations_model.look_ups import children_beside
from hypercare.operations_model.model import Model
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered

_MOST_STEPS = 20_000
_LEAST_ORDERS = 20
# What more than so many lack, and more than one, not all orders need.
_FEW = 0.02


def orders_under_way_lacking_a_step(model: Model) -> Found:
    """Orders with steps, of the newest under way, that lack one which the others have.

    Where steps come to be as they are begun, no step is one that all have. Raises NotCovered where too few orders tell.
    """
    orders = _newest_under_way(model)
    if len(orders) < _LEAST_ORDERS:
        raise NotCovered(
            f"Not enough history: fewer than {_LEAST_ORDERS} orders tell which steps an order has.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    place = model.records("step").place
    left = model.exceptions.without(list(_lacking(model, orders)), "production_order", "order", place)
    return model.found(left, of=len(orders), place=place)


@dataclass(frozen=True)
class _Order:
    name: str
    branch: Any
    steps: frozenset[str]


def _newest_under_way(model: Model) -> Sequence[_Order]:
    order = model.records("production_order")
    source, step = children_beside(model, order, model.records("step"), "order")
    created = order.instant("created_at")
    columns = {"id": order["id"], "order": model.shown_name(order).expression, "step": step["name"]}
    if order.has("branch"):
        columns["branch"] = order["branch"]
    statement = (
        select(*(column.label(name) for name, column in columns.items()))
        .select_from(source)
        .where(
            created.within(model.watched(created, order)),
            order.is_("state", "open", "in_progress"),
            *orders_excluding_canary(model, order),
        )
        .order_by(created.raw.desc(), order["id"])
        .limit(_MOST_STEPS)
    )
    rows = model.database.rows(statement, about="steps of orders under way")
    orders = list(_grouped(rows))
    # Of the last one, not all steps may have been read.
    return orders if len(rows) < _MOST_STEPS else orders[:-1]


def _grouped(rows: Sequence[Mapping[str, Any]]) -> Iterator[_Order]:
    steps: dict[object, set[str]] = {}
    first: dict[object, Mapping[str, Any]] = {}
    for row in rows:
        steps.setdefault(row["id"], set()).add(str(row["step"]))
        first.setdefault(row["id"], row)
    for key, row in first.items():
        yield _Order(str(row["order"]), row.get("branch"), frozenset(steps[key]))


def _lacking(model: Model, orders: Sequence[_Order]) -> Iterator[dict[str, object]]:
    many = Counter(step for one in orders for step in one.steps)
    usual = {step for step, count in many.items() if len(orders) - count <= max(1, _FEW * len(orders))}
    for one in orders:
        if missing := sorted(usual - one.steps):
            branch = {} if one.branch is None else {"branch": model.branch_word(one.branch)}
            yield {"order": one.name, **branch, "lacks": ", ".join(missing)}
