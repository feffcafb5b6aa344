"""What a stretch of days came to: totals, uptime, incidents, feedback, and how each day stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hypercare.escalation.annotations import SignOff, sign_offs_of
from hypercare.escalation.incident import Incident
from hypercare.escalation.incidents import Incidents
from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.round_queries import PastRound, past_rounds
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.period_reports.feedback import Feedback, feedback_between
from hypercare.plan.calendar import Period
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.measured import Measured
from hypercare.uptime_history.uptime import accounts_of

# The figures of the plan's weekly summary, which days add up to.
TOTALS = ("sales_created", "sales_amount", "steps_updated", "costs_entered", "costs_amount")
_WORST_FIRST = ("critical", "issues", "unknown", "healthy")


class Status(StrEnum):
    STABLE = "system stable"
    MINOR = "minor issues"
    ATTENTION = "needs attention"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class DayOfPeriod:
    """`status` is the worst that a round of the day ended with, empty without any; `figures` were told last."""

    day: date
    number: int
    rounds: int
    status: str
    failed: int
    figures: Mapping[str, Decimal]


@dataclass(frozen=True)
class PeriodReport:
    """`name` is what it is signed off by: "week-2". `counted` says of each total on how many days it was told."""

    name: str
    title: str
    target: str
    currency: str
    window: Period
    days: Sequence[DayOfPeriod]
    totals: Mapping[str, Decimal]
    counted: Mapping[str, int]
    uptime: Measured
    incidents: Sequence[Incident]
    feedback: Sequence[Feedback]
    sign_off: SignOff | None

    @property
    def first(self) -> DayOfPeriod:
        return self.days[0]

    @property
    def last(self) -> DayOfPeriod:
        return self.days[-1]

    @property
    def critical(self) -> list[Incident]:
        return [one for one in self.incidents if (one.gravity or one.level) is Level.L3]

    @property
    def minor(self) -> list[Incident]:
        return [one for one in self.incidents if (one.gravity or one.level) is not Level.L3]

    @property
    def resolved(self) -> list[Incident]:
        return [one for one in self.incidents if one.resolved is not None and one.resolved <= self.window.end]

    @property
    def status(self) -> Status:
        held = [day for day in self.days if day.rounds]
        if not held:
            return Status.UNKNOWN
        still_open = [one for one in self.incidents if one not in self.resolved]
        if held[-1].status == "critical" or any(one in still_open for one in self.critical):
            return Status.ATTENTION
        if held[-1].status == "unknown":
            return Status.UNKNOWN
        return Status.MINOR if still_open or self.critical or held[-1].status == "issues" else Status.STABLE

    @property
    def uptime_words(self) -> str:
        """Up to two decimals; with bounds where not all was observed."""
        found = self.uptime
        if found.percent is None or found.lower is None or found.upper is None:
            return "not observed"
        words = f"{_percent(found.percent)} %"
        if found.upper - found.lower < Fraction(1, 100):
            return words
        return f"{words} of what was observed; between {_percent(found.lower)} and {_percent(found.upper)} % in all"


def week_of(calendar_day: int) -> int:
    """Which week since go-live a day is in: days 1 to 7 are week 1."""
    return max(1, (calendar_day - 1) // 7 + 1)


def period_report(
    history: History, config: TargetConfig, days: tuple[date, date], as_of: datetime, *, name: str, title: str
) -> PeriodReport:
    """Read the report of the days from the first to the last, as far as they have come.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    calendar = config.business.calendar
    first, last = days
    start, end = calendar.day(first).start, min(calendar.day(last).end, as_of)
    window = Period(start, max(start, end))
    told = _days(history, config, window, first, min(last, calendar.date_of(as_of)))
    return PeriodReport(
        name=name,
        title=title,
        target=config.target.name,
        currency=config.business.currency,
        window=window,
        days=told,
        totals={
            key: sum((day.figures[key] for day in told if key in day.figures), Decimal(0))
            for key in TOTALS
            if any(key in day.figures for day in told)
        },
        counted={key: sum(key in day.figures for day in told) for key in TOTALS},
        uptime=accounts_of(history, config, window).measured(),
        incidents=[
            _in_zone(one, calendar.zone)
            for one in Incidents(history, config).all(as_of)
            if one.opened < window.end and (one.resolved is None or one.resolved >= window.start)
        ],
        feedback=feedback_between(history, first, last),
        sign_off=next(iter(reversed(sign_offs_of(history, name, first))), None),
    )


def _in_zone(one: Incident, zone: ZoneInfo) -> Incident:
    resolved = None if one.resolved is None else one.resolved.astimezone(zone)
    return one.model_copy(update={"opened": one.opened.astimezone(zone), "resolved": resolved})


def _days(history: History, config: TargetConfig, window: Period, first: date, last: date) -> list[DayOfPeriod]:
    rounds: dict[date, list[PastRound]] = {}
    for one in past_rounds(history, window.start, config.rounds.check_limit):
        if one.finished is not None and one.as_of <= window.end:
            rounds.setdefault(one.day, []).append(one)
    figures = _figures(history, window)
    calendar = config.business.calendar
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        held = rounds.get(day, [])
        statuses = [one.status or "unknown" for one in held]
        worst = min(statuses, key=lambda one: _WORST_FIRST.index(one) if one in _WORST_FIRST else 0, default="")
        failed = max((one.failed for one in held), default=0)
        found.append(DayOfPeriod(day, calendar.number_of(day), len(held), worst, failed, figures.get(day, {})))
    return found


def _figures(history: History, window: Period) -> dict[date, dict[str, Decimal]]:
    """By day the figures that were told last."""
    rounds, figures = tables.rounds, tables.figures
    query = (
        select(rounds.c.day, figures.c.name, figures.c.value)
        .join(rounds)
        .where(rounds.c.target == history.target, rounds.c.as_of.between(*_stored(window)), figures.c.name.in_(TOTALS))
        .order_by(rounds.c.as_of, rounds.c.id)
    )
    with history.reading() as connection:
        rows = connection.execute(query).all()
    found: dict[date, dict[str, Decimal]] = {}
    for day, name, number in _numbers(rows):
        found.setdefault(day, {})[name] = number
    return found


def _numbers(rows: Sequence[Sequence[object]]) -> Iterator[tuple[date, str, Decimal]]:
    for day, name, value in rows:
        assert isinstance(day, date)
        try:
            yield day, str(name), Decimal(str(value))
        except InvalidOperation:
            continue


def _stored(window: Period) -> tuple[str, str]:
    return stored(window.start), stored(window.end)


def _percent(value: Fraction) -> str:
    # Rounded down: what is not quite whole must not look so.
    return f"{int(value * 100) / 100:.2f}"
