"""Incidents: one trouble over time. Opened by a failure, acknowledged by a person, resolved when it holds again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.store import History, stored
from hypercare.outcome.level import Level
from hypercare.target.config import EscalationLevel


@dataclass(frozen=True)
class Trouble:
    """What a round saw: failures that share a cause, and the items that it keeps from being looked at."""

    cause: str
    level: Level
    sentence: str
    items: tuple[str, ...]
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Incident:
    id: int
    cause: str
    level: Level
    sentence: str
    opened: datetime
    last_seen: datetime
    acknowledged: datetime | None
    acknowledged_by: str | None
    resolved: datetime | None
    respond_by: datetime
    who: str
    items: tuple[str, ...] = field(default=())
    blocked: tuple[str, ...] = field(default=())


class UnknownIncident(Exception):
    def __init__(self, number: int) -> None:
        super().__init__(f"there is no open incident {number}")


class Incidents:
    """The incidents of one target."""

    def __init__(self, history: History, promises: Mapping[Level, EscalationLevel]) -> None:
        self._history = history
        self._promises = promises

    def open(self) -> tuple[Incident, ...]:
        """Open incidents, the most urgent first."""
        rows = tables.incidents
        wanted = select(rows).where(rows.c.target == self._history.target, rows.c.resolved.is_(None))
        with self._history.writing() as connection:
            found = [self._incident(row) for row in connection.execute(wanted).mappings()]
        return tuple(sorted(found, key=lambda incident: (-int(incident.level[1]), incident.opened, incident.id)))

    def note_round(
        self, troubles: Sequence[Trouble], held: Iterable[str], at: datetime
    ) -> tuple[tuple[Incident, ...], tuple[Incident, ...]]:
        """Take in what a round saw.

        Troubles open an incident or refresh the open one of the same cause; a level only rises. An incident is
        resolved when every item it stands for, or every one that it blocked, was looked at by this round and held.

        Returns:
            the incidents that are open now, and those that this round resolved.
        """
        before = {incident.cause: incident for incident in self.open()}
        for trouble in troubles:
            self._see(trouble, before.get(trouble.cause), at)
        seen = {trouble.cause for trouble in troubles}
        holding = set(held)
        over = [one for one in before.values() if one.cause not in seen and _holds_again(one, holding)]
        for incident in over:
            self._change(incident.id, resolved=stored(at))
        return self.open(), tuple(replace(incident, resolved=at) for incident in over)

    def acknowledge(self, number: int, by: str, note: str, at: datetime) -> None:
        """Say who is on it.

        Raises:
            UnknownIncident: none of that number is open.
        """
        if number not in {incident.id for incident in self.open()}:
            raise UnknownIncident(number)
        self._change(number, acknowledged=stored(at), acknowledged_by=by, note=note)

    def _see(self, trouble: Trouble, known: Incident | None, at: datetime) -> None:
        seen = {"sentence": trouble.sentence, "blocked": list(trouble.blocked), "last_seen": stored(at)}
        if known is not None:
            items = sorted({*known.items, *trouble.items})
            self._change(known.id, **seen, items=items, level=max(known.level, trouble.level).value)
            return
        with self._history.writing() as connection:
            connection.execute(
                tables.incidents.insert().values(
                    **seen,
                    target=self._history.target,
                    cause=trouble.cause,
                    level=trouble.level.value,
                    items=list(trouble.items),
                    opened=stored(at),
                )
            )

    def _change(self, number: int, **values: Any) -> None:
        with self._history.writing() as connection:
            connection.execute(tables.incidents.update().where(tables.incidents.c.id == number).values(**values))

    def _incident(self, row: Mapping[Any, Any]) -> Incident:
        level = Level(row["level"])
        opened = datetime.fromisoformat(row["opened"])
        promise = self._promises[level]
        return Incident(
            id=row["id"],
            cause=row["cause"],
            level=level,
            sentence=row["sentence"],
            opened=opened,
            last_seen=datetime.fromisoformat(row["last_seen"]),
            acknowledged=_instant(row["acknowledged"]),
            acknowledged_by=row["acknowledged_by"],
            resolved=_instant(row["resolved"]),
            respond_by=opened + promise.respond_within,
            who=promise.who,
            items=tuple(row["items"]),
            blocked=tuple(row["blocked"]),
        )


def _holds_again(incident: Incident, holding: set[str]) -> bool:
    return any(items and set(items) <= holding for items in (incident.items, incident.blocked))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
