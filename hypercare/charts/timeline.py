"""The incidents of a day on one clock: when each was opened, answered, escalated, and over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hypercare.charts.chart import Chart, Table
from hypercare.charts.clock_marks import Clock, Mark
from hypercare.charts.words import HOUR, clock, counted
from hypercare.escalation.incident import Incident
from hypercare.outcome.durations import short_duration

_MOST = 12
_LONGEST_SENTENCE = 110
_ESCALATED = {"raised", "late"}


@dataclass(frozen=True)
class Stretch:
    """Part of an incident's line: "waits" until somebody answers, "answered" from then on."""

    x: float
    width: float
    look: str


@dataclass(frozen=True)
class Moment:
    """`look` is "opened", "answered", "escalated" or "over"."""

    x: float
    look: str
    words: str


@dataclass(frozen=True)
class Row:
    """`began_before` says that its line comes in from the left, `goes_on` that it does not end at its `end`."""

    name: str
    level: str
    says: str
    clocks: str
    stretches: Sequence[Stretch]
    moments: Sequence[Moment]
    began_before: bool
    goes_on: bool
    end: float


@dataclass(frozen=True)
class Timeline:
    rows: Sequence[Row]
    hours: Sequence[Mark]
    legend: Sequence[tuple[str, str]]


def incidents_chart(name: str, incidents: Sequence[Incident], until: datetime) -> Chart | None:
    """The incidents of the day of `until`, in its zone, as they stood at that instant; None where there is none."""
    if not incidents:
        return None
    incidents = [_in_zone_of(until, one) for one in incidents]
    window = _window(incidents, until)
    by_weight = sorted(incidents, key=lambda one: one.level, reverse=True)
    shown = sorted(by_weight, key=lambda one: not one.is_open)[:_MOST]
    rows = [_row(one, window, until) for one in sorted(shown, key=lambda one: one.opened)]
    left_out = len(incidents) - len(shown)
    looks = dict.fromkeys(moment.look for row in rows for moment in row.moments)
    return Chart(
        name=name,
        title="Incidents of the day",
        sentence=_sentence(incidents, until),
        kind="timeline",
        drawing=Timeline(rows, window.marks(), _legend(rows, looks)),
        table=_table(incidents, until),
        notes=[f"{counted(left_out, 'more incident')} in the table alone."] if left_out else [],
        is_wide=True,
    )


def _in_zone_of(until: datetime, one: Incident) -> Incident:
    zone = until.tzinfo
    moved = {
        field: instant.astimezone(zone)
        for field in ("opened", "acknowledged", "resolved")
        if (instant := getattr(one, field)) is not None
    }
    return one.model_copy(update=moved)


def _window(incidents: Sequence[Incident], until: datetime) -> Clock:
    """From the hour in which the first thing of the day happened; what began earlier comes in from the left."""
    midnight = datetime.combine(until.date(), time.min, until.tzinfo)
    happened = [at for one in incidents for at in (one.opened, one.acknowledged, one.resolved) if at is not None]
    first = min((at for at in happened if at >= midnight), default=until - HOUR)
    start = first.replace(minute=0, second=0, microsecond=0)
    end = max(*happened, until, start + HOUR)
    whole = end.replace(minute=0, second=0, microsecond=0)
    return Clock(start, whole if whole == end else whole + HOUR)


def _row(one: Incident, window: Clock, until: datetime) -> Row:
    end = one.resolved or max(until, one.opened)
    answered = one.acknowledged if one.acknowledged is not None and one.acknowledged >= one.opened else None
    stretches = [Stretch(window.x(one.opened), window.x(answered or end) - window.x(one.opened), "waits")]
    if answered is not None:
        stretches.append(Stretch(window.x(answered), window.x(end) - window.x(answered), "answered"))
    says = one.sentence if len(one.sentence) <= _LONGEST_SENTENCE else f"{one.sentence[: _LONGEST_SENTENCE - 1]}…"
    return Row(
        name=f"Incident {one.id}",
        level=one.level.value,
        says=says,
        clocks=_clocks(one, window),
        stretches=[Stretch(s.x, round(s.width, 2), s.look) for s in stretches if s.width > 0],
        moments=list(_moments(one, window)),
        began_before=one.opened < window.start,
        goes_on=one.resolved is None,
        end=window.x(end),
    )


