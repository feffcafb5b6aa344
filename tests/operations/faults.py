"""What can go wrong in the facts, each with the checks that must notice it, and no other may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.operations.facts import Facts


@dataclass(frozen=True)
class Fault:
    """`change` is done to healthy facts; `noticed` are the checks that must fail."""

    name: str
    change: Callable[[Facts], None]
    noticed: frozenset[str]


FAULTS: list[Fault] = []


def fault(*noticed: str) -> Callable[[Callable[[Facts], None]], Callable[[Facts], None]]:
    """Put the function into FAULTS under its own name."""

    def keep(change: Callable[[Facts], None]) -> Callable[[Facts], None]:
        FAULTS.append(Fault(change.__name__, change, frozenset(noticed)))
        return change

    return keep
