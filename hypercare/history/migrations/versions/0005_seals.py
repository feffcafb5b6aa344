"""What was found in order of each day, and how the records of each month stood."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.String(40)
WORDS = sa.Text


def upgrade() -> None:
    op.create_table(
        "sealed_days",
        sa.Column("target", WORDS, primary_key=True),
        sa.Column("question", WORDS, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("fingerprint", WORDS, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_table(
        "sealed_months",
        sa.Column("target", WORDS, primary_key=True),
        sa.Column("entity", WORDS, primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("contents", sa.JSON, nullable=False),
        sa.Column("sealed", INSTANT, nullable=False),
        sa.Column("checked", INSTANT, nullable=False),
    )


def downgrade() -> None:
    raise RuntimeError("a history only goes forward")
