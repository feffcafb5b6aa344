"""The same facts as another vendor would keep them, to prove that a mapping alone bridges the difference.

Ids and references are text ("doc,S-12"), money is whole cents, lines have no amount, states are other words or
numbers or only events in a log, membership is a join table, a role hides in JSON, deleted rows stay, and time is
kept in four ways: milliseconds, seconds, naive local text, and days.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.operations.facts import ZONE, Facts, Row

_CODES = {1: "N", 2: "S", 3: "T", None: None}
_STAGES = {"open": "new", "in_progress": "running", "done": "closed", "cancelled": "dropped"}
_STEPS = {"waiting": 0, "started": 1, "done": 2}

SCHEMA = """
CREATE TABLE outlet (code TEXT PRIMARY KEY, title TEXT, closed TEXT);
CREATE TABLE staff (id TEXT PRIMARY KEY, login TEXT, meta TEXT, barred_until INTEGER);
CREATE TABLE staff_outlet (staff TEXT, outlet TEXT);
CREATE TABLE roster (staff TEXT, outlet TEXT, from_local TEXT, to_local TEXT);
CREATE TABLE "order" (id TEXT PRIMARY KEY, no TEXT, outlet TEXT, client TEXT, type TEXT, cents INTEGER,
                      made_ms INTEGER, author TEXT, deleted INTEGER DEFAULT 0);
CREATE TABLE order_event (doc TEXT, event TEXT, at_ms INTEGER);
CREATE TABLE item (id INTEGER PRIMARY KEY, doc TEXT, qty REAL, unit_cents INTEGER, rebate REAL);
CREATE TABLE receipt (id INTEGER PRIMARY KEY, doc TEXT, means TEXT, cents INTEGER, taken_local TEXT);
CREATE TABLE work (id TEXT PRIMARY KEY, origin TEXT, outlet TEXT, stage TEXT, share REAL, cap REAL,
                   opened_local TEXT, closed_local TEXT, dropped_local TEXT);
CREATE TABLE op (id TEXT PRIMARY KEY, work TEXT, pos INTEGER, label TEXT, stat INTEGER,
                 begun_local TEXT, ended_local TEXT, touched_local TEXT, hand TEXT);
