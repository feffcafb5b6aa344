"""A copy of the database (a replica) that questions about the past are asked of, so that the main one is left to work.

What is asked for being fresh (a trial that was just made, whether the database is up) stays with the main one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.signals import ChannelDown, NotCovered

_LOG = logging.getLogger(__name__)
_LOOKED_AT_AGAIN_AFTER_S = 60.0
# A copy that has replayed all that it received is as new as its last message; who may not see that is told 0. Where
# nothing is received any more, it is as new as the last change that it knows of.
_BEHIND_ON_POSTGRESQL = text(
    """SELECT CASE WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() IS NULL THEN NULL
                   WHEN pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()
                     OR NOT EXISTS (SELECT 1 FROM pg_stat_wal_receiver)
                   THEN extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
                   ELSE coalesce((SELECT extract(epoch FROM clock_timestamp() - max(last_msg_receipt_time))
                                  FROM pg_stat_wal_receiver), 0) END"""
)
_BEHIND_ON_MYSQL = ("SHOW REPLICA STATUS", "SHOW SLAVE STATUS")
_SECONDS_BEHIND = ("Seconds_Behind_Source", "Seconds_Behind_Master")


class Lag:
    """How far a copy is behind, looked at once a minute. `address` is where it stands, `most` what it may be."""

    def __init__(self, address: str, most: timedelta) -> None:
        self.address = address
        self._most = most
        self._looked_at = float("-inf")
        self._seconds: float | None = None

    def require_fresh(self, connection: Connection) -> float | None:
        """The seconds, None where the server does not say. Raises NotCovered where it is too far behind."""
        if time.monotonic() - self._looked_at > _LOOKED_AT_AGAIN_AFTER_S:
            self._looked_at, self._seconds = time.monotonic(), seconds_behind(connection)
            _LOG.info("the copy at %s is %s s behind", self.address, self._seconds)
        if self._seconds == float("inf"):
            raise NotCovered(
                f"The copy at {self.address} does not follow its main database any more, so what it says of today is"
                " not to be relied on.",
                remedy="See why its replication stands still, or leave out [database] read_from.",
            )
        if self._seconds is not None and self._seconds > self._most.total_seconds():
            raise NotCovered(
                f"The copy at {self.address} is {rounded_duration(timedelta(seconds=self._seconds))} behind, so what"
                " it says of today is not to be relied on.",
                remedy="See why it does not keep up, raise [database] copy_behind, or leave out [database] read_from.",
            )
        return self._seconds


def seconds_behind(connection: Connection) -> float | None:
    """None where the server is no copy, or does not say to us; without end where it is one that follows no more."""
    with suppress(SQLAlchemyError):
        if connection.dialect.name == "postgresql":
            with connection.begin_nested():
                found = connection.execute(_BEHIND_ON_POSTGRESQL).scalar()
                return None if found is None else float(found)
        if connection.dialect.name in {"mysql", "mariadb"}:
            return _behind_on_mysql(connection)
    return None


def _behind_on_mysql(connection: Connection) -> float | None:
    for question in _BEHIND_ON_MYSQL:
        with suppress(SQLAlchemyError):
            row = connection.exec_driver_sql(question).mappings().first()
            said = [] if row is None else [row[name] for name in _SECONDS_BEHIND if name in row]
            return float("inf" if said[0] is None else said[0]) if said else None
    return None


@contextmanager
def copy_down_is_no_outage(address: str) -> Iterator[None]:
    """People work with the main database: a copy that cannot be reached keeps only our questions from being asked."""
    try:
        yield
    except ChannelDown as down:
        raise NotCovered(
            f"The copy at {address} that questions are asked of cannot be reached: {down.finding.sentence}",
            remedy="Bring it back, or leave out [database] read_from.",
        ) from None
