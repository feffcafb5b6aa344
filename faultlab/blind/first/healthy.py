"""What looks like a fault and is none: nobody may stir."""

from __future__ import annotations

from datetime import time, timedelta
from random import Random

from faultlab.blind.first.late import _an_old_sale as an_old_sale
from faultlab.blind.shape import Kind, Put, Shape
from faultlab.blind.writing import (
    REAL,
    acted,
    at_work,
    choose,
    copy_sale,
    local,
    moment,
    report,
    sales_between,
    settle,
    todays_sale,
)
from faultlab.scene import Scene

_OPEN = (1, 3, 4)


def _campaign(percent: int) -> Put:
    """One category is to be had for less in every branch."""

    def put_in(scene: Scene, random: Random) -> str:
        category = random.choice(("shoes", "menswear", "accessories"))
        sales = scene.tables.rows(
            "SELECT DISTINCT s.id FROM sales s JOIN sale_lines l ON l.sale_id = s.id JOIN products p ON p.id ="
            " l.product_id"
            f" WHERE {REAL} AND s.created_at >= :midnight AND s.state = 'final' AND p.category = :category"
            " AND (SELECT count(*) FROM payments WHERE sale_id = s.id) = 1", midnight=scene.midnight, category=category,
        )  # fmt: skip
        for sale in sales:
            scene.tables.change(
                "sale_lines", "discount_percent = :percent",
                "sale_id = :id AND product_id IN (SELECT id FROM products WHERE category = :category)",
                id=sale.id, percent=percent, category=category,
            )  # fmt: skip
            settle(scene, sale.id)
        return f"{percent} % off {category}, {len(sales)} sales"

    return put_in


def _helping_out(role: str) -> Put:
    """With a shift there."""

    def put_in(scene: Scene, random: Random) -> str:
        here, there = random.sample(_OPEN, 2)
        person = at_work(scene, random, role, there)
        scene.tables.change(
            "shifts", "branch_id = :here", "user_id = :id AND starts_at >= :midnight AND starts_at < :next",
            here=here, id=person, midnight=scene.midnight, next=scene.moved(scene.midnight, timedelta(days=1)),
        )  # fmt: skip
        like = _late_sale(scene, random, here)
        for turn in (1, 2, 3):
            _newest(scene, random, here, like, turn, created_by=person)
        return f"user {person} of branch {there} in branch {here}"

    return put_in


def _late_sale(scene: Scene, random: Random, branch: int) -> int:
    return int(todays_sale(scene, random, f"branch_id = {branch}").id)


def _newest(scene: Scene, random: Random, branch: int, like: int, turn: int, **different: int) -> int:
    """The same goods for a customer of the branch who has not bought today, after all other sales of it."""
    customer = choose(
        scene, random, "SELECT id FROM customers WHERE branch_id = :branch AND id NOT IN"
        " (SELECT customer_id FROM sales WHERE created_at >= :midnight) AND created_at < :midnight", branch=branch,
        midnight=scene.midnight,
    ).id  # fmt: skip
    old = scene.tables.one("SELECT * FROM sales WHERE id = :id", id=like)
    last = scene.tables.one("SELECT max(finalised_at) AS at FROM sales WHERE branch_id = :branch", branch=branch).at
    at = moment(last) + timedelta(seconds=20 + 11 * turn)
    later = at - moment(old.finalised_at)
    return copy_sale(scene, like, later, **{"customer_id": customer, **different})


def _big_customer(scene: Scene, random: Random) -> str:
    """A wedding party on one name: other goods each time."""
    branch = random.choice(_OPEN)
    several = [
        one
        for one in sales_between(scene, branch, scene.midnight, scene.ago(minutes=90))
        if one.kind == "retail" and one.state == "final"
    ]
    chosen = random.sample(several, 6)
    for sale in chosen[1:]:
        scene.tables.change("sales", "customer_id = :id", "id = :sale", id=chosen[0].customer_id, sale=sale.id)
    return f"customer {chosen[0].customer_id}, six sales"


def _rush(scene: Scene, random: Random) -> str:
    """Twelve customers within the last minutes, served by three people."""
    branch = 3
    people = [row.created_by for row in scene.tables.rows(
        "SELECT DISTINCT created_by FROM sales WHERE branch_id = :branch AND created_at >= :midnight", branch=branch,
        midnight=scene.ago(hours=2)
    )]  # fmt: skip
    for turn in range(12):
        _newest(scene, random, branch, _late_sale(scene, random, branch), 0, created_by=people[turn % len(people)])
    return f"branch {branch}, {len(people)} people"


