"""The workshop: orders, their steps, and what they cost."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from demo_erp.schema.base import Base, one_of
from demo_erp.schema.branches import Branch
from demo_erp.schema.sales import Sale

ORDER_STATES = ("open", "in_progress", "done", "cancelled")
STEP_NAMES = ("measure", "cut", "stitch", "embroider", "finish", "quality", "deliver")
STEP_STATES = ("waiting", "started", "done")
COST_KINDS = ("material", "labour", "outwork")


class ProductionOrder(Base):
    __tablename__ = "production_orders"
    __table_args__ = (
        one_of("state", ORDER_STATES),
        CheckConstraint("progress_percent BETWEEN 0 AND 100", name="progress_is_percent"),
        CheckConstraint("state <> 'done' OR completed_at IS NOT NULL", name="done_is_dated"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("sales.id"), unique=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)
    garment: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    progress_percent: Mapped[int] = mapped_column(default=0)  # steps done of all steps, rounded half up
    budget: Mapped[Decimal]  # what it may cost: 60 % of the sale's total
    due_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    completed_at: Mapped[datetime | None] = mapped_column(index=True)
    sale: Mapped[Sale] = relationship()
    branch: Mapped[Branch] = relationship()
    steps: Mapped[list[ProductionStep]] = relationship(order_by="ProductionStep.sequence")


class ProductionStep(Base):
    """Steps go in their sequence: one starts when the one before it is done."""

    __tablename__ = "production_steps"
    __table_args__ = (
        UniqueConstraint("order_id", "sequence"),
        one_of("name", STEP_NAMES),
        one_of("state", STEP_STATES),
        CheckConstraint("state = 'waiting' OR started_at IS NOT NULL", name="started_is_dated"),
        CheckConstraint("state <> 'done' OR finished_at IS NOT NULL", name="done_is_dated"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("production_orders.id"))
    sequence: Mapped[int]
    name: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    order: Mapped[ProductionOrder] = relationship(viewonly=True)


class Cost(Base):
    """What an order cost so far. That the amount is positive is agreed, not declared."""

    __tablename__ = "costs"
    __table_args__ = (one_of("kind", COST_KINDS),)
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("production_orders.id"), index=True)
    step_id: Mapped[int | None] = mapped_column(ForeignKey("production_steps.id"))
    kind: Mapped[str] = mapped_column(String(10))
    description: Mapped[str] = mapped_column(String(200), default="")
    amount: Mapped[Decimal]
    entered_at: Mapped[datetime] = mapped_column(index=True)
    entered_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
