"""What a prober saw, as troubles: only when several of the last samples agree, and each outage once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from hypercare.escalation.terms import Terms
from hypercare.escalation.trouble import OUTAGE, Spread, Trouble
from hypercare.history import tables
from hypercare.history.instants import instant_of, stored
from hypercare.outcome.level import Level
from hypercare.plan.ways import ANSWERS_FOR
from hypercare.uptime.state import State

# As the plan has it for the items that answer for these ways.
_LEVELS = {"mobile": Level.L2}
_STAND_ON_DATABASE = frozenset({"web", "mobile", "api"})
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

    @property
    def item(self) -> str:
        return ANSWERS_FOR.get(self.way, self.way)

    @property
    def must_hold(self) -> str:
        return f"{self.item}@{self.branch}" if self.branch else self.item


def holding_of(outcomes: Iterable[ProbeOutcome]) -> frozenset[str]:
    """What the look saw working."""
    return frozenset(outcome.must_hold for outcome in outcomes if outcome.state.is_up)


def troubles_of_probes(
    connection: Connection, target: str, outcomes: Sequence[ProbeOutcome], at: datetime, terms: Terms
) -> tuple[Trouble, ...]:
    """The outages that are confirmed, by address; what stands on a database that is down is only kept back by it."""
    down = [outcome for outcome in outcomes if outcome.state is State.DOWN]
    database_down = any(outcome.way == "database" for outcome in down)
    held_back = [one for one in down if database_down and one.way in _STAND_ON_DATABASE]
    gathered: dict[str, Trouble] = {}
    for one in down:
        if one in held_back or not _is_confirmed(connection, target, one, at, terms):
            continue
        blocked = held_back if one.way == "database" else ()
        trouble = _trouble(one, tuple(dict.fromkeys(other.item for other in blocked)), terms)
        known = gathered.get(trouble.cause)
        gathered[trouble.cause] = _together(known, trouble) if known else trouble
    return tuple(gathered.values())


def _trouble(outcome: ProbeOutcome, blocked: tuple[str, ...], terms: Terms) -> Trouble:
    level = outcome.level or _LEVELS.get(outcome.way, Level.L3)
    return Trouble(
        cause=f"{OUTAGE}{outcome.address}",
        # One branch that is cut off is not the whole business; when each of them is, their spread says so.
        level=min(level, terms.rules.branch_level) if outcome.branch else level,
        sentence=outcome.says or f"The {outcome.way} does not work.",
        items=(outcome.item,),
        blocked=blocked,
        branches=(outcome.branch,) if outcome.branch else (),
        spread=Spread.BRANCH if outcome.branch else Spread.ONE,
        failing=(outcome.must_hold,),
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


def _is_confirmed(connection: Connection, target: str, outcome: ProbeOutcome, at: datetime, terms: Terms) -> bool:
    """Whether `confirm` of the last `confirm_of` samples of the way were down; older ones than that do not speak."""
    samples, wanted = tables.samples.c, terms.rules.confirm_of
    asked = (
        select(samples.state, samples.count, samples.at, samples.last, samples.interval_s)
        .where(
            samples.target == target,
            samples.way == outcome.way,
            func.coalesce(samples.branch, "") == outcome.branch,
            samples.at <= stored(at),
            samples.state.in_([state.value for state in _JUDGED]),
        )
        .order_by(samples.at.desc())
        .limit(wanted)
    )
    states: list[str] = []
    for row in connection.execute(asked):
        oldest = at - 2 * wanted * timedelta(seconds=row.interval_s)
        if instant_of(row.last or row.at) >= oldest:
            states += [row.state] * min(row[1], wanted)
    return is_confirmed(states[:wanted], terms.rules.confirm)


def is_confirmed(newest_first: Sequence[str], confirm: int) -> bool:
    """Whether the newest is down, and as many of these in all as it takes."""
    return newest_first[:1] == [State.DOWN.value] and newest_first.count(State.DOWN.value) >= confirm
