"""How far the days have been lived: kept in the database, moved in the same transaction as what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, update

from demo_erp.errors import SetupProblem
from demo_erp.schema import TrafficPosition


@dataclass(frozen=True, order=True)
class Position:
    """So many events of this day are done, and all of every day before."""

    day: date
    events_done: int


def read_position(connection: Connection, *, lock: bool = False) -> Position:
    """Where the business stands; `lock` keeps it from being moved by others until the transaction ends."""
    query = select(TrafficPosition.day, TrafficPosition.events_done)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise SetupProblem("the database holds no business; make one with: create")
    return Position(row.day, row.events_done)


def write_position(connection: Connection, position: Position) -> None:
    connection.execute(update(TrafficPosition).values(day=position.day, events_done=position.events_done))
