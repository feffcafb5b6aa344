"""By which rules a round judged the records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rounds", sa.Column("rules", sa.String(20)))


def downgrade() -> None:
    raise RuntimeError("a history only goes forward")
