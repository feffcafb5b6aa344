"""Everything agrees with everything, and yet nobody meant it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from faultlab.blind.shape import ASKED, Kind, Put, Shape
from faultlab.blind.writing import REAL, choose, copy_sale, money, settle, todays_sale
from faultlab.scene import Scene

_ONE_LINE = "(SELECT count(*) FROM sale_lines WHERE sale_id = s.id) = 1"


def _line(to: str, more: str, *, kind: str = "retail") -> Put:
    """A line of a sale of today is changed, and all the rest of the sale follows."""

    def put_in(scene: Scene, random: Random) -> str:
        sale = todays_sale(scene, random, f"{_ONE_LINE} AND ({more})", kind=kind)
        scene.tables.change("sale_lines", to, "sale_id = :id", id=sale.id)
        return f"{sale.number}: {money(sale.total)} became {settle(scene, sale.id)}"

    return put_in


def _withdrawn_product_sold(scene: Scene, random: Random) -> str:
    """Chosen among what nobody had bought for some days."""
    product = choose(
        scene, random,
        "SELECT p.* FROM products p WHERE kind = 'retail' AND sku NOT LIKE 'TRN%' AND NOT EXISTS (SELECT 1 FROM"
        " sale_lines l JOIN sales s ON s.id = l.sale_id WHERE l.product_id = p.id AND s.created_at >= :lately)",
        lately=scene.ago(hours=3),
    )  # fmt: skip
    sale = todays_sale(scene, random, _ONE_LINE)
    scene.tables.change("products", "active = 0", "id = :id", id=product.id)
    scene.tables.change(
        "sale_lines", "product_id = :id, description = :name, unit_price = :price", "sale_id = :sale",
        id=product.id, name=product.name, price=money(product.unit_price), sale=sale.id,
    )  # fmt: skip
    settle(scene, sale.id)
    return f"{product.name} in {sale.number}"


def _cost_tenfold(scene: Scene, random: Random) -> str:
    cost = choose(
        scene, random,
        "SELECT c.* FROM costs c JOIN production_orders o ON o.id = c.order_id"
        f" WHERE {REAL} AND c.kind = 'labour' AND c.entered_at >= :midnight AND c.amount BETWEEN 15 AND 60",
        midnight=scene.midnight,
    )  # fmt: skip
    scene.tables.change(
        "costs", "amount = :amount", "id = :id", id=cost.id, amount=money(Decimal(str(cost.amount)) * 10)
    )
    return f"labour of {money(cost.amount)} became ten times that"


def _cost_of_anothers_step(scene: Scene, random: Random) -> str:
    cost = choose(
        scene,
        random,
        "SELECT * FROM costs WHERE step_id IS NOT NULL AND entered_at >= :midnight",
        midnight=scene.midnight,
    )
    other = choose(
        scene,
        random,
        f"SELECT id FROM production_orders WHERE {REAL} AND id <> :id AND state = 'in_progress'",
        id=cost.order_id,
    )
    scene.tables.change("costs", "order_id = :order", "id = :id", id=cost.id, order=other.id)
    return f"cost {cost.id} of order {cost.order_id} stands on order {other.id}"


def _budget_tenfold(scene: Scene, random: Random) -> str:
    order = choose(scene, random, f"SELECT * FROM production_orders WHERE {REAL} AND state IN ('open', 'in_progress')")
    scene.tables.change("production_orders", "budget = budget * 10", "id = :id", id=order.id)
    return f"{order.number}: {money(order.budget)} became ten times that"


def _due_in_another_year(years: int) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        order = choose(
            scene, random, f"SELECT * FROM production_orders WHERE {REAL} AND state IN ('open', 'in_progress')"
        )
        year = int(str(order.due_on)[:4]) + years
        due = f"{year}{str(order.due_on)[4:]}"
        scene.tables.change("production_orders", "due_on = :due", "id = :id", id=order.id, due=due)
        return f"{order.number}: due on {due}"

    return put_in


def _in_and_out(scene: Scene, random: Random) -> str:
    """Cash put in and taken out of a sale again, posted both ways."""
    sale = todays_sale(scene, random)
    paid = scene.tables.one("SELECT * FROM payments WHERE sale_id = :id", id=sale.id)
    amount = random.choice((200.0, 350.0, 500.0))
    for sign in (1, -1):
        at = scene.moved(paid.paid_at, timedelta(minutes=20 if sign == 1 else 31))
        new = scene.tables.copy("payments", paid.id, method="cash", amount=sign * amount, paid_at=at)
        posting = scene.tables.add(
            "ledger_postings", sale_id=sale.id, payment_id=new, branch_id=sale.branch_id,
            description=f"Payment {sale.number} (cash)", posted_at=at,
        )  # fmt: skip
        for account, debit in ((1, sign == 1), (4, sign == -1)):
            scene.tables.add(
                "ledger_entries", posting_id=posting, account_id=account,
                debit=amount if debit else 0, credit=0 if debit else amount,
            )  # fmt: skip
    return f"{amount} in and out of {sale.number}"


def _wrong_revenue(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random)
    scene.tables.change(
        "ledger_entries", "account_id = 6",
        "account_id = 5 AND posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)", id=sale.id,
    )  # fmt: skip
    return f"{sale.number} stands under studio revenue"


def _dearest_again(scene: Scene, random: Random) -> str:
    """A gown is entered at the price of a hair pin, in a sale of its own."""
    gown = choose(scene, random, "SELECT * FROM products WHERE category = 'gowns' AND unit_price > 500")
    sale = todays_sale(scene, random, _ONE_LINE)
    new = copy_sale(scene, sale.id, timedelta(minutes=3))
    scene.tables.change(
        "sale_lines", "product_id = :id, description = :name, quantity = 1, discount_percent = 0, unit_price = 19.9",
        "sale_id = :sale", id=gown.id, name=gown.name, sale=new,
    )  # fmt: skip
    settle(scene, new)
    return f"{gown.name} at 19.90"


L2 = ("L2",)
_DEAR = "EXISTS (SELECT 1 FROM sale_lines WHERE sale_id = s.id AND unit_price > 40 AND quantity = 1)"
SHAPES = tuple(
    Shape(
        id=id_,
        kind=Kind.PLAUSIBLE,
        happens=happens,
        put_in=put_in,
        expected=expected,
        day=day,
        seen_before=id_ == "withdrawn-product-sold",
    )
    for id_, happens, put_in, expected, day in (
        (
            "line-price-tenfold",
            "A line's price is ten times its usual one, and everything follows.",
            _line("unit_price = unit_price * 10", _DEAR),
            L2,
            9,
        ),
        (
            "line-price-tenth",
            "A line's price is a tenth of its usual one, and everything follows.",
            _line("unit_price = round(unit_price / 10, 2)", _DEAR),
            L2,
            5,
        ),
        (
            "line-price-one",
            "A line was sold at 1.00 to have something in the field.",
            _line("unit_price = 1.0", _DEAR),
            L2,
            9,
        ),
        ("quantity-hundred", "A hundred pieces instead of one.", _line("quantity = quantity * 100", "1 = 1"), L2, 9),
        ("discount-of-ninety", "A discount of 90 % where 9 % was meant.", _line("discount_percent = 90", _DEAR), L2, 2),
        (
            "studio-price-tenth",
            "Work made to order at a tenth of its price, with the order's budget after it.",
            _line("unit_price = round(unit_price / 10, 2)", "total > 300", kind="studio"),
            L2,
            9,
        ),
        (
            "withdrawn-product-sold",
            "A product that was withdrawn is sold.",
            _withdrawn_product_sold,
            ("L1", "L2", ASKED),
            9,
        ),
        ("gown-at-the-price-of-a-pin", "A gown went at 19.90.", _dearest_again, L2, 9),
        ("labour-tenfold", "Ten times the hours of a step.", _cost_tenfold, L2, 9),
        (
            "cost-of-anothers-step",
            "A cost stands on one order and on a step of another.",
            _cost_of_anothers_step,
            L2,
            9,
        ),
        (
            "budget-tenfold",
            "An order's budget is ten times what its sale allows.",
            _budget_tenfold,
            ("L1", "L2", ASKED),
            5,
        ),
        (
            "due-next-year",
            "An order is due a year later than was promised.",
            _due_in_another_year(1),
            ("L1", "L2", ASKED),
            9,
        ),
        ("due-last-year", "An order was due a year before it was opened.", _due_in_another_year(-1), ("L1", "L2"), 9),
        ("cash-in-and-out", "Cash went into a sale and out again.", _in_and_out, ("L1", "L2", ASKED), 9),
        (
            "revenue-of-the-studio",
            "A retail sale was posted under studio revenue.",
            _wrong_revenue,
            ("L2", "L3", ASKED),
            9,
        ),
    )
)
