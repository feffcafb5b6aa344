"""Records whose state, dates and money deny each other: each could be right alone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from faultlab.catalogue.costs import a_cost
from faultlab.catalogue.production import a_step
from faultlab.fault import Fault, Where, items
from faultlab.real_records import REAL, a_sale, an_order
from faultlab.scene import Scene
from hypercare.outcome.level import Level

SALES = {"verify.sales-totals": Level.L3}
PRODUCTION = {"verify.production-progress": Level.L2}
COSTS = {"verify.costs": Level.L2}
CONSTRAINTS = items("data.constraints")
# What counts sales, money or work of the day may miss the record too.
COUNTED = CONSTRAINTS | items(
    "summary.sales-created", "summary.steps-updated", "summary.orders-completed", "ops.workflows"
)


def _order(state: str, to: str, **values: Any) -> Callable[[Scene], None]:
    """Change an order in this state."""

    def put_in(scene: Scene) -> None:
        scene.tables.change("production_orders", to, "id = :id", id=an_order(scene, state).id, **values)

    return put_in


def _step(state: str, to: str) -> Callable[[Scene], None]:
    """Change a step in this state; `:early` is before any order was opened."""

    def put_in(scene: Scene) -> None:
        early = {"early": scene.ago(days=300)} if ":early" in to else {}
        scene.tables.change("production_steps", to, "id = :id", id=a_step(scene, state).id, **early)

    return put_in


def _sale(to: str) -> Callable[[Scene], None]:
    """Change a final sale of today."""
    return lambda scene: _changed_sale(scene, to)


def _changed_sale(scene: Scene, to: str) -> None:
    scene.tables.change("sales", to, "id = :id", id=a_sale(scene).id)


def _cost_before_its_order(scene: Scene) -> None:
    cost = a_cost(scene)
    order = scene.tables.one("SELECT created_at FROM production_orders WHERE id = :id", id=cost.order_id)
    day = "(SELECT max(created_at) FROM production_orders WHERE created_at < :opened)"
    scene.tables.change("costs", f"entered_at = {day}", "id = :id", id=cost.id, opened=order.created_at)


def _cost_on_a_cancelled_order(scene: Scene) -> None:
    order = an_order(scene, "cancelled")
    pattern = scene.tables.one(
        "SELECT c.id FROM costs c JOIN production_orders o ON o.id = c.order_id WHERE o.branch_id = :branch"
        " AND c.kind = 'material' AND c.entered_at >= :midnight ORDER BY c.amount",
        branch=order.branch_id,
        midnight=scene.midnight,
    )
    scene.tables.change("costs", "order_id = :order, step_id = NULL", "id = :id", id=pattern.id, order=order.id)


def _cost_of_a_step_not_begun(scene: Scene) -> None:
    cost = a_cost(scene)
    step = scene.tables.one(
        "SELECT id FROM production_steps WHERE order_id = :order AND state = 'waiting' ORDER BY sequence DESC",
        order=cost.order_id,
    )
    scene.tables.change("costs", "step_id = :step", "id = :id", id=cost.id, step=step.id)


def _not_begun_with_a_step_begun(scene: Scene) -> None:
    order = an_order(scene, "in_progress")
    scene.tables.change("production_orders", "state = 'open'", "id = :id", id=order.id)


def _begun_with_no_step_begun(scene: Scene) -> None:
    order = an_order(scene, "open")
    scene.tables.change("production_orders", "state = 'in_progress'", "id = :id", id=order.id)


def _revenue_left_on_a_void_sale(scene: Scene) -> None:
    """The voiding was posted, and somebody took the reversal of the revenue out of the books."""
    entry = scene.tables.one(
        "SELECT p.id FROM ledger_postings p JOIN sales s ON s.id = p.sale_id"
        f" WHERE s.state = 'void' AND s.{REAL} AND p.payment_id IS NULL ORDER BY p.id DESC"
    )
    scene.tables.delete("ledger_entries", "posting_id = :id", id=entry.id)
    scene.tables.delete("ledger_postings", "id = :id", id=entry.id)


def _draft_with_money(share: Decimal) -> Callable[[Scene], None]:
    def put_in(scene: Scene) -> None:
        draft, payment = _draft(scene), _payment_of(scene)
        total = scene.tables.one("SELECT total FROM sales WHERE id = :id", id=draft).total
        amount = (Decimal(str(total)) * share).quantize(Decimal("0.01"))
        scene.tables.copy("payments", payment, sale_id=draft, amount=str(amount))

    return put_in


def _draft_with_revenue(scene: Scene) -> None:
    draft = _draft(scene)
    posting = scene.tables.one(
        "SELECT id FROM ledger_postings WHERE sale_id = :sale AND payment_id IS NULL", sale=a_sale(scene).id
    )
    entries = scene.tables.rows("SELECT id FROM ledger_entries WHERE posting_id = :id ORDER BY id", id=posting.id)
    copy = scene.tables.copy("ledger_postings", posting.id, sale_id=draft)
    for entry in entries:
        scene.tables.copy("ledger_entries", entry.id, posting_id=copy)


def _draft(scene: Scene) -> int:
    """A draft of a branch that is not for training; a final sale of today made one again where there is none."""
    found = scene.tables.rows(f"SELECT id FROM sales WHERE state = 'draft' AND {REAL} ORDER BY id DESC")
    return int(
        scene.tables.one(f"SELECT id FROM sales WHERE state = 'draft' AND {REAL}").id if not found else found[0].id
    )


def _payment_of(scene: Scene) -> int:
    return int(scene.tables.one("SELECT id FROM payments WHERE sale_id = :id", id=a_sale(scene).id).id)


def _sale_too_large(scene: Scene) -> None:
    """A sale a thousand times as large in every place where it stands: line, total, payment and books."""
    sale = a_sale(scene)
    scene.tables.change("sales", "total = total * 1000", "id = :id", id=sale.id)
    scene.tables.change(
        "sale_lines", "amount = amount * 1000, unit_price = unit_price * 1000", "sale_id = :id", id=sale.id
    )
    scene.tables.change("payments", "amount = amount * 1000", "sale_id = :id", id=sale.id)
    scene.tables.change(
        "ledger_entries",
        "debit = debit * 1000, credit = credit * 1000",
        "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)",
        id=sale.id,
    )


def _day_below_nothing(scene: Scene) -> None:
    scene.tables.change("sales", "total = -100000", "id = :id", id=a_sale(scene).id)


def _at_rest(scene: Scene) -> None:
    """What was done on the order was done on its first day, and nothing is in hand."""
    order = scene.tables.one(
        f"SELECT o.id FROM production_orders o WHERE o.state = 'in_progress' AND o.{REAL} AND o.created_at < :early"
        " AND EXISTS (SELECT 1 FROM production_steps s WHERE s.order_id = o.id AND s.state = 'done')"
        " ORDER BY o.created_at",
        early=scene.ago(days=5, hours=2),
    )
    scene.tables.change(
        "production_steps",
        "started_at = (SELECT created_at FROM production_orders WHERE id = :order),"
        " finished_at = (SELECT created_at FROM production_orders WHERE id = :order)",
        "order_id = :order AND state = 'done'",
        order=order.id,
    )
    if scene.tables.rows("SELECT id FROM production_steps WHERE order_id = :id AND state = 'started'", id=order.id):
        scene.tables.change(
            "production_steps",
            "state = 'waiting', started_at = NULL",
            "order_id = :order AND state = 'started'",
            order=order.id,
        )


def _job_in_a_strange_state(scene: Scene) -> None:
    job = scene.tables.one("SELECT max(id) AS id FROM jobs WHERE kind = 'receipt'")
    scene.tables.change("jobs", "state = 'paused'", "id = :id", id=job.id)


def _fault(
    name: str,
    happens: str,
    put_in: Callable[[Scene], None],
    noticed_by: dict[str, Level],
    may_notice: frozenset[str] = COUNTED,
) -> Fault:
    return Fault(
        id=name,
        happens=happens,
        where=Where.DATABASE,
        put_in=put_in,
        noticed_by=noticed_by,
        may_notice=may_notice - set(noticed_by),
    )


FAULTS = (
    _fault("cost-before-its-order", "A cost was entered before its order was opened.", _cost_before_its_order, COSTS),
    _fault("cost-on-a-cancelled-order", "Material goes on to a cancelled order.", _cost_on_a_cancelled_order, COSTS),
    _fault("cost-of-a-step-not-begun", "Labour stands on a step not begun.", _cost_of_a_step_not_begun, COSTS),
    _fault(
        "order-not-begun-with-a-step-begun",
        "An order counts as not begun, and its steps are in hand.",
        _not_begun_with_a_step_begun,
        PRODUCTION,
    ),
    _fault(
        "order-begun-with-no-step-begun",
        "An order counts as in progress, and nobody has begun any of its steps.",
        _begun_with_no_step_begun,
        PRODUCTION,
    ),
    _fault(
        "step-begun-before-its-order",
        "A step was begun before its order was opened.",
        _step("done", "started_at = :early"),
        PRODUCTION,
    ),
    _fault(
        "step-waiting-and-finished",
        "A step counts as waiting, and says when it was finished.",
        _step("waiting", "finished_at = updated_at"),
        PRODUCTION,
    ),
    _fault(
        "order-in-a-state-of-its-own",
        "An import wrote a state of orders that nobody knows.",
        _order("open", "state = 'on hold'"),
        PRODUCTION,
    ),
    _fault(
        "step-in-a-state-of-its-own",
        "An import wrote a state of steps that nobody knows.",
        _step("waiting", "state = 'paused'"),
        PRODUCTION,
    ),
    _fault(
        "revenue-left-on-a-void-sale",
        "A sale is void, the money is back, and the books still hold its revenue.",
        _revenue_left_on_a_void_sale,
        SALES,
    ),
    _fault("draft-with-money", "A draft was paid, and nobody made it final.", _draft_with_money(Decimal(1)), SALES),
    Fault(
        id="draft-with-a-deposit",
        happens="A customer leaves a third of the price as a deposit, and the sale is not final yet.",
        where=Where.DATABASE,
        put_in=_draft_with_money(Decimal("0.33")),
        # This house agreed that a draft is not paid at all, and says so in its target file.
        may_notice=COUNTED,
        just_below=items("verify.sales-totals"),
    ),
    _fault("draft-with-revenue", "A draft stands as revenue in the books.", _draft_with_revenue, SALES),
    _fault("final-sale-without-number", "A final sale has no number.", _sale("number = NULL"), SALES),
    _fault("sale-in-a-state-of-its-own", "A sale is parked, as an import calls it.", _sale("state = 'parked'"), SALES),
    _fault(
        "sale-a-thousand-times-as-large",
        "The point was forgotten in a sale, and everything agrees with it.",
        _sale_too_large,
        {"verify.sales-totals": Level.L2, "sales.amounts": Level.L2},
    ),
    _fault(
        "sales-of-the-day-below-nothing",
        "A correction makes the day's sales less than nothing.",
        _day_below_nothing,
        {"summary.sales-created": Level.L2, "sales.figures": Level.L2, "sales.amounts": Level.L2, **SALES},
    ),
    _fault(
        "order-at-rest",
        "An order has not moved for more than five days; nobody has anything of it in hand.",
        _at_rest,
        {"ops.workflows": Level.L2, "production.timely": Level.L2},
        COUNTED | items("verify.production-progress"),
    ),
    _fault(
        "job-in-a-state-of-its-own",
        "A job is in a state that nobody knows.",
        _job_in_a_strange_state,
        {"ops.workflows": Level.L2},
    ),
)
