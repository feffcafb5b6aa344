"""What trials left in the system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypercare.outcome.found import Found
from hypercare.outcome.signals import Signal
from hypercare.trials.journal import Entry


@dataclass(frozen=True)
class Leftovers:
    """Trial records of earlier sessions that still stand."""

    entries: Sequence[tuple[Entry, str]]
    of: int
    where: str = "the canary branch"

    @property
    def found(self) -> Found:
        return Found(count=self.count, of=self.of, sample=self.sample, where=self.where)

    @property
    def count(self) -> int:
        return len(self.entries)

    @property
    def sample(self) -> Sequence[dict[str, object]]:
        return [
            {"record": e.kind, "number": e.number or "", "key": e.key or "", "reference": e.reference, "reason": why}
            for e, why in self.entries[:5]
        ]


@dataclass(frozen=True)
class LeftBehind:
    """Records that trials may have left, those of this session among them; `unseen` kept others from being found."""

    entries: Sequence[Entry]
    own: Sequence[Entry]
    unseen: Signal | None

    def told(self, standing: Sequence[tuple[Entry, str]], of: int | None = None) -> Leftovers:
        """What still stands comes first; only where nothing does, that others could not be found."""
        if self.unseen is not None and not standing:
            raise self.unseen
        return Leftovers(standing, of=len(self.entries) if of is None else of)
