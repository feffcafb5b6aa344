"""What a prober saw, as troubles: only when several of the last samples agree, and each outage once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from hypercare.escalation.terms import Terms
from hypercare.escalation.troubles import OUTAGE, Spread, Trouble
from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.outcome.level import Level
from hypercare.plan.checklist import Checklist
from hypercare.uptime.state import State

_JUDGED = (State.UP, State.DEGRADED, State.FLAKY, State.DOWN)


@dataclass(frozen=True)
class ProbeOutcome:
    """How a way stood in one look of a prober.

    `address` is that by which rounds know an outage (`reaching.address_of`), `says` one sentence for people. `branch`
    is empty for the whole business. In maintenance, and when our own network is at fault, the state says so.
    """

    way: str
    state: State
    address: str
    says: str = ""
    branch: str = ""
    level: Level | None = None

    def item(self, checklist: Checklist) -> str:
        answering = checklist.answering(self.way)
        return self.way if answering is None else answering.id

    def must_hold(self, checklist: Checklist) -> str:
        item = self.item(checklist)
        return f"{item}@{self.branch}" if self.branch else item


@dataclass(frozen=True)
class Place:
    """Where the samples of a target are, and by which plan they are judged."""

    connection: Connection
    target: str
    checklist: Checklist


def passing_of(outcomes: Iterable[ProbeOutcome], checklist: Checklist) -> frozenset[str]:
    """What the look saw working."""
    return frozenset(outcome.must_hold(checklist) for outcome in outcomes if outcome.state.is_up)


def troubles_of_probes(
    place: Place, outcomes: Sequence[ProbeOutcome], at: datetime, terms: Terms
) -> tuple[Trouble, ...]:
    """The outages that are confirmed, by address; what depends on something that is down is only kept back by it."""
    plan = place.checklist
    down = [outcome for outcome in outcomes if outcome.state is State.DOWN]
    items_down = {one.item(plan) for one in down}
    held_back = [one for one in down if items_down & plan.needs(one.item(plan))]
    gathered: dict[str, Trouble] = {}
    for one in down:
        if one in held_back or not _is_confirmed(place, one, at, terms):
            continue
        behind = (other.item(plan) for other in held_back)
        blocked = tuple(dict.fromkeys(other for other in behind if one.item(plan) in plan.needs(other)))
        trouble = _trouble(one, blocked, place.checklist, terms)
        earlier = gathered.get(trouble.cause)
        gathered[trouble.cause] = _together(earlier, trouble) if earlier else trouble
    return tuple(gathered.values())


def _trouble(outcome: ProbeOutcome, blocked: tuple[str, ...], checklist: Checklist, terms: Terms) -> Trouble:
    answering = checklist.answering(outcome.way)
    level = outcome.level or (Level.L3 if answering is None else answering.level)
    return Trouble(
        cause=f"{OUTAGE}{outcome.address}",
        # One branch that is cut off is not the whole business; when each of them is, their spread says so.
        level=min(level, terms.rules.branch_level) if outcome.branch else level,
        sentence=outcome.says or f"The {outcome.way} does not work.",
        items=(outcome.item(checklist),),
        blocked=blocked,
        branches=(outcome.branch,) if outcome.branch else (),
        spread=Spread.BRANCH if outcome.branch else Spread.ONE,
        failing=(outcome.must_hold(checklist),),
    )


def _together(one: Trouble, other: Trouble) -> Trouble:
    first = one if one.level >= other.level else other
    return Trouble(
        cause=one.cause,
        level=first.level,
        sentence=first.sentence,
        items=_both(one.items, other.items),
        blocked=_both(one.blocked, other.blocked),
        branches=_both(one.branches, other.branches),
        spread=max(one.spread, other.spread),
        failing=_both(one.failing, other.failing),
    )


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _is_confirmed(place: Place, outcome: ProbeOutcome, at: datetime, terms: Terms) -> bool:
    """Whether `confirm` of the last `confirm_of` samples of the way were down; older ones than that do not speak."""
    samples, limit = tables.samples.c, terms.rules.confirm_of
    query = (
        select(samples.state, samples.count, samples.at, samples.last, samples.interval_s)
        .where(
            samples.target == place.target,
            samples.way == outcome.way,
            func.coalesce(samples.branch, "") == outcome.branch,
            samples.at <= stored(at),
            samples.state.in_([state.value for state in _JUDGED]),
        )
        .order_by(samples.at.desc())
        .limit(limit)
    )
    states: list[str] = []
    for row in place.connection.execute(query):
        oldest = at - 2 * limit * timedelta(seconds=row.interval_s)
        if instant_of(row.last or row.at) >= oldest:
            states += [row.state] * min(row[1], limit)
    return is_confirmed(states[:limit], terms.rules.confirm)


def is_confirmed(newest_first: Sequence[str], confirm: int) -> bool:
    """Whether the newest is down, and as many of these in all as it takes."""
    return newest_first[:1] == [State.DOWN.value] and newest_first.count(State.DOWN.value) >= confirm
