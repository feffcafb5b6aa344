"""From the ends of checks to the end of an item, and from items to the counts and the coverage of a round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome, weightiest
from hypercare.outcome.result import CheckResult
from hypercare.plan.item import Item
from hypercare.reports.summary import Check, Coverage, ItemResult, Uncovered

NO_CHECK = Check(
    nodeid="", outcome=Outcome.NOT_COVERED, sentence="No check answers for this item.", remedy="Write a check for it."
)


def item_result(
    item: Item, results: Sequence[CheckResult], *, round_name: str, incident: str | None = None, runbook: str = ""
) -> ItemResult:
    """The end of an item, whose finding is that of its weightiest check: first by outcome, then by level.

    `runbook` is the path of its page in the project, where that is not the one that the program brings.
    """
    checks = [check_entry(result) for result in results]
    outcome = weightiest(check.outcome for check in checks)
    decisive = _decisive(checks, outcome, item.level)
    return ItemResult(
        id=item.id,
        outcome=outcome,
        level=(decisive.level or item.level) if outcome in {Outcome.FAILED, Outcome.FLAKY} else item.level,
        check=decisive.nodeid,
        **decisive.finding(),
        duration_s=round_to_ms(sum(check.duration_s for check in checks)),
        incident=incident,
        words=item.words,
        section=item.section,
        kind=item.kind,
        round=round_name,
        raised=item.raised,
        runbook=runbook or item.runbook,
        question=item.question,
        checks=checks,
    )


def check_entry(result: CheckResult) -> Check:
    return Check.model_validate(result.as_dict())


def _decisive(checks: Sequence[Check], outcome: Outcome, usual: Level) -> Check:
    fitting = [check for check in checks if check.outcome is outcome]
    return max(fitting, key=lambda check: (check.level or usual, not check.told_by), default=NO_CHECK)


def counts_of(items: Iterable[ItemResult]) -> dict[str, int]:
    """Items by outcome; every outcome is there, with zero where there is none."""
    counts = {outcome.value: 0 for outcome in Outcome}
    for item in items:
        counts[item.outcome.value] += 1
    return counts


def coverage_of(items: Sequence[ItemResult]) -> Coverage:
    covered = sum(item.outcome.was_looked_at for item in items)
    return Coverage(
        covered=covered,
        items=len(items),
        percent=round(100 * covered / len(items), 1) if items else 0.0,
        not_covered=[gap for item in items for gap in _gaps(item)],
    )


def _gaps(item: ItemResult) -> list[Uncovered]:
    if item.outcome is Outcome.NOT_COVERED and not item.checks:
        return [Uncovered(id=item.id, reason=item.sentence or NO_CHECK.sentence, remedy=NO_CHECK.remedy)]
    partial = item.outcome is not Outcome.NOT_COVERED
    gaps: dict[str, Uncovered] = {}
    for check in item.checks:
        if check.outcome is Outcome.NOT_COVERED:
            gaps.setdefault(
                check.sentence, Uncovered(id=item.id, reason=check.sentence, remedy=check.remedy, partial=partial)
            )
    return list(gaps.values())


def round_to_ms(seconds: float) -> float:
    return round(seconds, 3)
