"""How much a check took in of each source that it read: lines, requests, rows, references.

A check that understood nothing of a source has not looked at it, so it must not pass for it. The nouns tell what they
took in; whoever runs a check listens for its length.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Intake:
    """`read` things of the kind `what` were there to look at ("lines", "requests", "rows", "references", "tables"),
    and `understood` of them could be judged. `of_them` counts parts in words: {"with a time": 40, "with a level": 12}.
    """

    source: str
    what: str
    read: int
    understood: int
    of_them: Mapping[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "what": self.what,
            "read": self.read,
            "understood": self.understood,
            "of_them": dict(self.of_them),
        }


_listeners: list[dict[tuple[str, str], Intake]] = []


@contextmanager
def listening() -> Iterator[dict[tuple[str, str], Intake]]:
    """Collect what is taken in inside the block. Of a source that is looked at again the last word counts."""
    heard: dict[tuple[str, str], Intake] = {}
    _listeners.append(heard)
    try:
        yield heard
    finally:
        # By identity: two empty dictionaries are equal.
        _listeners[:] = [one for one in _listeners if one is not heard]


def took_in(
    source: str, what: str, read: int, understood: int | None = None, of_them: Mapping[str, int] | None = None
) -> Intake:
    """Say what was taken in of a source; without `understood` all that was read was understood."""
    intake = Intake(source, what, read, read if understood is None else understood, dict(of_them or {}))
    for heard in _listeners:
        heard[(source, what)] = intake
    return intake
