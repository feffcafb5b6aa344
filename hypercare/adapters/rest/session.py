"""Somebody's session with a declared system: what was kept at log-in, and what every request then carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from hypercare.target.exchange import Exchange

if TYPE_CHECKING:
    from hypercare.target.api import Api

# A secret shorter than this could be any word of a page.
_LEAST_SECRET = 6


@dataclass
class Session:
    """`kept` are values of the log-in's answers, `told` that answer itself; `doors` counts who stands in it."""

    username: str = ""
    password: str = ""
    kept: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    told: Any = None
    is_open: bool = False
    doors: int = 0

    def learn(self, exchange: Exchange) -> None:
        """Keep the cookies of an answer, as a browser would."""
        for name, value in exchange.cookies.items():
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)

    def forget(self) -> None:
        self.kept.clear()
        self.cookies.clear()
        self.told = None
        self.is_open = False

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    @property
    def secrets(self) -> Iterable[str]:
        texts = [value for value in (*self.kept.values(), *self.cookies.values()) if isinstance(value, str)]
        return [text for text in texts if len(text) >= _LEAST_SECRET]


_SHARED: WeakKeyDictionary[Api, dict[str, Session]] = WeakKeyDictionary()


def shared(api: Api, username: str, password: str) -> Session:
    """The one session of a user where the system allows only one: a second log-in would end the first."""
    sessions = _SHARED.setdefault(api, {})
    if username not in sessions or sessions[username].password != password:
        sessions[username] = Session(username, password)
    return sessions[username]
