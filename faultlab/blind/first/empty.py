"""Something that should be there is not, and nothing refuses that."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from faultlab.blind.shape import ASKED, Kind, Put, Shape
from faultlab.blind.writing import REAL, choose, copy_sale, todays_sale
from faultlab.scene import Scene


def _empty_sale(scene: Scene, random: Random) -> str:
    """Final, of nothing: no line, no payment, no posting."""
    sale = todays_sale(scene, random)
    new = copy_sale(scene, sale.id, timedelta(minutes=5), total=0)
    scene.tables.delete("ledger_entries", "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)", id=new)
    for table in ("ledger_postings", "payments", "sale_lines"):
        scene.tables.delete(table, "sale_id = :id", id=new)
    return f"sale {new}"


def _zero_line(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random, "(SELECT count(*) FROM sale_lines WHERE sale_id = s.id) = 1")
    new = copy_sale(scene, sale.id, timedelta(minutes=5), total=0)
    scene.tables.change("sale_lines", "unit_price = 0, amount = 0", "sale_id = :id", id=new)
    scene.tables.delete("ledger_entries", "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)", id=new)
    for table in ("ledger_postings", "payments"):
        scene.tables.delete(table, "sale_id = :id", id=new)
    return f"sale {new}"


def _without_step(where: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        order = choose(
            scene, random,
            f"SELECT o.* FROM production_orders o WHERE {REAL} AND state IN ('open', 'in_progress') AND EXISTS"
            f" (SELECT 1 FROM production_steps WHERE order_id = o.id AND state = 'waiting' AND {where})",
        )  # fmt: skip
        scene.tables.delete("production_steps", f"order_id = :id AND {where}", id=order.id)
        _progress(scene, order.id)
        return str(order.number)

    return put_in


def _progress(scene: Scene, order: int) -> None:
    found = scene.tables.one(
        "SELECT count(*) AS n, sum(state = 'done') AS done FROM production_steps WHERE order_id = :id", id=order
    )
    percent = int(100 * (found.done or 0) / found.n + 0.5) if found.n else 0
    scene.tables.change("production_orders", "progress_percent = :percent", "id = :id", id=order, percent=percent)


def _no_step_at_all(scene: Scene, random: Random) -> str:
    order = choose(scene, random, f"SELECT * FROM production_orders WHERE {REAL} AND state = 'in_progress'")
    scene.tables.delete("production_steps", "order_id = :id", id=order.id)
    scene.tables.change("production_orders", "progress_percent = 0", "id = :id", id=order.id)
    return str(order.number)


def _done_for_nothing(scene: Scene, random: Random) -> str:
    order = choose(
        scene, random, f"SELECT * FROM production_orders WHERE {REAL} AND state = 'done' AND completed_at >= :since",
        since=scene.moved(scene.midnight, timedelta(days=-1)),
    )  # fmt: skip
    scene.tables.delete("costs", "order_id = :id", id=order.id)
    return f"{order.number} cost nothing"


def _blank(table: str, to: str, query: str) -> Put:
    def put_in(scene: Scene, random: Random) -> str:
        row = choose(scene, random, query, midnight=scene.midnight)
        scene.tables.change(table, to, "id = :id", id=row.id)
        return f"{table} {row.id}"

    return put_in


def _unpaid(scene: Scene, random: Random) -> str:
    sale = todays_sale(scene, random)
    scene.tables.delete(
        "ledger_entries",
        "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id AND payment_id IS NOT NULL)", id=sale.id,
    )  # fmt: skip
    scene.tables.delete("ledger_postings", "sale_id = :id AND payment_id IS NOT NULL", id=sale.id)
    scene.tables.delete("payments", "sale_id = :id", id=sale.id)
    return f"{sale.number}, {sale.total}"


_CUSTOMER = f"SELECT id FROM customers WHERE {REAL} AND created_at >= :midnight"
_VOID = f"SELECT id FROM sales WHERE {REAL} AND state = 'void'"
_DONE_STEP = (
    f"SELECT p.id FROM production_steps p JOIN production_orders o ON o.id = p.order_id WHERE {REAL}"
    " AND p.state = 'done' AND p.finished_at >= :midnight"
)
_SOLVED = f"SELECT id FROM issue_reports WHERE {REAL} AND state = 'resolved'"
_ORDER = f"SELECT id FROM production_orders WHERE {REAL} AND state = 'in_progress'"
_COUNTED = "SELECT id FROM day_sheets WHERE handed_in_at < :midnight"
SHAPES = tuple(
    Shape(id=id_, kind=Kind.EMPTY, happens=happens, put_in=put_in, expected=expected, day=day)
    for id_, happens, put_in, expected, day in (
        ("final-sale-of-nothing", "A final sale has neither line nor payment.", _empty_sale, ("L2", "L3"), 9),
        ("final-sale-of-a-free-line", "A final sale has one line, at nothing.", _zero_line, ("L1", "L2", "L3"), 9),
        (
            "order-without-quality",
            "An order lacks the step of quality.",
            _without_step("name = 'quality'"),
            ("L1", "L2", ASKED),
            9,
        ),
        (
            "order-without-its-last-steps",
            "An order ends before it is finished and delivered.",
            _without_step("name IN ('finish', 'quality', 'deliver')"),
            ("L1", "L2", ASKED),
            5,
        ),
        ("order-without-steps", "An order in work has no step.", _no_step_at_all, ("L2",), 9),
        ("done-order-without-cost", "An order that is done cost nothing.", _done_for_nothing, ("L2",), 9),
        (
            "customer-without-name",
            "A new customer's name is a blank.",
            _blank("customers", "name = ' '", _CUSTOMER),
            ("L1", "L2", ASKED),
            9,
        ),
        (
            "void-without-reason",
            "A sale was voided without a reason.",
            _blank("sales", "void_reason = ''", _VOID),
            ("L1", "L2", ASKED),
            9,
        ),
        (
            "step-done-by-nobody",
            "A step is done by nobody.",
            _blank("production_steps", "updated_by = NULL, assigned_to = NULL", _DONE_STEP),
            ("L1", "L2", ASKED),
            9,
        ),
        (
            "solved-without-a-word",
            "An issue is solved without a word on how.",
            _blank("issue_reports", "resolution = ''", _SOLVED),
            ("L1", ASKED),
            9,
        ),
        (
            "order-for-nothing",
            "An order says not what is to be made.",
            _blank("production_orders", "garment = ''", _ORDER),
            ("L1", "L2", ASKED),
            9,
        ),
        (
            "sheet-of-zero",
            "A day sheet counts nothing on a busy day.",
            _blank("day_sheets", "sales_counted = 0, amount_counted = 0", _COUNTED),
            ("L1", "L2", "L3"),
            5,
        ),
        ("unpaid-sale", "A final sale has no payment.", _unpaid, ("L2", "L3"), 2),
    )
)
