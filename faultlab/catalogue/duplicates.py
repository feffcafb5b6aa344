"""Sales that were entered twice, and sales that only look so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from faultlab.declarations import undeclare
from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL
from faultlab.scene import Scene
from hypercare.outcome.level import Level

TWICE = {"verify.sales-totals": Level.L2}
OF_WHOM_IT_IS = items("verify.sales-totals")


def _sale_just_made(scene: Scene) -> Row[Any]:
    """A retail sale since the last backup, to a customer who is a single person."""
    return scene.tables.one(
        f"SELECT * FROM sales WHERE state = 'final' AND kind = 'retail' AND {REAL} AND created_at >= :early"
        " AND finalised_at < :late AND customer_id IN (SELECT customer_id FROM sales GROUP BY customer_id"
        " HAVING count(*) <= 3) ORDER BY id",
        early=scene.ago(minutes=28),
        late=scene.ago(minutes=3),
    )


def _again(later: timedelta, *, for_another: bool = False) -> Callable[[Scene], None]:
    """The same sale once more, so much later, by somebody else of the branch and under a number of its own."""

    def put_in(scene: Scene) -> None:
        sale = _sale_just_made(scene)
        different: dict[str, object] = {"number": "HAR-2026-999901", "client_reference": None}
        if for_another:
            different["customer_id"] = scene.tables.one(
                "SELECT max(id) AS id FROM customers WHERE branch_id = :branch AND id <> :one",
                branch=sale.branch_id,
                one=sale.customer_id,
            ).id
        _enter(scene, sale, _somebody_else(scene, sale), later, different)

    return put_in


def _somebody_else(scene: Scene, sale: Row[Any]) -> int:
    who = scene.tables.one(
        "SELECT id FROM users WHERE role = 'sales' AND active AND branch_id = :branch AND id <> :one"
        " AND username NOT LIKE 'check.%' ORDER BY id",
        branch=sale.branch_id,
        one=sale.created_by,
    )
    return int(who.id)


def _enter(scene: Scene, sale: Row[Any], who: int, later: timedelta, different: Mapping[str, object]) -> None:
    """Everything that the application writes for a sale: lines, payments, postings, and its trace."""

    def after(row: Row[Any], *columns: str) -> dict[str, object]:
        return {column: scene.moved(getattr(row, column), later) for column in columns}

    moved = after(sale, "created_at", "updated_at", "finalised_at")
    made = scene.tables.copy("sales", sale.id, created_by=who, finalised_by=who, **moved, **different)
    for line in scene.tables.rows("SELECT id FROM sale_lines WHERE sale_id = :id ORDER BY id", id=sale.id):
        scene.tables.copy("sale_lines", line.id, sale_id=made)
    paid: dict[int, int] = {}
    for one in scene.tables.rows("SELECT id, paid_at FROM payments WHERE sale_id = :id ORDER BY id", id=sale.id):
        paid[one.id] = scene.tables.copy("payments", one.id, sale_id=made, received_by=who, **after(one, "paid_at"))
    for one in scene.tables.rows("SELECT * FROM ledger_postings WHERE sale_id = :id ORDER BY id", id=sale.id):
        payment = paid.get(one.payment_id)
        posting = scene.tables.copy(
            "ledger_postings", one.id, sale_id=made, payment_id=payment, **after(one, "posted_at")
        )
        for entry in scene.tables.rows("SELECT id FROM ledger_entries WHERE posting_id = :id ORDER BY id", id=one.id):
            scene.tables.copy("ledger_entries", entry.id, posting_id=posting)
    for one in scene.tables.rows("SELECT * FROM activity_log WHERE entity = 'sale' AND entity_id = :id", id=sale.id):
        scene.tables.copy("activity_log", one.id, entity_id=made, user_id=who, **after(one, "at"))


def _number_given_twice(scene: Scene) -> None:
    """The rule that keeps numbers apart was lost, and two counters gave the same one."""
    undeclare(scene, "sales", "uq_sales_number")
    one = _sale_just_made(scene)
    other = scene.tables.one(
        "SELECT id FROM sales WHERE state = 'final' AND branch_id = :branch AND id < :one ORDER BY id DESC",
        branch=one.branch_id,
        one=one.id,
    )
    scene.tables.change("sales", "number = :number", "id = :id", number=one.number, id=other.id)


FAULTS = (
    Fault(
        id="sale-entered-twice",
        happens="Two minutes later a colleague enters the same sale again, under a new number.",
        where=Where.DATABASE,
        put_in=_again(timedelta(minutes=2)),
        noticed_by={**TWICE, "sales.no-duplicates": Level.L2},
    ),
    Fault(
        id="two-customers-buy-the-same",
        happens="Two minutes later another customer buys the same things.",
        where=Where.DATABASE,
        put_in=_again(timedelta(minutes=2), for_another=True),
        just_below=OF_WHOM_IT_IS,
    ),
    Fault(
        id="number-of-a-sale-given-twice",
        happens="Numbers of sales are not kept apart any more, and two sales of a branch have the same one.",
        where=Where.DATABASE,
        put_in=_number_given_twice,
        noticed_by={**TWICE, "sales.no-duplicates": Level.L2},
        may_notice=items("data.constraints", "backup.accessible"),
    ),
    Fault(
        id="sale-entered-again-after-eight-minutes",
        happens="Eight minutes later a colleague enters the same sale again.",
        where=Where.DATABASE,
        put_in=_again(timedelta(minutes=8)),
        noticed_by={"sales.no-duplicates": Level.L2},
    ),
    Fault(
        id="sale-entered-again-at-once",
        happens="Forty seconds later a colleague enters the same sale again.",
        where=Where.DATABASE,
        put_in=_again(timedelta(seconds=40)),
        noticed_by={"sales.no-duplicates": Level.L2},
    ),
    Fault(
        id="same-sale-a-quarter-of-an-hour-later",
        happens="A customer comes back after a quarter of an hour and takes the same once more.",
        where=Where.DATABASE,
        put_in=_again(timedelta(minutes=15)),
        just_below=items("sales.no-duplicates"),
    ),
)
