"""The tables with which the system went live. Constraints are named by the metadata's naming convention."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(12, 2)
TABLES = (
    "branches",
    "opening_hours",
    "users",
    "shifts",
    "sessions",
    "login_attempts",
    "customers",
    "products",
    "sales",
    "sale_lines",
    "payments",
    "day_sheets",
    "ledger_accounts",
    "ledger_postings",
    "ledger_entries",
    "production_orders",
    "production_steps",
    "costs",
    "activity_log",
    "jobs",
    "issue_reports",
    "traffic_position",
)  # in the order in which they refer to each other


def upgrade() -> None:
    _create_people()
    _create_trade()
    _create_ledger()
    _create_workshop()
    _create_office()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_people() -> None:
    op.create_table(
        "branches",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(8), nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("city", sa.String(80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "opening_hours",
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("branches.id"), primary_key=True),
        sa.Column("weekday", sa.Integer(), primary_key=True),
        sa.Column("opens", sa.String(5), nullable=False),
        sa.Column("closes", sa.String(5), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("username", sa.String(60), nullable=False, unique=True),
        sa.Column("full_name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("branches.id"), nullable=True, index=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("role IN ('owner', 'administrator') OR branch_id IS NOT NULL", name="branch_by_role"),
        sa.CheckConstraint("role IN ('owner', 'administrator', 'manager', 'sales', 'production')", name="role_known"),
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("branches.id"), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False, index=True),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=False, index=True),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint("channel IN ('web', 'api', 'mobile')", name="channel_known"),
    )
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("at", INSTANT, nullable=False, index=True),
        sa.CheckConstraint("channel IN ('web', 'api', 'mobile')", name="channel_known"),
    )


def _create_trade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("branches.id"), nullable=False, index=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sku", sa.String(20), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("unit_price", MONEY, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('retail', 'studio')", name="kind_known"),
        sa.CheckConstraint("unit_price > 0", name="price_positive"),
    )
    op.create_table(
        "sales",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=True, unique=True),
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("branches.id"), nullable=False),
        sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customers.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False, index=True),
        sa.Column("total", MONEY, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("client_reference", sa.String(64), nullable=True, unique=True),
        sa.Column("created_at", INSTANT, nullable=False, index=True),
        sa.Column("created_by", sa.Integer(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("finalised_at", INSTANT, nullable=True, index=True),
        sa.Column("finalised_by", sa.Integer(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("voided_at", INSTANT, nullable=True),
        sa.Column("voided_by", sa.Integer(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("void_reason", sa.String(200), nullable=False),
        sa.CheckConstraint(
            "state <> 'final' OR (finalised_at IS NOT NULL AND number IS NOT NULL)", name="final_is_complete"
        ),
        sa.CheckConstraint("kind IN ('retail', 'studio')", name="kind_known"),
        sa.CheckConstraint("state IN ('draft', 'final', 'void')", name="state_known"),
        sa.CheckConstraint("total >= 0", name="total_not_negative"),
        sa.CheckConstraint("state <> 'void' OR voided_at IS NOT NULL", name="void_is_dated"),
    )
    op.create_index("ix_sales_branch_id_created_at", "sales", ["branch_id", "created_at"])
    op.create_table(
        "sale_lines",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sale_id", sa.Integer(), sa.ForeignKey("sales.id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), sa.ForeignKey("products.id"), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("quantity", sa.Numeric(8, 2), nullable=False),
        sa.Column("unit_price", MONEY, nullable=False),
        sa.Column("discount_percent", sa.Numeric(5, 2), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.CheckConstraint("discount_percent BETWEEN 0 AND 100", name="discount_is_percent"),
        sa.CheckConstraint("unit_price >= 0", name="price_not_negative"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.UniqueConstraint("sale_id", "position"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sale_id", sa.Integer(), sa.ForeignKey("sales.id"), nullable=False, index=True),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("paid_at", INSTANT, nullable=False, index=True),
        sa.Column("received_by", sa.Integer(), sa.ForeignKey("users.id"), nullable=False),
        sa.CheckConstraint("amount <> 0", name="amount_not_zero"),
        sa.CheckConstraint("method IN ('cash', 'card', 'transfer')", name="method_known"),
    )
    op.create_table(
        "day_sheets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("branches.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, index=True),
        sa.Column("sales_counted", sa.Integer(), nullable=False),
        sa.Column("amount_counted", MONEY, nullable=False),
        sa.Column("handed_in_at", INSTANT, nullable=False),
        sa.Column("handed_in_by", sa.Integer(), sa.ForeignKey("users.id"), nullable=False),
        sa.UniqueConstraint("branch_id", "day"),
    )


def _create_ledger() -> None:
    op.create_table(
        "ledger_accounts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", sa.String(10), nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
    )
    op.create_table(
        "ledger_postings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sale_id", sa.Integer(), sa.ForeignKey("sales.id"), nullable=False, index=True),
        sa.Column("payment_id", sa.Integer(), sa.ForeignKey("payments.id"), nullable=True, index=True),
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("branches.id"), nullable=False),
        sa.Column("description", sa.String(120), nullable=False),
        sa.Column("posted_at", INSTANT, nullable=False, index=True),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("posting_id", sa.Integer(), sa.ForeignKey("ledger_postings.id"), nullable=False, index=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("ledger_accounts.id"), nullable=False),
        sa.Column("debit", MONEY, nullable=False),
        sa.Column("credit", MONEY, nullable=False),
        sa.CheckConstraint("(debit = 0) <> (credit = 0)", name="one_side_only"),
        sa.CheckConstraint("debit >= 0 AND credit >= 0", name="sides_not_negative"),
    )


def _create_workshop() -> None:
    op.create_table(
        "production_orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, unique=True),
        sa.Column("sale_id", sa.Integer(), sa.ForeignKey("sales.id"), nullable=False, unique=True),
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("branches.id"), nullable=False, index=True),
        sa.Column("garment", sa.String(120), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, index=True),
        sa.Column("progress_percent", sa.Integer(), nullable=False),
        sa.Column("budget", MONEY, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False, index=True),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("completed_at", INSTANT, nullable=True, index=True),
        sa.CheckConstraint("state <> 'done' OR completed_at IS NOT NULL", name="done_is_dated"),
        sa.CheckConstraint("progress_percent BETWEEN 0 AND 100", name="progress_is_percent"),
        sa.CheckConstraint("state IN ('open', 'in_progress', 'done', 'cancelled')", name="state_known"),
    )
    op.create_table(
        "production_steps",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("order_id", sa.Integer(), sa.ForeignKey("production_orders.id"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("state", sa.String(10), nullable=False, index=True),
        sa.Column("assigned_to", sa.Integer(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("updated_at", INSTANT, nullable=False, index=True),
        sa.Column("updated_by", sa.Integer(), sa.ForeignKey("users.id"), nullable=True),
        sa.CheckConstraint("state <> 'done' OR finished_at IS NOT NULL", name="done_is_dated"),
        sa.CheckConstraint(
            "name IN ('measure', 'cut', 'stitch', 'embroider', 'finish', 'quality', 'deliver')", name="name_known"
        ),
        sa.CheckConstraint("state = 'waiting' OR started_at IS NOT NULL", name="started_is_dated"),
        sa.CheckConstraint("state IN ('waiting', 'started', 'done')", name="state_known"),
        sa.UniqueConstraint("order_id", "sequence"),
    )
    op.create_table(
        "costs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("order_id", sa.Integer(), sa.ForeignKey("production_orders.id"), nullable=False, index=True),
        sa.Column("step_id", sa.Integer(), sa.ForeignKey("production_steps.id"), nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False, index=True),
        sa.Column("entered_by", sa.Integer(), sa.ForeignKey("users.id"), nullable=False),
        sa.CheckConstraint("kind IN ('material', 'labour', 'outwork')", name="kind_known"),
    )


def _create_office() -> None:
    op.create_table(
        "activity_log",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("entity", sa.String(30), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("trace_id", sa.String(32), nullable=False),
        sa.Column("at", INSTANT, nullable=False, index=True),
    )
    op.create_index("ix_activity_log_user_id_at", "activity_log", ["user_id", "at"])
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False, index=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("queued_at", INSTANT, nullable=False, index=True),
        sa.Column("started_at", INSTANT, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state_known"),
    )
    op.create_table(
        "issue_reports",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("branches.id"), nullable=True),
        sa.Column("reported_by", sa.Integer(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.String(12), nullable=True),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, index=True),
        sa.Column("reported_at", INSTANT, nullable=False, index=True),
        sa.Column("respond_by", INSTANT, nullable=False),
        sa.Column("resolve_by", INSTANT, nullable=False),
        sa.Column("responded_at", INSTANT, nullable=True),
        sa.Column("responded_by", sa.Integer(), sa.ForeignKey("users.id"), nullable=True),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.CheckConstraint("category IN ('question', 'error', 'training', 'wish')", name="category_known"),
        sa.CheckConstraint("severity IN ('low', 'normal', 'high', 'critical')", name="severity_known"),
        sa.CheckConstraint("state IN ('new', 'acknowledged', 'resolved')", name="state_known"),
    )
    op.create_table(
        "traffic_position",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("events_done", sa.Integer(), nullable=False),
    )