CREATE TABLE expense (id TEXT PRIMARY KEY, work TEXT, op TEXT, sort TEXT, euros REAL, booked TEXT, hand TEXT);
CREATE TABLE cashbook (outlet TEXT, day TEXT, n INTEGER, cents INTEGER);
CREATE TABLE audit (staff TEXT, outlet TEXT, verb TEXT, ref TEXT, at_s INTEGER);
CREATE TABLE knock (login TEXT, ok TEXT, ip TEXT, at_s INTEGER);
CREATE INDEX order_made ON "order" (made_ms);
CREATE INDEX event_doc ON order_event (doc);
CREATE INDEX item_doc ON item (doc);
CREATE INDEX receipt_doc ON receipt (doc);
CREATE INDEX op_work ON op (work);
"""

MAPPING: dict[str, Any] = {
    "time": "local",
    "money": "cents",
    "branch": {
        "table": "outlet",
        "columns": {"id": "code", "code": "code", "name": "title", "live": "closed"},
        "values": {"live": {"yes": "open", "no": "shut"}},
    },
    "user": {
        "table": "staff",
        "columns": {
            "id": "id",
            "username": "login",
            "role": "json_extract(meta, '$.role')",
            "active": "json_extract(meta, '$.active')",
            "branch": "(SELECT MIN(outlet) FROM staff_outlet WHERE staff_outlet.staff = staff.id)",
            "locked_until": {"column": "barred_until", "time": "seconds"},
        },
    },
    "membership": {"table": "staff_outlet", "columns": {"user": "staff", "branch": "outlet"}},
    "shift": {
        "table": "roster",
        "columns": {
            "id": "rowid", "user": "staff", "branch": "outlet", "starts_at": "from_local", "ends_at": "to_local",
        },
    },
    "sale": {
        "select": """
            SELECT o.*, ev.final_ms, ev.void_ms, CASE WHEN ev.void_ms IS NOT NULL THEN 'cancelled'
                   WHEN ev.final_ms IS NOT NULL THEN 'booked' ELSE COALESCE(ev.other, 'basket') END AS status
            FROM "order" AS o LEFT JOIN (
                SELECT doc, MAX(CASE WHEN event = 'book' THEN at_ms END) AS final_ms,
                       MAX(CASE WHEN event = 'cancel' THEN at_ms END) AS void_ms,
                       MAX(CASE WHEN event NOT IN ('book', 'cancel') THEN event END) AS other
                FROM order_event GROUP BY doc) AS ev ON ev.doc = o.id
        """,
        "time": "milliseconds",
        "columns": {
            "id": "id", "number": "no", "branch": "outlet", "customer": "client", "kind": "type", "state": "status",
            "total": "cents", "created_at": "made_ms", "created_by": "author", "finalised_at": "final_ms",
            "voided_at": "void_ms",
        },
        "where": "deleted = 0",
        "values": {
            "state": {"draft": ["basket", "quote"], "final": "booked", "void": "cancelled"},
            "kind": {"made_to_order": "made to measure", "stock": "off the peg"},
        },
    },
    "sale_line": {
        "table": "item",
        "columns": {
            "id": "id", "sale": "doc", "quantity": "qty", "unit_price": "unit_cents", "discount_percent": "rebate",
        },
    },
    "payment": {
        "table": "receipt",
        "columns": {"id": "id", "sale": "doc", "method": "means", "amount": "cents", "paid_at": "taken_local"},
    },
    "manual_record": {
        "table": "cashbook",
        "columns": {"branch": "outlet", "day": "day", "count": "n", "amount": "cents"},
    },
    "production_order": {
        "table": "work",
        "columns": {
            "id": "id", "number": "id", "sale": "substr(origin, 5)", "branch": "outlet", "state": "stage",
            "progress": "share * 100", "budget": {"column": "cap", "money": "float"}, "created_at": "opened_local",
            "completed_at": "closed_local", "cancelled_at": "dropped_local",
        },
        "values": {"state": dict(_STAGES)},
    },
    "step": {
        "table": "op",
        "columns": {
            "id": "id", "order": "work", "sequence": "pos", "name": "label", "state": "stat",
            "started_at": "begun_local", "finished_at": "ended_local", "updated_at": "touched_local",
            "updated_by": "hand",
        },
        "values": {"state": dict(_STEPS)},
    },
    "cost": {
        "table": "expense",
        "money": "float",
        "columns": {
            "id": "id", "order": "work", "step": "op", "kind": "sort", "amount": "euros",
            "entered_at": {"column": "booked", "time": "local"}, "entered_by": "hand",
        },
    },
    "activity": {
        "table": "audit",
        "time": "seconds",
        "columns": {"user": "staff", "branch": "outlet", "action": "verb", "entity_id": "ref", "at": "at_s"},
        "values": {
            "action": {
                "sale.create": "order+", "sale.delete": "order-", "cost.enter": "expense+",
                "step.update": ["op>", "op!"],
            }
        },
    },
    "login_attempt": {
        "table": "knock",
        "columns": {
            "username": "login", "succeeded": "ok", "address": "ip", "at": {"column": "at_s", "time": "seconds"},
        },
        "values": {"succeeded": {"yes": ["Y"], "no": ["N"]}},
    },
}  # fmt: skip

_VERBS = {"sale.create": "order+", "cost.enter": "expense+", "step.start": "op>", "step.finish": "op!"}
_KINDS = {"made_to_order": "made to measure", "stock": "off the peg"}


def fill(path: Path, facts: Facts) -> None:
    """Make the file anew and fill it."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    for table, rows in _tables(facts).items():
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
    connection.commit()
    connection.close()


