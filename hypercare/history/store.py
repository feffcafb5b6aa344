"""The store behind the history: opened at first use, written as each check ends."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, or_, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from hypercare.extras import install_driver
from hypercare.history import tables
from hypercare.history.broken_rounds import BrokenRound, broken_round, has_broken_off, unfinished
from hypercare.history.engine import WAIT_SECONDS, add_new, make_engine, one_writer, put
from hypercare.history.instants import instant_of, stored
from hypercare.history.missed_rounds import MissedRound, find_missed
from hypercare.history.problem import HistoryAway, HistoryProblem
from hypercare.history.runner import Runner
from hypercare.target_file.config import TargetConfig

__all__ = ["History", "HistoryProblem", "stored"]

_LOG = logging.getLogger(__name__)
# Whoever waits longer for the others is held up by them.
_LONG_WAIT_S = 1.0


class History:
    """What earlier rounds of one target left behind.

    `place` is an SQLite file or the address of a database that several targets and machines may share. One that lives
    `in_passing` is a copy that is thrown away. Whoever finds others writing waits for `wait_s` seconds at most.
    """

    def __init__(
        self, place: Path | URL, target: str, *, in_passing: bool = False, wait_s: float = WAIT_SECONDS
    ) -> None:
        self.url = place if isinstance(place, URL) else URL.create("sqlite", database=str(place))
        self.target = target
        self._in_passing, self._wait_s = in_passing, wait_s
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        self._current = threading.local()

    @property
    def shown(self) -> str:
        """Where it lies, in words that hold no secret."""
        if self.is_file:
            return str(self.url.database)
        return self.url.render_as_string(hide_password=True)

    @property
    def is_there(self) -> bool:
        """Whether opening it would not make it: its file exists, or it is kept by a server."""
        return not self.is_file or Path(str(self.url.database)).exists()

    @property
    def is_file(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, in which nobody else writes for this target; inside another it is that one.

        It is to be short: the others wait for it.

        Raises:
            HistoryProblem: the history cannot be opened or written.
        """
        current: Connection | None = getattr(self._current, "writing", None)
        if current is not None:
            yield current
            return
        requested = time.perf_counter()
        with self._telling(), self._opened().begin() as connection:
            one_writer(connection, self.target)
            self._current.writing = connection
            acquired = time.perf_counter()
            try:
                yield connection
            finally:
                self._current.writing = None
                _note_lock(acquired - requested, time.perf_counter() - acquired)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that only reads and keeps nobody waiting; inside one that writes it is that one.

        Raises:
            HistoryProblem: the history cannot be opened or read.
        """
        current: Connection | None = getattr(self._current, "writing", None)
        if current is not None:
            yield current
            return
        with self._telling(), self._opened().connect().execution_options(reads=True) as connection:
            yield connection

    def _opened(self) -> Engine:
        with self._opening:
            if self._engine is None:
                from hypercare.history.migrating import bring_up_to_date

                started = time.perf_counter()
                self._make_room()
                engine = make_engine(self.url, self._wait_s)
                bring_up_to_date(engine, self.shown, in_passing=self._in_passing)
                self._engine = engine
                took = (time.perf_counter() - started) * 1000
                _LOG.info("history %s of the target %s opened in %.0f ms", self.shown, self.target, took)
            return self._engine

    def _make_room(self) -> None:
        if self.is_file:
            try:
                Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise HistoryProblem(f"the history {self.shown} cannot be used: {error.strerror or error}") from None

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, NoConnectionFree) as error:
            cause = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
            away = not self.is_file and isinstance(error, OperationalError | NoConnectionFree)
            kind = HistoryAway if away else HistoryProblem
            _LOG.warning("history %s cannot be used: %s", self.shown, cause)
            raise kind(f"the history {self.shown} cannot be used: {cause.splitlines()[0]}") from None
        except ImportError as error:
            reason = str(error).partition("\n")[0]
            raise HistoryProblem(
                f"there is no driver for the history {self.shown} here ({reason}). "
                f"{install_driver(self.url.get_backend_name())}"
            ) from None

    def begin_round(
        self,
        round_id: str,
        name: str,
        day: date,
        as_of: datetime,
        started: datetime,
        runner: Runner | None = None,
        *,
        partial: bool = False,
        rules: str | None = None,
    ) -> None:
        row = {
            "id": round_id,
            "target": self.target,
            "round": name,
            "day": day,
            "as_of": stored(as_of),
            "started": stored(started),
            "machine": runner.machine if runner else None,
            "process": runner.process if runner else None,
            "heartbeat": stored(started),
            "partial": partial,
            "rules": rules,
        }
        with self.writing() as connection:
            add_new(connection, tables.rounds, [row])

    def expect(self, round_id: str, checks: int) -> None:
        """How many checks a round is going to run."""
        with self.writing() as connection:
            self._note_of_round(connection, round_id, expected=checks, heartbeat=stored(datetime.now(UTC)))

    def record(self, round_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Results of checks, a row an item that they answer for. Recorded twice, they are there once."""
        with self.writing() as connection:
            add_new(connection, tables.results, [{**row, "round_id": round_id} for row in rows])

    def record_figures(self, round_id: str, figures: Mapping[str, Any]) -> None:
        """The newest value of a figure holds; one by branch is kept as JSON."""
        rows = [{"round_id": round_id, "name": name, "value": figure_text(value)} for name, value in figures.items()]
        with self.writing() as connection:
            put(connection, tables.figures, rows)

    def finish_round(self, round_id: str, finished: datetime, status: str, reported_rounds: Iterable[str] = ()) -> None:
        """`reported_rounds` are the rounds that broke off and that this one's report tells of."""
        rounds = tables.rounds
        with self.writing() as connection:
            self._note_of_round(connection, round_id, finished=stored(finished), status=status)
            connection.execute(rounds.update().where(rounds.c.id.in_(list(reported_rounds))).values(told_by=round_id))

    def withdraw_round(self, round_id: str) -> None:
        """A round that had nothing to run was none."""
        with self.writing() as connection:
            connection.execute(tables.rounds.delete().where(tables.rounds.c.id == round_id))

    def beat(self, round_id: str) -> None:
        """The round is still running."""
        with self.writing() as connection:
            self._note_of_round(connection, round_id, heartbeat=stored(datetime.now(UTC)))

    def last_finished_round(self, before: datetime, name: str | None = None) -> datetime | None:
        """The instant as of which the last finished round (of this name) was judged before the given one.

        One that was partial does not count.
        """
        rounds = tables.rounds.c
        newest = (
            select(rounds.as_of)
            .where(
                rounds.target == self.target,
                rounds.finished.is_not(None),
                rounds.as_of < stored(before),
                rounds.partial.is_not(True),
                rounds.round == (rounds.round if name is None else name),
            )
            .order_by(rounds.as_of.desc())
            .limit(1)
        )
        with self.reading() as connection:
            found = connection.execute(newest).scalar()
        return instant_of(found) if found else None

    def missed_rounds(self, config: TargetConfig, since: datetime, until: datetime) -> tuple[MissedRound, ...]:
        """The rounds that were due after `since` and at least half an hour before `until`, and did not happen.

        Both by the target's clock. None from before the first round ever.
        """
        with self.reading() as connection:
            return tuple(find_missed(connection, self.target, config, since, until, datetime.now(UTC)))

    def broken_rounds(self, longest_check: timedelta) -> tuple[BrokenRound, ...]:
        """The rounds that began, never ended and do not run any more, and of which no report has told; oldest first."""
        now = datetime.now(UTC)
        with self.reading() as connection:
            rows = list(unfinished(connection, self.target))
        return tuple(broken_round(row) for row in rows if has_broken_off(row, now, longest_check))

    def settled_rounds(self, among: Iterable[str]) -> frozenset[str]:
        """Those of the given rounds that ended, or of which a report has told that they broke off."""
        rounds = tables.rounds.c
        over = or_(rounds.finished.is_not(None), rounds.told_by.is_not(None))
        with self.reading() as connection:
            return frozenset(connection.execute(select(rounds.id).where(rounds.id.in_(list(among)), over)).scalars())

    def attested(self, item: str, day: date) -> Mapping[str, Any] | None:
        """The newest answer that a person gave for an item and day: keys answer, by, at."""
        rows = tables.attestations.c
        newest = (
            select(rows.answer, rows.by, rows.at)
            .where(rows.target == self.target, rows.item == item, rows.day == day)
            .order_by(rows.id.desc())
            .limit(1)
        )
        with self.reading() as connection:
            found = connection.execute(newest).mappings().first()
        return dict(found) if found else None

    def leave_to_the_other(self) -> None:
        """In a copied process: its connections are those of the process that it is a copy of, so others are made."""
        if self._engine is not None:
            self._engine.dispose(close=False)
        self._opening = threading.Lock()
        self._current = threading.local()

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    @staticmethod
    def _note_of_round(connection: Connection, round_id: str, **values: Any) -> None:
        connection.execute(tables.rounds.update().where(tables.rounds.c.id == round_id).values(**values))


def _note_lock(waited: float, seconds_held: float) -> None:
    level = logging.INFO if waited > _LONG_WAIT_S else logging.DEBUG
    _LOG.log(
        level, "history held for writing for %.0f ms, after %.0f ms of waiting", seconds_held * 1000, waited * 1000
    )


def figure_text(value: object) -> str:
    """A figure as the history keeps it."""
    return json.dumps(value, default=str) if isinstance(value, Mapping) else str(value)
