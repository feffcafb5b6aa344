"""Two weeks of a small healthy business as plain facts, which any schema can be filled with.

Entities and fields are called as in the operations model; times are aware, money is Decimal. Summer time begins on
the twelfth day. The third branch is the canary's, and one user of the first branch is synthetic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
GO_LIVE = date(2026, 3, 18)
TODAY = date(2026, 4, 1)
AS_OF = datetime(2026, 4, 1, 17, 0, tzinfo=ZONE).astimezone(UTC)
DAYS = [GO_LIVE + timedelta(days=number) for number in range((TODAY - GO_LIVE).days + 1)]
CLOCKS = ("09:10", "09:40", "10:20", "11:05", "11:40", "12:30", "14:10", "15:20", "16:10", "16:40")
CENT = Decimal("0.01")
ROBOT = 99

Row = dict[str, Any]


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(UTC)


@dataclass
class Facts:
    """Rows by entity; `one(entity, **fields)` finds the first that has these fields."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, entity: str, **fields: Any) -> Row:
        kept = self.rows.setdefault(entity, [])
        row = {"id": len(kept) + 1, **fields}
        kept.append(row)
        return row

    def all(self, entity: str, **fields: Any) -> list[Row]:
        return [
            row for row in self.rows.get(entity, []) if all(row.get(name) == value for name, value in fields.items())
        ]

    def one(self, entity: str, **fields: Any) -> Row:
        return self.all(entity, **fields)[0]

    def last(self, entity: str, **fields: Any) -> Row:
        return self.all(entity, **fields)[-1]

    def remove(self, entity: str, **fields: Any) -> None:
        gone = self.all(entity, **fields)
        self.rows[entity] = [row for row in self.rows[entity] if row not in gone]


def healthy() -> Facts:
    facts = Facts()
    _people(facts)
    for day in DAYS:
        for branch in (1, 2):
            if branch == 2 and day.weekday() == 6:
                continue
            _day_of(facts, branch, day)
        _routine(facts, day)
    _production(facts)
    _trials(facts)
    _issues(facts)
    facts.rows["activity"].sort(key=lambda row: row["at"])
    return facts


def _people(facts: Facts) -> None:
    for name, code in (("North", "N"), ("South", "S"), ("Training", "T")):
        facts.add("branch", code=code, name=name, live=True)
    for branch in (1, 2):
        for role in ("sales", "sales", "production"):
            number = len(facts.rows.get("user", [])) + 1
            facts.add("user", username=f"u{number}", role=role, branch=branch, active=True, locked_until=None)
        for _ in range(6):
            facts.add("customer", branch=branch, name="Somebody", created_at=at(GO_LIVE, "08:00"))
    facts.rows["user"].append(
        {"id": ROBOT, "username": "robot", "role": "sales", "branch": 1, "active": True, "locked_until": None}
    )
    for day in DAYS:
        for user in facts.all("user"):
            if user["id"] == ROBOT or (user["branch"] == 2 and day.weekday() == 6):
                continue
            facts.add(
                "shift", user=user["id"], branch=user["branch"], starts_at=at(day, "08:00"), ends_at=at(day, "18:30")
            )
            if at(day, "08:03") < AS_OF:
                facts.add(
                    "login_attempt", username=user["username"], user=user["id"], succeeded=True,
                    address=f"10.0.{user['branch']}.{user['id']}", at=at(day, "08:03"),
                )  # fmt: skip
                _did(facts, user["id"], user["branch"], "login", None, at(day, "08:03"))


def _day_of(facts: Facts, branch: int, day: date) -> None:
    count, amount = 0, Decimal(0)
    for number, clock in enumerate(CLOCKS):
        created = at(day, clock)
        if created + timedelta(minutes=6) > AS_OF:
            continue
        sale = _sale(facts, branch, day, number, created)
        if number == 5 and day.day % 3 == 0:
            _void(facts, sale, created + timedelta(minutes=30))
        else:
            count, amount = count + 1, amount + sale["total"]
    if day < TODAY:
        facts.add(
            "manual_record", branch=branch, day=day, count=count, amount=amount, handed_in_at=at(day, "18:20"),
            handed_in_by=3 * branch - 2,
        )  # fmt: skip
    elif branch == 1:
        seller, created = 1, at(day, "16:50")
        draft = facts.add(
            "sale", number=None, branch=1, customer=1, kind="stock", state="draft", total=Decimal("10.00"),
            created_at=created, created_by=seller, finalised_at=None, voided_at=None,
        )  # fmt: skip
        _line(facts, draft["id"], Decimal(1), Decimal("10.00"), Decimal(0))
        _did(facts, seller, 1, "sale.create", draft["id"], created)


