"""The whole is as ever; one branch of it is not."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import Row

from faultlab.blind.shape import ASKED, Kind, Put, Shape
from faultlab.blind.writing import copy_sale, day_of, remove_sales, sales_between, settle, todays_sale
from faultlab.scene import Scene

_OPEN = (1, 3, 4)


def _sales_of_today(scene: Scene, branch: int) -> list[Row[Any]]:
    return [one for one in sales_between(scene, branch, scene.midnight, scene.ago(hours=-1)) if one.state == "final"]


def _no_material(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    costs = scene.tables.rows(
        "SELECT c.id FROM costs c JOIN production_orders o ON o.id = c.order_id WHERE c.kind = 'material'"
        " AND o.branch_id = :branch AND entered_at >= :since",
        branch=branch, since=scene.moved(scene.midnight, -timedelta(days=3)),
    )  # fmt: skip
    for cost in costs:
        scene.tables.delete("activity_log", "entity = 'cost' AND entity_id = :id", id=cost.id)
        scene.tables.delete("costs", "id = :id", id=cost.id)
    return f"branch {branch}, {len(costs)} costs fewer"


def _swapped(scene: Scene, random: Random) -> str:
    """The sums of two branches stand under each other's name."""
    one, other = random.sample(_OPEN, 2)
    for sale in _sales_of_today(scene, one) + _sales_of_today(scene, other):
        scene.tables.change(
            "sales", "branch_id = :other", "id = :id", id=sale.id, other=other if sale.branch_id == one else one
        )
    return f"branches {one} and {other}"


def _all_cash(scene: Scene, random: Random) -> str:
    """A broken card reader: everybody's payment is typed in as cash."""
    branch = random.choice(_OPEN)
    for sale in _sales_of_today(scene, branch):
        scene.tables.change("payments", "method = 'cash'", "sale_id = :id", id=sale.id)
        scene.tables.change(
            "ledger_entries", "account_id = 1",
            "account_id IN (1, 2, 3) AND posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)",
            id=sale.id,
        )  # fmt: skip
    return f"branch {branch}"


def _posted_elsewhere(scene: Scene, random: Random) -> str:
    one, other = random.sample(_OPEN, 2)
    several = [sale.id for sale in _sales_of_today(scene, one)][-8:]
    for sale in several:
        scene.tables.change("ledger_postings", "branch_id = :other", "sale_id = :id", id=sale, other=other)
    return f"{len(several)} sales of branch {one} in the books of branch {other}"


def _sheet(change: str) -> Put:
    """Yesterday's day sheet of one branch."""

    def put_in(scene: Scene, random: Random) -> str:
        branch = random.choice((1, 3, 4))
        day = day_of(scene, days=-1).isoformat()
        if change:
            scene.tables.change("day_sheets", change, "branch_id = :branch AND day = :day", branch=branch, day=day)
        else:
            scene.tables.delete("day_sheets", "branch_id = :branch AND day = :day", branch=branch, day=day)
        return f"branch {branch}, {day}"

    return put_in


