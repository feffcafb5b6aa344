"""How many targets of one history stand: asked of all of them together, since thousands one by one take minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome

_AT_ONCE = 500


@dataclass(frozen=True)
class LastRound:
    """The last round of all items that ended; `failed` are the items that failed in it, with what they said."""

    id: str
    round: str
    as_of: datetime
    status: str
    failed: Mapping[str, tuple[Level, str]]


@dataclass(frozen=True)
class OpenIncident:
    """One that is open; `is_felt` while it does not hold again."""

    level: Level
    sentence: str
    opened: datetime
    is_felt: bool
    is_answered: bool


@dataclass(frozen=True)
class Stands:
    """What the history knows of a target; `last` is None where no round has ended."""

    last: LastRound | None = None
    incidents: tuple[OpenIncident, ...] = ()


def standing_of(history: History, targets: Sequence[str], lately: datetime | None = None) -> dict[str, Stands]:
    """How each of the targets stands. Most have a round as of `lately` or later, and are asked of no other.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    found: dict[str, Stands] = {}
    names = iter(targets)
    with history.reading() as connection:
        while some := list(islice(names, _AT_ONCE)):
            found |= dict(_standing(connection, some, lately))
    return found


def _standing(connection: Connection, targets: Sequence[str], lately: datetime | None) -> Iterator[tuple[str, Stands]]:
    rounds = _last_rounds(connection, targets, lately)
    silent = [target for target in targets if target not in rounds]
    if lately is not None and silent:
        rounds |= _last_rounds(connection, silent, None)
    failed = _failed_in(connection, [row["id"] for row in rounds.values()])
    incidents = _open_incidents(connection, targets)
    for target in targets:
        row = rounds.get(target)
        last = None if row is None else _last_round(row, failed.get(row["id"], {}))
        yield target, Stands(last, tuple(incidents.get(target, ())))


def _last_rounds(connection: Connection, targets: Sequence[str], lately: datetime | None) -> dict[str, RowMapping]:
    rounds = tables.rounds
    of_all_items = (rounds.c.finished.is_not(None), rounds.c.partial.is_not(True))
    newest = (
        select(rounds.c.target, func.max(rounds.c.as_of).label("as_of"))
        .where(rounds.c.target.in_(targets), *of_all_items, *([rounds.c.as_of >= stored(lately)] if lately else []))
        .group_by(rounds.c.target)
        .subquery()
    )
    same = (newest.c.target == rounds.c.target) & (newest.c.as_of == rounds.c.as_of)
    query = select(rounds).join(newest, same).where(*of_all_items).order_by(rounds.c.started)
    return {row["target"]: row for row in connection.execute(query).mappings()}


def _failed_in(connection: Connection, rounds: Sequence[str]) -> dict[str, dict[str, tuple[Level, str]]]:
    results = tables.results.c
    query = (
        select(results.round_id, results.item, results.level, results.sentence)
        .where(results.round_id.in_(rounds), results.outcome == Outcome.FAILED.value)
        .order_by(results.level, results.id)
    )
    found: dict[str, dict[str, tuple[Level, str]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.round_id, {})[row.item] = (Level(row.level), row.sentence)
    return found


def _open_incidents(connection: Connection, targets: Sequence[str]) -> dict[str, list[OpenIncident]]:
    """The weightiest first, then the oldest."""
    rows = tables.incidents.c
    query = (
        select(rows.target, rows.level, rows.sentence, rows.opened, rows.holding_since, rows.acknowledged)
        .where(rows.target.in_(targets), rows.open_cause.is_not(None))
        .order_by(rows.level.desc(), rows.opened)
    )
    found: dict[str, list[OpenIncident]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["target"], []).append(_incident(row))
    return found


def _incident(row: Mapping[Any, Any]) -> OpenIncident:
    return OpenIncident(
        Level(row["level"]),
        row["sentence"],
        instant_of(row["opened"]),
        is_felt=row["holding_since"] is None,
        is_answered=row["acknowledged"] is not None,
    )


def _last_round(row: RowMapping, failed: Mapping[str, tuple[Level, str]]) -> LastRound:
    return LastRound(row["id"], row["round"], instant_of(row["as_of"]), row["status"] or "unknown", failed)
