"""From failures to troubles, before it is known whether they are incidents that are open already.

What has one cause is one trouble, however many checks saw it; how far it reaches decides with whom it ends up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from hypercare.escalation.terms import Terms
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import Checklist

# That nobody answers an incident is an incident too, but one whose own lateness is not told: the first one's is.
UNANSWERED = "incidents-unanswered"
# The cause of an outage is the address that does not answer, be it a round or a prober that saw it.
OUTAGE = "outage:"
# What says nothing of its cause is known by its item.
OF_ITEM = "check:"


class Spread(IntEnum):
    """How far a trouble reaches. What cannot be known counts as one."""

    ONE = 0
    BRANCH = 1
    ALL = 2

    @property
    def words(self) -> str:
        return ("one user", "a branch", "all branches")[self]


@dataclass(frozen=True)
class Trouble:
    """Failures that share a cause, and the items that it keeps from being looked at.

    `level` is what the failures themselves call for. `findings` are their sentences by the check that found each,
    "item check", but for those of an outage. `failing` names what has to hold before it is over, where that is not
    simply the items: a way that is down in one branch only is "health.web@north".
    """

    cause: str
    level: Level
    sentence: str
    items: tuple[str, ...]
    blocked: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    spread: Spread = Spread.ONE
    failing: tuple[str, ...] = ()
    findings: Mapping[str, str] = field(default_factory=dict)

    @property
    def must_hold(self) -> tuple[str, ...]:
        return self.failing or self.items


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
    gathering = gathered.setdefault(cause_of(result), _Gathering(result.level, result.sentence, own=True))
    if result.level > gathering.level or not gathering.own:
        gathering.sentence = result.sentence
    gathering.level, gathering.own = max(gathering.level, result.level), True
    gathering.items.update(dict.fromkeys(result.items))
    if not result.address:
        gathering.findings.update({f"{item} {result.nodeid}": result.sentence for item in result.items})
    gathering.branches.update(dict.fromkeys(result.branches))
    gathering.spread = max(gathering.spread, spread)


def _add_blocked(gathered: dict[str, _Gathering], result: CheckResult, checklist: Checklist) -> None:
    answering = checklist.answering(result.blocked_by or "")
    level = answering.level if answering is not None and answering.id in checklist else Level.L2
    _, _, sentence = result.sentence.partition(": ")
    gathering = gathered.setdefault(cause_of(result), _Gathering(level, sentence or result.sentence, own=False))
    if answering is not None:
        gathering.items.setdefault(answering.id)
    gathering.blocked.update(dict.fromkeys(result.items))


def spread_of(result: CheckResult, terms: Terms) -> Spread:
    """The reach of a failure, by the branches and people that it names.

    A few records in every branch are not every branch: half of what was looked at has to be concerned.
    """
    half = bool(result.count and result.of and 2 * result.count >= result.of)
    if half and len(terms.branches) > 1 and terms.branches <= set(result.branches):
        return Spread.ALL
    people = result.people or 0
    several = people >= terms.rules.several_users or (half and people > 1)
    return Spread.BRANCH if several else Spread.ONE


def one_cause(results: Sequence[CheckResult]) -> list[CheckResult]:
    """The results, of which each that concerns nothing but what another does has that one's cause and says so.

    The gravest tells; of equally grave ones the plainest, then the first of the plan.
    """
    telling = [one for one in results if one.outcome is Outcome.FAILED and one.concerns]
    by_rank = sorted(telling, key=lambda one: (one.level, one.rank), reverse=True)
    tellers: dict[str, CheckResult] = {}
    for place, one in enumerate(by_rank):
        teller = next((first for first in by_rank[:place] if first.nodeid not in tellers and _covers(first, one)), None)
        if teller is not None:
            tellers[one.nodeid] = teller
    return [one if one.nodeid not in tellers else _referring(one, tellers[one.nodeid]) for one in results]


def _covers(teller: CheckResult, one: CheckResult) -> bool:
    return set(one.concerns) <= set(teller.concerns)


def _referring(one: CheckResult, teller: CheckResult) -> CheckResult:
    item = teller.items[0] if teller.items else teller.nodeid
    elsewhere = "" if item in one.items else f" It is told of by {item}."
    return replace(one, cause=cause_of(teller), told_by=item, sentence=f"{one.sentence}{elsewhere}")
