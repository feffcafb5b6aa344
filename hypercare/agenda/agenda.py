"""The days to come, each with its rounds, what they look at, who acts on what they find, and what people are asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypercare.escalation.terms import Terms
from hypercare.outcome.level import Level
from hypercare.plan.calendar import CriticalPeriod, Phase
from hypercare.plan.checklist import Checklist
from hypercare.plan.item import Item, Kind
from hypercare.plan.rounds import words_of_round
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.open_hours import closed_on, due_on, works_on

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RoundOnAgenda:
    """A round that is due; `who` says by level who acts on what it finds."""

    name: str
    due: datetime
    items: tuple[Item, ...]
    who: tuple[tuple[Level, str], ...]

    @property
    def words(self) -> str:
        return words_of_round(self.name)

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that a person answers."""
        return tuple(item for item in self.items if item.kind is Kind.ATTEST)

    @property
    def looked_at(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind is not Kind.ATTEST)


@dataclass(frozen=True)
class AgendaDay:
    """A day with its rounds in order. `number` is N of "day N"; `waves` tell the same of branches that go live later.

    `begins` and `ends` are the items that no round of the day before, or none of this one, looks at. `closed` says why
    nobody works; it is empty where somebody does.
    """

    day: date
    number: int
    phase: Phase
    is_normal: bool
    waves: tuple[str, ...]
    closed: str
    rounds: tuple[RoundOnAgenda, ...]
    begins: tuple[Item, ...] = ()
    ends: tuple[Item, ...] = ()

    @property
    def words(self) -> str:
        """Which day of the plan it is."""
        if self.number < 1:
            own = "the day before go-live" if self.number == 0 else f"{1 - self.number} days before go-live"
        else:
            own = f"day {self.number}, {'normal operations' if self.is_normal else self._phase_words}"
        return "; ".join((own, *self.waves))

    @property
    def _phase_words(self) -> str:
        return {
            Phase.STABILISATION: "stabilisation",
            Phase.VALIDATION: "validation of workflows",
            Phase.OPTIMISATION: "optimisation",
        }.get(self.phase, "past the critical period, normal operations not yet decided")


def agenda(plan: Checklist, config: TargetConfig, first: date, last: date) -> tuple[AgendaDay, ...]:
    """The days from `first` to `last`, both included."""
    days: list[AgendaDay] = []
    before = _items_of(plan, config, first - _A_DAY)
    day = first
    while day <= last:
        days.append(_on(plan, config, day, before))
        if days[-1].rounds:
            before = _looked_at(days[-1].rounds)
        day += _A_DAY
    return tuple(days)


def _items_of(plan: Checklist, config: TargetConfig, day: date) -> tuple[Item, ...]:
    """What the rounds of the last day before, `day` included, looked at that had any within a week."""
    for back in range(7):
        rounds = tuple(_rounds(plan, config, day - back * _A_DAY))
        if rounds:
            return _looked_at(rounds)
    return ()


def _on(plan: Checklist, config: TargetConfig, day: date, before: Collection[Item]) -> AgendaDay:
    business = config.business
    calendar, period = business.calendar, business.calendar.critical_period
    rounds = tuple(_rounds(plan, config, day))
    items = _looked_at(rounds)
    nobody = "" if works_on(business, day) else "nobody works"
    return AgendaDay(
        day=day,
        number=calendar.number_of(day),
        phase=calendar.phase_of(day),
        is_normal=period.is_normal(day),
        waves=tuple(_wave_words(wave, day) for wave in calendar.waves if _is_close(wave, day)),
        closed=closed_on(business, day) or nobody,
        rounds=rounds,
        begins=tuple(item for item in items if before and item not in before),
        ends=tuple(item for item in before if items and item not in items),
    )


def _rounds(plan: Checklist, config: TargetConfig, day: date) -> Iterator[RoundOnAgenda]:
    terms = Terms.of(config)
    due = [(at, name) for name, one in config.schedules.items() for at in due_on(config.business, one, day)]
    for at, name in sorted(due):
        items = plan.of_round(name, day, config.business.calendar)
        if items:
            yield RoundOnAgenda(name, at, items, tuple(_who(terms, items, at)))


def _who(terms: Terms, items: Sequence[Item], at: datetime) -> Iterator[tuple[Level, str]]:
    for level in Level:
        if any(item.level is level for item in items):
            yield level, terms.who(level, at)


def _looked_at(rounds: Sequence[RoundOnAgenda]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(item for one in rounds for item in one.items))


def _is_close(wave: CriticalPeriod, day: date) -> bool:
    """Whether the days of a wave are worth telling: from a week before its go-live until its operations are normal."""
    return wave.number_of(day) > -7 and not wave.is_normal(day)


def _wave_words(wave: CriticalPeriod, day: date) -> str:
    branches, number = ", ".join(sorted(wave.branches)), wave.number_of(day)
    return f"{branches}: day {number}" if number >= 1 else f"{branches} goes live on {wave.go_live:%d %b}"
