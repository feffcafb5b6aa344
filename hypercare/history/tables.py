"""The tables of the history: rounds, results, figures, incidents and what people attested."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Float, ForeignKey, Integer, MetaData, String, Table, Text

metadata = MetaData()

# Instants are ISO 8601 text in UTC, so that they sort, and read the same on every engine.
rounds = Table(
    "rounds",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("target", String(120), nullable=False, index=True),
    Column("round", String(20), nullable=False),
    Column("day", Date, nullable=False),
    Column("as_of", String(40), nullable=False),
    Column("started", String(40), nullable=False),
    Column("finished", String(40)),
    Column("status", String(20)),
)
results = Table(
    "results",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", ForeignKey("rounds.id"), nullable=False, index=True),
    Column("item", String(80), nullable=False, index=True),
    Column("check", String(300), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("level", String(2), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("count", Integer),
    Column("duration_s", Float, nullable=False),
    Column("ended", String(40), nullable=False),
)
figures = Table(
    "figures",
    metadata,
    Column("round_id", ForeignKey("rounds.id"), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("value", String(40), nullable=False),
)
incidents = Table(
    "incidents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", String(120), nullable=False, index=True),
    Column("cause", String(200), nullable=False),
    Column("level", String(2), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("items", JSON, nullable=False),
    Column("failing", JSON, nullable=False),
    Column("blocked", JSON, nullable=False),
    Column("opened", String(40), nullable=False),
    Column("last_seen", String(40), nullable=False),
    Column("acknowledged", String(40)),
    Column("acknowledged_by", String(120)),
    Column("note", Text),
    Column("resolved", String(40)),
)
attestations = Table(
    "attestations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", String(120), nullable=False, index=True),
    Column("item", String(80), nullable=False),
    Column("day", Date, nullable=False),
    Column("answer", Text, nullable=False),
    Column("by", String(120), nullable=False),
    Column("at", String(40), nullable=False),
)