def _no_orders(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    studio = [sale for sale in _sales_of_today(scene, branch) if sale.kind == "studio"]
    for sale in studio or [copied(scene, random, branch)]:
        for order in scene.tables.rows("SELECT id FROM production_orders WHERE sale_id = :id", id=sale.id):
            for table in ("production_steps", "costs"):
                if scene.tables.rows(f"SELECT 1 FROM {table} WHERE order_id = :id", id=order.id):
                    scene.tables.delete(table, "order_id = :id", id=order.id)
            scene.tables.delete("production_orders", "id = :id", id=order.id)
    return f"branch {branch}, {len(studio) or 1} sales"


def copied(scene: Scene, random: Random, branch: int) -> Row[Any]:
    """A sale of the studio without an order, where the branch has none today."""
    like = todays_sale(scene, random, kind="studio")
    new = copy_sale(scene, like.id, timedelta(minutes=3), branch_id=branch)
    return scene.tables.one("SELECT * FROM sales WHERE id = :id", id=new)


def _customers_moved(scene: Scene, random: Random) -> str:
    one, other = random.sample(_OPEN, 2)
    several = [sale.customer_id for sale in _sales_of_today(scene, one)][:20]
    for customer in set(several):
        scene.tables.change("customers", "branch_id = :other", "id = :id", id=customer, other=other)
    return f"{len(set(several))} customers of branch {one} went to branch {other}"


def _half(scene: Scene, random: Random) -> str:
    """Two of three sales of one branch never reached the system today."""
    branch = random.choice(_OPEN)
    gone = [
        sale.id
        for place, sale in enumerate(sales_between(scene, branch, scene.midnight, scene.ago(hours=-1)))
        if place % 3
    ]
    remove_sales(scene, gone)
    rest = [one for one in sales_between(scene, branch, scene.midnight, scene.ago(hours=-1)) if one.number]
    first = min((int(one.number.rpartition("-")[2]) for one in rest), default=0)
    for place, sale in enumerate(rest):
        head, _, digits = sale.number.rpartition("-")
        number = f"{head}-{first + place:0{len(digits)}d}"
        scene.tables.change("sales", "number = :number", "id = :id", id=sale.id, number=number)
        if sale.number != number:
            scene.tables.change(
                "ledger_postings", "description = replace(description, :old, :new)", "sale_id = :id",
                id=sale.id, old=sale.number, new=number,
            )  # fmt: skip
    return f"branch {branch}, {len(gone)} sales fewer"


def _no_receipts(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    code = {1: "HAR", 3: "GAR", 4: "NOR"}[branch]
    scene.tables.delete(
        "jobs",
        "kind = 'receipt' AND queued_at >= :midnight AND payload LIKE :like",
        midnight=scene.midnight,
        like=f"%{code}-%",
    )
    return f"branch {branch}"


def _discounted(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    several = [sale.id for sale in _sales_of_today(scene, branch) if sale.kind == "retail"]
    for sale in several:
        if len(scene.tables.rows("SELECT id FROM payments WHERE sale_id = :id", id=sale)) == 1:
            scene.tables.change("sale_lines", "discount_percent = 30", "sale_id = :id", id=sale)
            settle(scene, sale)
    return f"branch {branch}, {len(several)} sales"


L23 = ("L2", "L3")
SHAPES = tuple(
    Shape(id=id_, kind=Kind.BRANCH, happens=happens, put_in=put_in, expected=expected, day=day)
    for id_, happens, put_in, expected, day in (
        (
            "no-material-in-one-workshop",
            "One workshop entered no material for three days; labour comes as ever.",
            _no_material,
            ("L1", "L2", ASKED),
            9,
        ),
        ("sums-swapped", "Two branches' sales of today stand under each other's name.", _swapped, L23, 9),
        ("all-cash-in-one-branch", "One branch's payments of today are all cash.", _all_cash, ("L1", "L2", ASKED), 9),
        ("posted-in-another-branch", "Sales of one branch are posted in another's books.", _posted_elsewhere, L23, 9),
        ("sheet-missing", "One branch did not hand in yesterday's day sheet.", _sheet(""), ("L1", "L2", ASKED), 9),
        (
            "sheet-counts-more",
            "One branch counted nine sales more yesterday than the system has.",
            _sheet("sales_counted = sales_counted + 9, amount_counted = amount_counted + 1250.5"),
            L23,
            9,
        ),
        (
            "no-orders-of-one-branch",
            "One branch's work made to order has no production order today.",
            _no_orders,
            ("L2",),
            9,
        ),
        ("customers-moved", "Customers of one branch belong to another since a clean-up.", _customers_moved, L23, 9),
        ("two-of-three-sales-missing", "Two of three sales of one branch are on paper only.", _half, ("L1", "L2"), 9),
        (
            "no-receipts-of-one-branch",
            "No receipt was made for one branch today.",
            _no_receipts,
            ("L1", "L2", ASKED),
            9,
        ),
        (
            "one-branch-discounts-all",
            "One branch gives 30 % on everything, which was agreed with nobody.",
            _discounted,
            ("L1", "L2", ASKED),
            9,
        ),
    )
)
