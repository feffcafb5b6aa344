"""Findings about the same records are one trouble: one of them tells of it, the others refer to that one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypercare.escalation.causes import cause_of
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult


def one_cause(results: Sequence[CheckResult]) -> list[CheckResult]:
    """The results, of which each that concerns nothing but what another does has that one's cause and says so.

    The gravest tells; of equally grave ones the plainest, then the first of the plan.
    """
    telling = [one for one in results if one.outcome is Outcome.FAILED and one.concerns]
    by_rank = sorted(telling, key=lambda one: (one.level, one.rank), reverse=True)
    told: dict[str, CheckResult] = {}
    for place, one in enumerate(by_rank):
        teller = next((first for first in by_rank[:place] if first.nodeid not in told and _covers(first, one)), None)
        if teller is not None:
            told[one.nodeid] = teller
    return [one if one.nodeid not in told else _told(one, told[one.nodeid]) for one in results]


def _covers(teller: CheckResult, one: CheckResult) -> bool:
    return set(one.concerns) <= set(teller.concerns)


def _told(one: CheckResult, teller: CheckResult) -> CheckResult:
    item = teller.items[0] if teller.items else teller.nodeid
    elsewhere = "" if item in one.items else f" It is told of by {item}."
    return replace(one, cause=cause_of(teller), told_by=item, sentence=f"{one.sentence}{elsewhere}")
