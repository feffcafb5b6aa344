"""What happened to an incident, and in words. Events are only ever added; an incident is what they made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, Field

from hypercare.outcome.level import Level
from hypercare.outcome.part import Part


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


class IncidentEvent(Part):
    """One thing that happened to an incident, in `words`; without `by` the watch itself saw it."""

    at: AwareDatetime
    kind: str
    level: Level
    by: str = ""
    note: str = ""
    words: str = ""


class Event(IncidentEvent):
    """One thing that happened, as the history keeps it; `level` is that of the incident after it.

    `by` is the person, or nothing where the watch itself saw it. `note` is what they said, or what was seen. `detail`
    is plain JSON: what was seen (`items`, `failing`, `blocked`, `branches`, `gravity`, `probed`), why a level was
    raised (`why`, `restarts`), which levels hear of it (`told`), and `quiet` where nobody is told. `id` is its number
    in the store, zero before it is there.
    """

    kind: EventKind
    detail: Mapping[str, Any] = Field(default_factory=dict)
    id: int = 0

    def says(self, name: str) -> tuple[str, ...]:
        """A list of the detail; empty where it says nothing of it."""
        return tuple(self.detail.get(name) or ())

    def in_words(self) -> IncidentEvent:
        """The event as reports tell it."""
        return IncidentEvent.model_validate({**dict(self), "words": words_of(self)})


_WHY = {
    "spread": "it reaches further than one",
    "recurrence": "it keeps coming back",
    "lateness": "nobody answered in time",
    "gravity": "of what was seen",
}


def words_of(event: Event) -> str:
    """A clause that stands after the instant: "acknowledged by Mara: looking into it"."""
    return _WORDS[event.kind](event)


def _opened(event: Event) -> str:
    why = ", because it reaches further than one" if event.detail.get("raised_for") else ""
    return f"opened at {event.level.value}{why}: {event.note}"


def _held_words(event: Event) -> str:
    left = event.says("failing")
    return f"holds in part; not yet: {', '.join(left)}" if left else "everything holds again"


def _raised(event: Event) -> str:
    why = _WHY.get(str(event.detail.get("why")), "")
    return f"raised from {event.detail.get('was')} to {event.level.value}{f', because {why}' if why else ''}"


def _flapping(event: Event) -> str:
    return f"comes and goes: it began {event.detail.get('times')} times in a short while"


def _notified_levels(event: Event) -> str:
    return " and ".join(event.says("told"))


def _resolved(event: Event) -> str:
    return _by("said to be over", event) if event.by else "over: it has held"


def _by(words: str, event: Event) -> str:
    return f"{words} by {event.by}{f': {event.note}' if event.note else ''}"


_WORDS: dict[EventKind, Callable[[Event], str]] = {
    EventKind.OPENED: _opened,
    EventKind.SEEN: lambda event: "seen again",
    EventKind.HELD: _held_words,
    EventKind.RELAPSED: lambda event: "failed again while it was holding",
    EventKind.RAISED: _raised,
    EventKind.FOUND: lambda event: f"found besides: {event.note}",
    EventKind.FLAPPING: _flapping,
    EventKind.ACKNOWLEDGED: lambda event: _by("acknowledged", event),
    EventKind.NOTED: lambda event: _by("noted", event),
    EventKind.LATE: lambda event: f"nobody answered in time; {_notified_levels(event)} are told",
    EventKind.REMINDED: lambda event: f"not over yet; {_notified_levels(event)} reminded",
    EventKind.RESOLVED: _resolved,
    EventKind.REOPENED: lambda event: f"came back: {event.note}",
}