def _sale(facts: Facts, branch: int, day: date, number: int, created: datetime) -> Row:
    seller = 3 * branch - 2 + number % 2
    final = created + timedelta(minutes=5)
    is_made_to_order = number == 0
    sale = facts.add(
        "sale", number=f"{branch}-{day:%m%d}-{number}", branch=branch, customer=6 * branch - 5 + number % 6,
        kind="made_to_order" if is_made_to_order else "stock", state="final", total=Decimal(0), created_at=created,
        created_by=seller, finalised_at=final, voided_at=None,
    )  # fmt: skip
    price = Decimal("600.00") if is_made_to_order else Decimal("19.95") + number + day.day
    total = _line(facts, sale["id"], Decimal(1), price, Decimal(10) if number % 3 == 0 else Decimal(0))
    total += _line(facts, sale["id"], Decimal(2 + number % 2), Decimal("4.35"), Decimal(0))
    sale["total"] = total
    _post(facts, sale, None, [("receivable", total, Decimal(0)), ("revenue", Decimal(0), total)], final)
    cash = Decimal("5.00") if number % 4 == 0 else Decimal(0)
    for method, amount in (("cash", cash), ("card", total - cash)):
        if amount:
            _pay(facts, sale, method, amount, final)
    _did(facts, seller, branch, "sale.create", sale["id"], created)
    _did(facts, seller, branch, "sale.finalise", sale["id"], final)
    return sale


def _line(facts: Facts, sale: int, quantity: Decimal, price: Decimal, discount: Decimal) -> Decimal:
    amount = (quantity * price * (100 - discount) / 100).quantize(CENT, ROUND_HALF_UP)
    facts.add(
        "sale_line", sale=sale, product=1, quantity=quantity, unit_price=price, discount_percent=discount, amount=amount
    )
    return amount


def _pay(facts: Facts, sale: Row, method: str, amount: Decimal, when: datetime) -> None:
    payment = facts.add("payment", sale=sale["id"], method=method, amount=amount, paid_at=when)
    sides = [("money", amount, Decimal(0)), ("receivable", Decimal(0), amount)]
    if amount < 0:
        sides = [("money", Decimal(0), -amount), ("receivable", -amount, Decimal(0))]
    _post(facts, sale, payment["id"], sides, when)


def _post(
    facts: Facts, sale: Row, payment: int | None, sides: list[tuple[str, Decimal, Decimal]], when: datetime
) -> None:
    posting = len(facts.rows.get("ledger_entry", [])) + 1
    for account, debit, credit in sides:
        facts.add(
            "ledger_entry", posting=posting, sale=sale["id"], payment=payment, branch=sale["branch"], account=account,
            debit=debit, credit=credit, posted_at=when,
        )  # fmt: skip


def _void(facts: Facts, sale: Row, when: datetime) -> None:
    sale["state"], sale["voided_at"] = "void", when
    _post(facts, sale, None, [("revenue", sale["total"], Decimal(0)), ("receivable", Decimal(0), sale["total"])], when)
    for payment in facts.all("payment", sale=sale["id"]):
        _pay(facts, sale, payment["method"], -payment["amount"], when)


