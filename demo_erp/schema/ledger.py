"""The books: what every sale posts, and the hand-counted day sheets beside them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from demo_erp.schema.base import Base


class LedgerAccount(Base):
    """1000 cash, 1010 card, 1020 bank, 1200 receivables, 4000 retail revenue, 4010 studio revenue."""

    __tablename__ = "ledger_accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(12))  # asset, receivable, revenue


class LedgerPosting(Base):
    """One balanced posting: a sale finalised or voided, or a payment received or given back."""

    __tablename__ = "ledger_postings"
    id: Mapped[int] = mapped_column(primary_key=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("sales.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    description: Mapped[str] = mapped_column(String(120))
    posted_at: Mapped[datetime] = mapped_column(index=True)


class LedgerEntry(Base):
    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("debit >= 0 AND credit >= 0", name="sides_not_negative"),
        CheckConstraint("(debit = 0) <> (credit = 0)", name="one_side_only"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    posting_id: Mapped[int] = mapped_column(ForeignKey("ledger_postings.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_accounts.id"))
    debit: Mapped[Decimal] = mapped_column(default=Decimal("0.00"))
    credit: Mapped[Decimal] = mapped_column(default=Decimal("0.00"))


class DaySheet(Base):
    """The hand-written cash book of a branch, typed in after closing: what people counted, not what was stored."""

    __tablename__ = "day_sheets"
    __table_args__ = (UniqueConstraint("branch_id", "day"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    day: Mapped[date] = mapped_column(index=True)
    sales_counted: Mapped[int]
    amount_counted: Mapped[Decimal]
    handed_in_at: Mapped[datetime]
    handed_in_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
