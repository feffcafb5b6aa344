"""Service time of a day as a strip: what it was when, higher the worse it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hypercare.charts.chart import Chart, Table
from hypercare.charts.clock_marks import Clock, Mark
from hypercare.charts.words import clock, counted, listed
from hypercare.outcome.durations import short_duration

# How many pixels of the strip each state takes, and its look.
_LOOKS: Mapping[str, tuple[int, str]] = {
    "up": (12, "good"),
    "degraded": (22, "warn"),
    "flaky": (22, "warn"),
    "maintenance": (22, "L1"),
    "unknown": (12, "unknown"),
    "down": (34, "bad"),
}
_HEIGHT = 34
_NEAR = 14.0


class Stretch(Protocol):
    """A time between two instants."""

    @property
    def from_(self) -> datetime: ...
    @property
    def to(self) -> datetime: ...


class StateStretch(Stretch, Protocol):
    @property
    def state(self) -> str: ...
    @property
    def words(self) -> Sequence[str]: ...


class DayInService(Protocol):
    """A day's part of the uptime: `intervals` are those that were not simply up."""

    @property
    def service(self) -> Sequence[Stretch]: ...
    @property
    def intervals(self) -> Sequence[StateStretch]: ...
    @property
    def intervals_left_out(self) -> int: ...
    @property
    def percent(self) -> float | None: ...
    @property
    def seconds(self) -> Mapping[str, float]: ...


@dataclass(frozen=True)
class Piece:
    x: float
    width: float
    y: int
    height: int
    look: str


@dataclass(frozen=True)
class Strip:
    pieces: Sequence[Piece]
    outages: Sequence[Mark]
    labels: Sequence[Mark]
    legend: Sequence[tuple[str, str]]


def uptime_chart(name: str, title: str, day: DayInService, state_words: Mapping[str, str]) -> Chart | None:
    """The day as a strip; None where it has no service time as yet.

    `state_words` are those of each state. Stretches too short to be kept are left out, and said to be.
    """
    if not day.service:
        return None
    start, end = min(one.from_ for one in day.service), max(one.to for one in day.service)
    if end <= start:
        return None
    stretches = sorted(day.intervals, key=lambda one: one.from_)
    left_out = day.intervals_left_out
    return Chart(
        name=name,
        title=title,
        sentence=_sentence(day, stretches, state_words),
        kind="strip",
        drawing=_drawing(day, stretches, start, end, state_words),
        table=_table(day, stretches, state_words),
        notes=[f"{counted(left_out, 'shorter stretch').replace('stretchs', 'stretches')} not drawn."]
        if left_out
        else [],
        is_wide=True,
    )


def _sentence(day: DayInService, stretches: Sequence[StateStretch], state_words: Mapping[str, str]) -> str:
    share = "Nothing of it was observed" if day.percent is None else f"Up {day.percent:g} % of the observed time"
    down = [one for one in stretches if one.state == "down"]
    if down:
        whole = short_duration(day.seconds.get("down", 0.0))
        times = listed(f"{clock(one.from_)} to {clock(one.to)}" for one in down)
        return f"{share}; down for {whole} in all: {times}."
    unseen = day.seconds.get("unknown", 0.0)
    rest = f"; {short_duration(unseen)} {state_words.get('unknown', 'unknown')}" if unseen else ""
    return f"{share}; no outage was seen{rest}."


def _table(day: DayInService, stretches: Sequence[StateStretch], state_words: Mapping[str, str]) -> Table:
    rows = [["service", clock(one.from_), clock(one.to), ""] for one in day.service]
    for one in stretches:
        state = state_words.get(one.state, one.state)
        rows.append([state, f"{one.from_:%H:%M:%S}", f"{one.to:%H:%M:%S}", " ".join(one.words)])
    return Table(["state", "from", "to", "why"], rows)


def _drawing(
    day: DayInService, stretches: Sequence[StateStretch], start: datetime, end: datetime, state_words: Mapping[str, str]
) -> Strip:
    window = Clock(start, end)
    at = window.x
    pieces = []
    for service in day.service:
        for begin, finish, state in _states_of(service, stretches):
            height, look = _LOOKS.get(state, _LOOKS["unknown"])
            pieces.append(Piece(at(begin), round(at(finish) - at(begin), 2), _HEIGHT - height, height, look))
    outages: list[Mark] = []
    for one in stretches:
        if one.state == "down" and start <= one.from_ < end and not (outages and at(one.from_) - outages[-1].x < _NEAR):
            outages.append(Mark(at(one.from_), clock(one.from_)))
    seen = {state for service in day.service for *_, state in _states_of(service, stretches)}
    legend = [(look, state_words.get(state, state)) for state, (_, look) in _LOOKS.items() if state in seen]
    return Strip(pieces, outages, window.marks(), legend)


def _states_of(service: Stretch, stretches: Sequence[StateStretch]) -> Iterator[tuple[datetime, datetime, str]]:
    reached = service.from_
    for one in stretches:
        begin, finish = max(one.from_, reached), min(one.to, service.to)
        if finish <= begin:
            continue
        if begin > reached:
            yield reached, begin, "up"
        yield begin, finish, one.state
        reached = finish
    if reached < service.to:
        yield reached, service.to, "up"
