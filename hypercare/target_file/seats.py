"""Who of the suite is in the system right now, where that allows one session a person, or one in all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from hypercare.outcome.signals import NotCovered


class Sessions(StrEnum):
    """How many sessions the system allows at a time."""

    ANY = "any"
    ONE_A_PERSON = "one-a-person"
    ONE = "one"


class Seats:
    """What is kept open for later is given up when somebody else needs the seat; what is in use is not."""

    def __init__(self, allowed: Sessions) -> None:
        self.allowed = allowed
        self._taken: list[tuple[str, str]] = []
        self._give_up_callbacks: list[Callable[[], None]] = []

    def keeps(self, give_up: Callable[[], None]) -> None:
        """Sessions are kept open, and `give_up` ends them."""
        if self.allowed is not Sessions.ANY and give_up not in self._give_up_callbacks:
            self._give_up_callbacks.append(give_up)

    @contextmanager
    def taken(self, username: str, way: str) -> Iterator[None]:
        """For the length of a log-in. Clients of one way know themselves how to share.

        Raises:
            NotCovered: the seat is in use by another client of this check.
        """
        if self.allowed is Sessions.ANY:
            yield
            return
        other = next((seat for seat in self._taken if self._excludes(*seat, username, way)), None)
        if other is not None:
            name, where = other
            how_many = "one session" if self.allowed is Sessions.ONE else "one session a person"
            raise NotCovered(
                f"The system allows {how_many}, and {name} is in through {where} for this check, so {username} was not "
                f"logged in to {way} beside it.",
                remedy="Add an account of the same role and branch to [[accounts]].",
            )
        for give_up in self._give_up_callbacks:
            give_up()
        self._taken.append((username, way))
        try:
            yield
        finally:
            self._taken.remove((username, way))

    def _excludes(self, name: str, where: str, username: str, way: str) -> bool:
        if self.allowed is Sessions.ONE:
            return (name, where) != (username, way)
        return name == username and where != way
