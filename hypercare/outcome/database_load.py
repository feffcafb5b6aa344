"""What our questions cost the target's database: told by the way in, listened for by whoever runs a check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from typing import Any, Self


@dataclass
class DatabaseLoad:
    """`seconds` is for how long the database was at work for us: by our clock, so at most. `slowest` is what the
    question that took longest was about, and `lock_wait_s` the longest that one waited for others. `held_back` are, in
    words, questions that were not put since they would have read too much. `copy` is where the copy stands that was
    asked, `behind_s` how far it was behind where that can be told."""

    statements: int = 0
    seconds: float = 0.0
    slowest: str = ""
    slowest_s: float = 0.0
    lock_wait_s: float = 0.0
    held_back: list[str] = field(default_factory=list)
    copy: str = ""
    behind_s: float | None = None

    def asked(self, about: str, seconds: float) -> None:
        """One statement and how long its answer took."""
        self.statements += 1
        self.went_on(about, seconds, seconds)

    def went_on(self, about: str, more: float, seconds: float) -> None:
        """The statement before took `more` than was told, `seconds` in all: its rows were still to be fetched."""
        self.seconds += more
        if seconds > self.slowest_s:
            self.slowest, self.slowest_s = about, seconds

    def waited_for_lock(self, seconds: float) -> None:
        self.lock_wait_s = max(self.lock_wait_s, seconds)

    def asked_copy(self, address: str, behind_s: float | None) -> None:
        """Of the server that is behind the other, by so much."""
        self.copy = address
        if behind_s is not None:
            self.behind_s = max(behind_s, self.behind_s or 0.0)

    def add(self, other: DatabaseLoad) -> None:
        """What was asked beside, in another process."""
        self.statements += other.statements
        self.went_on(other.slowest, 0.0, other.slowest_s)
        self.seconds += other.seconds
        self.waited_for_lock(other.lock_wait_s)
        self.held_back += other.held_back
        if other.copy:
            self.asked_copy(other.copy, other.behind_s)

    def as_dict(self) -> dict[str, Any]:
        """Seconds to the tenth of a millisecond."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in plain.items()}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """From what `as_dict` gave, of whatever version; what is not known here is left out."""
        own_fields = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in own_fields})


_LISTENING: ContextVar[DatabaseLoad | None] = ContextVar("database_load", default=None)


@contextmanager
def listening_to_load() -> Iterator[DatabaseLoad]:
    """Add up what is asked inside the block, in this thread."""
    load = DatabaseLoad()
    token = _LISTENING.set(load)
    try:
        yield load
    finally:
        _LISTENING.reset(token)


def load_listened_to() -> DatabaseLoad | None:
    """Where the statement that is put now is to be added; None where nobody listens."""
    return _LISTENING.get()
