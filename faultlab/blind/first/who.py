"""The record is in order, but for who made it."""

from __future__ import annotations

from datetime import time, timedelta
from random import Random
from typing import Any

from faultlab.blind.shape import ASKED, Kind, Put, Shape
from faultlab.blind.writing import (
    BRANCHES,
    REAL,
    acted,
    at_work,
    choose,
    copy_sale,
    local,
    moment,
    settle,
    todays_sale,
)
from faultlab.scene import Scene


def _switched_off(scene: Scene, random: Random) -> str:
    """Her account was switched off, and she goes on selling."""
    branch = random.choice((1, 3, 4))
    person = at_work(scene, random, "sales", branch)
    scene.tables.change("users", "active = 0", "id = :id", id=person)
    return f"user {person}"


def _at_night(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random)
    at = local(scene, time(random.choice((2, 3, 4)), random.randrange(60)))
    new = copy_sale(scene, sale.id, at - moment(sale.created_at))
    return f"sale {new} at {at:%H:%M}"


def _of_another_branch(scene: Scene, random: Random) -> str:
    here, there = random.sample((1, 3, 4), 2)
    person = at_work(scene, random, "sales", there)
    sale = todays_sale(scene, random, f"branch_id = {here}")
    new = copy_sale(scene, sale.id, timedelta(minutes=4), created_by=person)
    return f"user {person} of branch {there} sold {new} in branch {here}"


def _of_another_role(role: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        sale = todays_sale(scene, random)
        person = at_work(scene, random, role, sale.branch_id)
        new = copy_sale(scene, sale.id, timedelta(minutes=4), created_by=person)
        return f"user {person} ({role}) sold {new}"

    return put_in


def _voids_a_colleagues(scene: Scene, random: Random) -> str:
    """A salesperson may void only her own sales, and only on their day."""
    sale = choose(
        scene, random,
        f"SELECT * FROM sales WHERE {REAL} AND state = 'final' AND kind = 'retail' AND created_at < :midnight"
        " AND branch_id <> 2 AND created_at >= :early",
        midnight=scene.midnight, early=scene.moved(scene.midnight, timedelta(days=-3)),
    )  # fmt: skip
    person = at_work(scene, random, "sales", sale.branch_id)
    at = scene.ago(minutes=random.randrange(30, 90))
    for one in scene.tables.rows("SELECT * FROM ledger_postings WHERE sale_id = :id", id=sale.id):
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
        "sales", "state = 'void', voided_at = :at, voided_by = :by, void_reason = 'returned', updated_at = :at",
        "id = :id", id=sale.id, at=at, by=person,
    )  # fmt: skip
    acted(scene, person, sale.branch_id, "sale.void", "sale", sale.id, at)
    return f"{sale.number} of {str(sale.created_at)[:10]} by user {person}"


def _on_a_day_off(scene: Scene, random: Random) -> str:
    """Somebody without a shift today has sold all day."""
    sale = todays_sale(scene, random, "branch_id IN (1, 3)")
    person = choose(
        scene, random,
        "SELECT id FROM users WHERE role = 'sales' AND branch_id = :branch AND username NOT LIKE 'check.%'"
        " AND id NOT IN (SELECT user_id FROM shifts WHERE starts_at >= :midnight AND starts_at < :next)",
        branch=sale.branch_id, midnight=scene.midnight, next=scene.moved(scene.midnight, timedelta(days=1)),
    ).id  # fmt: skip
    for turn in range(1, 7):
        copy_sale(scene, sale.id, timedelta(minutes=9 * turn - 60), created_by=person)
    return f"user {person}, six sales in branch {sale.branch_id}"


def _unknown_user(scene: Scene, random: Random) -> str:
    person = random.randrange(5000, 9000)
    for minutes in (50, 48, 41):
        acted(scene, person, random.choice(BRANCHES), "sale.view", "sale", None, scene.ago(minutes=minutes))
    return f"user {person}, whom nobody knows"


def _received_elsewhere(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random, "branch_id IN (1, 3)")
    person = at_work(scene, random, "sales", 4)
    scene.tables.change("payments", "received_by = :by", "sale_id = :id", id=sale.id, by=person)
    return f"{sale.number}: received by user {person} of branch 4"


def _step_by_sales(scene: Scene, random: Random) -> str:
    step = choose(
        scene, random,
        "SELECT p.*, o.branch_id FROM production_steps p JOIN production_orders o ON o.id = p.order_id"
        f" WHERE {REAL} AND p.state = 'done' AND finished_at >= :midnight", midnight=scene.midnight,
    )  # fmt: skip
    person = at_work(scene, random, "sales", step.branch_id)
    scene.tables.change("production_steps", "updated_by = :by", "id = :id", id=step.id, by=person)
    return f"{step.name} of order {step.order_id} by user {person} (sales)"