def _production(facts: Facts) -> None:
    for sale in facts.all("sale", kind="made_to_order", state="final"):
        worker = 3 * sale["branch"]
        order = facts.add(
            "production_order", number=f"P-{sale['id']}", sale=sale["id"], branch=sale["branch"], state="open",
            progress=0, budget=(sale["total"] * Decimal("0.6")).quantize(CENT), created_at=sale["finalised_at"],
            completed_at=None, cancelled_at=None,
        )  # fmt: skip
        day = sale["finalised_at"].astimezone(ZONE).date()
        plan = (("cut", 1, "10:00", "11:00"), ("sew", 1, "14:00", "16:00"), ("finish", 2, "11:00", "11:30"))
        for sequence, (name, days, begins, ends) in enumerate(plan, start=1):
            worked = day + timedelta(
                days=days + (1 if sale["branch"] == 2 and (day + timedelta(days=days)).weekday() == 6 else 0)
            )
            _step(facts, order, worker, sequence, name, at(worked, begins), at(worked, ends))
        done = len(facts.all("step", order=order["id"], state="done"))
        begun = done + len(facts.all("step", order=order["id"], state="started"))
        order["progress"] = (200 * done + 3) // 6
        if done == 3:
            order["state"] = "done"
            order["completed_at"] = facts.one("step", order=order["id"], sequence=3)["finished_at"]
        elif begun:
            order["state"] = "in_progress"


def _step(facts: Facts, order: Row, worker: int, sequence: int, name: str, begins: datetime, ends: datetime) -> None:
    before = facts.all("step", order=order["id"])
    if before and before[-1]["finished_at"]:
        gap = timedelta(minutes=5)
        begins = max(begins, before[-1]["finished_at"] + gap)
        ends = max(ends, begins + gap)
    begun = begins if begins <= AS_OF and all(one["state"] == "done" for one in before) else None
    finished = ends if begun and ends <= AS_OF else None
    step = facts.add(
        "step", order=order["id"], sequence=sequence, name=name,
        state="done" if finished else "started" if begun else "waiting", started_at=begun, finished_at=finished,
        updated_at=finished or begun or order["created_at"], updated_by=worker if begun else None,
    )  # fmt: skip
    if begun:
        _did(facts, worker, order["branch"], "step.start", step["id"], begun)
    if finished:
        share = Decimal("0.1") * sequence + Decimal("0.004") * (order["id"] % 5)
        cost = facts.add(
            "cost", order=order["id"], step=step["id"], kind="labour", amount=(order["budget"] * share).quantize(CENT),
            entered_at=finished - timedelta(minutes=2), entered_by=worker,
        )  # fmt: skip
        _did(facts, worker, order["branch"], "cost.enter", cost["id"], cost["entered_at"])
        _did(facts, worker, order["branch"], "step.finish", step["id"], finished)


def _trials(facts: Facts) -> None:
    """Synthetic sales, wrong in every way: no figure and no check of the business may see them."""
    for branch, maker in ((1, ROBOT), (3, ROBOT)):
        facts.add(
            "sale", number=f"TRIAL-{branch}", branch=branch, customer=1 if branch == 1 else None, kind="made_to_order",
            state="final", total=Decimal("77.77"), created_at=at(TODAY, "10:00"), created_by=maker,
            finalised_at=at(TODAY, "10:01"), voided_at=None,
        )  # fmt: skip
    for _ in range(12):
        facts.add(
            "login_attempt", username="robot", user=ROBOT, succeeded=False, address="10.0.1.99", at=at(TODAY, "08:30")
        )


def _routine(facts: Facts, day: date) -> None:
    done = at(day, "21:00")
    if done <= AS_OF:
        facts.add(
            "job", kind="closing", state="done", due_at=done, queued_at=done, started_at=done,
            finished_at=done + timedelta(minutes=1), error="",
        )  # fmt: skip


def _issues(facts: Facts) -> None:
    for state, reported, answered in (
        ("resolved", at(DAYS[3], "10:00"), True),
        ("acknowledged", at(TODAY, "15:00"), True),
    ):
        facts.add(
            "issue", branch=1, reported_by=1, title="A question", category="question", severity="normal", state=state,
            reported_at=reported, respond_by=reported + timedelta(hours=4), resolve_by=reported + timedelta(days=3),
            responded_at=reported + timedelta(minutes=10) if answered else None,
            resolved_at=reported + timedelta(hours=2) if state == "resolved" else None,
        )  # fmt: skip


def _did(facts: Facts, user: int, branch: int | None, action: str, thing: int | None, when: datetime) -> None:
    facts.add("activity", user=user, branch=branch, action=action, entity_id=thing, at=when)
