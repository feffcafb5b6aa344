"""The store behind the history: one SQLite file, written as each check ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from hypercare.history import tables


class HistoryProblem(Exception):
    """The history cannot be opened or written; the message is one line."""


def stored(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


class History:
    """What earlier rounds of one target left behind."""

    def __init__(self, path: Path, target: str) -> None:
        self.path = path
        self.target = target
        self._engine: Engine | None = None

    def _opened(self) -> Engine:
        if self._engine is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._engine = create_engine(f"sqlite:///{self.path}", poolclass=NullPool, connect_args={"timeout": 10.0})
            event.listen(self._engine, "connect", _prepare)
            tables.metadata.create_all(self._engine)
        return self._engine

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction.

        Raises:
            HistoryProblem: the file cannot be opened or written.
        """
        try:
            with self._opened().begin() as connection:
                yield connection
        except (DBAPIError, OSError) as error:
            cause = getattr(error, "orig", None) or error
            raise HistoryProblem(f"the history {self.path} cannot be used: {cause}") from None

    def begin_round(self, round_id: str, name: str, day: date, as_of: datetime, started: datetime) -> None:
        with self.writing() as connection:
            connection.execute(
                tables.rounds.insert().values(
                    id=round_id,
                    target=self.target,
                    round=name,
                    day=day,
                    as_of=stored(as_of),
                    started=stored(started),
                )
            )

    def record(self, round_id: str, rows: list[dict[str, Any]]) -> None:
        """Results of one check, a row an item that it answers for."""
        with self.writing() as connection:
            connection.execute(tables.results.insert(), [{**row, "round_id": round_id} for row in rows])

    def record_figures(self, round_id: str, figures: Mapping[str, str]) -> None:
        if not figures:
            return
        rows = [{"round_id": round_id, "name": name, "value": value} for name, value in figures.items()]
        with self.writing() as connection:
            connection.execute(tables.figures.insert(), rows)

    def finish_round(self, round_id: str, finished: datetime, status: str) -> None:
        change = tables.rounds.update().where(tables.rounds.c.id == round_id)
        with self.writing() as connection:
            connection.execute(change.values(finished=stored(finished), status=status))

    def last_finished_round(self, before: datetime) -> datetime | None:
        """The instant as of which the last finished round was judged, before the given one."""
        rounds = tables.rounds.c
        newest = (
            select(rounds.as_of)
            .where(rounds.target == self.target, rounds.finished.is_not(None), rounds.as_of < stored(before))
            .order_by(rounds.as_of.desc())
            .limit(1)
        )
        with self.writing() as connection:
            found = connection.execute(newest).scalar()
        return datetime.fromisoformat(found) if found else None

    def attested(self, item: str, day: date) -> Mapping[str, Any] | None:
        """The newest answer that a person gave for an item and day: keys answer, by, at."""
        rows = tables.attestations.c
        newest = (
            select(rows.answer, rows.by, rows.at)
            .where(rows.target == self.target, rows.item == item, rows.day == day)
            .order_by(rows.id.desc())
            .limit(1)
        )
        with self.writing() as connection:
            found = connection.execute(newest).mappings().first()
        return dict(found) if found else None

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()


def _prepare(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
