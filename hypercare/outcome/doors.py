"""Doors between branches that a check tried: who, what record, doing what, by which way in, and whether it opened.

The resources tell what they tried; whoever runs a check listens for its length, so that the report can show doors that
held as well as those that did not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Passage(StrEnum):
    """`CLOSED` is what was tried and refused, `OPEN` what let somebody through."""

    CLOSED = "closed"
    OPEN = "open"
    NOT_TRIED = "not tried"


@dataclass(frozen=True)
class DoorTried:
    """One cell of the matrix: people of `role`, records of `entity` of another branch, a `verb`, a `way` in.

    `tries` of them were made and `let_through` went through; `by` names the operations, `reason` says why it was not
    tried, or not by all of its operations.
    """

    role: str
    entity: str
    verb: str
    way: str
    passage: Passage
    tries: int = 0
    let_through: int = 0
    by: tuple[str, ...] = ()
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {**self.__dict__, "passage": self.passage.value, "by": list(self.by)}


_listeners: list[dict[tuple[str, str, str, str], DoorTried]] = []


@contextmanager
def listening_at_doors() -> Iterator[dict[tuple[str, str, str, str], DoorTried]]:
    """Collect the doors that are tried inside the block; of several looks at one the last counts."""
    doors: dict[tuple[str, str, str, str], DoorTried] = {}
    _listeners.append(doors)
    try:
        yield doors
    finally:
        # By identity: two empty dictionaries are equal.
        _listeners[:] = [one for one in _listeners if one is not doors]


def tell_doors(doors: Iterable[DoorTried]) -> None:
    """Say how each of these doors held."""
    for tried in doors:
        for heard in _listeners:
            heard[(tried.role, tried.entity, tried.verb, tried.way)] = tried
