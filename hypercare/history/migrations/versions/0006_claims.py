"""Who runs a round, so that it happens once; and the newest rounds of a target among many."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("target", sa.Text, primary_key=True),
        sa.Column("round", sa.String(20), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("nth", sa.Integer, primary_key=True),
        sa.Column("token", sa.String(40), nullable=False, unique=True),
        sa.Column("machine", sa.Text, nullable=False),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("until", sa.String(40), nullable=False),
        sa.Column("finished", sa.String(40)),
        sa.Column("exit_status", sa.Integer),
    )
    op.drop_index("ix_rounds_target", "rounds", if_exists=True)
    op.create_index("rounds_of_target", "rounds", ["target", "as_of"], if_not_exists=True)


def downgrade() -> None:
    raise RuntimeError("a history only goes forward")
