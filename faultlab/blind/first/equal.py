"""Two that are nearly the same, where there should be one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random

from faultlab.blind.shape import ASKED, Kind, Put, Shape
from faultlab.blind.writing import REAL, choose, copy_sale, money, settle, todays_sale
from faultlab.scene import Scene


def _numbered(how: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        sale = todays_sale(scene, random)
        head, _, digits = str(sale.number).rpartition("-")
        number = {
            "case": str(sale.number).lower(), "zero": f"{head}-0{digits}", "blank": f"{sale.number} ",
            "dash": f"{head}–{digits}",
        }[how]  # fmt: skip
        other = todays_sale(scene, random, f"branch_id = {sale.branch_id} AND id <> {sale.id}")
        copy_sale(scene, other.id, timedelta(minutes=random.randrange(40, 90)), number=number)
        return f"{sale.number!r} and {number!r}"

    return put_in


def _cost_in_a_minute(**different: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        cost = choose(
            scene, random, "SELECT c.* FROM costs c JOIN production_orders o ON o.id = c.order_id"
            f" WHERE {REAL} AND entered_at >= :midnight AND c.kind = 'labour' AND amount > 12", midnight=scene.midnight,
        )  # fmt: skip
        seconds = random.randrange(15, 55)
        scene.tables.copy(
            "costs", cost.id, entered_at=scene.moved(cost.entered_at, timedelta(seconds=seconds)), **different
        )
        return f"{money(cost.amount)} of order {cost.order_id}, {seconds} seconds apart"

    return put_in


def _a_cent_apart(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random, "(SELECT count(*) FROM sale_lines WHERE sale_id = s.id) > 1")
    new = copy_sale(scene, sale.id, timedelta(minutes=random.choice((1, 2, 3))))
    line = scene.tables.one("SELECT * FROM sale_lines WHERE sale_id = :id", id=new)
    price = money(Decimal(str(line.unit_price)) - Decimal("0.01"))
    scene.tables.change("sale_lines", "unit_price = :price", "id = :id", id=line.id, price=price)
    settle(scene, new)
    return f"{sale.number} again, a cent less"


def _by_a_colleague(scene: Scene, random: Random) -> str:
    """Both of them think that the other has not entered it."""
    sale = todays_sale(scene, random, "branch_id IN (1, 3)")
    other = choose(
        scene, random, "SELECT DISTINCT created_by FROM sales WHERE branch_id = :branch AND created_by <> :by"
        " AND created_at >= :midnight", branch=sale.branch_id, by=sale.created_by, midnight=scene.midnight,
    ).created_by  # fmt: skip
    copy_sale(scene, sale.id, timedelta(minutes=4), created_by=other)
    return f"{sale.number} again by user {other}"


def _customer_twice(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random)
    customer = scene.tables.one("SELECT * FROM customers WHERE id = :id", id=sale.customer_id)
    scene.tables.copy(
        "customers",
        customer.id,
        name=str(customer.name).upper(),
        created_at=scene.moved(sale.created_at, timedelta(minutes=1)),
    )
    return f"{customer.name} and {str(customer.name).upper()}, the same phone"


def _charged_twice(scene: Scene, random: Random) -> str:
    """The card went through twice, and both are posted."""
    sale = todays_sale(scene, random)
    paid = scene.tables.one("SELECT * FROM payments WHERE sale_id = :id", id=sale.id)
    at = scene.moved(paid.paid_at, timedelta(seconds=40))
    new = scene.tables.copy("payments", paid.id, paid_at=at)
    old = scene.tables.one("SELECT * FROM ledger_postings WHERE payment_id = :id", id=paid.id)
    posting = scene.tables.copy("ledger_postings", old.id, payment_id=new, posted_at=at)
    for entry in scene.tables.rows("SELECT id FROM ledger_entries WHERE posting_id = :id", id=old.id):
        scene.tables.copy("ledger_entries", entry.id, posting_id=posting)
    return f"{sale.number}: {money(paid.amount)} twice"


def _product_twice(scene: Scene, random: Random) -> str:
    product = choose(scene, random, "SELECT * FROM products WHERE kind = 'retail' AND sku NOT LIKE 'TRN%'")
    sku = f"{product.sku}".lower()
    scene.tables.copy("products", product.id, sku=sku, unit_price=money(Decimal(str(product.unit_price)) * 2))
    return f"{product.sku} and {sku}, at another price"


def _void_and_again(scene: Scene, random: Random) -> str:
    """The same person, the same account, twice over in another spelling."""
    user = choose(
        scene, random, "SELECT * FROM users WHERE role = 'sales' AND username NOT LIKE 'check.%' AND branch_id < 5"
    )
    name = str(user.username).replace(".", ". ").title().replace(" ", "")
    scene.tables.copy("users", user.id, username=name, created_at=scene.ago(hours=2))
    return f"{user.username} and {name}"


SHAPES = tuple(
    Shape(id=id_, kind=Kind.EQUAL, happens=happens, put_in=put_in, expected=expected, day=day)
    for id_, happens, put_in, expected, day in (
        (
            "number-in-other-case",
            "Two sales have the same number but for its case.",
            _numbered("case"),
            ("L2", "L3"),
            9,
        ),
        (
            "number-with-a-zero-more",
            "Two sales have the same number but for a leading zero.",
            _numbered("zero"),
            ("L2", "L3"),
            9,
        ),
        (
            "number-with-a-blank",
            "Two sales have the same number but for a blank behind it.",
            _numbered("blank"),
            ("L2", "L3"),
            5,
        ),
        (
            "number-with-another-dash",
            "Two sales have the same number but for the length of a dash.",
            _numbered("dash"),
            ("L2", "L3"),
            9,
        ),
        ("cost-twice-in-a-minute", "The same cost was entered twice within a minute.", _cost_in_a_minute(), ("L2",), 9),
        (
            "cost-twice-of-two-kinds",
            "The same cost was entered as labour and as outwork.",
            _cost_in_a_minute(kind="outwork"),
            ("L1", "L2", ASKED),
            9,
        ),
        ("sale-a-cent-apart", "The same sale was entered twice, a cent apart.", _a_cent_apart, ("L2",), 9),
        ("sale-by-two-colleagues", "Two colleagues entered the same sale.", _by_a_colleague, ("L2",), 2),
        (
            "customer-twice",
            "A customer was entered again in capitals, with the same phone.",
            _customer_twice,
            ("L1", "L2", ASKED),
            9,
        ),
        (
            "charged-twice",
            "A card was charged twice for one sale, and both are posted.",
            _charged_twice,
            ("L2", "L3"),
            9,
        ),
        (
            "product-twice",
            "A product exists twice, its number differing in case, at two prices.",
            _product_twice,
            ("L1", "L2", ASKED),
            9,
        ),
        (
            "account-twice",
            "A person has two accounts, differing in case.",
            _void_and_again,
            ("L1", "L2", "L3", ASKED),
            9,
        ),
    )
)