def _tables(facts: Facts) -> dict[str, list[tuple[Any, ...]]]:
    all_of = facts.all
    return {
        "outlet": [(_CODES[b["id"]] or "?", b["name"], "open" if b["live"] else "shut") for b in all_of("branch")],
        "staff": [
            (_text("u", u["id"]), u["username"], json.dumps({"role": u["role"], "active": u["active"]}),
             _seconds(u["locked_until"]))
            for u in all_of("user")
        ],
        "staff_outlet": [(_text("u", u["id"]), _CODES.get(u["branch"], "?")) for u in all_of("user")],
        "roster": [
            (_text("u", s["user"]), _CODES[s["branch"]], _local(s["starts_at"]), _local(s["ends_at"]))
            for s in all_of("shift")
        ],
        "order": [
            (_text("S-", s["id"]), s["number"], _CODES.get(s["branch"], "?"), str(s["customer"]), _KINDS[s["kind"]],
             _cents(s["total"]), _ms(s["created_at"]), _text("u", s["created_by"]), 0)
            for s in all_of("sale")
        ] + [("S-gone", "gone", "N", "1", "off the peg", 999, _ms(all_of("sale")[-1]["created_at"]), "u1", 1)],
        "order_event": [event for sale in all_of("sale") for event in _events(sale)],
        "item": [
            (x["id"], _text("S-", x["sale"]), float(x["quantity"]), _cents(x["unit_price"]),
             float(x["discount_percent"]))
            for x in all_of("sale_line")
        ],
        "receipt": [
            (p["id"], _text("S-", p["sale"]), p["method"], _cents(p["amount"]), _local(p["paid_at"]))
            for p in all_of("payment")
        ],
        "work": [
            (_text("W", o["id"]), f"doc,{_text('S-', o['sale'])}", _CODES.get(o["branch"], "?"),
             _STAGES.get(o["state"], o["state"]), float(o["progress"]) / 100, float(o["budget"]),
             _local(o["created_at"]), _local(o["completed_at"]), _local(o["cancelled_at"]))
            for o in all_of("production_order")
        ],
        "op": [
            (_text("O", s["id"]), _text("W", s["order"]), s["sequence"], s["name"], _STEPS.get(s["state"], 7),
             _local(s["started_at"]), _local(s["finished_at"]), _local(s["updated_at"]), _text("u", s["updated_by"]))
            for s in all_of("step")
        ],
        "expense": [
            (_text("E", c["id"]), _text("W", c["order"]), _text("O", c["step"]), c["kind"], float(c["amount"]),
             _local(c["entered_at"]), _text("u", c["entered_by"]))
            for c in all_of("cost")
        ],
        "cashbook": [
            (_CODES[m["branch"]], m["day"].isoformat(), m["count"], _cents(m["amount"]))
            for m in all_of("manual_record")
        ],
        "audit": [
            (_text("u", a["user"]), _CODES.get(a["branch"], "?"), _VERBS.get(a["action"], a["action"]), _ref(a),
             _seconds(a["at"]))
            for a in all_of("activity")
        ],
        "knock": [
            (a["username"], "Y" if a["succeeded"] else "N", a["address"], _seconds(a["at"]))
            for a in all_of("login_attempt")
        ],
    }  # fmt: skip


def _events(sale: Row) -> list[tuple[str, str, int | None]]:
    name = _text("S-", sale["id"])
    found = [(name, "look", _ms(sale["created_at"]))] if sale["state"] not in {"draft", "final", "void"} else []
    if sale["finalised_at"] and sale["state"] in {"final", "void"}:
        found.append((name, "book", _ms(sale["finalised_at"])))
    if sale["voided_at"] and sale["state"] == "void":
        found.append((name, "cancel", _ms(sale["voided_at"])))
    return found  # type: ignore[return-value]


def _ref(row: Row) -> str | None:
    letter = {"sale": "S-", "step": "O", "cost": "E"}.get(row["action"].split(".")[0])
    return _text(letter, row["entity_id"]) if letter else None


def _text(letter: str, number: int | None) -> str | None:
    return None if number is None else f"{letter}{number}"


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


def _ms(when: datetime | None) -> int | None:
    return None if when is None else int(when.timestamp() * 1000)


def _seconds(when: datetime | None) -> int | None:
    return None if when is None else int(when.timestamp())


def _local(when: datetime | None) -> str | None:
    return None if when is None else when.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
