"""What the handlers of events work with: one batch, the rows it concerns, and the activity log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from demo_erp.traffic.batch import Batch, Row
from demo_erp.traffic.directory import Directory
from demo_erp.traffic.events import Event
from demo_erp.traffic.records import Records

_IN_PATHS = {"production_order": "order", "production_step": "step"}


@dataclass(slots=True)
class Work:
    """One batch under way."""

    batch: Batch
    records: Records
    directory: Directory
    timezone: ZoneInfo
    visits: dict[str, Row] = field(default_factory=dict)  # sessions begun in this batch, by mark
    issues: dict[tuple[str, str], Row] = field(default_factory=dict)  # reported or read in this batch
    jobs: dict[tuple[str, Any], Row] = field(default_factory=dict)  # queued in this batch
    path_ids: dict[str, dict[str, int]] = field(default_factory=dict)  # by trace id, for the access log

    def user(self, event: Event) -> int:
        """The id of who does it."""
        assert event.actor is not None
        return self.directory.user(event.actor)

    def queue_job(self, kind: str, payload: dict[str, Any], at: datetime) -> None:
        """Background work that is due at once."""
        self.jobs[_about(kind, payload)] = self.batch.add(
            "jobs",
            kind=kind,
            state="queued",
            payload=payload,
            due_at=at,
            queued_at=at,
            started_at=None,
            finished_at=None,
            attempts=0,
            error="",
        )

    def queued_job(self, kind: str, payload: dict[str, Any], at: datetime) -> Row | None:
        """The job queued at that instant about the same thing, if it is still waiting."""
        row = self.jobs.get(_about(kind, payload)) or self.records.job(kind, at, payload)
        return row if row is not None and row["state"] == "queued" else None

    def note(self, event: Event, what: str, identity: int | None) -> None:
        """Remember which record an event was about: its id stands in the path of the request."""
        self.path_ids.setdefault(event.trace_id, {})[f"{what}_id"] = identity or 0

    def activity(
        self,
        event: Event,
        entity: str,
        entity_id: int | None,
        branch_id: int | None = None,
        *,
        action: str | None = None,
    ) -> Row:
        """The line that the services would write: the record's branch, or else the person's own."""
        assert event.actor is not None
        self.note(event, _IN_PATHS.get(entity, entity), entity_id)
        return self.batch.add(
            "activity_log",
            user_id=self.directory.user(event.actor),
            branch_id=branch_id if branch_id is not None else self.directory.own_branch(event.actor),
            action=action or event.kind,
            entity=entity,
            entity_id=entity_id,
            channel=event.channel,
            trace_id=event.trace_id,
            at=event.at,
        )


def _about(kind: str, payload: dict[str, Any]) -> tuple[str, Any]:
    """A job is about one thing: the first that its payload names."""
    return kind, next(iter(payload.values()))


Handler = Callable[[Work, Event], None]
