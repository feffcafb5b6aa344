"""Events on their way into the store: what follows from one look, and which one of them people hear of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hypercare.escalation.event import Event, EventKind
from hypercare.escalation.incident_state import IncidentState, after, state_of
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
        self.events.append(Event(kind, self.at, level or self.state.level, by, note, detail))

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
            return replace(event, detail={**event.detail, "quiet": True})
        before = () if self.before is None or event.kind in _BEGINNINGS else self.before.told
        told = sorted({*before, self.state.level})
        return replace(event, detail={**event.detail, "told": [level.value for level in told]})


def with_events(state: IncidentState | None, events: Sequence[Event]) -> IncidentState | None:
    """The state with the events added; unchanged where there are none."""
    if state is None:
        return state_of(events) if events else None
    for event in events:
        state = after(state, event)
    return state
