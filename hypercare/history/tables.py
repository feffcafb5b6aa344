"""The tables of the history: rounds, results, figures, samples, incidents, messages and what people said."""

from __future__ import annotations

import re

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.types import TypeDecorator

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


class Words(TypeDecorator[str]):
    """Text of any length. What a target says may hold what no engine takes: NUL, and halves of characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else _UNWRITABLE.sub("\ufffd", value)


metadata = MetaData()

# Instants are ISO 8601 text in UTC, so that they sort, and read the same on every engine. A column that the program
# does not bound has no length: SQLite would not look at it, and PostgreSQL would refuse the row.
# After a change here write a revision in migrations/versions/, for the histories that exist already.
rounds = Table(
    "rounds",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("target", Words, nullable=False),
    Column("round", String(20), nullable=False),
    Column("day", Date, nullable=False),
    Column("as_of", String(40), nullable=False),
    Column("started", String(40), nullable=False),
    Column("finished", String(40)),
    Column("status", String(20)),
    # Who runs it, and when it was last heard of: what tells a round that is running from one that broke off.
    Column("machine", Words),
    Column("process", Words),
    Column("heartbeat", String(40)),
    Column("expected", Integer),
    # The round whose report told that this one broke off.
    Column("told_by", String(40)),
    # Whether only some of its items were asked for.
    Column("partial", Boolean),
    # Of the version that judged the records (rules_version in hypercare.suite.result_journal).
    Column("rules", String(20)),
    # The newest rounds of a target, among those of years and of thousands of others.
    Index("rounds_of_target", "target", "as_of"),
)
# Who runs a round, so that it happens once (hypercare.history.claims). `until` is when the claim runs out unless it is
# renewed; `finished` when its round had ended.
claims = Table(
    "claims",
    metadata,
    Column("target", Words, primary_key=True),
    Column("round", String(20), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("nth", Integer, primary_key=True),
    Column("token", String(40), nullable=False, unique=True),
    Column("machine", Words, nullable=False),
    Column("process", Words, nullable=False),
    Column("until", String(40), nullable=False),
    Column("finished", String(40)),
    Column("exit_status", Integer),
)
results = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", ForeignKey("rounds.id"), nullable=False, index=True),
    Column("item", Words, nullable=False, index=True),
    Column("check", Words, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("level", String(2), nullable=False),
    Column("sentence", Words, nullable=False),
    Column("count", Integer),
    Column("duration_s", Float, nullable=False),
    Column("ended", String(40), nullable=False),
    # Written twice, it is still there once.
    Index("one_result", "round_id", "item", "check", "ended", unique=True),
)
figures = Table(
    "figures",
    metadata,
    Column("round_id", ForeignKey("rounds.id"), primary_key=True),
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
)
# The summary.json of a round, compressed.
summaries = Table(
    "summaries",
    metadata,
    Column("round_id", ForeignKey("rounds.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
# One state of one way at one instant, as a prober saw it. `confirmed` is false while it may still be a blip.
# Where several that followed each other and said the same were put together (hypercare.uptime.sample), `last` is
# the instant of the last of them, and `count` how many they were.
samples = Table(
    "samples",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("way", String(20), nullable=False),
    Column("branch", Words),
    Column("prober", Words, nullable=False),
    Column("at", String(40), nullable=False, index=True),
    Column("state", String(12), nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("interval_s", Float, nullable=False),
    Column("latency_ms", Float),
    Column("says", Words, nullable=False, default=""),
    Column("last", String(40)),
    Column("count", Integer, nullable=False, default=1),
    Unique("target", "prober", "way", "branch", "at"),
)
# What a person said of an interval besides or against the samples: never an overwrite, the newest one holds.
corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("way", String(20)),
    Column("branch", Words),
    Column("start", String(40), nullable=False),
    Column("end", String(40), nullable=False),
    Column("state", String(12), nullable=False),
    Column("by", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("at", String(40), nullable=False),
)
# Work that a person announced. `until` is when it was to end, `ended` when somebody said that it had.
maintenance = Table(
    "maintenance",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("why", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("start", String(40), nullable=False),
    Column("until", String(40), nullable=False),
    Column("ways", JSON, nullable=False),
    Column("branches", JSON, nullable=False),
    Column("planned", Boolean, nullable=False),
    Column("said", String(40), nullable=False),
    Column("ended", String(40)),
    Column("ended_by", Words),
)
# An incident is what its events made of it; the row is their sum, so that it need not be added up at each look.
# `open_cause` is the cause while it is open, else null: no second incident of one cause can be opened beside it.
incidents = Table(
    "incidents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("cause", Words, nullable=False),
    Column("open_cause", Words),
    Column("level", String(2), nullable=False),
    Column("sentence", Words, nullable=False),
    Column("items", JSON, nullable=False),
    Column("failing", JSON, nullable=False),
    Column("blocked", JSON, nullable=False),
    Column("branches", JSON, nullable=False, default=list),
    Column("opened", String(40), nullable=False),
    Column("last_seen", String(40), nullable=False),
    Column("acknowledged", String(40)),
    Column("acknowledged_by", Words),
    Column("note", Words),
    Column("resolved", String(40)),
    Column("holding_since", String(40)),
    Column("flapping", Boolean, nullable=False, default=False),
    Index("one_open_incident", "target", "open_cause", unique=True),
)
# Append-only: opened, seen, raised, acknowledged, noted, late, reminded, held, resolved, reopened ...
incident_events = Table(
    "incident_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("at", String(40), nullable=False),
    Column("by", Words, nullable=False),
    Column("level", String(2), nullable=False),
    Column("note", Words, nullable=False, default=""),
    Column("detail", JSON, nullable=False, default=dict),
)
# What is to be told, written before it is sent; `key` makes telling it twice impossible.
messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("key", Words, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("level", String(2)),
    Column("title", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("content", JSON, nullable=False, default=dict),
    Column("created", String(40), nullable=False),
    Unique("target", "key"),
)
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", ForeignKey("messages.id"), nullable=False, index=True),
    Column("route", Words, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try", String(40)),
    Column("sent", String(40)),
    Column("trouble", Words),
    Column("claim", String(40), index=True),
    Unique("message_id", "route"),
)
attestations = Table(
    "attestations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("item", Words, nullable=False),
    Column("day", Date, nullable=False),
    Column("answer", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", String(40), nullable=False),
)
actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("incident_id", ForeignKey("incidents.id")),
    Column("day", Date, nullable=False),
    Column("note", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", String(40), nullable=False),
)
sign_offs = Table(
    "sign_offs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("what", Words, nullable=False),
    Column("day", Date, nullable=False),
    Column("note", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", String(40), nullable=False),
)
# Whatever people did, by command, page or link: who, when, what about, and from where.
acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("at", String(40), nullable=False),
    Column("by", Words, nullable=False),
    Column("what", String(20), nullable=False),
    Column("about", Words, nullable=False),
    Column("way", String(20), nullable=False),
    Column("place", Words, nullable=False),
)
# Of those who log in to `hypercare serve`: the password as scrypt has it, sessions by the hash of what the browser
# holds, and each try to log in ("refused" before it is known to be right, so that many at one time count as many).
serve_passwords = Table(
    "serve_passwords",
    metadata,
    Column("target", Words, primary_key=True),
    Column("name", Words, primary_key=True),
    Column("password", Words, nullable=False),
    Column("since", String(40), nullable=False),
)
serve_sessions = Table(
    "serve_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("form_token", String(64), nullable=False),
    Column("began", String(40), nullable=False),
    Column("until", String(40), nullable=False),
)
serve_log_ins = Table(
    "serve_log_ins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", Words, nullable=False),
    Column("at", String(40), nullable=False),
    Column("name", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("outcome", String(12), nullable=False),
    Index("serve_log_ins_of_target", "target", "at"),
)
# What acknowledges an incident once, without a log-in: sent in a message, kept as its hash.
answer_links = Table(
    "answer_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("target", Words, nullable=False, index=True),
    Column("incident", Integer, nullable=False),
    Column("until", String(40), nullable=False),
    Column("used", String(40)),
    Column("used_by", Words),
)
# What one question found in order on one day of the watch, and figures of that day. `basis` is what it was judged by
# (mapping, rules, limits), `fingerprint` of the records as they were: where either is another now, it is asked again.
sealed_days = Table(
    "sealed_days",
    metadata,
    Column("target", Words, primary_key=True),
    Column("question", Words, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("basis", String(40), nullable=False),
    Column("fingerprint", Words, nullable=False),
    Column("figures", JSON, nullable=False, default=dict),
    Column("at", String(40), nullable=False),
)
# The records of a month that no daily question reaches, as they were when it was sealed: `contents` has count, amount
# in minor units and fingerprint of each slice of its days. `checked` is when it was last compared.
sealed_months = Table(
    "sealed_months",
    metadata,
    Column("target", Words, primary_key=True),
    Column("entity", Words, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("basis", String(40), nullable=False),
    Column("contents", JSON, nullable=False),
    Column("sealed", String(40), nullable=False),
    Column("checked", String(40), nullable=False),
)
watermarks = Table(
    "watermarks",
    metadata,
    Column("target", Words, primary_key=True),
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
    Column("at", String(40), nullable=False),
)