def _stock_taking(scene: Scene, random: Random) -> str:
    """The manager stayed until ten yesterday evening, by her shift."""
    branch = random.choice(_OPEN)
    person = at_work(scene, random, "manager", branch)
    evening = local(scene, time(18), days=-1)
    scene.tables.add(
        "shifts",
        user_id=person,
        branch_id=branch,
        starts_at=scene.instant(evening),
        ends_at=scene.instant(evening + timedelta(hours=4)),
    )
    for minutes in range(5, 230, 9):
        acted(scene, person, branch, "search", "search", None, scene.instant(evening + timedelta(minutes=minutes)))
    return f"user {person}"


def _waits_for_material(scene: Scene, random: Random) -> str:
    """A step that has not begun: lace from abroad is awaited, the date is weeks away."""
    order = choose(
        scene,
        random,
        f"SELECT * FROM production_orders WHERE {REAL} AND state = 'in_progress' AND created_at >= :since",
        since=scene.ago(days=6),
    )
    scene.tables.change("production_orders", "due_on = '2026-02-25'", "id = :id", id=order.id)
    report(
        scene,
        at_work(scene, random, "production", order.branch_id),
        "Lace is awaited",
        f"Order {order.number} waits for lace from Calais.",
        timedelta(hours=5),
    )
    return str(order.number)


def _dear(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random, "total > 500", kind="studio")
    scene.tables.change("sale_lines", "unit_price = round(unit_price * 1.3, 2)", "sale_id = :id", id=sale.id)
    return f"{sale.number}: {settle(scene, sale.id)}"


def _same_name(scene: Scene, random: Random) -> str:
    customer = choose(scene, random, f"SELECT * FROM customers WHERE {REAL}")
    scene.tables.copy(
        "customers", customer.id, phone=f"+49 1555 {random.randrange(10**7, 10**8)}", created_at=scene.ago(hours=2)
    )
    return str(customer.name)


def _buys_again(scene: Scene, random: Random) -> str:
    """Came back for a second one in the afternoon."""
    sale = todays_sale(scene, random, f"branch_id IN (1, 3, 4) AND created_at < '{scene.ago(hours=4)}'")
    last = scene.tables.one(
        "SELECT max(finalised_at) AS at FROM sales WHERE branch_id = :branch", branch=sale.branch_id
    ).at
    later = moment(last) + timedelta(seconds=25) - moment(sale.finalised_at)
    copy_sale(scene, sale.id, later)
    return f"{sale.number} again, {later} later"


def _new_colleague(scene: Scene, random: Random) -> str:
    branch = random.choice(_OPEN)
    like = at_work(scene, random, "sales", branch)
    new = scene.tables.copy(
        "users", like, username="mara.lindqvist", full_name="Mara Lindqvist", created_at=scene.ago(hours=30)
    )
    shift = scene.tables.one(
        "SELECT id FROM shifts WHERE user_id = :id AND starts_at >= :midnight", id=like, midnight=scene.midnight
    )
    scene.tables.copy("shifts", shift.id, user_id=new)
    at = scene.ago(hours=1)
    scene.tables.add(
        "login_attempts",
        username="mara.lindqvist",
        user_id=new,
        succeeded=True,
        reason="",
        channel="web",
        address=f"10.20.{branch}.14",
        at=at,
    )
    acted(scene, new, branch, "login", "session", None, at)
    for turn in (1, 2):
        _newest(scene, random, branch, _late_sale(scene, random, branch), turn, created_by=new)
    return f"user {new} in branch {branch}"


def _dearer(scene: Scene, random: Random) -> str:
    """The supplier raised prices, and so did the shop."""
    scene.tables.change(
        "products", "unit_price = round(unit_price * 1.12, 2)", "kind = 'retail' AND sku NOT LIKE 'TRN%'"
    )
    return "all prices by 12 %"


