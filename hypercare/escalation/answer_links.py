"""Links that acknowledge one incident once, without a log-in: sent in a message, known here by their hash alone."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History

_TOKEN_BYTES = 32
# Whoever opens one late is told that it has run out, and not that there never was one.
_REMEMBERED = timedelta(days=30)


class NoSuchLink(Exception):
    """There is no such link, it has run out, or it was used; the message is one line."""


@dataclass(frozen=True)
class AnswerLink:
    incident: int
    until: datetime


class AnswerLinks:
    """The links of one target. They run out by the clock of this machine, whatever time it is for the target."""

    def __init__(self, history: History) -> None:
        self._history = history

    def new(self, incident: int, lasts: timedelta) -> str:
        """Make a link's token, which is told once and cannot be asked for again.

        Raises:
            HistoryProblem: the history cannot be written.
        """
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        links, now = tables.answer_links, datetime.now(UTC)
        row = {"token_hash": _hash(token), "target": self._history.target, "incident": incident}
        with self._history.writing() as connection:
            connection.execute(delete(links).where(links.c.until < stored(now - _REMEMBERED)))
            connection.execute(links.insert().values(**row, until=stored(now + lasts)))
        return token

    def read(self, token: str) -> AnswerLink:
        """What a link is about, without using it.

        Raises:
            NoSuchLink: it is none, has run out, or was used.
        """
        links = tables.answer_links
        query = select(links).where(links.c.token_hash == _hash(token), links.c.target == self._history.target)
        with self._history.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise NoSuchLink("There is no such link.")
        if row["used"] is not None:
            raise NoSuchLink(f"{row['used_by']} has used this link; it works once.")
        link = AnswerLink(row["incident"], instant_of(row["until"]))
        if link.until <= datetime.now(UTC):
            raise NoSuchLink("This link has run out.")
        return link

    def use(self, token: str, by: str) -> AnswerLink:
        """Use it up; within a transaction that writes it is used only if that holds.

        Raises:
            NoSuchLink: as of `read`.
            HistoryProblem: the history cannot be written.
        """
        links = tables.answer_links
        with self._history.writing() as connection:
            link = self.read(token)
            mine = (links.c.token_hash == _hash(token), links.c.target == self._history.target)
            used = {"used": stored(datetime.now(UTC)), "used_by": by}
            connection.execute(links.update().where(*mine).values(**used))
        return link


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
