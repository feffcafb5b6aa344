"""Healthy variations, drawn by a seed as the faults are: what any business may have, and nobody may stir at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from faultlab.columns.generated import Choice
from faultlab.columns.healthy_sales import SALES
from faultlab.columns.place import rows_of
from faultlab.columns.planned import Change, Planned
from faultlab.scene import Scene

_EACH = 3

Row = Mapping[str, Any]
Make = Callable[[Scene, Row, Random], dict[str, Any]]


@dataclass(frozen=True)
class Variation:
    """Other values for a row of a table, or for a copy of it; `which` says of which rows that is healthy."""

    entity: str
    field: str
    words: str
    table: str
    make: Make
    which: str = "1 = 1"
    how: str = "update"

    def drawn(self, scene: Scene, seed: int, number: int) -> Planned | None:
        """One of them; None where the business has no such row."""
        random = Random(f"{seed}/{self.entity}.{self.field}/{self.words}/{number}")
        rows = rows_of(scene, self.table, self.which)
        if not rows:
            return None
        row = random.choice(rows)
        change = Change(self.how, self.table, row["id"], self.make(scene, row, random))
        words = f"{self.words} ({self.table} {row['id']})"
        return Planned(self.entity, self.field, f"{self.words} #{number}", words, (change,), healthy=True)


def variations_in(scene: Scene, choice: Choice) -> list[Planned]:
    """The variations that are chosen; the same seed gives the same."""
    return choice.drawn_from(list(_all(scene, choice)))


def _all(scene: Scene, choice: Choice) -> Iterator[Planned]:
    for variation in _VARIATIONS:
        for number in range(1, _EACH + 1):
            drawn = variation.drawn(scene, choice.seed, number)
            if drawn is not None:
                yield drawn
    for words, field, plan in SALES:
        for number in range(1, _EACH + 1):
            changes = plan(scene, Random(f"{choice.seed}/{words}/{number}"))
            yield Planned("sale", field, f"{words} #{number}", words, changes, healthy=True)


def _set(**values: Any) -> Make:
    return lambda scene, row, random: values


def _times(column: str, least: float, most: float) -> Make:
    return lambda scene, row, random: {column: round(float(row[column]) * random.uniform(least, most), 2)}


def _later(column: str, **length: float) -> Make:
    return lambda scene, row, random: {column: scene.moved(row[column], timedelta(**length))}


def _somebody_else(column: str, branch: str) -> Make:
    """Another person of the same branch and role."""

    def make(scene: Scene, row: Row, random: Random) -> dict[str, Any]:
        others = scene.tables.rows(
            "SELECT id FROM users WHERE branch_id = :branch AND role = (SELECT role FROM users WHERE id = :own)"
            " AND active AND id <> :own ORDER BY id",
            branch=scene.tables.one(branch, id=row["id"])[0],
            own=row[column],
        )
        return {column: random.choice(others)[0] if others else row[column]}

    return make


def _new_customer(scene: Scene, row: Row, random: Random) -> dict[str, Any]:
    return {"name": "Åse Ødegård-Nuñez", "phone": "", "created_at": scene.ago(minutes=random.randint(2, 200))}


def _new_person(scene: Scene, row: Row, random: Random) -> dict[str, Any]:
    name = f"new.{random.randint(100, 999)}"
    return {"username": name, "full_name": "New Person", "created_at": scene.ago(hours=random.randint(1, 9))}


def _shift_of_tomorrow(scene: Scene, row: Row, random: Random) -> dict[str, Any]:
    starts, ends = scene.now + timedelta(hours=16), scene.now + timedelta(hours=24)
    return {"starts_at": scene.instant(starts), "ends_at": scene.instant(ends)}


def _question(scene: Scene, row: Row, random: Random) -> dict[str, Any]:
    reported = scene.now - timedelta(minutes=random.randint(1, 8))
    title = random.choice(
        ["How do I print a receipt twice?", "Wrong size on the label", "Der Bildschirm ist zu hell", "Lost my glove"]
    )
    return {
        "title": title,
        "text": title,
        "category": None,
        "severity": random.choice(["low", "normal"]),
        "state": "new",
        "reported_at": scene.instant(reported),
        "respond_by": scene.instant(reported + timedelta(hours=4)),
        "resolve_by": scene.instant(reported + timedelta(days=3)),
        "responded_at": None,
        "responded_by": None,
        "resolved_at": None,
        "resolution": "",
    }


def _mistyped(scene: Scene, row: Row, random: Random) -> dict[str, Any]:
    return {"succeeded": False, "reason": "wrong_password", "at": scene.ago(minutes=random.randint(5, 300))}


def _waiting_job(scene: Scene, row: Row, random: Random) -> dict[str, Any]:
    now = scene.ago(seconds=random.randint(1, 50))
    return {"state": "queued", "due_at": now, "queued_at": now, "started_at": None, "finished_at": None}


_OF_ORDER = "SELECT o.branch_id FROM production_orders o JOIN production_steps s ON s.order_id = o.id WHERE s.id = :id"
_OPEN_ORDER = "state IN ('open', 'in_progress')"
_OLD_COST = "kind = 'labour' AND order_id IN (SELECT id FROM production_orders WHERE state = 'in_progress')"

_VARIATIONS = (
    Variation("branch", "name", "a branch is renamed", "branches", _set(name="Old Town & Market")),
    Variation("user", "name", "somebody married", "users", _set(full_name="Ada Byron-King")),
    Variation("user", "created_at", "a new colleague", "users", _new_person, "branch_id IS NOT NULL", "copy"),
    Variation("user", "locked_until", "a lock that is over", "users", lambda s, r, x: {"locked_until": s.ago(hours=3)}),
    Variation("shift", "starts_at", "a shift of tomorrow", "shifts", _shift_of_tomorrow, how="copy"),
    Variation("shift", "ends_at", "an hour longer", "shifts", _later("ends_at", hours=1)),
    Variation("customer", "name", "a customer married", "customers", _set(name="Zoë O'Brien; DROP TABLE")),
    Variation("customer", "created_at", "a new customer", "customers", _new_customer, how="copy"),
    Variation("customer", "created_at", "known since long ago", "customers", _later("created_at", days=-900)),
    Variation("product", "name", "a product is renamed", "products", _set(name="Schleier, lang (neu)")),
    Variation("product", "number", "another article number", "products", _set(sku="NEW-4711-A")),
    Variation("product", "price", "another usual price", "products", _times("unit_price", 0.85, 1.25)),
    Variation("product", "price", "half price in a sale", "products", _times("unit_price", 0.5, 0.7)),
    Variation("payment", "method", "paid by transfer", "payments", _set(method="transfer")),
    Variation("manual_record", "handed_in_at", "handed in late", "day_sheets", _later("handed_in_at", hours=2)),
    Variation("production_order", "due_on", "due later", "production_orders", _set(due_on="2026-03-20"), _OPEN_ORDER),
    Variation("production_order", "budget", "more to spend", "production_orders", _times("budget", 1.02, 1.2)),
    Variation(
        "step", "assigned_to", "given to a colleague", "production_steps",
        _somebody_else("assigned_to", _OF_ORDER), "state = 'waiting' AND assigned_to IS NOT NULL",
    ),
    Variation(
        "step", "assigned_to", "given to nobody yet", "production_steps", _set(assigned_to=None), "state = 'waiting'"
    ),
    Variation("cost", "amount", "somewhat cheaper", "costs", _times("amount", 0.7, 0.99)),
    Variation("cost", "amount", "somewhat dearer", "costs", _times("amount", 1.01, 1.3), _OLD_COST),
    Variation("cost", "step", "of no step", "costs", _set(step_id=None), "kind = 'material'"),
    Variation("login_attempt", "succeeded", "mistyped once", "login_attempts", _mistyped, "succeeded", "copy"),
    Variation("login_attempt", "address", "from elsewhere", "login_attempts", _set(address="2001:db8::17")),
    Variation("session", "address", "from elsewhere", "sessions", _set(address="203.0.113.77")),
    Variation("session", "channel", "by phone", "sessions", _set(channel="mobile")),
    Variation("issue", "title", "a new question", "issue_reports", _question, how="copy"),
    Variation("issue", "severity", "classed anew", "issue_reports", _set(severity="normal")),
    Variation("issue", "category", "classed anew", "issue_reports", _set(category="training")),
    Variation("job", "state", "a job waits", "jobs", _waiting_job, "kind = 'receipt'", "copy"),
    Variation("job", "finished_at", "took a minute longer", "jobs", _later("finished_at", minutes=1)),
)  # fmt: skip
