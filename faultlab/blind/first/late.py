"""What happens to what was over."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Row

from faultlab.blind.shape import ASKED, Kind, Put, Shape
from faultlab.blind.writing import REAL, choose, copy_sale, day_of, money, remove_sales, report, settle
from faultlab.scene import Scene


def _an_old_sale(scene: Scene, random: Random, days: int) -> Row[Any]:
    return choose(
        scene, random,
        f"SELECT * FROM sales s WHERE {REAL} AND state = 'final' AND kind = 'retail' AND created_at >= :early"
        " AND created_at < :late AND (SELECT count(*) FROM payments WHERE sale_id = s.id) = 1",
        early=scene.moved(scene.midnight, -timedelta(days=days)),
        late=scene.moved(scene.midnight, -timedelta(days=days - 2)),
    )  # fmt: skip


def _cost_on_a_done_order(scene: Scene, random: Random) -> str:
    order = choose(
        scene, random, f"SELECT * FROM production_orders WHERE {REAL} AND state = 'done' AND completed_at < :before",
        before=scene.moved(scene.midnight, -timedelta(days=4)),
    )  # fmt: skip
    like = choose(scene, random, "SELECT * FROM costs WHERE order_id = :id AND kind = 'labour'", id=order.id)
    amount = money(Decimal(str(like.amount)) + Decimal(random.randrange(100, 900)) / 100)
    scene.tables.copy("costs", like.id, entered_at=scene.ago(minutes=random.randrange(30, 200)), amount=amount)
    return f"{amount} on {order.number}, done on {str(order.completed_at)[:10]}"


def _edited(*, dated: bool) -> Put:
    """A sale of last week is another sale today, in every table."""

    def put_in(scene: Scene, random: Random) -> str:
        sale = _an_old_sale(scene, random, 6)
        line = choose(scene, random, "SELECT * FROM sale_lines WHERE sale_id = :id", id=sale.id)
        price = money(Decimal(str(line.unit_price)) * Decimal("0.8"))
        scene.tables.change("sale_lines", "unit_price = :price", "id = :id", id=line.id, price=price)
        total = settle(scene, sale.id)
        if dated:
            scene.tables.change("sales", "updated_at = :at", "id = :id", id=sale.id, at=scene.ago(hours=1))
        return f"{sale.number}: {sale.total} became {total}"

    return put_in


def _reopened(scene: Scene, random: Random) -> str:
    order = choose(
        scene, random, f"SELECT * FROM production_orders WHERE {REAL} AND state = 'done' AND completed_at < :before",
        before=scene.moved(scene.midnight, -timedelta(days=2)),
    )  # fmt: skip
    scene.tables.change(
        "production_steps", "state = 'started', finished_at = NULL, updated_at = :at",
        "order_id = :id AND sequence = (SELECT max(sequence) FROM production_steps WHERE order_id = :id)",
        id=order.id, at=scene.ago(hours=1),
    )  # fmt: skip
    return str(order.number)


def _old_draft(scene: Scene, random: Random) -> str:
    """A draft lies for five days."""
    sale = _an_old_sale(scene, random, 6)
    new = copy_sale(
        scene, sale.id, timedelta(minutes=7), number=None, finalised_at=None, finalised_by=None, state="draft"
    )
    scene.tables.delete("ledger_entries", "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)", id=new)
    for table in ("ledger_postings", "payments"):
        scene.tables.delete(table, "sale_id = :id", id=new)
    scene.tables.delete("activity_log", "entity = 'sale' AND entity_id = :id AND action = 'sale.finalise'", id=new)
    scene.tables.delete("jobs", "id = (SELECT max(id) FROM jobs)")
    return f"draft {new} of {str(sale.created_at)[:10]}"


def _deleted(scene: Scene, random: Random) -> str:
    sale = _an_old_sale(scene, random, 4)
    remove_sales(scene, [sale.id])
    return str(sale.number)


def _overdue(scene: Scene, random: Random) -> str:
    order = choose(
        scene, random,
        f"SELECT * FROM production_orders WHERE {REAL} AND state = 'in_progress' AND created_at < :before",
        before=scene.moved(scene.midnight, -timedelta(days=4)),
    )  # fmt: skip
    due = day_of(scene, days=-3).isoformat()
    scene.tables.change("production_orders", "due_on = :due", "id = :id", id=order.id, due=due)
    return f"{order.number} was due on {due}"


def _posted_late(scene: Scene, random: Random) -> str:
    sale = _an_old_sale(scene, random, 5)
    scene.tables.change("ledger_postings", "posted_at = :at", "sale_id = :id", id=sale.id, at=scene.ago(hours=2))
    return f"{sale.number} of {str(sale.created_at)[:10]} was posted today"


def _unanswered(scene: Scene, random: Random) -> str:
    user = random.choice((4, 20, 28))
    report(
        scene, user, "Cannot print the second page", "The second page of the receipt stays empty.", timedelta(hours=30),
        state="new", category=None, responded_at=None, responded_by=None, respond_by=scene.ago(hours=6),
    )  # fmt: skip
    return f"by user {user}, 30 hours ago"


def _dated_back(scene: Scene, random: Random) -> str:
    """Four sales of today bear a date of two days ago, by their place among the others."""
    sales = scene.tables.rows(
        f"SELECT * FROM sales WHERE {REAL} AND state = 'final' AND kind = 'retail' AND branch_id = 3"
        " ORDER BY id DESC LIMIT 4"
    )
    back = -timedelta(days=2)
    for sale in sales:
        for column in ("created_at", "finalised_at", "updated_at"):
            at = scene.moved(getattr(sale, column), back)
            scene.tables.change("sales", f"{column} = :at", "id = :id", id=sale.id, at=at)
        scene.tables.change(
            "payments", "paid_at = :at", "sale_id = :id", id=sale.id, at=scene.moved(sale.finalised_at, back)
        )
    return ", ".join(str(one.number) for one in sales)


def _stale_step(scene: Scene, random: Random) -> str:
    """Somebody began a step a week ago and nothing was heard of it since."""
    step = choose(
        scene, random, "SELECT p.* FROM production_steps p JOIN production_orders o ON o.id = p.order_id"
        f" WHERE {REAL} AND p.state = 'started'",
    )  # fmt: skip
    at = scene.moved(step.started_at, -timedelta(days=7))
    scene.tables.change("production_steps", "started_at = :at, updated_at = :at", "id = :id", id=step.id, at=at)
    return f"{step.name} of order {step.order_id}"


SHAPES = tuple(
    Shape(id=id_, kind=Kind.LATE, happens=happens, put_in=put_in, expected=expected, day=day)
    for id_, happens, put_in, expected, day in (
        (
            "cost-on-an-order-done-last-week",
            "A cost came for an order that was done days ago.",
            _cost_on_a_done_order,
            ("L1", "L2", ASKED),
            9,
        ),
        ("old-sale-edited", "A sale of last week was changed in every table.", _edited(dated=True), ("L2", "L3"), 9),
        (
            "old-sale-edited-in-silence",
            "A sale of last week was changed in every table, and bears no date of it.",
            _edited(dated=False),
            ("L2", "L3"),
            9,
        ),
        ("step-reopened", "The last step of an order that is done is open again.", _reopened, ("L2",), 9),
        ("draft-of-last-week", "A draft has lain for days.", _old_draft, ("L1", "L2", ASKED), 9),
        ("old-sale-deleted", "A sale of some days ago is gone from every table.", _deleted, ("L2", "L3"), 9),
        ("order-overdue", "An order is three days over its date.", _overdue, ("L1", "L2"), 9),
        ("posted-days-later", "A sale was posted days later than made.", _posted_late, ("L1", "L2", "L3"), 9),
        ("unanswered-issue", "Nobody has answered an issue of yesterday.", _unanswered, ("L1", "L2"), 9),
        ("sales-dated-back", "Four sales of today bear a date of two days ago.", _dated_back, ("L1", "L2", "L3"), 9),
        ("step-without-news", "A step has been in work for a week without news.", _stale_step, ("L1", "L2"), 9),
    )
)
