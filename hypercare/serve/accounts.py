"""Who may log in: named with a role in the target file, with a password in the history."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import delete, select

from hypercare.history import tables
from hypercare.history.engine import put
from hypercare.history.instants import stored
from hypercare.history.store import History
from hypercare.serve import passwords
from hypercare.target_file.sections.serve import Role, ServeSection


class AccountProblem(Exception):
    """The account cannot be changed; the message is one line."""


class Accounts:
    """The users of one target. Every method raises HistoryProblem where the history cannot be used."""

    def __init__(self, history: History, section: ServeSection) -> None:
        self._history = history
        self._section = section

    def role_of(self, name: str) -> Role | None:
        return self._section.role_of(name)

    def set_password(self, name: str, password: str) -> None:
        """Give a user of the target file a password, and end whatever sessions they have.

        Raises:
            AccountProblem: the target file names no such user, or the password is too short.
        """
        if self.role_of(name) is None:
            raise AccountProblem(f"[[serve.users]] of the target file names no {name!r}: add the name and a role there")
        if not password.isprintable() or not passwords.LEAST_LENGTH <= len(password) <= passwords.LONGEST:
            raise AccountProblem(f"a password has at least {passwords.LEAST_LENGTH} characters that can be typed")
        row = {"target": self._history.target, "name": name}
        row |= {"password": passwords.hashed(password), "since": stored(datetime.now(UTC))}
        with self._history.writing() as connection:
            put(connection, tables.serve_passwords, [row])
            self._end_sessions(name)

    def remove_password(self, name: str) -> bool:
        """Take a user's password and sessions away.

        Returns:
            whether there was one.
        """
        rows = tables.serve_passwords
        mine = (rows.c.target == self._history.target, rows.c.name == name)
        with self._history.writing() as connection:
            removed = connection.execute(delete(rows).where(*mine)).rowcount
            self._end_sessions(name)
        return removed > 0

    def without_password(self) -> list[str]:
        """The users of the target file that cannot log in yet."""
        rows = tables.serve_passwords.c
        query = select(rows.name).where(rows.target == self._history.target)
        with self._history.reading() as connection:
            able = set(connection.execute(query).scalars())
        return [user.name for user in self._section.users if user.name not in able]

    def is_right(self, name: str, password: str) -> bool:
        """Whether somebody of that name may log in with it. It takes as long for a name that there is not."""
        rows = tables.serve_passwords.c
        query = select(rows.password).where(rows.target == self._history.target, rows.name == name)
        with self._history.reading() as connection:
            found = connection.execute(query).scalar()
        is_right = passwords.matches(password, found or self._of_nobody)
        return is_right and found is not None and self.role_of(name) is not None

    @cached_property
    def _of_nobody(self) -> str:
        return passwords.hashed("nobody has this password")

    def warm_up(self) -> None:
        """Have what unknown names are compared with ready, so that the first one takes no longer than the next."""
        _ = self._of_nobody

    def _end_sessions(self, name: str) -> None:
        rows = tables.serve_sessions
        mine = (rows.c.target == self._history.target, rows.c.name == name)
        with self._history.writing() as connection:
            connection.execute(delete(rows).where(*mine))
