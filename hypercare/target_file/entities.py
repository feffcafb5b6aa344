"""The words of the operations model: its entities, what is known of each, and in which words states are told.

Light on purpose: the target file is validated against it before anything else is loaded.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing a field holds, and so how it is compared and shown."""

    KEY = "key"
    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    INSTANT = "instant"
    DAY = "day"
    MONEY = "money"
    STATE = "state"


KEY, TEXT, NUMBER, FLAG, INSTANT, DAY, MONEY, STATE = Kind

# Where a field speaks in fixed words, any other word in the target is itself a violation.
VOCABULARY: dict[tuple[str, str], tuple[str, ...]] = {
    ("sale", "state"): ("draft", "final", "void"),
    ("production_order", "state"): ("open", "in_progress", "done", "cancelled"),
    ("step", "state"): ("waiting", "started", "done"),
    ("issue", "state"): ("new", "acknowledged", "resolved"),
    ("job", "state"): ("queued", "running", "done", "failed"),
}

# In these, some words mean something to us; whatever else stands there is as good. By word, what it is asked for.
FURTHER_WORDS: dict[tuple[str, str], dict[str, str]] = {
    ("sale", "kind"): {"made_to_order": "a sale of something made to order: it must have a production order"},
    ("ledger_entry", "account"): {
        "revenue": "what the sales must come to",
        "money": "what the payments must come to",
    },
    ("activity", "action"): {
        "sale.create": "a sale was entered",
        "sale.finalise": "a sale was made final",
        "sale.void": "a sale was taken back",
        "sale.delete": "a sale was deleted, so that it may be gone",
        "step.update": "a production step was begun, finished or given to somebody",
        "step.start": "a production step was begun",
        "step.finish": "a production step was finished",
        "cost.enter": "a cost was entered",
        "login": "somebody came, which is no work yet",
        "logout": "somebody left, which is none either",
    },
}

ENTITIES: dict[str, dict[str, Kind]] = {
    "branch": {"id": KEY, "code": TEXT, "name": TEXT, "live": FLAG, "closed_at": INSTANT},
    "membership": {"user": KEY, "branch": KEY},
    "role_membership": {"user": KEY, "role": TEXT},
    "user": {
        "id": KEY,
        "username": TEXT,
        "name": TEXT,
        "role": TEXT,
        "branch": KEY,
        "active": FLAG,
        "locked_until": INSTANT,
        "created_at": INSTANT,
    },
    "shift": {"id": KEY, "user": KEY, "branch": KEY, "starts_at": INSTANT, "ends_at": INSTANT},
    "customer": {"id": KEY, "branch": KEY, "number": TEXT, "name": TEXT, "created_at": INSTANT},
    "product": {"id": KEY, "number": TEXT, "name": TEXT, "kind": TEXT, "price": MONEY, "active": FLAG},
    "sale": {
        "id": KEY,
        "number": TEXT,
        "branch": KEY,
        "customer": KEY,
        "kind": STATE,
        "state": STATE,
        "total": MONEY,
        # What the whole sale is reduced by, and what it costs beside its lines: their sum with both is the total.
        "discount": MONEY,
        "surcharge": MONEY,
        "created_at": INSTANT,
        "created_by": KEY,
        "finalised_at": INSTANT,
        "finalised_by": KEY,
        "voided_at": INSTANT,
        "voided_by": KEY,
        # Where not every sale is paid as it is made, or posted as it is final: whether this one is.
        "pays_at_once": FLAG,
        "is_posted": FLAG,
    },
    "sale_line": {
        "id": KEY,
        "sale": KEY,
        "product": KEY,
        "quantity": NUMBER,
        "unit_price": MONEY,
        "discount_percent": NUMBER,
        "discount": MONEY,
        "amount": MONEY,
    },
    "payment": {"id": KEY, "sale": KEY, "method": STATE, "amount": MONEY, "paid_at": INSTANT, "received_by": KEY},
    "ledger_entry": {
        "id": KEY,
        "posting": KEY,
        "sale": KEY,
        "payment": KEY,
        "branch": KEY,
        "account": STATE,
        "debit": MONEY,
        "credit": MONEY,
        "posted_at": INSTANT,
    },
    "manual_record": {
        "id": KEY,
        "branch": KEY,
        "day": DAY,
        "count": NUMBER,
        "amount": MONEY,
        "handed_in_at": INSTANT,
        "handed_in_by": KEY,
    },
    "production_order": {
        "id": KEY,
        "number": TEXT,
        "sale": KEY,
        "branch": KEY,
        "product": KEY,
        "state": STATE,
        "progress": NUMBER,
        "budget": MONEY,
        "created_at": INSTANT,
        "completed_at": INSTANT,
        "cancelled_at": INSTANT,
        "due_on": DAY,
    },
    "step": {
        "id": KEY,
        "order": KEY,
        "sequence": NUMBER,
        "name": TEXT,
        "state": STATE,
        "assigned_to": KEY,
        "started_at": INSTANT,
        "finished_at": INSTANT,
        "updated_at": INSTANT,
        "updated_by": KEY,
    },
    "cost": {
        "id": KEY,
        "order": KEY,
        "step": KEY,
        "branch": KEY,
        "kind": TEXT,
        "amount": MONEY,
        "entered_at": INSTANT,
        "entered_by": KEY,
    },
    "activity": {
        "id": KEY,
        "user": KEY,
        "branch": KEY,
        "action": STATE,
        "entity": TEXT,
        "entity_id": KEY,
        "at": INSTANT,
    },
    "login_attempt": {
        "id": KEY,
        "username": TEXT,
        "user": KEY,
        "succeeded": FLAG,
        "address": TEXT,
        "at": INSTANT,
    },
    "session": {
        "id": KEY,
        "user": KEY,
        "channel": TEXT,
        "address": TEXT,
        "created_at": INSTANT,
        "expires_at": INSTANT,
        "ended_at": INSTANT,
    },
    "issue": {
        "id": KEY,
        "branch": KEY,
        "reported_by": KEY,
        "title": TEXT,
        "text": TEXT,
        "category": TEXT,
        "severity": TEXT,
        "state": STATE,
        "reported_at": INSTANT,
        "respond_by": INSTANT,
        "resolve_by": INSTANT,
        "responded_at": INSTANT,
        "resolved_at": INSTANT,
    },
    "logged_error": {
        "id": KEY,
        "at": INSTANT,
        "severity": TEXT,
        "message": TEXT,
        "detail": TEXT,
        "logger": TEXT,
        "trace": TEXT,
        "person": TEXT,
        "owner": TEXT,
    },
    "job": {
        "id": KEY,
        "kind": TEXT,
        "state": STATE,
        "due_at": INSTANT,
        "queued_at": INSTANT,
        "started_at": INSTANT,
        "finished_at": INSTANT,
        "error": TEXT,
    },
}
