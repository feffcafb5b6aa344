"""What goes on around the business: who did what, background jobs, issues reported, days simulated."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from demo_erp.schema.base import Base, one_of

JOB_STATES = ("queued", "running", "done", "failed")
ISSUE_CATEGORIES = ("question", "error", "training", "wish")
ISSUE_SEVERITIES = ("low", "normal", "high", "critical")
ISSUE_STATES = ("new", "acknowledged", "resolved")


class Activity(Base):
    """Who did what. Its user and branch are agreed references, kept undeclared so that the log never blocks work."""

    __tablename__ = "activity_log"
    __table_args__ = (Index("ix_activity_log_user_id_at", "user_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    branch_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(40))  # "sale.create", "step.finish", ...: entity.verb
    entity: Mapped[str] = mapped_column(String(30))
    entity_id: Mapped[int | None]
    channel: Mapped[str] = mapped_column(String(10))
    trace_id: Mapped[str] = mapped_column(String(32), default="")
    at: Mapped[datetime] = mapped_column(index=True)


class Job(Base):
    """Background work: receipts, reminders, the night's closing."""

    __tablename__ = "jobs"
    __table_args__ = (one_of("state", JOB_STATES),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default="queued", index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    due_at: Mapped[datetime]
    queued_at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")


class IssueReport(Base):
    """What people report. It is due for a first response 15 minutes to a working day after, by severity."""

    __tablename__ = "issue_reports"
    __table_args__ = (
        one_of("category", ISSUE_CATEGORIES),
        one_of("severity", ISSUE_SEVERITIES),
        one_of("state", ISSUE_STATES),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    reported_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(String(12))  # null until somebody has classed it
    severity: Mapped[str] = mapped_column(String(10), default="normal")
    state: Mapped[str] = mapped_column(String(12), default="new", index=True)
    reported_at: Mapped[datetime] = mapped_column(index=True)
    respond_by: Mapped[datetime]
    resolve_by: Mapped[datetime]
    responded_at: Mapped[datetime | None]
    responded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str] = mapped_column(Text, default="")


class TrafficPosition(Base):
    """How far the simulated days have been lived; one row, moved in the same transaction as what it counts."""

    __tablename__ = "traffic_position"
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    events_done: Mapped[int]
