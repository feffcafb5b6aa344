"""An incident of the store as the summary tells it."""

from __future__ import annotations

from hypercare.escalation.event import Event, EventKind
from hypercare.escalation.incidents import IncidentStory
from hypercare.escalation.wording import words_of
from hypercare.reports.gathering import incident_entry
from hypercare.reports.summary import Incident, IncidentEvent

# That it is still there is said by its being open.
_MERE_SIGHTS = frozenset({EventKind.SEEN, EventKind.HELD, EventKind.RELAPSED})
_LONGEST = 40


def told(story: IncidentStory) -> Incident:
    """The incident with what happened to it, but for mere sights; the newest where that is much."""
    events = [event for event in story.events if event.kind not in _MERE_SIGHTS]
    return incident_entry(story.incident, [_entry(event) for event in events[-_LONGEST:]])


def _entry(event: Event) -> IncidentEvent:
    return IncidentEvent(
        at=event.at, kind=event.kind.value, level=event.level, by=event.by, note=event.note, words=words_of(event)
    )
