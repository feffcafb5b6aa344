"""The items by section, the worst first: what somebody has to see stands open, what holds is folded away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.summary import Check, ItemResult
from hypercare.reports.words import OUTCOME_WORDS, listed

OUTCOME_TONE = {
    Outcome.PASSED: "good",
    Outcome.FAILED: "bad",
    Outcome.FLAKY: "warn",
    Outcome.BLOCKED: "warn",
    Outcome.NOT_COVERED: "unknown",
    Outcome.MONITOR_FAULT: "unknown",
    Outcome.AWAITING: "unknown",
}
# The weightiest first.
WEIGHT = (
    Outcome.FAILED,
    Outcome.MONITOR_FAULT,
    Outcome.FLAKY,
    Outcome.BLOCKED,
    Outcome.AWAITING,
    Outcome.NOT_COVERED,
    Outcome.PASSED,
)
_URGENCY = list(Level)
_SHOWN = {Outcome.FAILED, Outcome.MONITOR_FAULT, Outcome.FLAKY, Outcome.AWAITING}
_MANY = {
    Outcome.PASSED: ("holds", "hold"),
    Outcome.MONITOR_FAULT: ("monitor fault", "monitor faults"),
    Outcome.AWAITING: ("waits for a person", "wait for a person"),
}


@dataclass(frozen=True)
class Section:
    """`shown` are the items that somebody has to see, the gravest first; `folded` those that can wait."""

    name: str
    shown: Sequence[ItemResult]
    folded: Sequence[ItemResult]
    words: str
    folded_words: str
    tone: str

    @property
    def items(self) -> Sequence[ItemResult]:
        return [*self.shown, *self.folded]


def sections_of(items: Iterable[ItemResult]) -> list[Section]:
    """Sections by their weightiest item; of equal weight they stand in the plan's order."""
    grouped: dict[str, list[ItemResult]] = {}
    for item in items:
        grouped.setdefault(item.section or "Other", []).append(item)
    worst_first = sorted(grouped.items(), key=lambda pair: min(map(weight_of, pair[1])))
    return [_section(name, sorted(members, key=weight_of)) for name, members in worst_first]


def weight_of(item: ItemResult) -> tuple[int, int]:
    """For sorting, the weightiest first: by how it ended, then by who has to act."""
    urgency = _URGENCY.index(item.level) if item.outcome in {Outcome.FAILED, Outcome.FLAKY} else 0
    return WEIGHT.index(item.outcome), -urgency


def outcome_in_number(outcome: Outcome, number: int) -> str:
    """ "holds" of one, "hold" of several."""
    word = OUTCOME_WORDS[outcome].lower()
    one, more = _MANY.get(outcome, (word, word))
    return one if number == 1 else more


def worst_first(checks: Sequence[Check]) -> list[Check]:
    return sorted(checks, key=lambda check: WEIGHT.index(check.outcome))


def checks_in_words(item: ItemResult) -> str:
    """ "One check", or how many there are of an item, and how they ended."""
    number = len(item.checks)
    return "One check" if number == 1 else f"{number} checks: {_by_outcome(item.checks, WEIGHT)}"


def _section(name: str, items: Sequence[ItemResult]) -> Section:
    folded = [item for item in items if item.outcome not in _SHOWN]
    return Section(
        name=name,
        shown=[item for item in items if item.outcome in _SHOWN],
        folded=folded,
        words=_words(items),
        folded_words=_by_outcome(folded, WEIGHT[::-1]),
        tone=OUTCOME_TONE[items[0].outcome],
    )


def _words(items: Sequence[ItemResult]) -> str:
    outcomes = [item.outcome for item in items]
    if len(items) == 1:
        return OUTCOME_WORDS[outcomes[0]].lower()
    holding, failed = outcomes.count(Outcome.PASSED), outcomes.count(Outcome.FAILED)
    if holding == len(items):
        return f"all {holding} hold"
    if failed:
        return f"{failed} of {len(items)} failed"
    return f"{holding} of {len(items)} {outcome_in_number(Outcome.PASSED, holding)}"


def _by_outcome(ended: Sequence[ItemResult] | Sequence[Check], order: Sequence[Outcome]) -> str:
    outcomes = [one.outcome for one in ended]
    parts = [(one, outcomes.count(one)) for one in order if one in outcomes]
    return listed(f"{number} {outcome_in_number(one, number)}" for one, number in parts)
