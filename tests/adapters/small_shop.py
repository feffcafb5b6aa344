"""A small tailoring shop with two stores and a test store: cents, words of its own, one process, no database.

What the API and the pages show is in small_shop_api.py and small_shop_pages.py.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

PASSWORD = "thread-and-needle"
STORES = {7: "HAR", 8: "OLD", 99: "TST"}


class Fault(Exception):
    """What the shop refuses, with the status that REST would give it."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text


@dataclass
class Worker:
    login: str
    job: str
    store: int | None


@dataclass
class Order:
    client: int
    store: int
    rows: list[dict[str, Any]]
    memo: str
    by: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    no: str | None = None
    status: str = "OPEN"
    receipts: list[dict[str, Any]] = field(default_factory=list)
    job: int | None = None

    @property
    def cents(self) -> int:
        return sum(row["cents"] for row in self.rows)


@dataclass
class SmallShop:
    """`one_session_per_user` makes a new log-in end the earlier one; `merges_lines` puts equal lines of an order
    together; `only_chiefs_drop` lets nobody else take an open order back."""

    one_session_per_user: bool = False
    can_cancel: bool = True
    merges_lines: bool = False
    only_chiefs_drop: bool = False
    sessions: dict[str, Worker] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    jobs: dict[int, dict[str, Any]] = field(default_factory=dict)
    log_ins: int = 0

    def __post_init__(self) -> None:
        people = [("clerk", "clerk"), ("tailor", "tailor"), ("chief", "chief")]
        self.workers = {
            f"{job}.{code.lower()}": Worker(f"{job}.{code.lower()}", title, number)
            for number, code in STORES.items()
            for job, title in people
        }
        self.workers["owner"] = Worker("owner", "owner", None)
        self.clients = {n: f"Client {n:02}" for n in range(1, 31)} | {31: "Test client O'Hara"}
        self.articles = {
            501: {"code": "RET-1", "label": "Veil", "cents": 1999, "made": False},
            502: {"code": "TST-RET", "label": "Test veil", "cents": 333, "made": False},
            503: {"code": "TST-STU", "label": "Test gown", "cents": 49000, "made": True},
        }

    def log_in(self, login: str, secret: str) -> str:
        worker = self.workers.get(login)
        if worker is None or secret != PASSWORD:
            raise Fault(401, "BAD_LOGIN", "Name or password is wrong")
        if self.one_session_per_user:
            self.sessions = {token: one for token, one in self.sessions.items() if one is not worker}
        self.log_ins += 1
        token = secrets.token_urlsafe(18)
        self.sessions[token] = worker
        return token

    def who(self, token: str | None) -> Worker:
        worker = self.sessions.get(token or "")
        if worker is None:
            raise Fault(401, "NO_SESSION", "Log in first")
        return worker

    def open(self, worker: Worker, client: int, items: list[dict[str, Any]], memo: str) -> Order:
        if client not in self.clients or worker.store is None:
            raise Fault(422, "INVALID", "No such client")
        rows = []
        for item in items:
            article = self.articles.get(int(item["article"]))
            if article is None:
                raise Fault(422, "INVALID", "No such article")
            rows.append(
                {"text": article["label"], "qty": item["qty"], "cents": article["cents"] * int(item["qty"])}
                | {"made": article["made"]}
            )
        if self.merges_lines:
            rows = _merged(rows)
        order = Order(client, worker.store, rows, memo, worker.login)
        self.orders[order.id] = order
        return order

    def order(self, worker: Worker, key: str) -> Order:
        order = self.orders.get(key)
        if order is None or worker.store not in (None, order.store):
            raise Fault(404, "NOT_FOUND", "There is no such order")
        return order

    def listed(self, worker: Worker) -> list[Order]:
        return [one for one in reversed(self.orders.values()) if worker.store in (None, one.store)]

    def settle(self, worker: Worker, key: str, how: str, cents: int) -> Order:
        order = self.order(worker, key)
        if order.status != "OPEN":
            raise Fault(409, "CONFLICT", "Only an open order can be settled")
        if cents != order.cents or how not in {"CASH", "CARD"}:
            raise Fault(422, "INVALID", "The payment does not add up")
        order.status, order.receipts = "PAID", [{"how": how, "cents": cents}]
        order.no = f"{order.store}-{1000 + len(self.orders)}"
        if any(row["made"] for row in order.rows):
            number = len(self.jobs) + 1
            marks = [{"id": number * 10 + n, "label": name, "mark": "todo"} for n, name in enumerate(("cut", "sew"))]
            self.jobs[number] = {"id": number, "ref": f"J{number}", "store": order.store, "open": True, "tasks": marks}
            order.job = number
        return order

    def drop(self, worker: Worker, key: str) -> None:
        if self.order(worker, key).status != "OPEN":
            raise Fault(409, "CONFLICT", "Only an open order can be dropped")
        if self.only_chiefs_drop and not worker.login.startswith("chief"):
            raise Fault(403, "FORBIDDEN", "You are not authorized to do that")
        del self.orders[key]

    def cancel(self, worker: Worker, key: str, why: str) -> Order:
        order = self.order(worker, key)
        if order.status != "PAID" or not why or not self.can_cancel:
            raise Fault(409, "CONFLICT", "This order cannot be cancelled")
        order.status = "CANCELLED"
        order.receipts.append({"how": order.receipts[0]["how"], "cents": -order.cents})
        if order.job is not None:
            self.jobs[order.job]["open"] = False
        return order

    def job(self, worker: Worker, number: int) -> dict[str, Any]:
        job = self.jobs.get(number)
        if job is None or worker.store not in (None, job["store"]):
            raise Fault(404, "NOT_FOUND", "There is no such job")
        return job

    def move(self, worker: Worker, number: int, task: int, verb: str) -> dict[str, Any]:
        job = self.job(worker, number)
        place = next((n for n, one in enumerate(job["tasks"]) if one["id"] == task), None)
        if place is None:
            raise Fault(404, "NOT_FOUND", "There is no such task")
        needed = {"begin": "todo", "end": "doing"}[verb]
        if job["tasks"][place]["mark"] != needed or any(one["mark"] != "done" for one in job["tasks"][:place]):
            raise Fault(409, "CONFLICT", "Tasks are done in their order")
        job["tasks"][place]["mark"] = {"begin": "doing", "end": "done"}[verb]
        return job

    def shown(self, order: Order, *, whole: bool = True) -> dict[str, Any]:
        told = {"id": order.id, "no": order.no, "status": order.status, "sum": order.cents, "stores": [order.store]}
        if whole:
            told |= {"memo": order.memo, "rows": order.rows, "receipts": order.receipts, "job": order.job}
        return told

    def shown_job(self, job: dict[str, Any]) -> dict[str, Any]:
        done = sum(task["mark"] == "done" for task in job["tasks"])
        phase = "dropped" if not job["open"] else "busy"
        return {**job, "share": round(done / len(job["tasks"]), 4), "phase": phase}


def _merged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    together: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = together.setdefault(row["text"], {**row, "qty": 0, "cents": 0})
        known["qty"] += int(row["qty"])
        known["cents"] += row["cents"]
    return list(together.values())
