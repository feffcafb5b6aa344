"""Was a fault noticed, by whom it should be, at the level it should be, and by nobody else?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from faultlab.fault import Fault
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import shipped


def noticed(results: Sequence[CheckResult]) -> dict[str, Level]:
    """The items that failed, each with the highest level that any of its checks reported."""
    found: dict[str, Level] = {}
    for result in results:
        if result.outcome is Outcome.FAILED:
            for item in result.items:
                found[item] = max(result.level, found.get(item, Level.L1))
    return found


@dataclass(frozen=True)
class Verdict:
    """`missed` and `wrong_level` are items that should have noticed; `false_alarms` others that failed by a check that
    answers for none of those.

    `stray` are checks that ended in no way that the fault explains: monitor faults, flaky ones, and checks blocked by
    a way whose own item was looked at and did not fail, unless their items may notice.
    """

    missed: Mapping[str, Level]
    wrong_level: Mapping[str, tuple[Level, Level]]
    false_alarms: Mapping[str, Level]
    stray: Sequence[str]

    @property
    def right(self) -> bool:
        return not (self.missed or self.wrong_level or self.false_alarms or self.stray)

    def __str__(self) -> str:
        parts = [
            *(f"{item} did not notice" for item in self.missed),
            *(f"{item} reported {got} instead of {due}" for item, (due, got) in self.wrong_level.items()),
            *(f"{item} failed at {level} and has nothing to do with it" for item, level in self.false_alarms.items()),
            *self.stray,
        ]
        return "; ".join(parts) or "as it should be"


def judge(fault: Fault, results: Sequence[CheckResult]) -> Verdict:
    """Compare how the checks ended with what the fault asks."""
    return compare(fault.noticed_by, fault.may_notice, results)


def compare(due: Mapping[str, Level], may: frozenset[str], results: Sequence[CheckResult]) -> Verdict:
    """`due` gives the items that must fail with their levels, `may` those that may."""
    got = noticed(results)
    items = {item for result in results for item in result.items}
    return Verdict(
        missed={item: level for item, level in due.items() if item not in got},
        wrong_level={item: (level, got[item]) for item, level in due.items() if got.get(item, level) is not level},
        false_alarms={
            item: level
            for item, level in got.items()
            if item not in due and item not in may and not _is_told_by_others(item, {*due, *may}, results)
        },
        stray=[_line(result) for result in results if _is_stray(result, got, may, items)],
    )


def _is_told_by_others(item: str, others: set[str], results: Sequence[CheckResult]) -> bool:
    """Whether each check that failed for an item answers for one of the others too: then it is their noticing."""
    failed = [one for one in results if one.outcome is Outcome.FAILED and item in one.items]
    return all(not others.isdisjoint(one.items) for one in failed)


def told_by(results: Sequence[CheckResult]) -> str:
    """What the checks that did not hold said, a line each."""
    fine = {Outcome.PASSED, Outcome.NOT_COVERED, Outcome.AWAITING}
    return "\n".join(_line(result) for result in results if result.outcome not in fine)


def _is_stray(result: CheckResult, got: Mapping[str, Level], may: frozenset[str], items: Collection[str]) -> bool:
    if result.outcome is Outcome.BLOCKED:
        item = shipped().answering(result.blocked_by or "")
        return item is not None and item.id in items and item.id not in got and not may.issuperset(result.items)
    return result.outcome in {Outcome.MONITOR_FAULT, Outcome.FLAKY}


def _line(result: CheckResult) -> str:
    return f"{result.nodeid} was {result.outcome}: {result.sentence}"
