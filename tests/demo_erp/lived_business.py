"""A business that has lived some days, and ways to look at it that share nothing with how it was made."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from demo_erp.state import Settings, State
from demo_erp.traffic import live_until, open_business

SEED = 1
DAYS = 14
GO_LIVE = date(2026, 1, 8)
BERLIN = ZoneInfo("Europe/Berlin")
REAL_BRANCHES = ("HAR", "OLD", "GAR", "NOR")
LOCAL_DAY = "date({}, '+1 hour')"  # January in Berlin is one hour ahead of UTC


def local(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=BERLIN).astimezone(UTC)


def day_number(number: int) -> date:
    return GO_LIVE + timedelta(days=number - 1)


def new_business(folder: Path, seed: int = SEED, database_url: str | None = None) -> State:
    """Opened on the eve of go-live; nothing has happened yet."""
    chosen = {"database_url": database_url} if database_url else {}
    state = State.create(folder, Settings(seed=seed, go_live=GO_LIVE, **chosen))
    state.clock.set(local(GO_LIVE, "00:00"), rate=0.0)
    state.database.create()
    open_business(state)
    state.keep_settings()
    return state


def copy_of(opened: Path, folder: Path) -> State:
    """A business of its own that is just like another one was."""
    shutil.copytree(opened, folder)
    return State.open(folder)


@dataclass
class LivedBusiness:
    state: State
    until: datetime

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """What a query finds, with the plain driver."""
        connection = sqlite3.connect(f"file:{self.state.folder / 'erp.sqlite'}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def value(self, sql: str, *values: Any) -> Any:
        return self.rows(sql, *values)[0][0]

    @property
    def truth(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.state.truth_file.read_text(encoding="utf-8"))
        return found

    def log(self, name: str) -> Iterator[dict[str, Any]]:
        """The lines of a log, oldest first."""
        paths = sorted(self.state.folder.glob(f"logs/{name}.jsonl*"), key=lambda path: path.name, reverse=True)
        for path in paths:
            for line in path.read_text(encoding="utf-8").splitlines():
                yield json.loads(line)


def lived(folder: Path, seed: int = SEED, days: int = DAYS) -> LivedBusiness:
    """All of the days, to the midnight after the last."""
    state = new_business(folder, seed)
    until = local(day_number(days + 1), "00:00")
    live_until(state, until)
    return LivedBusiness(state, until)


def instant(text: str) -> datetime:
    """An instant as SQLite keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Everything a business holds, with names instead of ids, so that two businesses can be compared.
_CONTENT = {
    "sales": """SELECT s.number, b.code, c.phone, s.kind, s.state, s.total, s.note, s.client_reference, s.created_at,
                s.created_by, s.updated_at, s.finalised_at, s.finalised_by, s.voided_at, s.voided_by, s.void_reason
                FROM sales s JOIN branches b ON b.id = s.branch_id JOIN customers c ON c.id = s.customer_id""",
    "lines": """SELECT s.client_reference, l.position, l.product_id, l.description, l.quantity, l.unit_price,
                l.discount_percent, l.amount FROM sale_lines l JOIN sales s ON s.id = l.sale_id""",
    "payments": """SELECT s.client_reference, p.method, p.amount, p.paid_at, p.received_by
                FROM payments p JOIN sales s ON s.id = p.sale_id""",
    "ledger": """SELECT s.client_reference, p.payment_id IS NULL, p.branch_id, p.description, p.posted_at,
                e.account_id, e.debit, e.credit FROM ledger_entries e JOIN ledger_postings p ON p.id = e.posting_id
                JOIN sales s ON s.id = p.sale_id""",
    "orders": """SELECT o.number, s.number, o.branch_id, o.garment, o.state, o.progress_percent, o.budget, o.due_on,
                o.created_at, o.updated_at, o.completed_at FROM production_orders o JOIN sales s ON s.id = o.sale_id""",
    "steps": """SELECT o.number, p.sequence, p.name, p.state, p.assigned_to, p.started_at, p.finished_at, p.updated_at,
                p.updated_by FROM production_steps p JOIN production_orders o ON o.id = p.order_id""",
    "costs": """SELECT o.number, p.sequence, c.kind, c.description, c.amount, c.entered_at, c.entered_by
                FROM costs c JOIN production_orders o ON o.id = c.order_id
                JOIN production_steps p ON p.id = c.step_id""",
    "activity": "SELECT user_id, branch_id, action, entity, channel, trace_id, at FROM activity_log",
    "jobs": "SELECT kind, state, due_at, queued_at, started_at, finished_at, attempts, error FROM jobs",
    "sheets": "SELECT branch_id, day, sales_counted, amount_counted, handed_in_at, handed_in_by FROM day_sheets",
    "shifts": "SELECT user_id, branch_id, starts_at, ends_at FROM shifts",
    "sessions": "SELECT token_hash, user_id, channel, address, created_at, expires_at, revoked_at FROM sessions",
    "attempts": "SELECT username, user_id, succeeded, reason, channel, address, at FROM login_attempts",
    "customers": "SELECT branch_id, name, phone, created_at FROM customers",
    "users": "SELECT username, full_name, role, branch_id, active, failed_logins, locked_until FROM users",
    "issues": """SELECT branch_id, reported_by, title, text, category, severity, state, reported_at, respond_by,
                resolve_by, responded_at, responded_by, resolved_at, resolution FROM issue_reports""",
    "position": "SELECT day, events_done FROM traffic_position",
}  # fmt: skip


def content(business: LivedBusiness) -> dict[str, list[Any]]:
    """All that a business holds, in an order of its own: tables, logs and truth."""
    found: dict[str, list[Any]] = {
        name: sorted((tuple(row) for row in business.rows(sql)), key=repr) for name, sql in _CONTENT.items()
    }
    # The paths carry ids, and an id that a thrown-away draft had may be given again.
    found["access log"] = [{**line, "path": ""} for line in business.log("access")]
    found["app log"] = [line for line in business.log("app") if line["logger"] != "demo_erp.backup"]
    found["truth"] = [business.truth]
    found["backups"] = sorted(path.name for path in business.state.backups.iterdir())
    return found