def _mistyped(scene: Scene, random: Random) -> str:
    user = scene.tables.one("SELECT * FROM users WHERE id = :id", id=random.choice((5, 21, 29)))
    for seconds in (40, 20):
        scene.tables.add(
            "login_attempts", username=user.username, user_id=user.id, succeeded=False, reason="wrong_password",
            channel="web", address="10.20.1.13", at=scene.ago(hours=3, seconds=seconds),
        )  # fmt: skip
    return str(user.username)


def _manager_refunds(scene: Scene, random: Random) -> str:
    """A return of last week, by the manager and for a reason."""
    sale = an_old_sale(scene, random, 6)
    person = choose(
        scene,
        random,
        "SELECT id FROM users WHERE role = 'manager' AND branch_id = :branch AND username NOT LIKE 'check.%'",
        branch=sale.branch_id,
    ).id
    at = scene.ago(minutes=50)
    for one in scene.tables.rows("SELECT * FROM ledger_postings WHERE sale_id = :id ORDER BY id", id=sale.id):
        payment = None
        if one.payment_id is not None:
            paid = scene.tables.one("SELECT * FROM payments WHERE id = :id", id=one.payment_id)
            payment = scene.tables.copy("payments", paid.id, amount=-float(paid.amount), paid_at=at, received_by=person)
        posting = scene.tables.copy(
            "ledger_postings", one.id, payment_id=payment, posted_at=at, description=f"Void {sale.number}"
        )
        for entry in scene.tables.rows("SELECT * FROM ledger_entries WHERE posting_id = :id", id=one.id):
            scene.tables.copy("ledger_entries", entry.id, posting_id=posting, debit=entry.credit, credit=entry.debit)
    scene.tables.change(
        "sales",
        "state = 'void', voided_at = :at, voided_by = :by, void_reason = 'Returned: too small', updated_at = :at",
        "id = :id", id=sale.id, at=at, by=person,
    )  # fmt: skip
    acted(scene, person, sale.branch_id, "sale.void", "sale", sale.id, at)
    return f"{sale.number} of {str(sale.created_at)[:10]}"


def _wish(scene: Scene, random: Random) -> str:
    user = at_work(scene, random, "sales", random.choice(_OPEN))
    report(
        scene,
        user,
        "Customers of the other shop",
        "It would be nice to know whether the other shop has it in stock.",
        timedelta(minutes=70),
        category="wish",
    )
    return f"user {user}"


def _quiet_hour(scene: Scene, random: Random) -> str:
    """Rain: the last sale of the smallest branch is forty minutes ago."""
    from faultlab.blind.writing import remove_sales

    gone = [one.id for one in sales_between(scene, 4, scene.ago(minutes=40), scene.ago(hours=-1))]
    remove_sales(scene, gone)
    return f"branch 4, {len(gone)} sales fewer"


SHAPES = tuple(
    Shape(id=id_, kind=Kind.HEALTHY, happens=happens, put_in=put_in, day=day)
    for id_, happens, put_in, day in (
        ("campaign", "A fifth off one category, in all branches.", _campaign(20), 9),
        ("half-price-week", "A third off one category, in all branches.", _campaign(33), 5),
        ("manager-helps-out", "A manager helps out in another branch, by the rota.", _helping_out("manager"), 9),
        ("colleague-helps-out", "A salesperson helps out in another branch, by the rota.", _helping_out("sales"), 9),
        ("wedding-party", "A customer buys six times in a day.", _big_customer, 9),
        ("rush-hour", "Twelve customers within minutes.", _rush, 9),
        ("stock-taking", "A manager stays for stock-taking, by the rota.", _stock_taking, 9),
        ("waits-for-lace", "An order waits for material, and is not due for weeks.", _waits_for_material, 9),
        ("dear-gown", "A gown dearer than any before.", _dear, 9),
        ("namesakes", "Two customers have the same name.", _same_name, 9),
        ("buys-again", "A customer comes back for the same.", _buys_again, 9),
        ("new-colleague", "A new colleague makes her first sales.", _new_colleague, 9),
        ("prices-rise", "All usual prices rise by an eighth.", _dearer, 9),
        ("mistyped-twice", "A password is mistyped twice.", _mistyped, 2),
        ("manager-refunds", "A manager takes back what was bought last week.", _manager_refunds, 9),
        ("a-wish", "Somebody wishes to see another shop's stock.", _wish, 9),
        ("rain", "The smallest branch sells nothing for forty minutes.", _quiet_hour, 9),
    )
)
