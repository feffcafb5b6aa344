"""From failures to troubles: what has one cause is one trouble, however many checks saw it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hypercare.escalation.spread import spread_of
from hypercare.escalation.terms import Terms
from hypercare.escalation.trouble import OF_ITEM, OUTAGE, Spread, Trouble
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import Checklist


@dataclass
class _Gathering:
    """The failures of one cause so far; `own` says whether a check that answers for it spoke."""

    level: Level
    sentence: str
    own: bool
    items: dict[str, None] = field(default_factory=dict)
    blocked: dict[str, None] = field(default_factory=dict)
    branches: dict[str, None] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)
    spread: Spread = Spread.ONE


def troubles_of(
    results: Iterable[CheckResult], checklist: Checklist, terms: Terms | None = None
) -> tuple[Trouble, ...]:
    """Group what failed or was blocked by its cause; `terms` say from when on it reaches far.

    Checks that were blocked are listed with the outage, and open no incident of their own. Where only blocked
    checks tell of an outage, it stands at the level of the item that answers for the way.
    """
    gathered: dict[str, _Gathering] = {}
    # Who tells of a cause most plainly comes before those that refer to it.
    for result in sorted(results, key=lambda one: bool(one.told_by)):
        if result.outcome is Outcome.FAILED:
            _add_failure(gathered, result, Spread.ONE if terms is None else spread_of(result, terms))
        elif result.outcome is Outcome.BLOCKED and result.blocked_by:
            _add_blocked(gathered, result, checklist)
    _join_to_outages(gathered)
    return tuple(
        Trouble(
            cause=cause,
            level=one.level,
            sentence=one.sentence,
            items=tuple(one.items),
            blocked=tuple(one.blocked),
            branches=tuple(one.branches),
            spread=one.spread,
            findings=one.findings,
        )
        for cause, one in gathered.items()
    )


def _join_to_outages(gathered: dict[str, _Gathering]) -> None:
    """What an item says besides, while the way that it answers for is down, is the same trouble in other words."""
    outages = {cause: one for cause, one in gathered.items() if cause.startswith(OUTAGE)}
    for cause, one in list(gathered.items()):
        home = next((out for out in outages.values() if out is not one and set(one.items) <= set(out.items)), None)
        if home is not None and cause not in outages:
            home.level = max(home.level, one.level)
            home.spread = max(home.spread, one.spread)
            home.branches.update(one.branches)
            del gathered[cause]


def cause_of(result: CheckResult) -> str:
    """Outages are known by where they are, findings by what they say of themselves, else by their item."""
    if result.address or result.blocked_by:
        return f"{OUTAGE}{result.address or result.blocked_by}"
    return result.cause or f"{OF_ITEM}{result.items[0] if result.items else result.nodeid}"


def _add_failure(gathered: dict[str, _Gathering], result: CheckResult, spread: Spread) -> None:
    known = gathered.setdefault(cause_of(result), _Gathering(result.level, result.sentence, own=True))
    if result.level > known.level or not known.own:
        known.sentence = result.sentence
    known.level, known.own = max(known.level, result.level), True
    known.items.update(dict.fromkeys(result.items))
    if not result.address:
        known.findings.update({f"{item} {result.nodeid}": result.sentence for item in result.items})
    known.branches.update(dict.fromkeys(result.branches))
    known.spread = max(known.spread, spread)


def _add_blocked(gathered: dict[str, _Gathering], result: CheckResult, checklist: Checklist) -> None:
    answering = checklist.answering(result.blocked_by or "")
    level = answering.level if answering is not None and answering.id in checklist else Level.L2
    _, _, told = result.sentence.partition(": ")
    known = gathered.setdefault(cause_of(result), _Gathering(level, told or result.sentence, own=False))
    if answering is not None:
        known.items.setdefault(answering.id)
    known.blocked.update(dict.fromkeys(result.items))
