"""Incidents in the history: events are added, and the row beside them is their sum."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from hypercare.escalation.events import Event, EventKind
from hypercare.escalation.incident import IncidentState, state_of, with_events
from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.outcome.level import Level


@dataclass(frozen=True)
class StoredIncident:
    """An incident of the store: its number, its events and what they made of it."""

    id: int
    state: IncidentState
    events: tuple[Event, ...]


class Ledger:
    """The incidents of one target, in one transaction."""

    def __init__(self, connection: Connection, target: str) -> None:
        self.connection = connection
        self._target = target

    def open_or_resolved_since(self, since: datetime | None = None) -> list[StoredIncident]:
        """The incidents that are open, and those that were resolved since then; by number."""
        rows = tables.incidents.c
        condition: ColumnElement[bool] = rows.resolved.is_(None)
        return self._read(condition if since is None else or_(condition, rows.resolved >= stored(since)))

    def numbered(self, numbers: Collection[int]) -> list[StoredIncident]:
        return self._read(tables.incidents.c.id.in_(numbers)) if numbers else []

    def all(self) -> list[StoredIncident]:
        return self._read(None)

    def events_after(self, number: int) -> list[tuple[int, Event]]:
        """The events of this target numbered higher, each with the number of its incident."""
        events, incidents = tables.incident_events, tables.incidents
        query = (
            select(events)
            .join(incidents, incidents.c.id == events.c.incident_id)
            .where(incidents.c.target == self._target, events.c.id > number)
            .order_by(events.c.id)
        )
        return [(row["incident_id"], _event(row)) for row in self.connection.execute(query).mappings()]

    def add(self, incident: StoredIncident | None, events: Sequence[Event]) -> StoredIncident | None:
        """Add events to an incident, or to a new one that the first of them opens."""
        state = with_events(incident.state if incident else None, events)
        if not events or state is None:
            return incident
        number = self._opened(state) if incident is None else incident.id
        before = tuple(self._saved(number, event) for event in incident.events) if incident else ()
        added = tuple(self._saved(number, event) for event in events)
        if incident is not None:
            change = tables.incidents.update().where(tables.incidents.c.id == number)
            self.connection.execute(change.values(**_sum(state)))
        return StoredIncident(number, state, (*before, *added))

    def _opened(self, state: IncidentState) -> int:
        row = {"target": self._target, "cause": state.cause, **_sum(state)}
        done = self.connection.execute(tables.incidents.insert().values(row))
        return int(_first(done.inserted_primary_key))

    def _saved(self, number: int, event: Event) -> Event:
        """The event as it stands in the history, where it is put if it is not there yet."""
        if event.id:
            return event
        row = {
            "incident_id": number,
            "kind": event.kind.value,
            "at": stored(event.at),
            "by": event.by,
            "level": event.level.value,
            "note": event.note,
            "detail": dict(event.detail),
        }
        done = self.connection.execute(tables.incident_events.insert().values(row))
        return event.model_copy(update={"id": int(_first(done.inserted_primary_key))})

    def _read(self, condition: ColumnElement[bool] | None) -> list[StoredIncident]:
        rows = select(tables.incidents).where(tables.incidents.c.target == self._target).order_by(tables.incidents.c.id)
        found = self.connection.execute(rows if condition is None else rows.where(condition)).mappings().all()
        events = self._events_of([row["id"] for row in found])
        return [_incident(row, events.get(row["id"], [])) for row in found]

    def _events_of(self, numbers: Sequence[int]) -> Mapping[int, list[Event]]:
        events: dict[int, list[Event]] = {}
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            query = select(tables.incident_events).where(tables.incident_events.c.incident_id.in_(some))
            for row in self.connection.execute(query.order_by(tables.incident_events.c.id)).mappings():
                events.setdefault(row["incident_id"], []).append(_event(row))
        return events


_AT_ONCE = 500
_LONG_TOLD = {"quiet": True}


def _first(key: Iterable[Any] | None) -> Any:
    return next(iter(key or ()))


def _incident(row: Mapping[Any, Any], events: Sequence[Event]) -> StoredIncident:
    # Written before incidents had events: what is in the row is how it began. With its next event they are kept.
    events = events or list(_events_of_old(row))
    return StoredIncident(row["id"], state_of(events), tuple(events))


def _events_of_old(row: Mapping[Any, Any]) -> Iterable[Event]:
    level, opened = Level(row["level"]), instant_of(row["opened"])
    lists = {name: list(row[name] or ()) for name in ("items", "failing", "blocked", "branches")}
    sight = {**lists, "failing": lists["failing"] or lists["items"], "cause": row["cause"], **_LONG_TOLD}
    yield Event(kind=EventKind.OPENED, at=opened, level=level, note=row["sentence"], detail=sight)
    last_seen = instant_of(row["last_seen"])
    if last_seen > opened:
        yield Event(kind=EventKind.SEEN, at=last_seen, level=level, note=row["sentence"], detail=lists)
    if row["acknowledged"]:
        by, note = row["acknowledged_by"] or "", row["note"] or ""
        acknowledged = instant_of(row["acknowledged"])
        yield Event(kind=EventKind.ACKNOWLEDGED, at=acknowledged, level=level, by=by, note=note, detail=_LONG_TOLD)
    if row["resolved"]:
        yield Event(kind=EventKind.RESOLVED, at=instant_of(row["resolved"]), level=level, detail=_LONG_TOLD)


def _event(row: Mapping[Any, Any]) -> Event:
    return Event(
        kind=EventKind(row["kind"]),
        at=instant_of(row["at"]),
        level=Level(row["level"]),
        by=row["by"],
        note=row["note"],
        detail=row["detail"],
        id=row["id"],
    )


def _sum(state: IncidentState) -> dict[str, Any]:
    """The row that a state makes."""
    return {
        "open_cause": state.cause if state.is_open else None,
        "level": state.level.value,
        "sentence": state.sentence,
        "items": list(state.items),
        "failing": list(state.failing),
        "blocked": list(state.blocked),
        "branches": list(state.branches),
        "opened": stored(state.opened),
        "last_seen": stored(state.last_seen),
        "acknowledged": _text(state.acknowledged),
        "acknowledged_by": state.acknowledged_by or None,
        "note": state.note or None,
        "resolved": _text(state.resolved),
        "holding_since": _text(state.holding_since),
        "flapping": state.flapping,
    }


def _text(instant: datetime | None) -> str | None:
    return stored(instant) if instant else None
