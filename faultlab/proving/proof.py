"""What came of one fault: who noticed it, at which level, how soon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from faultlab.fault import Fault
from faultlab.proving.hiding import apart_from, hidden
from faultlab.verdict import Verdict, judge
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult


@dataclass(frozen=True)
class Sighting:
    """How an item ended. `after_s` is how long the suite had been looking when it was known, in seconds."""

    outcome: str
    level: str
    after_s: float
    sentence: str = ""
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proof:
    """`sightings` are of the items that did not simply hold; `held` counts those that did. `hidden` are items of a pair
    that one fault kept from noticing the other, each with the reason.

    `trouble` is why nothing could be proven: the fault could not be put in or taken out, or the suite broke.
    """

    fault: str
    sight: str
    verdict: Mapping[str, Any] = field(default_factory=dict)
    sightings: Mapping[str, Sighting] = field(default_factory=dict)
    held: int = 0
    took_s: float = 0.0
    trouble: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        return not self.trouble and bool(self.verdict.get("right"))

    def as_dict(self) -> dict[str, Any]:
        """Built-in types only."""
        return {
            "fault": self.fault,
            "sight": self.sight,
            "right": self.right,
            "verdict": dict(self.verdict),
            "sightings": {item: {**vars(one), "checks": list(one.checks)} for item, one in self.sightings.items()},
            "held": self.held,
            "took_s": round(self.took_s, 1),
            "trouble": self.trouble,
            "hidden": dict(self.hidden),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Proof:
        sightings = {
            item: Sighting(**{**one, "checks": tuple(one["checks"])}) for item, one in data["sightings"].items()
        }
        values = {name: value for name, value in data.items() if name not in {"right", "sightings"}}
        return cls(**values, sightings=sightings)


def proof_of(
    fault: Fault,
    results: Sequence[CheckResult],
    sight: str,
    began: datetime,
    took_s: float,
    *,
    is_pair: bool = False,
) -> Proof:
    """Judge what the suite saw of a fault; `began` is when it began to look."""
    sightings = sightings_of(results, began)
    items = {item for result in results for item in result.items}
    verdict = judge(fault, results)
    reasons = hidden(verdict, results) if is_pair else {}
    return Proof(
        fault.id,
        sight,
        as_plain(apart_from(verdict, reasons)),
        sightings,
        len(items - set(sightings)),
        took_s,
        hidden=reasons,
    )


def sightings_of(results: Sequence[CheckResult], began: datetime) -> dict[str, Sighting]:
    """Of each item the weightiest that was seen, unless all its checks passed."""
    found: dict[str, Sighting] = {}
    for result in results:
        if result.outcome is Outcome.PASSED:
            continue
        after = (datetime.fromisoformat(result.ended) - began).total_seconds() if result.ended else 0.0
        for item in result.items:
            found[item] = _weightier(found.get(item), result, after)
    return found


def as_plain(verdict: Verdict) -> dict[str, Any]:
    return {
        "right": verdict.right,
        "missed": {item: str(level) for item, level in verdict.missed.items()},
        "wrong_level": {item: [str(due), str(got)] for item, (due, got) in verdict.wrong_level.items()},
        "false_alarms": {item: str(level) for item, level in verdict.false_alarms.items()},
        "stray": list(verdict.stray),
        "words": str(verdict),
    }


def _weightier(earlier: Sighting | None, result: CheckResult, after: float) -> Sighting:
    failed = result.outcome is Outcome.FAILED
    one = Sighting(result.outcome.value, result.level.value, round(after, 1), result.sentence, (result.nodeid,))
    if earlier is None or (failed and earlier.outcome != Outcome.FAILED.value):
        return one
    if not failed:
        return earlier
    level = max(Level(earlier.level), result.level)
    sentence = result.sentence if level > Level(earlier.level) else earlier.sentence
    return Sighting(
        earlier.outcome, level.value, min(earlier.after_s, one.after_s), sentence, (*earlier.checks, *one.checks)
    )
