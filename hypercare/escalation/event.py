"""What happened to an incident. Events are only ever added; an incident is what they made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from hypercare.outcome.level import Level


class EventKind(StrEnum):
    OPENED = "opened"
    SEEN = "seen"
    HELD = "held"
    RELAPSED = "relapsed"
    RAISED = "raised"
    FLAPPING = "flapping"
    ACKNOWLEDGED = "acknowledged"
    NOTED = "noted"
    LATE = "late"
    REMINDED = "reminded"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    FOUND = "found"


@dataclass(frozen=True)
class Event:
    """One thing that happened; `level` is that of the incident after it.

    `by` is the person, or nothing where the watch itself saw it. `note` is what they said, or what was seen. `detail`
    is plain JSON: what was seen (`items`, `failing`, `blocked`, `branches`, `gravity`, `probed`), why a level was
    raised (`why`, `restarts`), which levels hear of it (`told`), and `quiet` where nobody is told. `id` is its number
    in the store, zero before it is there.
    """

    kind: EventKind
    at: datetime
    level: Level
    by: str = ""
    note: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0

    def says(self, name: str) -> tuple[str, ...]:
        """A list of the detail; empty where it says nothing of it."""
        return tuple(self.detail.get(name) or ())
