"""What people did and from where, and who logs in to read the reports and act on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", sa.Text, nullable=False, index=True),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("place", sa.Text, nullable=False),
    )
    op.create_table(
        "serve_passwords",
        sa.Column("target", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("since", sa.String(40), nullable=False),
    )
    op.create_table(
        "serve_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("target", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("form_token", sa.String(64), nullable=False),
        sa.Column("began", sa.String(40), nullable=False),
        sa.Column("until", sa.String(40), nullable=False),
    )
    op.create_table(
        "serve_log_ins",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
    )
    op.create_index("serve_log_ins_of_target", "serve_log_ins", ["target", "at"])
    op.create_table(
        "answer_links",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("target", sa.Text, nullable=False, index=True),
        sa.Column("incident", sa.Integer, nullable=False),
        sa.Column("until", sa.String(40), nullable=False),
        sa.Column("used", sa.String(40)),
        sa.Column("used_by", sa.Text),
    )


def downgrade() -> None:
    raise RuntimeError("a history only goes forward")
