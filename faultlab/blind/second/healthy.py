"""The second set's healthy days: nobody may stir."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from faultlab.blind.first.healthy import _late_sale as late_sale
from faultlab.blind.first.healthy import _newest as newest
from faultlab.blind.shape import Kind, Put, Shape
from faultlab.blind.writing import REAL, at_work, choose, moment, report, settle, todays_sale
from faultlab.scene import Scene

_OPEN = (1, 3, 4)
_ONE_LINE = "(SELECT count(*) FROM sale_lines WHERE sale_id = s.id) = 1"


def _product_for_less(scene: Scene, random: Random) -> str:
    product = choose(
        scene, random, "SELECT product_id AS id FROM sale_lines GROUP BY product_id HAVING count(*) > 25"
    ).id
    sales = scene.tables.rows(
        f"SELECT DISTINCT s.id FROM sales s JOIN sale_lines l ON l.sale_id = s.id WHERE {REAL} AND l.product_id = :id"
        " AND s.created_at >= :midnight AND s.state = 'final' AND (SELECT count(*) FROM payments WHERE sale_id"
        " = s.id) = 1",
        id=product, midnight=scene.midnight,
    )  # fmt: skip
    for sale in sales:
        scene.tables.change(
            "sale_lines",
            "discount_percent = 15",
            "sale_id = :id AND product_id = :product",
            id=sale.id,
            product=product,
        )
        settle(scene, sale.id)
    return f"product {product}, {len(sales)} sales"


def _two_swap(scene: Scene, random: Random) -> str:
    one, other = random.sample(_OPEN, 2)
    people = (at_work(scene, random, "sales", one), at_work(scene, random, "sales", other))
    for person, branch in zip(people, (other, one), strict=True):
        scene.tables.change(
            "shifts", "branch_id = :branch", "user_id = :id AND starts_at >= :midnight AND starts_at < :next",
            branch=branch, id=person, midnight=scene.midnight, next=scene.moved(scene.midnight, timedelta(days=1)),
        )  # fmt: skip
        for turn in (1, 2):
            newest(scene, random, branch, late_sale(scene, random, branch), turn, created_by=person)
    return f"users {people[0]} and {people[1]}"


def _club_buys(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random, f"{_ONE_LINE} AND total < 40")
    scene.tables.change("sale_lines", "quantity = 25, discount_percent = 0", "sale_id = :id", id=sale.id)
    return f"{sale.number}: {settle(scene, sale.id)}"


def _order(to: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        order = choose(scene, random, f"SELECT * FROM production_orders WHERE {REAL} AND state = 'in_progress'")
        scene.tables.change("production_orders", to, "id = :id", id=order.id)
        return str(order.number)

    return put_in


def _receipts_a_little_late(scene: Scene, random: Random) -> str:
    jobs = scene.tables.rows(
        "SELECT * FROM jobs WHERE kind = 'receipt' AND queued_at < :until ORDER BY id DESC LIMIT 15",
        until=scene.ago(hours=1),
    )
    for job in jobs:
        scene.tables.change(
            "jobs", "started_at = :start, finished_at = :end", "id = :id", id=job.id,
            start=scene.moved(job.started_at, timedelta(minutes=6)),
            end=scene.moved(job.finished_at, timedelta(minutes=6)),
        )  # fmt: skip
    return f"{len(jobs)} receipts"


def _everybody_asks(scene: Scene, random: Random) -> str:
    said = ("How do I print twice?", "Where is the list of today?", "Can I change a name?", "What does blue mean?")
    for place, title in enumerate(said):
        report(
            scene,
            at_work(scene, random, "sales", _OPEN[place % 3]),
            title,
            "The total is right, I only wonder.",
            timedelta(minutes=200 - 40 * place),
        )
    return f"{len(said)} people"


def _three_slips(scene: Scene, random: Random) -> str:
    costs = scene.tables.rows(
        "SELECT c.* FROM costs c JOIN production_orders o ON o.id = c.order_id WHERE o.branch_id = 1 AND"
        " entered_at >= :midnight"
        " ORDER BY c.id DESC LIMIT 3", midnight=scene.midnight,
    )  # fmt: skip
    for place, cost in enumerate(costs):
        at = scene.moved(costs[0].entered_at, timedelta(seconds=9 * place - 30))
        scene.tables.change(
            "costs", "entered_at = :at, entered_by = :by", "id = :id", id=cost.id, at=at, by=costs[0].entered_by
        )
    return f"{len(costs)} slips within a minute"


def _regulars(scene: Scene, random: Random) -> str:
    """A seller had three regular customers, who always get a tenth off."""
    person = todays_sale(scene, random, "branch_id = 3").created_by
    sales = scene.tables.rows(
        "SELECT id FROM sales s WHERE created_by = :by AND created_at >= :midnight AND state = 'final' AND kind"
        " = 'retail'"
        " AND (SELECT count(*) FROM payments WHERE sale_id = s.id) = 1 LIMIT 3", by=person, midnight=scene.midnight,
    )  # fmt: skip
    for sale in sales:
        scene.tables.change("sale_lines", "discount_percent = 10", "sale_id = :id", id=sale.id)
        settle(scene, sale.id)
    return f"user {person}, {len(sales)} sales"


def _holiday_cover(scene: Scene, random: Random) -> str:
    """A step is given to a colleague of the same workshop."""
    step = choose(
        scene, random, "SELECT p.*, o.branch_id FROM production_steps p JOIN production_orders o ON o.id = p.order_id"
        f" WHERE {REAL} AND p.state = 'waiting' AND p.assigned_to IS NULL",
    )  # fmt: skip
    scene.tables.change(
        "production_steps",
        "assigned_to = :to_whom",
        "id = :id",
        id=step.id,
        to_whom=at_work(scene, random, "production", step.branch_id),
    )
    return f"{step.name} of order {step.order_id}"


def _late_customer(scene: Scene, random: Random) -> str:
    """Nobody came for half an hour, and then two at once."""
    branch = random.choice(_OPEN)
    for turn in (1, 2):
        newest(scene, random, branch, late_sale(scene, random, branch), turn)
    last = scene.tables.one("SELECT max(finalised_at) AS at FROM sales WHERE branch_id = :branch", branch=branch).at
    return f"branch {branch}, the last at {moment(last):%H:%M} UTC"


SHAPES = tuple(
    Shape(id=id_, kind=Kind.HEALTHY, happens=happens, put_in=put_in)
    for id_, happens, put_in in (
        ("product-for-less", "A product is to be had for 15 % less in all branches.", _product_for_less),
        ("two-swap", "Two salespeople swap their branches for a day, by the rota.", _two_swap),
        ("club-buys", "A club buys twenty-five of a kind.", _club_buys),
        ("due-in-eight-weeks", "A wedding in eight weeks.", _order("due_on = date(due_on, '+35 days')")),
        ("generous-budget", "An order may cost what it brings.", _order("budget = round(budget * 1.6, 2)")),
        ("receipts-a-little-late", "Receipts came six minutes late.", _receipts_a_little_late),
        ("everybody-asks", "Several people ask something.", _everybody_asks),
        ("three-slips", "Three slips were entered one after the other.", _three_slips),
        ("regulars", "Regular customers get a tenth off.", _regulars),
        ("colleague-takes-over", "A step is given to a colleague.", _holiday_cover),
        ("two-at-once", "Two customers came at once, late.", _late_customer),
    )
)
