"""Discrepancies of earlier days: incidents about data of which nobody has said how they came to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.events import EventKind
from hypercare.escalation.incident import Incident
from hypercare.escalation.incidents import Incidents
from hypercare.plan.checklist import Checklist
from hypercare.plan.item import About

# What came to an end longer ago is no matter of these days any more.
_LOOKED_BACK_ON = timedelta(days=14)
_EXPLAINED_BY = {EventKind.ACKNOWLEDGED.value, EventKind.NOTED.value, EventKind.RESOLVED.value}


@dataclass(frozen=True)
class Discrepancies:
    """`earlier` are all discrepancies of days before, `unexplained` those of which no person has said anything."""

    earlier: Sequence[Incident]
    unexplained: Sequence[Incident]

    @property
    def open(self) -> Sequence[Incident]:
        return [one for one in self.unexplained if one.is_open]


def discrepancies_before(
    midnight: datetime, now: datetime, incidents: Incidents, checklist: Checklist, annotations: Annotations
) -> Discrepancies:
    """Those that were opened before `midnight`, and are open or were over no longer than fourteen days ago."""
    earlier = [
        one
        for one in incidents.all(now)
        if one.opened < midnight
        and (one.resolved is None or one.resolved >= now - _LOOKED_BACK_ON)
        and any(item in checklist and checklist[item].about is About.DATA for item in one.items)
    ]
    stories = {one.id: one for one in incidents.stories([one.id for one in earlier], now)}
    acted_on = annotations.incidents_acted_on() if earlier else frozenset()
    unexplained = [one for one in earlier if one.id not in acted_on and not _is_explained(stories[one.id])]
    return Discrepancies(earlier, unexplained)


def _is_explained(incident: Incident) -> bool:
    """Whether a person said something of it: that somebody is on it alone explains nothing."""
    return any(event.by and event.note.strip() and event.kind in _EXPLAINED_BY for event in incident.story)
