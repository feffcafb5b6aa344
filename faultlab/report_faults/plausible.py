"""What agrees with everything and is hardly meant: quantities, numbers that look alike, money taken elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from faultlab.fault import Fault, Where, items
from faultlab.real_records import a_sale
from faultlab.scene import Scene
from hypercare.outcome.level import Level


def _quantity(quantity: int) -> Callable[[Scene], None]:
    """A line of one sale, and all that follows from it."""

    def put_in(scene: Scene) -> None:
        sale = scene.tables.one(
            "SELECT s.* FROM sales s WHERE s.state = 'final' AND s.kind = 'retail' AND s.branch_id = 3"
            " AND s.created_at >= :midnight AND s.total < 100"
            " AND (SELECT count(*) FROM sale_lines WHERE sale_id = s.id) = 1"
            " AND (SELECT count(*) FROM payments WHERE sale_id = s.id) = 1 ORDER BY s.id",
            midnight=scene.midnight,
        )
        line = scene.tables.one("SELECT * FROM sale_lines WHERE sale_id = :id", id=sale.id)
        total = round(float(line.unit_price) * quantity, 2)
        scene.tables.change(
            "sale_lines",
            "quantity = :quantity, discount_percent = 0, amount = :total",
            "sale_id = :id",
            id=sale.id,
            quantity=quantity,
            total=total,
        )
        scene.tables.change("sales", "total = :total", "id = :id", id=sale.id, total=total)
        scene.tables.change("payments", "amount = :total", "sale_id = :id", id=sale.id, total=total)
        postings = "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)"
        for side in ("debit", "credit"):
            scene.tables.change(
                "ledger_entries", f"{side} = :total", f"{postings} AND {side} <> 0", id=sale.id, total=total
            )

    return put_in


def _number_of(change: str) -> Callable[[Scene], None]:
    """The number of the branch's newest sale is that of its first of today, changed so."""

    def put_in(scene: Scene) -> None:
        first = a_sale(scene)
        newest = scene.tables.one(
            "SELECT id FROM sales WHERE branch_id = :branch AND state = 'final' ORDER BY id DESC",
            branch=first.branch_id,
        )
        scene.tables.change(
            "sales", f"number = {change}", "id = :id", id=newest.id, number=first.number, branch=first.branch_id
        )

    return put_in


def _received_by(branch: int) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        sale = a_sale(scene)
        receiver = scene.tables.one(
            "SELECT id FROM users WHERE role = 'sales' AND branch_id = :branch AND active AND id <> :own"
            " AND username NOT LIKE 'check.%' ORDER BY id",
            branch=branch or sale.branch_id,
            own=sale.created_by,
        )
        scene.tables.change("payments", "received_by = :by", "sale_id = :id", id=sale.id, by=receiver.id)

    return put_in


_ALIKE = {"verify.sales-totals": Level.L2, "sales.no-duplicates": Level.L2}
FAULTS = (
    Fault(
        id="hundred-pieces",
        happens="A hundred pieces were sold instead of one, and everything follows from that.",
        where=Where.DATABASE,
        put_in=_quantity(100),
        noticed_by={"sales.amounts": Level.L2},
        may_notice=items("verify.sales-totals", "focus.discrepancies"),
    ),
    Fault(
        id="dozen-pieces",
        happens="A choir buys a dozen of a kind.",
        where=Where.DATABASE,
        put_in=_quantity(12),
        just_below=items("sales.amounts"),
        may_notice=items("verify.sales-totals", "focus.discrepancies"),
    ),
    Fault(
        id="number-with-another-dash",
        happens="Two sales bear the same number but for the length of its dashes.",
        where=Where.DATABASE,
        put_in=_number_of("replace(:number, '-', '–')"),
        noticed_by=_ALIKE,
        may_notice=items("data.constraints", "focus.integrity"),
    ),
    Fault(
        id="number-with-a-zero-more",
        happens="Two sales bear the same number but for a zero before its last figures.",
        where=Where.DATABASE,
        put_in=_number_of("substr(:number, 1, 9) || '0' || substr(:number, 10)"),
        noticed_by=_ALIKE,
        may_notice=items("data.constraints", "focus.integrity"),
    ),
    Fault(
        id="payment-received-elsewhere",
        happens="A payment was received by somebody who works in another branch.",
        where=Where.DATABASE,
        put_in=_received_by(4),
        noticed_by={"verify.branches": Level.L2},
        may_notice=items("data.constraints"),
    ),
    Fault(
        id="payment-received-by-a-colleague",
        happens="A payment was received by a colleague of the seller.",
        where=Where.DATABASE,
        put_in=_received_by(0),
        may_notice=items("data.constraints"),
    ),
)
