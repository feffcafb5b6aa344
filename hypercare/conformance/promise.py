"""What a promise is, and how trying it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypercare.conformance.ground import Ground


class Broken(Exception):
    """The adapter does not do what it promises; the message is a sentence."""


class Ending(StrEnum):
    HOLDS = "holds"
    BROKEN = "broken"
    NOT_COVERED = "not covered"


@dataclass(frozen=True)
class Promise:
    """`words` say what is promised; `tried` raises Broken, or NotCovered where there is nothing to try it on."""

    words: str
    tried: Callable[[Ground], None]


@dataclass(frozen=True)
class Result:
    words: str
    ending: Ending
    seconds: float
    why: str = ""

    @property
    def line(self) -> str:
        words = f"{self.ending.value:<12} {self.seconds:6.2f} s  {self.words}"
        return f"{words}: {self.why}" if self.why else words


def require(holds: bool, why: str) -> None:
    """Raises Broken with `why` unless it held."""
    if not holds:
        raise Broken(why)
