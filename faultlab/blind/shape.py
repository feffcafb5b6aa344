"""One sort of fault, or of healthy day, that is drawn anew with every seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from random import Random

from faultlab.fault import END_OF_DAY, Fault, Where
from faultlab.scene import Scene

ASKED = "asked"
QUIET = "quiet"
Put = Callable[[Scene, Random], str]


class Kind(StrEnum):
    """What makes a fault hard to see."""

    PLAUSIBLE = "plausible but wrong"
    WHO = "who acted"
    WHEN = "when in the day"
    BRANCH = "one branch of a whole"
    EQUAL = "nearly equal"
    EMPTY = "emptiness"
    LATE = "late"
    MEANING = "meaning"
    TREND = "trend"
    HEALTHY = "healthy"


@dataclass(frozen=True)
class Shape:
    """`put_in` chooses a record, a size or an hour and says in a few words which.

    `expected` are the levels that a person would accept, and ASKED where a question to a person is enough; none of
    them for a healthy day, at which nobody may stir. `day` of the business and local time `at` are when it is found.
    What is `seen_before` has lasted since before the round of three hours ago.
    """

    id: str
    kind: Kind
    happens: str
    put_in: Put
    expected: tuple[str, ...] = ()
    day: int = 9
    at: time = END_OF_DAY
    seen_before: bool = False

    @property
    def healthy(self) -> bool:
        return self.kind is Kind.HEALTHY


class Drawing:
    """A shape drawn with a seed: the fault that is put in, and afterwards what was chosen."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.seed = seed
        self.chosen = ""

    @property
    def fault(self) -> Fault:
        return Fault(id=f"blind-{self.shape.id}", happens=self.shape.happens, where=Where.DATABASE, put_in=self._put_in)

    def _put_in(self, scene: Scene) -> None:
        self.chosen = self.shape.put_in(scene, Random(f"{self.seed} {self.shape.id}"))
