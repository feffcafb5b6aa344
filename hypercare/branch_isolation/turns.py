"""What is tried today of what there is to try: doors and branches take turns, so that a look stays short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")
# After so many days every door has had its turn at the beginning.
_DAYS = 4


class Requests:
    """How many requests a look may still make."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.made = 0

    def note(self) -> None:
        self.made += 1

    def has(self, more: int) -> bool:
        return self.made + more <= self._most

    @property
    def why_not(self) -> str:
        return f"its turn is on another day: one look makes {self._most} requests"


def in_turn(things: Sequence[Thing], day: int) -> list[Thing]:
    """The same, beginning a quarter further on each day, so that whatever is left out on one comes first on another."""
    if not things:
        return []
    start = (day * -(-len(things) // _DAYS)) % len(things)
    return [*things[start:], *things[:start]]


def neighbours_of_day(branches: Sequence[Thing], day: int, most: int) -> list[Thing]:
    """At most so many of the branches, others each day; once all had their turn, they come in the other order, so that
    who was asked about asks."""
    most = min(most, len(branches))
    if not most:
        return []
    lap, start = divmod(day * most, len(branches))
    chosen = [*branches[start:], *branches[:start]][:most]
    return chosen[::-1] if lap % 2 else chosen
