"""Healthy sales of many sorts, each written into every table that tells of a sale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from faultlab.columns.place import rows_of
from faultlab.columns.planned import Change
from faultlab.scene import Scene

_ACCOUNTS = {"cash": 1, "card": 2, "transfer": 3}
_RECEIVABLE, _RETAIL = 4, 5

Plan = Callable[[Scene, Random], tuple[Change, ...]]


@dataclass(frozen=True)
class Line:
    quantity: int = 1
    price_times: Decimal = Decimal(1)
    discount: int = 0


@dataclass
class _Writing:
    """Adds rows under the ids that will be free when they are put in."""

    scene: Scene
    random: Random
    changes: list[Change] = field(default_factory=list)
    _used: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> int:
        if table not in self._used:
            self._used[table] = int(self.scene.tables.one(f"SELECT max(id) FROM {table}")[0])
        self._used[table] += 1
        self.changes.append(Change("add", table, None, values))
        return self._used[table]

    def posting(
        self, sale: int, payment: int | None, branch: int, at: Any, debit: int, credit: int, sum_: Decimal
    ) -> None:
        posting = self.add(
            "ledger_postings", sale_id=sale, payment_id=payment, branch_id=branch, description="", posted_at=at
        )
        one, other = (debit, credit) if sum_ > 0 else (credit, debit)
        for account, debited, credited in ((one, abs(sum_), 0), (other, 0, abs(sum_))):
            self.add(
                "ledger_entries", posting_id=posting, account_id=account, debit=float(debited), credit=float(credited)
            )

    def add_activity(self, action: str, sale: int, by: int, branch: int, at: Any) -> None:
        self.add(
            "activity_log", user_id=by, branch_id=branch, action=action, entity="sale", entity_id=sale,
            channel="web", trace_id="", at=at,
        )  # fmt: skip


def sale_of(*lines: Line, payments: int = 1, method: str = "card", void: bool = False, draft: bool = False) -> Plan:
    """A sale of today by somebody at work, to a customer of the branch who has not bought today."""

    def plan(scene: Scene, random: Random) -> tuple[Change, ...]:
        writing = _Writing(scene, random)
        like = random.choice(rows_of(scene, "sales", f"created_at >= '{scene.ago(hours=3)}' AND state = 'final'"))
        entered = datetime.fromisoformat(like["created_at"]) + timedelta(seconds=random.randint(1, 40))
        final = entered + timedelta(seconds=random.randint(60, 400))
        at, done = (scene.moved(moment.isoformat(), timedelta()) for moment in (entered, final))
        customer = random.choice(_who_did_not_buy_today(scene, like["branch_id"]))
        branch, by = like["branch_id"], like["created_by"]
        products = random.sample(rows_of(scene, "products", "kind = 'retail'"), len(lines))
        priced = [_priced(line, product) for line, product in zip(lines, products, strict=True)]
        total = sum((one["amount"] for one in priced), Decimal(0))
        state = "draft" if draft else "void" if void else "final"
        number = None if draft else f"X-{random.randint(10**6, 10**7)}"
        sale = writing.add(
            "sales", number=number, branch_id=branch, customer_id=customer, kind="retail", state=state,
            total=float(total), note="", created_at=at, created_by=by, updated_at=done,
            finalised_at=None if draft else done, finalised_by=None if draft else by,
            voided_at=done if void else None, voided_by=by if void else None, void_reason="returned" if void else "",
        )  # fmt: skip
        for place, (one, product) in enumerate(zip(priced, products, strict=True), start=1):
            values = {key: float(value) for key, value in one.items()}
            writing.add("sale_lines", sale_id=sale, position=place, product_id=product["id"], description="", **values)
        writing.add_activity("sale.create", sale, by, branch, at)
        if not draft:
            _settled(writing, sale, by, branch, done, _parts(total, payments), method, void=void)
        return tuple(writing.changes)

    return plan


def _settled(
    writing: _Writing, sale: int, by: int, branch: int, at: Any, parts: Sequence[Decimal], method: str, *, void: bool
) -> None:
    """Finalised, paid and posted; and all of it again the other way round for a void one."""
    writing.add_activity("sale.finalise", sale, by, branch, at)
    for sign in (1, -1) if void else (1,):
        total = sign * sum(parts, Decimal(0))
        if total:
            writing.posting(sale, None, branch, at, _RECEIVABLE, _RETAIL, total)
        for part in parts:
            if part:
                payment = writing.add(
                    "payments", sale_id=sale, method=method, amount=float(sign * part), paid_at=at, received_by=by
                )
                writing.posting(sale, payment, branch, at, _ACCOUNTS[method], _RECEIVABLE, sign * part)
    if void:
        writing.add_activity("sale.void", sale, by, branch, at)


def _who_did_not_buy_today(scene: Scene, branch: int) -> list[int]:
    bought = f"SELECT customer_id FROM sales WHERE created_at >= '{scene.midnight}'"
    return [row["id"] for row in rows_of(scene, "customers", f"branch_id = {branch} AND id NOT IN ({bought})")]


def _priced(line: Line, product: Any) -> dict[str, Decimal]:
    price = (Decimal(str(product["unit_price"])) * line.price_times).quantize(Decimal("0.01"), ROUND_HALF_UP)
    amount = price * line.quantity * (100 - line.discount) / 100
    return {
        "quantity": Decimal(line.quantity),
        "unit_price": price,
        "discount_percent": Decimal(line.discount),
        "amount": amount.quantize(Decimal("0.01"), ROUND_HALF_UP),
    }


def _parts(total: Decimal, many: int) -> list[Decimal]:
    each = (total / many).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return [*([each] * (many - 1)), total - each * (many - 1)]


_GIFT = Line(price_times=Decimal(0))
SALES: tuple[tuple[str, str, Plan], ...] = (
    ("a usual sale", "total", sale_of(Line())),
    ("three of a kind", "total", sale_of(Line(quantity=3), Line())),
    ("somewhat dearer than listed", "total", sale_of(Line(price_times=Decimal("1.12")))),
    ("a tenth off", "total", sale_of(Line(discount=10), Line())),
    ("half price for a flaw", "total", sale_of(Line(discount=50))),
    ("a gift beside what was paid for", "total", sale_of(Line(), _GIFT)),
    ("one line free of charge", "total", sale_of(Line(), Line(discount=100))),
    ("paid in two parts", "total", sale_of(Line(quantity=2), payments=2, method="cash")),
    ("paid by transfer", "total", sale_of(Line(), method="transfer")),
    ("returned and refunded", "voided_at", sale_of(Line(), void=True)),
    ("a draft of today", "state", sale_of(Line(), draft=True)),
)
