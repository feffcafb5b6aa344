"""Somebody's session with a declared system: what was kept at log-in, and what every request then carries."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from hypercare.http.exchange import Exchange
from hypercare.target_file.seats import Sessions

if TYPE_CHECKING:
    from hypercare.api.api import Api
    from hypercare.target_file.sections.rest import RestSection

# A secret shorter than this could be any word of a page.
_LEAST_SECRET = 6


@dataclass
class Session:
    """`saved_values` are values of the log-in's answers, `log_in_record` that answer itself;
    `clients` counts who stands in it."""

    username: str = ""
    password: str = ""
    saved_values: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    log_in_record: Any = None
    is_open: bool = False
    clients: int = 0
    opened_at: int = 0

    def learn(self, exchange: Exchange) -> None:
        """Keep the cookies of an answer, as a browser would."""
        for name, value in exchange.cookies.items():
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)

    def forget(self) -> None:
        self.saved_values.clear()
        self.cookies.clear()
        self.log_in_record = None
        self.is_open = False

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    @property
    def secrets(self) -> Iterable[str]:
        texts = [value for value in (*self.saved_values.values(), *self.cookies.values()) if isinstance(value, str)]
        return [text for text in texts if len(text) >= _LEAST_SECRET]


def shares_sessions(api: Api, rest: RestSection) -> bool:
    """Whether the clients of one user are one session: the system allows no other, or its API does not."""
    return rest.one_session_per_user or api.target.seats.allowed is not Sessions.ANY


_SHARED: WeakKeyDictionary[Api, dict[str, Session]] = WeakKeyDictionary()


def shared(api: Api, username: str, password: str) -> Session:
    """The one session of a user where the system allows only one: a second log-in would end the first."""
    sessions = _SHARED.setdefault(api, {})
    if username not in sessions or sessions[username].password != password:
        sessions[username] = Session(username, password)
    return sessions[username]


_LEFT: WeakKeyDictionary[Api, dict[str, int]] = WeakKeyDictionary()
_TIMES = itertools.count(1)


def opens(session: Session) -> None:
    session.is_open = True
    session.opened_at = next(_TIMES)


def leaves(api: Api, session: Session) -> None:
    """Remember that somebody logged out: some systems end all sessions of the person then."""
    _LEFT.setdefault(api, {})[session.username] = next(_TIMES)


def was_left_since(api: Api, session: Session) -> bool:
    """Whether the same person has logged out at another of our clients since this session was opened."""
    return _LEFT.get(api, {}).get(session.username, 0) > session.opened_at
