"""The branches and when they are open."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from demo_erp.schema.base import Base


class Branch(Base):
    __tablename__ = "branches"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    city: Mapped[str] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)
    training: Mapped[bool] = mapped_column(default=False)  # a room to practise in; left out of every figure


class OpeningHours(Base):
    """When a branch is open; a missing weekday (0 is Monday) means closed. Times are local, "HH:MM"."""

    __tablename__ = "opening_hours"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    opens: Mapped[str] = mapped_column(String(5))
    closes: Mapped[str] = mapped_column(String(5))
