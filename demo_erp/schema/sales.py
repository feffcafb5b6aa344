"""Customers, products, sales and what was paid for them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from demo_erp.schema.base import Base, one_of
from demo_erp.schema.branches import Branch

SALE_KINDS = ("retail", "studio")
SALE_STATES = ("draft", "final", "void")
PAYMENT_METHODS = ("cash", "card", "transfer")


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]
    branch: Mapped[Branch] = relationship()


class Product(Base):
    """What is sold; shared by all branches."""

    __tablename__ = "products"
    __table_args__ = (one_of("kind", SALE_KINDS), CheckConstraint("unit_price > 0", name="price_positive"))
    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    unit_price: Mapped[Decimal]
    active: Mapped[bool] = mapped_column(default=True)


class Sale(Base):
    """A sale. Its number is given when it is finalised; a void sale keeps it."""

    __tablename__ = "sales"
    __table_args__ = (
        one_of("kind", SALE_KINDS),
        one_of("state", SALE_STATES),
        CheckConstraint("total >= 0", name="total_not_negative"),
        CheckConstraint(
            "state <> 'final' OR (finalised_at IS NOT NULL AND number IS NOT NULL)", name="final_is_complete"
        ),
        CheckConstraint("state <> 'void' OR voided_at IS NOT NULL", name="void_is_dated"),
        Index("ix_sales_branch_id_created_at", "branch_id", "created_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="draft", index=True)
    total: Mapped[Decimal] = mapped_column(default=Decimal("0.00"))
    note: Mapped[str] = mapped_column(Text, default="")
    client_reference: Mapped[str | None] = mapped_column(String(64), unique=True)  # a phone may send a draft twice
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    updated_at: Mapped[datetime]
    finalised_at: Mapped[datetime | None] = mapped_column(index=True)
    finalised_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    void_reason: Mapped[str] = mapped_column(String(200), default="")
    branch: Mapped[Branch] = relationship()
    customer: Mapped[Customer] = relationship()
    lines: Mapped[list[SaleLine]] = relationship(order_by="SaleLine.position", cascade="all, delete-orphan")
    payments: Mapped[list[Payment]] = relationship(order_by="Payment.id", cascade="all, delete-orphan")


class SaleLine(Base):
    __tablename__ = "sale_lines"
    __table_args__ = (
        UniqueConstraint("sale_id", "position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price >= 0", name="price_not_negative"),
        CheckConstraint("discount_percent BETWEEN 0 AND 100", name="discount_is_percent"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("sales.id"))
    position: Mapped[int]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    description: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    unit_price: Mapped[Decimal]
    discount_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal("0"))
    amount: Mapped[Decimal]  # quantity x unit price less discount, rounded half up to the cent
    product: Mapped[Product] = relationship()


class Payment(Base):
    """Money received; a negative amount is money given back when a sale is voided."""

    __tablename__ = "payments"
    __table_args__ = (one_of("method", PAYMENT_METHODS), CheckConstraint("amount <> 0", name="amount_not_zero"))
    id: Mapped[int] = mapped_column(primary_key=True)
    sale_id: Mapped[int] = mapped_column(ForeignKey("sales.id"), index=True)
    method: Mapped[str] = mapped_column(String(10))
    amount: Mapped[Decimal]
    paid_at: Mapped[datetime] = mapped_column(index=True)
    received_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
