"""Maintenance that people announced, as the history keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, select

from hypercare.history import tables
from hypercare.history.instants import instant_of, instant_or_none, stored
from hypercare.history.store import History
from hypercare.uptime.overrides import Maintenance


@dataclass(frozen=True)
class Announcement:
    """One announcement. It is over when somebody says so (`ended`), and at `until` at the latest.

    One that was `planned` beforehand ends by itself; of one that somebody started others want to hear that it is over.
    """

    why: str
    by: str
    start: datetime
    until: datetime
    ways: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    planned: bool = False
    announced_at: datetime | None = None
    ended: datetime | None = None
    ended_by: str = ""
    id: int = 0

    @property
    def end(self) -> datetime:
        return self.until if self.ended is None else min(self.ended, self.until)

    @property
    def as_window(self) -> Maintenance:
        return Maintenance(self.why, self.start, self.end, self.ways, self.branches, self.by)

    def is_open_at(self, now: datetime) -> bool:
        return self.start <= now < self.end


def announce(history: History, announcement: Announcement) -> int:
    """Keep an announcement.

    Returns:
        its number.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    row = {
        "target": history.target,
        "why": announcement.why,
        "by": announcement.by,
        "start": stored(announcement.start),
        "until": stored(announcement.until),
        "ways": list(announcement.ways),
        "branches": list(announcement.branches),
        "planned": announcement.planned,
        "said": stored(announcement.announced_at or announcement.start),
    }
    with history.writing() as connection:
        added = connection.execute(tables.maintenance.insert(), row).inserted_primary_key
    assert added is not None
    return int(added[0])


def end_announcement(history: History, number: int, by: str, at: datetime) -> None:
    """Note that it is over, or that it is not to be.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    table = tables.maintenance
    mine = (table.c.target == history.target, table.c.id == number)
    with history.writing() as connection:
        connection.execute(table.update().where(*mine).values(ended=stored(at), ended_by=by))


def announcements(history: History) -> list[Announcement]:
    """All that was ever announced by people, in the order of its beginning.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    table = tables.maintenance
    query = select(table).where(table.c.target == history.target).order_by(table.c.start, table.c.id)
    with history.reading() as connection:
        return [_announcement_of(row) for row in connection.execute(query).mappings()]


def _announcement_of(row: RowMapping) -> Announcement:
    return Announcement(
        why=row["why"],
        by=row["by"],
        start=instant_of(row["start"]),
        until=instant_of(row["until"]),
        ways=tuple(row["ways"]),
        branches=tuple(row["branches"]),
        planned=row["planned"],
        announced_at=instant_of(row["said"]),
        ended=instant_or_none(row["ended"]),
        ended_by=row["ended_by"] or "",
        id=row["id"],
    )
