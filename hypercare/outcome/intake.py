"""How much a check took in of each source that it read: lines, requests, rows, references.

A check that understood nothing of a source has not looked at it, so it must not pass for it. The resources tell what
they took in; whoever runs a check listens for its length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """Collect what is taken in inside the block. Of several looks at a source the one that took in most counts."""
    intakes: dict[tuple[str, str], Intake] = {}
    _listeners.append(intakes)
    try:
        yield intakes
    finally:
        # By identity: two empty dictionaries are equal.
        _listeners[:] = [one for one in _listeners if one is not intakes]


def took_in(
    source: str, what: str, read: int, understood: int | None = None, of_them: Mapping[str, int] | None = None
) -> Intake:
    """Say what was taken in of a source; without `understood` all that was read was understood."""
    intake = Intake(source, what, read, read if understood is None else understood, dict(of_them or {}))
    for intakes in _listeners:
        noted = intakes.get((source, what))
        if noted is None or (noted.read, noted.understood) <= (read, intake.understood):
            intakes[(source, what)] = intake
    return intake


def not_understood(intakes: Iterable[Intake]) -> str:
    """Why nothing was looked at although there was something, in a sentence; empty where some was understood."""
    by_kind: dict[str, list[Intake]] = {}
    for intake in intakes:
        if intake.read:
            by_kind.setdefault(intake.what, []).append(intake)
    for what, some in by_kind.items():
        if not any(intake.understood for intake in some):
            read, sources = sum(intake.read for intake in some), " and ".join(intake.source for intake in some)
            return f"None of the {read:,} {what} of {sources} {'is' if read == 1 else 'are'} understood."
    return ""


def looked_at_nothing(intakes: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a check told what it took in, and that was nothing: there was nothing to look at in its time."""
    return bool(intakes) and not any(one["read"] for one in intakes)


def in_words(intakes: Iterable[Mapping[str, Any]], most: int = 6) -> str:
    """ "60 lines of app.log, 58 understood (12 with a time); 7 rows of sales". Empty where nothing was told."""
    phrases = [_phrase(one) for one in intakes]
    left = len(phrases) - most
    return "; ".join([*phrases[:most], *([f"{left} more sources"] if left > 0 else [])])


def _phrase(one: Mapping[str, Any]) -> str:
    what = one["what"].removesuffix("s") if one["read"] == 1 and one["what"].endswith("s") else one["what"]
    words = f"{one['read']:,} {what} of {one['source']}"
    if one["understood"] != one["read"]:
        words += f", {one['understood']:,} understood" if one["understood"] else ", none understood"
    parts = ", ".join(f"{number:,} {name}" for name, number in one["of_them"].items())
    return f"{words} ({parts})" if parts else words


def together(intakes: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What several checks took in, each source once: of two looks the one that took in more."""
    most: dict[tuple[str, str], Mapping[str, Any]] = {}
    for one in intakes:
        noted = most.setdefault((one["source"], one["what"]), one)
        if (one["read"], one["understood"]) > (noted["read"], noted["understood"]):
            most[(one["source"], one["what"])] = one
    return list(most.values())
