"""How a criterion of a gate stands, and the gate itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered


class Standing(StrEnum):
    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class JudgedCriterion:
    """`evidence` says in a sentence what was gone by; `blocked_by` what stands in the way, a line each; `met_by` is the
    first day on which it would be met if things go on as they do, None where they do not lead there."""

    words: str
    standing: Standing
    evidence: str
    blocked_by: tuple[str, ...] = ()
    met_by: date | None = None


@dataclass(frozen=True)
class JudgedGate:
    """A gate as of an instant, over the days from `first` to `last`."""

    id: str
    words: str
    first: date
    last: date
    as_of: datetime
    criteria: Sequence[JudgedCriterion]

    @property
    def standing(self) -> Standing:
        """Not met where any criterion is not, unknown where any is unknown."""
        found = {one.standing for one in self.criteria}
        return next((one for one in (Standing.NOT_MET, Standing.UNKNOWN) if one in found), Standing.MET)

    @property
    def not_met(self) -> Found:
        rows = [
            {"criterion": one.words, "what was seen": one.evidence, "met by": one.met_by and one.met_by.isoformat()}
            for one in self.criteria
            if one.standing is Standing.NOT_MET
        ]
        return Found.of_rows(rows, where="the history of rounds", of=len(self.criteria))

    def require_known(self) -> None:
        """Raise NotCovered where a criterion cannot be told."""
        unknown = [one for one in self.criteria if one.standing is Standing.UNKNOWN]
        if unknown:
            words = " ".join(f"{one.words.rstrip('.')}? {one.evidence}" for one in unknown)
            raise NotCovered(
                f"{len(unknown)} of {len(self.criteria)} criteria cannot be told. {words}",
                remedy="What each of them needs is said with it.",
            )
