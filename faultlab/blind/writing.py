"""Records as the application would have written them: whole, in every table that tells of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from sqlalchemy import Row

from faultlab.problem import LabProblem
from faultlab.scene import Scene

CENT = Decimal("0.01")
REAL = "branch_id IN (SELECT id FROM branches WHERE NOT training)"
BRANCHES = (1, 2, 3, 4)
_OF_A_SALE = ("production_orders", "payments", "sale_lines")


def choose(scene: Scene, random: Random, query: str, /, **values: Any) -> Row[Any]:
    """One of the rows that a query finds. Raises LabProblem where it finds none."""
    found = scene.tables.rows(query, **values)
    if not found:
        raise LabProblem("the system holds no record of the kind that this shape needs")
    return random.choice(found)


def moment(value: Any) -> datetime:
    """An instant as the database keeps it, aware."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def local(scene: Scene, clock: time, *, days: int = 0) -> datetime:
    """When the business's clocks show this, so many days from today."""
    calendar = scene.config.business.calendar
    return calendar.at(calendar.date_of(scene.now) + timedelta(days=days), clock)


def day_of(scene: Scene, *, days: int = 0) -> date:
    return scene.config.business.calendar.date_of(scene.now) + timedelta(days=days)


def todays_sale(scene: Scene, random: Random, more: str = "1 = 1", *, kind: str = "retail") -> Row[Any]:
    """A final sale of today that was paid at once, two hours ago or earlier where the day is that old."""
    return choose(
        scene,
        random,
        f"SELECT * FROM sales s WHERE {REAL} AND state = 'final' AND kind = :kind AND created_at >= :midnight"
        f" AND (SELECT count(*) FROM payments WHERE sale_id = s.id) = 1 AND ({more})",
        kind=kind,
        midnight=scene.midnight,
    )


def sales_between(scene: Scene, branch: int, start: Any, end: Any) -> Sequence[Row[Any]]:
    return scene.tables.rows(
        "SELECT * FROM sales WHERE branch_id = :branch AND created_at >= :start AND created_at < :end ORDER BY id",
        branch=branch, start=start, end=end,
    )  # fmt: skip


def leave_draft(scene: Scene, random: Random, branch: int, at: Any) -> int:
    """A draft of the branch that somebody began and left; its id."""
    like = choose(
        scene, random, "SELECT * FROM sales WHERE branch_id = :branch AND kind = 'retail' AND state = 'final'"
        " AND created_at >= :midnight", branch=branch, midnight=scene.midnight,
    )  # fmt: skip
    customer = choose(scene, random, "SELECT id FROM customers WHERE branch_id = :branch", branch=branch).id
    new = scene.tables.copy(
        "sales", like.id, number=None, client_reference=None, customer_id=customer, state="draft", created_at=at,
        updated_at=at, finalised_at=None, finalised_by=None,
    )  # fmt: skip
    for line in scene.tables.rows("SELECT id FROM sale_lines WHERE sale_id = :id", id=like.id):
        scene.tables.copy("sale_lines", line.id, sale_id=new)
    acted(scene, like.created_by, branch, "sale.create", "sale", new, at)
    return new


def next_number(scene: Scene, branch: int) -> str:
    latest = scene.tables.one(
        "SELECT number FROM sales WHERE branch_id = :branch AND number IS NOT NULL AND number LIKE '___-%'"
        " ORDER BY number DESC LIMIT 1",
        branch=branch,
    ).number
    head, _, digits = str(latest).rpartition("-")
    return f"{head}-{int(digits) + 1:0{len(digits)}d}"


def copy_sale(scene: Scene, sale: int, later: timedelta, **different: Any) -> int:
    """The same sale again, so much later, with its lines, payments, postings, activities and receipt; its id.

    `different` are columns of the sale; a new branch or person goes into all that tells of it.
    """
    tables = scene.tables
    old = tables.one("SELECT * FROM sales WHERE id = :id", id=sale)
    shifted = {name: scene.moved(getattr(old, name), later) for name in ("created_at", "updated_at", "finalised_at")}
    branch, by = different.get("branch_id", old.branch_id), different.get("created_by", old.created_by)
    whole = {"number": next_number(scene, branch), "client_reference": None, "finalised_by": by, **shifted, **different}
    new = tables.copy("sales", sale, **whole)
    for line in tables.rows("SELECT id FROM sale_lines WHERE sale_id = :id", id=sale):
        tables.copy("sale_lines", line.id, sale_id=new)
    paid = {}
    for one in tables.rows("SELECT id, paid_at FROM payments WHERE sale_id = :id", id=sale):
        at = scene.moved(one.paid_at, later)
        paid[one.id] = tables.copy("payments", one.id, sale_id=new, paid_at=at, received_by=by)
    for one in tables.rows("SELECT * FROM ledger_postings WHERE sale_id = :id", id=sale):
        posting = tables.copy(
            "ledger_postings", one.id, sale_id=new, payment_id=paid.get(one.payment_id), branch_id=branch,
            posted_at=scene.moved(one.posted_at, later),
            description=str(one.description).replace(old.number, whole["number"]),
        )  # fmt: skip
        for entry in tables.rows("SELECT id FROM ledger_entries WHERE posting_id = :id", id=one.id):
            tables.copy("ledger_entries", entry.id, posting_id=posting)
    for one in tables.rows("SELECT id, at FROM activity_log WHERE entity = 'sale' AND entity_id = :id", id=sale):
        at = scene.moved(one.at, later)
        tables.copy("activity_log", one.id, user_id=by, branch_id=branch, entity_id=new, at=at)
    _receipt(scene, new, whole)
    return new


