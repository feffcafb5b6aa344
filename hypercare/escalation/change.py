"""What happened to an incident, as escalation tells it to notification."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hypercare.escalation.incident import Incident
from hypercare.outcome.level import Level


class ChangeKind(StrEnum):
    OPENED = "opened"
    REOPENED = "reopened"
    RAISED = "raised"
    FOUND = "found"
    FLAPPING = "flapping"
    ACKNOWLEDGED = "acknowledged"
    LATE = "late"
    REMINDED = "reminded"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class IncidentChange:
    """One change, recorded as event number `event` before anybody is told.

    `told` are the levels whose people hear of it: the incident's own, and the next ones when nobody answered in time.
    `found` is what was found beside that for which the incident opened.
    """

    event: int
    kind: ChangeKind
    incident: Incident
    at: datetime
    told: tuple[Level, ...]
    by: str = ""
    note: str = ""
    found: str = ""
