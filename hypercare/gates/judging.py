"""Criteria of a gate, each judged by what the history knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, takewhile
from math import ceil
from statistics import median

from hypercare.gates.evidence import Evidence
from hypercare.gates.standing import JudgedCriterion, JudgedGate, Standing
from hypercare.gates.uptime_goal import judged_uptime
from hypercare.history.round_queries import PastItem
from hypercare.outcome.outcome import Outcome
from hypercare.plan.checklist import Checklist
from hypercare.plan.gate import Criterion, Gate
from hypercare.reports.words import counted

# What failed on Monday and holds since Tuesday morning is mended, as far as a day and a half can show.
_LAST_DAYS = 2
_LEAST_DAYS_OF_A_TREND = 3
_HOLDS = {Outcome.PASSED, Outcome.FLAKY}
_WORST_FIRST = (Standing.NOT_MET, Standing.UNKNOWN, Standing.MET)


def judged_gate(gate: Gate, plan: Checklist, evidence: Evidence) -> JudgedGate:
    """The gate as the evidence has it; a criterion with several parts stands as the worst of them."""
    criteria = [_together(criterion, list(_parts(criterion, gate, plan, evidence))) for criterion in gate.criteria]
    as_of = evidence.as_of.astimezone(evidence.config.business.calendar.zone)
    return JudgedGate(gate.id, gate.words, evidence.days[0], evidence.days[-1], as_of, criteria)


def _parts(criterion: Criterion, gate: Gate, plan: Checklist, evidence: Evidence) -> Iterator[JudgedCriterion]:
    if criterion.uptime_above is not None:
        yield judged_uptime(criterion.words, criterion.uptime_above, gate.days, evidence)
    if criterion.no_incident is not None:
        yield _incidents(criterion, gate, evidence)
    items = [item for item in criterion.items if item in plan]
    if criterion.about is not None:
        items += [item.id for item in plan if item.about is criterion.about and item.id not in items]
    if items:
        yield _items(criterion, items, evidence)
    if criterion.answered:
        yield _answers(criterion, evidence)


def _together(criterion: Criterion, parts: Sequence[JudgedCriterion]) -> JudgedCriterion:
    if not parts:
        evidence = "The plan has none of the items that it goes by."
        return JudgedCriterion(criterion.words, Standing.UNKNOWN, evidence)
    worst = min((one.standing for one in parts), key=_WORST_FIRST.index)
    decisive = [one for one in parts if one.standing is worst]
    unmet = [one.met_by for one in parts if one.standing is Standing.NOT_MET]
    return JudgedCriterion(
        criterion.words,
        worst,
        " ".join(one.evidence for one in (decisive if worst is not Standing.MET else parts)),
        tuple(line for one in parts for line in one.blocked_by),
        max((day for day in unmet if day is not None), default=None) if None not in unmet else None,
    )


def _incidents(criterion: Criterion, gate: Gate, evidence: Evidence) -> JudgedCriterion:
    assert criterion.no_incident is not None
    level = criterion.no_incident
    grave = [one for one in evidence.incidents if (one.gravity or one.level) >= level]
    if not evidence.ends:
        return JudgedCriterion(criterion.words, Standing.UNKNOWN, "No round was held in these days.")
    if not grave:
        return JudgedCriterion(
            criterion.words, Standing.MET, f"No incident of {level} was open in {len(evidence.days)} days."
        )
    zone = evidence.config.business.calendar.zone
    ends = [one.resolved for one in grave]
    met_by = None
    if None not in ends:
        last = max(end for end in ends if end is not None).astimezone(zone).date()
        met_by = last + timedelta(days=gate.days)
    return JudgedCriterion(
        criterion.words,
        Standing.NOT_MET,
        f"{counted(len(grave), 'incident')} of {level} in {len(evidence.days)} days, "
        f"{sum(one.is_open for one in grave)} still open.",
        tuple(f"#{one.id}: {one.sentence}" for one in grave),
        met_by,
    )


def _items(criterion: Criterion, items: Sequence[str], evidence: Evidence) -> JudgedCriterion:
    lately = evidence.last_days(_LAST_DAYS)
    last_days = f"the last {counted(len(lately), 'day')}" if len(lately) > 1 else "the last day"
    failing: dict[str, PastItem] = {}
    untold: dict[str, str] = {}
    not_covered: dict[str, str] = {}
    for item in items:
        ends = [one for one in evidence.ends.get(item, ()) if one.day in lately]
        if not ends:
            untold[item] = "no round of the last days looked at it"
        elif any(one.outcome is Outcome.FAILED for one in _last_of_days(ends)):
            failing[item] = next(one for one in reversed(ends) if one.outcome is Outcome.FAILED)
        elif ends[-1].outcome is Outcome.NOT_COVERED:
            not_covered[item] = ends[-1].sentence or ends[-1].outcome.value
        elif ends[-1].outcome not in _HOLDS:
            untold[item] = ends[-1].sentence or ends[-1].outcome.value
    if failing:
        days = [_held_by(evidence.ends[item], evidence) for item in failing]
        return JudgedCriterion(
            criterion.words,
            Standing.NOT_MET,
            f"{len(failing)} of {counted(len(items), 'item')} did not hold on {last_days} with rounds.",
            tuple(f"{item}: {end.sentence}" for item, end in failing.items()),
            max((day for day in days if day is not None), default=None) if None not in days else None,
        )
    told = len(items) - len(untold) - len(not_covered)
    sentence = f"{told} of {counted(len(items), 'item')} held on {last_days} with rounds."
    lines = tuple(f"{item}: {why}" for item, why in (untold | not_covered).items())
    # What this target has nothing for stays so, and is said; what merely was not seen lately may yet have failed.
    standing = Standing.UNKNOWN if untold or not told else Standing.MET
    return JudgedCriterion(criterion.words, standing, sentence, lines)


def _last_of_days(ends: Sequence[PastItem]) -> Iterator[PastItem]:
    for _, of_day in groupby(ends, key=lambda one: one.day):
        yield list(of_day)[-1]


def _held_by(ends: Sequence[PastItem], evidence: Evidence) -> date | None:
    """The day on which a number that falls from day to day would have come to nothing."""
    days = list(_last_of_days(ends))
    lasting = takewhile(lambda one: one.outcome is Outcome.FAILED and one.count, reversed(days))
    counts = [(one.day, one.count or 0) for one in lasting][::-1]
    if len(counts) < _LEAST_DAYS_OF_A_TREND:
        return None
    slopes = [
        (later - sooner) / (day - before).days
        for number, (before, sooner) in enumerate(counts)
        for day, later in counts[number + 1 :]
    ]
    slope = median(slopes)
    return evidence.days[-1] + timedelta(days=ceil(counts[-1][1] / -slope)) if slope < 0 else None


def _answers(criterion: Criterion, evidence: Evidence) -> JudgedCriterion:
    newest = {answer.item: (day, answer) for day, answer in evidence.answers if answer.item in criterion.answered}
    missing = [item for item in criterion.answered if item not in newest]
    said = " ".join(f"{answer.by} on {day:%d %b}: {answer.answer}" for day, answer in newest.values())
    if missing:
        words = f"Nobody has answered {', '.join(missing)} in these days."
        return JudgedCriterion(criterion.words, Standing.UNKNOWN, f"{words} {said}".strip())
    return JudgedCriterion(criterion.words, Standing.MET, said)
