"""Samples, incident events, messages, and what people said; who runs a round, and one row a result.

Histories without revisions may have some of it already, so each piece is looked for first.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.String(40)
WORDS = sa.Text


def upgrade() -> None:
    _rounds_and_results()
    _samples()
    _incidents()
    _messages()
    _people()


def _rounds_and_results() -> None:
    _add(
        "rounds",
        sa.Column("machine", WORDS),
        sa.Column("process", WORDS),
        sa.Column("heartbeat", INSTANT),
        sa.Column("expected", sa.Integer),
        sa.Column("told_by", INSTANT),
    )
    op.execute(
        'DELETE FROM results WHERE id NOT IN (SELECT MIN(id) FROM results GROUP BY round_id, item, "check", ended)'
    )
    _index("one_result", "results", ["round_id", "item", "check", "ended"], unique=True)


def _samples() -> None:
    _create(
        "samples",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", WORDS, nullable=False, index=True),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("branch", WORDS),
        sa.Column("prober", WORDS, nullable=False),
        sa.Column("at", INSTANT, nullable=False, index=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("interval_s", sa.Float, nullable=False),
        sa.Column("latency_ms", sa.Float),
        sa.Column("says", WORDS, nullable=False),
        sa.Column("last", INSTANT),
        sa.Column("count", sa.Integer, nullable=False),
        sa.UniqueConstraint("target", "prober", "way", "branch", "at"),
    )
    _add("samples", sa.Column("last", INSTANT), sa.Column("count", sa.Integer, nullable=False, server_default="1"))
    _create(
        "corrections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", WORDS, nullable=False, index=True),
        sa.Column("way", sa.String(20)),
        sa.Column("branch", WORDS),
        sa.Column("start", INSTANT, nullable=False),
        sa.Column("end", INSTANT, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )


def _incidents() -> None:
    _add(
        "incidents",
        sa.Column("open_cause", WORDS),
        sa.Column("branches", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("holding_since", INSTANT),
        sa.Column("flapping", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE incidents SET open_cause = cause WHERE resolved IS NULL AND id IN "
        "(SELECT MIN(id) FROM incidents WHERE resolved IS NULL GROUP BY target, cause)"
    )
    _index("one_open_incident", "incidents", ["target", "open_cause"], unique=True)
    _create(
        "incident_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("incident_id", sa.Integer, sa.ForeignKey("incidents.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("level", sa.String(2), nullable=False),
        sa.Column("note", WORDS, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
    )


def _messages() -> None:
    _create(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", WORDS, nullable=False, index=True),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("level", sa.String(2)),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.UniqueConstraint("target", "key"),
    )
    _create(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id"), nullable=False, index=True),
        sa.Column("route", WORDS, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try", INSTANT),
        sa.Column("sent", INSTANT),
        sa.Column("trouble", WORDS),
        sa.Column("claim", INSTANT, index=True),
        sa.UniqueConstraint("message_id", "route"),
    )


def _people() -> None:
    _create(
        "actions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", WORDS, nullable=False, index=True),
        sa.Column("incident_id", sa.Integer, sa.ForeignKey("incidents.id")),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("note", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    _create(
        "sign_offs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", WORDS, nullable=False, index=True),
        sa.Column("what", WORDS, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("note", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    _create(
        "watermarks",
        sa.Column("target", WORDS, primary_key=True),
        sa.Column("name", WORDS, primary_key=True),
        sa.Column("value", WORDS, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )


def _create(name: str, *columns: Any) -> None:
    if not sa.inspect(op.get_bind()).has_table(name):
        op.create_table(name, *columns)


def _add(table: str, *columns: sa.Column[Any]) -> None:
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)}
    for column in columns:
        if column.name not in there:
            op.add_column(table, column)


def _index(name: str, table: str, columns: list[str], *, unique: bool) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
        op.create_index(name, table, columns, unique=unique)


def downgrade() -> None:
    raise RuntimeError("a history only goes forward")