def _owner_at_night(scene: Scene, random: Random) -> str:
    at = local(scene, time(2, random.randrange(60)))
    _login(scene, 1, "rosalind.wood", scene.instant(at))
    acted(scene, 1, None, "login", "session", None, scene.instant(at))
    acted(scene, 1, None, "report.view", "report", None, scene.instant(at + timedelta(minutes=4)))
    return f"at {at:%H:%M}"


def _login(scene: Scene, user: int, name: str, at: Any) -> None:
    scene.tables.add(
        "login_attempts",
        username=name,
        user_id=user,
        succeeded=True,
        reason="",
        channel="web",
        address="10.20.1.11",
        at=at,
    )


def _promoted(scene: Scene, random: Random) -> str:
    """Nobody agreed that she may do everything."""
    person = at_work(scene, random, "sales", random.choice((1, 3, 4)))
    scene.tables.change("users", "role = 'administrator'", "id = :id", id=person)
    return f"user {person}"


def _in_two_places(scene: Scene, random: Random) -> str:
    """One name sells in two shops within the same minutes."""
    here, there = random.sample((1, 3, 4), 2)
    sale = todays_sale(scene, random, f"branch_id = {here}")
    other = todays_sale(scene, random, f"branch_id = {there}")
    for turn in (1, 2, 3):
        at = moment(sale.created_at) + timedelta(minutes=2 * turn)
        copy_sale(scene, other.id, at - moment(other.created_at), created_by=sale.created_by)
    return f"user {sale.created_by} in branches {here} and {there}"


def _costs_by_sales(scene: Scene, random: Random) -> str:
    cost = choose(
        scene, random, "SELECT c.id, o.branch_id FROM costs c JOIN production_orders o ON o.id = c.order_id"
        f" WHERE {REAL} AND entered_at >= :midnight", midnight=scene.midnight,
    )  # fmt: skip
    person = at_work(scene, random, "sales", cost.branch_id)
    scene.tables.change("costs", "entered_by = :by", "id = :id", id=cost.id, by=person)
    return f"cost {cost.id} by user {person}"


def _own_pocket(scene: Scene, random: Random) -> str:
    """One person gives all her customers 20 %, which nobody else does."""
    person = todays_sale(scene, random, "branch_id IN (1, 3, 4)").created_by
    sales = scene.tables.rows(
        "SELECT id FROM sales s WHERE created_by = :by AND created_at >= :midnight AND state = 'final' AND"
        " kind = 'retail' AND (SELECT count(*) FROM payments WHERE sale_id = s.id) = 1", by=person,
        midnight=scene.midnight,
    )  # fmt: skip
    for sale in sales:
        scene.tables.change("sale_lines", "discount_percent = 20", "sale_id = :id", id=sale.id)
        settle(scene, sale.id)
    return f"user {person}, {len(sales)} sales"


SHAPES = tuple(
    Shape(
        id=id_,
        kind=Kind.WHO,
        happens=happens,
        put_in=put_in,
        expected=expected,
        day=day,
        seen_before=id_ == "switched-off-sells",
    )
    for id_, happens, put_in, expected, day in (
        ("switched-off-sells", "An account that is switched off sells all day.", _switched_off, ("L3",), 9),
        ("sale-at-night", "A sale was made in the middle of the night.", _at_night, ("L3",), 9),
        (
            "sold-by-another-branch",
            "Somebody of another branch, at work there, sold here.",
            _of_another_branch,
            ("L2", "L3"),
            9,
        ),
        (
            "sold-by-the-workshop",
            "A tailor's account made a sale, which it may not.",
            _of_another_role("production"),
            ("L2", "L3", ASKED),
            9,
        ),
        (
            "void-of-a-colleagues-sale",
            "A salesperson voided a colleague's sale of an earlier day, which she may not.",
            _voids_a_colleagues,
            ("L1", "L2", "L3", ASKED),
            9,
        ),
        ("sold-on-a-day-off", "Somebody who has the day off sold six times.", _on_a_day_off, ("L1", "L2", "L3"), 9),
        ("unknown-user", "An unknown user looks at sales.", _unknown_user, ("L2", "L3"), 5),
        (
            "received-in-another-branch",
            "A payment was received by somebody who works elsewhere.",
            _received_elsewhere,
            ("L2", "L3"),
            9,
        ),
        (
            "step-by-sales",
            "A salesperson reported a step of the workshop.",
            _step_by_sales,
            ("L1", "L2", "L3", ASKED),
            9,
        ),
        ("owner-at-night", "The owner's account is used at two at night.", _owner_at_night, ("L3",), 9),
        ("rights-of-an-administrator", "A salesperson has become an administrator.", _promoted, ("L2", "L3", ASKED), 9),
        ("one-name-in-two-shops", "One name sells in two shops at once.", _in_two_places, ("L2", "L3"), 9),
        (
            "cost-by-sales",
            "A salesperson entered a cost of the workshop.",
            _costs_by_sales,
            ("L1", "L2", "L3", ASKED),
            9,
        ),
        ("one-person-discounts-all", "One person gives everybody 20 %.", _own_pocket, ("L1", "L2", ASKED), 9),
    )
)
