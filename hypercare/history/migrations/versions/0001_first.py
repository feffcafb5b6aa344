"""What the first version made, before it kept revisions: rounds, results, figures, incidents, attestations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("target", sa.String(120), nullable=False, index=True),
        sa.Column("round", sa.String(20), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("as_of", sa.String(40), nullable=False),
        sa.Column("started", sa.String(40), nullable=False),
        sa.Column("finished", sa.String(40)),
        sa.Column("status", sa.String(20)),
    )
    op.create_table(
        "results",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("round_id", sa.String(40), sa.ForeignKey("rounds.id"), nullable=False, index=True),
        sa.Column("item", sa.String(80), nullable=False, index=True),
        sa.Column("check", sa.String(300), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("level", sa.String(2), nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("count", sa.Integer),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("ended", sa.String(40), nullable=False),
    )
    op.create_table(
        "figures",
        sa.Column("round_id", sa.String(40), sa.ForeignKey("rounds.id"), primary_key=True),
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("value", sa.String(40), nullable=False),
    )
    _people()


def _people() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", sa.String(120), nullable=False, index=True),
        sa.Column("cause", sa.String(200), nullable=False),
        sa.Column("level", sa.String(2), nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("items", sa.JSON, nullable=False),
        sa.Column("failing", sa.JSON, nullable=False),
        sa.Column("blocked", sa.JSON, nullable=False),
        sa.Column("opened", sa.String(40), nullable=False),
        sa.Column("last_seen", sa.String(40), nullable=False),
        sa.Column("acknowledged", sa.String(40)),
        sa.Column("acknowledged_by", sa.String(120)),
        sa.Column("note", sa.Text),
        sa.Column("resolved", sa.String(40)),
    )
    op.create_table(
        "attestations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", sa.String(120), nullable=False, index=True),
        sa.Column("item", sa.String(80), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    raise RuntimeError("a history only goes forward")
