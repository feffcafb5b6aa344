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
    """`items` are all that it was ever seen in, `failing` those that have not held since."""

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
    failing: tuple[str, ...] = field(default=())
    note: str | None = None


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

        Troubles open an incident or refresh the open one of the same cause; a level only rises. Rounds look at
        different items, so an incident remembers which of its items still fail, and is resolved when each of them
        held in some round since, or when everything that it blocked did in one.

        Returns:
            the incidents that are open now, and those that this round resolved.
        """
        before = {incident.cause: incident for incident in self.open()}
        for trouble in troubles:
            self._see(trouble, before.get(trouble.cause), at)
        seen = {trouble.cause for trouble in troubles}
        holding = set(held)
        over = []
        for incident in before.values():
            if incident.cause in seen:
                continue
            failing = [item for item in incident.failing if item not in holding]
            if not failing or (incident.blocked and set(incident.blocked) <= holding):
                self._change(incident.id, failing=[], resolved=stored(at))
                over.append(replace(incident, failing=(), resolved=at))
            elif len(failing) < len(incident.failing):
                self._change(incident.id, failing=failing)
        return self.open(), tuple(over)

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
            items = list(dict.fromkeys((*known.items, *trouble.items)))
            failing = list(dict.fromkeys((*known.failing, *trouble.items)))
            level = max(known.level, trouble.level).value
            self._change(known.id, **seen, items=items, failing=failing, level=level)
            return
        with self._history.writing() as connection:
            connection.execute(
                tables.incidents.insert().values(
                    **seen,
                    target=self._history.target,
                    cause=trouble.cause,
                    level=trouble.level.value,
                    items=list(trouble.items),
                    failing=list(trouble.items),
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
            failing=tuple(row["failing"]),
            note=row["note"],
        )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
