"""The second set: what is wrong in single records, and who made them. Other shapes than the first set has."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from random import Random

from faultlab.blind.shape import ASKED, Kind, Put, Shape
from faultlab.blind.writing import (
    REAL,
    acted,
    at_work,
    choose,
    copy_sale,
    local,
    money,
    settle,
    todays_sale,
)
from faultlab.scene import Scene

_OPEN = (1, 3, 4)
_ONE_LINE = "(SELECT count(*) FROM sale_lines WHERE sale_id = s.id) = 1"
_UNDER_WAY = f"SELECT * FROM production_orders WHERE {REAL} AND state = 'in_progress'"


def _prices_swapped(scene: Scene, random: Random) -> str:
    """Two lines of a sale have each other's price, and the total is what it was."""
    two = "(SELECT count(*) FROM sale_lines WHERE sale_id = s.id) = 2 AND total > 120"
    far = "(SELECT max(unit_price) > 4 * min(unit_price) FROM sale_lines WHERE sale_id = s.id)"
    even = (
        "(SELECT max(quantity) = 1 AND max(discount_percent) = min(discount_percent) FROM sale_lines"
        " WHERE sale_id = s.id)"
    )
    sale = todays_sale(scene, random, f"{two} AND {far} AND {even}")
    one, other = scene.tables.rows("SELECT * FROM sale_lines WHERE sale_id = :id ORDER BY position", id=sale.id)
    for line, price in ((one, other.unit_price), (other, one.unit_price)):
        scene.tables.change("sale_lines", "unit_price = :price", "id = :id", id=line.id, price=money(price))
    return f"{sale.number}: {settle(scene, sale.id)} as before"


