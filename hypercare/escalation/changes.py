"""Changes of an incident: the events that follow from one look, and which one of them people hear of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from hypercare.escalation.events import Event, EventKind
from hypercare.escalation.incident import Incident, IncidentState, after
from hypercare.outcome.level import Level

# Of several changes at one time people hear of the first in this order; the incident itself says the rest.
TOLD = (
    EventKind.OPENED,
    EventKind.LATE,
    EventKind.FLAPPING,
    EventKind.REOPENED,
    EventKind.RAISED,
    EventKind.FOUND,
    EventKind.ACKNOWLEDGED,
    EventKind.REMINDED,
    EventKind.RESOLVED,
)
# A beginning concerns those who act; later changes also those who heard of it before.
_BEGINNINGS = {EventKind.OPENED, EventKind.REOPENED}


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

    `notified` are the levels whose people hear of it: the incident's own, and the next ones when nobody answered in
    time. `found` is what was found beside that for which the incident opened.
    """

    event: int
    kind: ChangeKind
    incident: Incident
    at: datetime
    notified: tuple[Level, ...]
    by: str = ""
    note: str = ""
    found: str = ""


@dataclass
class Draft:
    """What is added to one incident's state (None for an incident that is to be opened) at one instant."""

    before: IncidentState | None
    at: datetime
    events: list[Event] = field(default_factory=list)

    @property
    def state(self) -> IncidentState:
        state = self.before
        for event in self.events:
            state = after(state, event)
        assert state is not None
        return state

    def add(self, kind: EventKind, level: Level | None = None, *, by: str = "", note: str = "", **detail: Any) -> None:
        """Add an event; without a level the incident keeps its own. What else is named is the event's detail."""
        now = level or self.state.level
        self.events.append(Event(kind=kind, at=self.at, level=now, by=by, note=note, detail=detail))

    def finished(self) -> tuple[Event, ...]:
        """The events, each with the levels that hear of it, or marked as quiet."""
        spoken = [event for event in self.events if event.kind in TOLD]
        if not spoken:
            return tuple(self.events)
        loudest = min(spoken, key=lambda event: TOLD.index(event.kind))
        return tuple(self._with_listeners(event, event is loudest) for event in self.events)

    def _with_listeners(self, event: Event, is_loudest: bool) -> Event:
        if event.kind not in TOLD or "told" in event.detail:
            return event
        if not is_loudest:
            return event.model_copy(update={"detail": {**event.detail, "quiet": True}})
        before = () if self.before is None or event.kind in _BEGINNINGS else self.before.notified
        levels = sorted({*before, self.state.level})
        heard = [level.value for level in levels]
        return event.model_copy(update={"detail": {**event.detail, "told": heard}})
