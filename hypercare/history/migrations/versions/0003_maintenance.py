"""Announced maintenance, and which rounds looked at some of their items only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.String(40)
WORDS = sa.Text


def upgrade() -> None:
    op.add_column("rounds", sa.Column("partial", sa.Boolean))
    op.create_table(
        "maintenance",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", WORDS, nullable=False, index=True),
        sa.Column("why", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("start", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("ways", sa.JSON, nullable=False),
        sa.Column("branches", sa.JSON, nullable=False),
        sa.Column("planned", sa.Boolean, nullable=False),
        sa.Column("said", INSTANT, nullable=False),
        sa.Column("ended", INSTANT),
        sa.Column("ended_by", WORDS),
    )


def downgrade() -> None:
    raise RuntimeError("a history only goes forward")