def _receipt(scene: Scene, sale: int, whole: dict[str, Any]) -> None:
    payload = json.dumps({"sale_id": sale, "number": whole["number"]})
    at = whole["finalised_at"]
    scene.tables.add(
        "jobs", kind="receipt", state="done", payload=payload, due_at=at, queued_at=at,
        started_at=scene.moved(at, timedelta(seconds=9)), finished_at=scene.moved(at, timedelta(seconds=10)),
        attempts=1, error="",
    )  # fmt: skip


def settle(scene: Scene, sale: int) -> Decimal:
    """Let total, the only payment, the postings and an order's budget follow from the lines of a sale; its total."""
    tables = scene.tables
    for line in tables.rows("SELECT * FROM sale_lines WHERE sale_id = :id", id=sale):
        gross = Decimal(str(line.quantity)) * Decimal(str(line.unit_price))
        net = gross * (100 - Decimal(str(line.discount_percent))) / 100
        tables.change("sale_lines", "amount = :amount", "id = :id", id=line.id, amount=money(net))
    amounts = tables.rows("SELECT amount FROM sale_lines WHERE sale_id = :id", id=sale)
    total = sum((Decimal(str(one.amount)) for one in amounts), Decimal(0)).quantize(CENT, ROUND_HALF_UP)
    tables.change("sales", "total = :total", "id = :id", id=sale, total=float(total))
    tables.change("payments", "amount = :total", "sale_id = :id", id=sale, total=float(total))
    here = "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)"
    for side in ("debit", "credit"):
        tables.change("ledger_entries", f"{side} = :total", f"{here} AND {side} <> 0", id=sale, total=float(total))
    if tables.rows("SELECT id FROM production_orders WHERE sale_id = :id", id=sale):
        tables.change("production_orders", "budget = :budget", "sale_id = :id", id=sale, budget=money(total * 6 / 10))
    return total


def money(amount: Decimal | float) -> float:
    return float(Decimal(str(amount)).quantize(CENT, ROUND_HALF_UP))


def remove_sales(scene: Scene, which: Sequence[int]) -> None:
    """As if they had never been entered."""
    tables = scene.tables
    for sale in which:
        orders = [one.id for one in tables.rows("SELECT id FROM production_orders WHERE sale_id = :id", id=sale)]
        for order in orders:
            for table in ("costs", "production_steps"):
                _remove(scene, table, "order_id = :id", id=order)
            _remove(scene, "activity_log", "entity = 'production_order' AND entity_id = :id", id=order)
        _remove(scene, "ledger_entries", "posting_id IN (SELECT id FROM ledger_postings WHERE sale_id = :id)", id=sale)
        for table in ("ledger_postings", *_OF_A_SALE):
            _remove(scene, table, "sale_id = :id", id=sale)
        _remove(scene, "activity_log", "entity = 'sale' AND entity_id = :id", id=sale)
        _remove(scene, "jobs", "kind = 'receipt' AND json_extract(payload, '$.sale_id') = :id", id=sale)
        _remove(scene, "sales", "id = :id", id=sale)


def _remove(scene: Scene, table: str, where: str, **values: Any) -> None:
    if scene.tables.rows(f"SELECT 1 FROM {table} WHERE {where} LIMIT 1", **values):
        scene.tables.delete(table, where, **values)


def report(scene: Scene, user: int, title: str, text: str, ago: timedelta, **different: Any) -> int:
    """An issue as somebody reports it; its id."""
    at = scene.now - ago
    branch = scene.tables.one("SELECT branch_id FROM users WHERE id = :id", id=user).branch_id
    values: dict[str, Any] = {
        "branch_id": branch, "reported_by": user, "title": title, "text": text, "category": "question",
        "severity": "low", "state": "acknowledged", "reported_at": scene.instant(at),
        "respond_by": scene.instant(at + timedelta(days=1)), "resolve_by": scene.instant(at + timedelta(days=7)),
        "responded_at": scene.instant(at + timedelta(minutes=6)), "responded_by": 2, "resolved_at": None,
        "resolution": "",
    }  # fmt: skip
    number = scene.tables.add("issue_reports", **{**values, **different})
    acted(scene, user, branch, "issue.report", "issue", number, scene.instant(at))
    return number


def acted(scene: Scene, user: int, branch: int | None, action: str, entity: str, number: int | None, at: Any) -> None:
    scene.tables.add(
        "activity_log", user_id=user, branch_id=branch, action=action, entity=entity, entity_id=number,
        channel="web", trace_id="", at=at,
    )  # fmt: skip


def at_work(scene: Scene, random: Random, role: str, branch: int) -> int:
    """The id of somebody of this role and branch who has a shift there today."""
    return int(
        choose(
            scene, random,
            "SELECT u.id FROM users u JOIN shifts s ON s.user_id = u.id WHERE u.role = :role AND u.branch_id = :branch"
            " AND u.username NOT LIKE 'check.%' AND s.starts_at >= :midnight AND s.starts_at < :next",
            role=role, branch=branch, midnight=scene.midnight, next=scene.moved(scene.midnight, timedelta(days=1)),
        ).id
    )  # fmt: skip