def _moments(one: Incident, window: Clock) -> Iterator[Moment]:
    if window.holds(one.opened):
        yield Moment(window.x(one.opened), "opened", f"opened {clock(one.opened)}")
    for at in _escalated(one):
        if window.holds(at):
            yield Moment(window.x(at), "escalated", f"escalated {clock(at)}")
    if one.acknowledged is not None and window.holds(one.acknowledged):
        yield Moment(window.x(one.acknowledged), "answered", f"answered {clock(one.acknowledged)}")
    if one.resolved is not None and window.holds(one.resolved):
        yield Moment(window.x(one.resolved), "over", f"over {clock(one.resolved)}")


def _escalated(one: Incident) -> list[datetime]:
    return [event.at.astimezone(one.opened.tzinfo) for event in one.story if event.kind in _ESCALATED]


def _clocks(one: Incident, window: Clock) -> str:
    opened = f"opened {clock(one.opened)}" if window.holds(one.opened) else f"opened {one.opened:%d %b %H:%M}"
    answered = f"answered {clock(one.acknowledged)}" if one.acknowledged is not None else "not answered"
    escalated = [f"escalated {clock(at)}" for at in _escalated(one)[:1]]
    over = f"over {clock(one.resolved)}" if one.resolved is not None else "still open"
    return ", ".join([opened, answered, *escalated, over])


def _sentence(incidents: Sequence[Incident], until: datetime) -> str:
    over = sum(one.resolved is not None for one in incidents)
    words = f"{counted(len(incidents), 'incident')}, {over} over"
    waiting = [one for one in incidents if one.acknowledged is None and one.is_open]
    if waiting:
        longest = max(waiting, key=lambda one: until - one.opened)
        waited = short_duration(max(until - longest.opened, timedelta()).total_seconds())
        wait = "waits" if len(waiting) == 1 else "wait"
        return f"{words}; {len(waiting)} {wait} for an answer, number {longest.id} for {waited}."
    answered = [(one.acknowledged - one.opened, one.id) for one in incidents if one.acknowledged is not None]
    if not answered:
        return f"{words}."
    longest_wait, number = max(answered)
    return (
        f"{words}; the longest wait for an answer was {short_duration(longest_wait.total_seconds())} (number {number})."
    )


def _table(incidents: Sequence[Incident], until: datetime) -> Table:
    def at(instant: datetime | None) -> str:
        if instant is None:
            return "–"
        return clock(instant) if instant.date() == until.date() else f"{instant:%d %b %H:%M}"

    rows = []
    for one in sorted(incidents, key=lambda one: one.opened):
        escalated = ", ".join(at(moment) for moment in _escalated(one)) or "–"
        rows.append([str(one.id), one.level.value, at(one.opened), at(one.acknowledged), escalated, at(one.resolved)])
    return Table(["incident", "level", "opened", "answered", "escalated", "over"], rows)


def _legend(rows: Sequence[Row], looks: dict[str, None]) -> Sequence[tuple[str, str]]:
    stretches = dict.fromkeys(stretch.look for row in rows for stretch in row.stretches)
    words = {"waits": "waits for an answer", "answered": "somebody is on it"}
    marks = {"opened": "opened", "answered": "answered", "escalated": "escalated", "over": "over"}
    lines = [(f"stretch-{look}", text) for look, text in words.items() if look in stretches]
    return [*lines, *((f"moment-{look}", text) for look, text in marks.items() if look in looks)]
