"""Who is logged in: in the history by the hash of what the browser holds, so that a log-out ends it everywhere."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History
from hypercare.target_file.sections.serve import Role, ServeSection

_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Session:
    """`form_token` is what each form of the session has to bring along."""

    name: str
    role: Role
    form_token: str
    until: datetime

    @property
    def may_act(self) -> bool:
        return self.role is Role.REVIEWER


class Sessions:
    """The sessions of one target. Every method raises HistoryProblem where the history cannot be used."""

    def __init__(self, history: History, section: ServeSection) -> None:
        self._history = history
        self._section = section

    def begin(self, name: str, lasts: timedelta) -> str:
        """Begin a session; what stands for it is told once. Those that ran out are removed."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), datetime.now(UTC)
        rows = tables.serve_sessions
        row = {
            "token_hash": _hash(token),
            "target": self._history.target,
            "name": name,
            "form_token": secrets.token_urlsafe(_TOKEN_BYTES),
            "began": stored(now),
            "until": stored(now + lasts),
        }
        with self._history.writing() as connection:
            connection.execute(delete(rows).where(rows.c.until < stored(now)))
            connection.execute(rows.insert().values(**row))
        return token

    def find(self, token: str) -> Session | None:
        """The session that a token stands for, while it lasts and the target file still names its user."""
        rows = tables.serve_sessions
        query = select(rows).where(rows.c.token_hash == _hash(token), rows.c.target == self._history.target)
        with self._history.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None or instant_of(row["until"]) <= datetime.now(UTC):
            return None
        role = self._section.role_of(row["name"])
        return Session(row["name"], role, row["form_token"], instant_of(row["until"])) if role is not None else None

    def end(self, token: str) -> None:
        """End a session; one that there is not is no error."""
        rows = tables.serve_sessions
        mine = (rows.c.token_hash == _hash(token), rows.c.target == self._history.target)
        with self._history.writing() as connection:
            connection.execute(delete(rows).where(*mine))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