def _line(to: str, more: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        sale = todays_sale(scene, random, f"{_ONE_LINE} AND {more}")
        scene.tables.change("sale_lines", to, "sale_id = :id", id=sale.id)
        return f"{sale.number}: {money(sale.total)} became {settle(scene, sale.id)}"

    return put_in


def _outwork_of_a_fortune(scene: Scene, random: Random) -> str:
    cost = choose(scene, random, "SELECT * FROM costs WHERE kind = 'outwork' ORDER BY id DESC LIMIT 8")
    amount = money(Decimal(str(cost.amount)) * 25)
    scene.tables.change(
        "costs", "amount = :amount, entered_at = :at", "id = :id", id=cost.id, amount=amount, at=scene.ago(hours=2)
    )
    return f"{money(cost.amount)} became {amount}"


def _budget_of_pence(scene: Scene, random: Random) -> str:
    order = choose(scene, random, _UNDER_WAY)
    scene.tables.change("production_orders", "budget = round(budget / 100, 2)", "id = :id", id=order.id)
    return f"{order.number}: {money(order.budget)} became a hundredth"


def _list_price_tenth(scene: Scene, random: Random) -> str:
    product = choose(scene, random, "SELECT product_id FROM sale_lines GROUP BY product_id HAVING count(*) > 25")
    scene.tables.change("products", "unit_price = round(unit_price / 10, 2)", "id = :id", id=product.product_id)
    return f"product {product.product_id}"


def _finalised_elsewhere(scene: Scene, random: Random) -> str:
    here, there = random.sample(_OPEN, 2)
    sale = todays_sale(scene, random, f"branch_id = {here}")
    person = at_work(scene, random, "sales", there)
    scene.tables.change("sales", "finalised_by = :by", "id = :id", id=sale.id, by=person)
    return f"{sale.number} by user {person} of branch {there}"


def _step_from_elsewhere(scene: Scene, random: Random) -> str:
    step = choose(
        scene,
        random,
        "SELECT p.*, o.branch_id FROM production_steps p JOIN production_orders o ON o.id = p.order_id"
        f" WHERE {REAL} AND p.state = 'done' AND finished_at >= :midnight AND o.branch_id <> 4",
        midnight=scene.midnight,
    )
    person = at_work(scene, random, "production", 4)
    scene.tables.change("production_steps", "updated_by = :by, assigned_to = :by", "id = :id", id=step.id, by=person)
    return f"{step.name} of order {step.order_id} by user {person} of branch 4"


def _in_at_night(scene: Scene, random: Random) -> str:
    person = random.choice((5, 21, 29))
    name = scene.tables.one("SELECT username FROM users WHERE id = :id", id=person).username
    at = scene.instant(local(scene, time(3, random.randrange(60))))
    scene.tables.add(
        "login_attempts",
        username=name,
        user_id=person,
        succeeded=True,
        reason="",
        channel="web",
        address="10.20.1.11",
        at=at,
    )
    for _ in range(4):
        acted(scene, person, None, "customer.view", "customer", None, at)
    return str(name)


def _became(role: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        person = at_work(scene, random, "production", random.choice(_OPEN))
        scene.tables.change("users", "role = :role", "id = :id", id=person, role=role)
        return f"user {person}"

    return put_in


def _tailor_switched_off(scene: Scene, random: Random) -> str:
    step = choose(
        scene,
        random,
        "SELECT p.* FROM production_steps p JOIN production_orders o ON o.id = p.order_id"
        f" WHERE {REAL} AND p.finished_at >= :lately",
        lately=scene.ago(hours=2),
    )
    scene.tables.change("users", "active = 0", "id = :id", id=step.updated_by)
    return f"user {step.updated_by}"


def _pence(scene: Scene, random: Random) -> str:
    """The same cost again, by a colleague who found the slip too."""
    cost = choose(
        scene,
        random,
        "SELECT c.*, o.branch_id FROM costs c JOIN production_orders o ON o.id = c.order_id"
        f" WHERE {REAL} AND entered_at >= :midnight AND amount > 10",
        midnight=scene.midnight,
    )
    other = choose(
        scene, random,
        "SELECT id FROM users WHERE role = 'production' AND branch_id = :branch AND id <> :own AND username"
        " NOT LIKE 'check.%'", branch=cost.branch_id, own=cost.entered_by,
    ).id  # fmt: skip
    at = scene.moved(cost.entered_at, timedelta(minutes=3))
    scene.tables.copy("costs", cost.id, entered_at=at, entered_by=other)
    return f"{money(cost.amount)} of order {cost.order_id}"


def _numbered(old: str, new: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        sale = todays_sale(scene, random)
        other = todays_sale(scene, random, f"branch_id = {sale.branch_id} AND id <> {sale.id}")
        number = str(sale.number).replace(old, new)
        copy_sale(scene, other.id, timedelta(minutes=55), number=number)
        return f"{sale.number!r} and {number!r}"

    return put_in


def _other_order(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random, "(SELECT count(*) FROM sale_lines WHERE sale_id = s.id) = 2")
    new = copy_sale(scene, sale.id, timedelta(minutes=3))
    scene.tables.change("sale_lines", "position = 30 - position", "sale_id = :id", id=new)
    return f"{sale.number} again, its lines the other way round"


def _without(*names: str, state: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        since = scene.moved(scene.midnight, timedelta(hours=0))
        only = "AND completed_at >= :since" if state == "done" else "AND created_at < :since"
        order = choose(
            scene,
            random,
            f"SELECT * FROM production_orders WHERE {REAL} AND state = :state {only}",
            state=state,
            since=since,
        )
        listed = ", ".join(f"'{one}'" for one in names)
        scene.tables.delete("production_steps", f"order_id = :id AND name IN ({listed})", id=order.id)
        if state != "done":
            found = scene.tables.one(
                "SELECT count(*) AS n, sum(state = 'done') AS done FROM production_steps WHERE order_id = :id",
                id=order.id,
            )
            percent = int(100 * (found.done or 0) / found.n + 0.5)
            scene.tables.change(
                "production_orders", "progress_percent = :percent", "id = :id", id=order.id, percent=percent
            )
        return str(order.number)

    return put_in


def _nobodys(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random)
    scene.tables.change("sales", "customer_id = 987654", "id = :id", id=sale.id)
    return str(sale.number)


def _no_method(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random)
    scene.tables.change("payments", "method = ''", "sale_id = :id", id=sale.id)
    return str(sale.number)


L2, L23 = ("L2",), ("L2", "L3")
_DEAR = "EXISTS (SELECT 1 FROM sale_lines WHERE sale_id = s.id AND unit_price > 80 AND quantity = 1)"
SHAPES = tuple(
    Shape(
        id=id_,
        kind=kind,
        happens=happens,
        put_in=put_in,
        expected=expected,
        day=day,
        seen_before=id_ == "tailor-switched-off",
    )
    for kind, id_, happens, put_in, expected, day in (
        (
            Kind.PLAUSIBLE,
            "prices-swapped",
            "Two lines of a sale have each other's price.",
            _prices_swapped,
            ("L1", "L2", ASKED),
            9,
        ),
        (Kind.PLAUSIBLE, "discount-of-sixty", "A discount of 60 %.", _line("discount_percent = 60", _DEAR), L2, 9),
        (
            Kind.PLAUSIBLE,
            "eighty-of-a-kind",
            "Eighty pieces of a kind in one line.",
            _line("quantity = 80", "total < 60"),
            L2,
            9,
        ),
        (
            Kind.PLAUSIBLE,
            "outwork-of-a-fortune",
            "Outwork of twenty-five times its cost.",
            _outwork_of_a_fortune,
            L2,
            9,
        ),
        (
            Kind.PLAUSIBLE,
            "budget-of-a-hundredth",
            "An order's budget is a hundredth of what it should be.",
            _budget_of_pence,
            ("L1", "L2", ASKED),
            9,
        ),
        (Kind.PLAUSIBLE, "list-price-tenth", "A product is listed at a tenth.", _list_price_tenth, L2, 9),
        (
            Kind.WHO,
            "finalised-elsewhere",
            "A sale was made final by somebody of another branch.",
            _finalised_elsewhere,
            L23,
            9,
        ),
        (
            Kind.WHO,
            "step-from-elsewhere",
            "A step was done by a tailor of another branch.",
            _step_from_elsewhere,
            ("L1", "L2", "L3", ASKED),
            9,
        ),
        (Kind.WHO, "in-at-night", "A salesperson's account reads customers at night.", _in_at_night, ("L3",), 9),
        (
            Kind.WHO,
            "tailor-becomes-manager",
            "A tailor has a manager's rights.",
            _became("manager"),
            ("L2", "L3", ASKED),
            9,
        ),
        (
            Kind.WHO,
            "tailor-switched-off",
            "A tailor whose account is off goes on reporting steps.",
            _tailor_switched_off,
            L23,
            9,
        ),
        (
            Kind.EQUAL,
            "number-with-other-signs",
            "Two numbers differ by their signs alone.",
            _numbered("-", "_"),
            L23,
            9,
        ),
        (Kind.EQUAL, "number-with-a-letter-o", "Two numbers differ by a narrow blank.", _numbered("-", " -"), L23, 9),
        (Kind.EQUAL, "lines-the-other-way-round", "A sale again, its lines the other way round.", _other_order, L2, 9),
        (Kind.EQUAL, "cost-by-two-colleagues", "Two colleagues entered the same slip.", _pence, ("L1", "L2", ASKED), 9),
        (
            Kind.EMPTY,
            "order-without-its-first-steps",
            "An order lacks its first two steps.",
            _without("measure", "cut", state="in_progress"),
            ("L1", "L2", "L3", ASKED),
            9,
        ),
        (
            Kind.EMPTY,
            "done-without-quality",
            "An order is done without the step of quality.",
            _without("quality", state="done"),
            ("L2", "L3"),
            9,
        ),
        (Kind.EMPTY, "sale-to-nobody", "A sale is to a customer who is not there.", _nobodys, L23, 9),
        (
            Kind.EMPTY,
            "payment-of-no-kind",
            "A payment says not how it was paid.",
            _no_method,
            ("L1", "L2", "L3", ASKED),
            9,
        ),
    )
)
