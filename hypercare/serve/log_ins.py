"""Each try to log in, written down before it is known to be right, so that guessing is slow however it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History
from hypercare.target_file.sections.serve import LONGEST_NAME

WINDOW = timedelta(minutes=15)
# Refused tries within the window: of one name from one address, of one name, from one address.
OF_BOTH, OF_NAME, OF_ADDRESS = 5, 25, 30
_IN, _OUT, _REFUSED = "in", "out", "refused"


class TooManyTries(Exception):
    """The same for a name that there is and one that there is not."""


@dataclass(frozen=True)
class LogIn:
    """`outcome` is "in", "refused" or "out"."""

    at: datetime
    name: str
    place: str
    outcome: str


class LogIns:
    """Of one target. Every method raises HistoryProblem where the history cannot be used."""

    def __init__(self, history: History) -> None:
        self._history = history

    def begin(self, name: str, place: str) -> int:
        """Write a try down as refused, for the time being.

        Returns:
            its number, for `succeeded`.

        Raises:
            TooManyTries: too many were refused lately; this one is not written down.
        """
        rows = tables.serve_log_ins
        name = _as_counted(name)
        with self._history.writing() as connection:
            since = datetime.now(UTC) - WINDOW
            of_name, of_place = rows.c.name == name, rows.c.place == place
            limits = (((of_name, of_place), OF_BOTH), ((of_name,), OF_NAME), ((of_place,), OF_ADDRESS))
            if any(self._refused(connection, since, *which) >= most for which, most in limits):
                raise TooManyTries
            return self._added(connection, name, place, _REFUSED)

    def succeeded(self, number: int, name: str) -> None:
        rows = tables.serve_log_ins
        with self._history.writing() as connection:
            connection.execute(rows.update().where(rows.c.id == number).values(outcome=_IN, name=name))

    def logged_out(self, name: str, place: str) -> None:
        with self._history.writing() as connection:
            self._added(connection, name, place, _OUT)

    def newest(self, most: int) -> list[LogIn]:
        """The newest, the last one first."""
        rows = tables.serve_log_ins.c
        columns = (rows.at, rows.name, rows.place, rows.outcome)
        query = select(*columns).where(rows.target == self._history.target).order_by(rows.id.desc()).limit(most)
        with self._history.reading() as connection:
            return [LogIn(instant_of(row[0]), *row[1:]) for row in connection.execute(query)]

    def _refused(self, connection: Connection, since: datetime, *which: ColumnElement[bool]) -> int:
        rows = tables.serve_log_ins.c
        mine = (rows.target == self._history.target, rows.at > stored(since), rows.outcome == _REFUSED)
        return int(connection.execute(select(func.count()).where(*mine, *which)).scalar_one())

    def _added(self, connection: Connection, name: str, place: str, outcome: str) -> int:
        row = {"target": self._history.target, "at": stored(datetime.now(UTC)), "name": name, "place": place}
        added = connection.execute(tables.serve_log_ins.insert().values(**row, outcome=outcome))
        (number,) = added.inserted_primary_key or (0,)
        return int(number)


def _as_counted(name: str) -> str:
    """However it is written, it counts as one."""
    return name.strip().casefold()[:LONGEST_NAME]
