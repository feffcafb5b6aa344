"""What happened to an incident, in words."""

from __future__ import annotations

from collections.abc import Callable

from hypercare.escalation.event import Event, EventKind

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
    why = ", since it reaches further than one" if event.detail.get("raised_for") else ""
    return f"opened at {event.level.value}{why}: {event.note}"


def _held(event: Event) -> str:
    left = event.says("failing")
    return f"holds in part; not yet: {', '.join(left)}" if left else "everything holds again"


def _raised(event: Event) -> str:
    why = _WHY.get(str(event.detail.get("why")), "")
    return f"raised from {event.detail.get('was')} to {event.level.value}{f', since {why}' if why else ''}"


def _flapping(event: Event) -> str:
    return f"comes and goes: it began {event.detail.get('times')} times in a short while"


def _told(event: Event) -> str:
    return " and ".join(event.says("told"))


def _resolved(event: Event) -> str:
    return _by("said to be over", event) if event.by else "over: it has held"


def _by(words: str, event: Event) -> str:
    return f"{words} by {event.by}{f': {event.note}' if event.note else ''}"


_WORDS: dict[EventKind, Callable[[Event], str]] = {
    EventKind.OPENED: _opened,
    EventKind.SEEN: lambda event: "seen again",
    EventKind.HELD: _held,
    EventKind.RELAPSED: lambda event: "failed again while it was holding",
    EventKind.RAISED: _raised,
    EventKind.FOUND: lambda event: f"found besides: {event.note}",
    EventKind.FLAPPING: _flapping,
    EventKind.ACKNOWLEDGED: lambda event: _by("acknowledged", event),
    EventKind.NOTED: lambda event: _by("noted", event),
    EventKind.LATE: lambda event: f"nobody answered in time; {_told(event)} are told",
    EventKind.REMINDED: lambda event: f"not over yet; {_told(event)} reminded",
    EventKind.RESOLVED: _resolved,
    EventKind.REOPENED: lambda event: f"came back: {event.note}",
}
