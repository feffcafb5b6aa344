"""Uptime as a person reads it: percentages, how long it was what, and which tone that has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hypercare.outcome.durations import short_duration
from hypercare.reports.summary import Summary, Uptime, UptimeInterval, UptimePart
from hypercare.reports.words import counted, listed, short_instant, to_the_second

STATES: Mapping[str, tuple[str, str]] = {
    "up": ("up", "good"),
    "degraded": ("slow", "warn"),
    "flaky": ("unsteady", "warn"),
    "down": ("down", "bad"),
    "unknown": ("not observed", "unknown"),
    "maintenance": ("in maintenance", "L1"),
}


@dataclass(frozen=True)
class StateShare:
    """Part of the bar: so many seconds in one state."""

    state: str
    tone: str
    seconds: float
    words: str


def shares_of(part: Uptime | UptimePart) -> list[StateShare]:
    """How long it was in which state, without those that it never was in."""
    return [
        StateShare(state, tone, part.seconds[state], f"{short_duration(part.seconds[state])} {words}")
        for state, (words, tone) in STATES.items()
        if part.seconds.get(state)
    ]


_SHORT = timedelta(minutes=2)


def percent_words(percent: float | None) -> str:
    return "not known" if percent is None else f"{percent:g} %"


def state_words(state: str) -> str:
    return STATES.get(state, (state, ""))[0]


def state_tone(state: str) -> str:
    return STATES.get(state, ("", "unknown"))[1]


def part_name(part: UptimePart) -> str:
    named = {"day": "Today", "branch": f"Branch {part.name}"}.get(part.kind, part.name)
    return {"web": "Web app", "api": "API", "mobile": "Mobile app", "database": "Database"}.get(named, named)


def part_tone(part: Uptime | UptimePart, goal: float | None) -> str:
    """Bad below what was promised, unknown where too little was observed to be sure of it.

    A warning where the promise is kept, and it was down, slow or unsteady all the same.
    """
    promised = 100.0 if goal is None else goal
    if part.percent is not None and part.percent < promised:
        return "bad"
    if part.percent is None or part.lower is None or part.lower < promised:
        return "unknown"
    troubled = any(part.seconds.get(state) for state in ("down", "degraded", "flaky"))
    return "warn" if troubled else "good"


def promise_words(uptime: Uptime) -> str:
    """Whether what was promised is kept, in a sentence; nothing where nothing was."""
    if uptime.goal is None:
        return ""
    goal = percent_words(uptime.goal)
    if uptime.upper < uptime.goal:
        return f"The promised {goal} is not kept."
    if uptime.lower >= uptime.goal:
        return f"The promised {goal} is kept."
    return f"Whether the promised {goal} is kept is not certain: too little was observed."


def bounds_words(part: Uptime | UptimePart) -> str:
    """ "all of it observed", or the bounds where some of it was not."""
    if part.coverage is None:
        return "nothing of it is judged"
    if part.coverage == 100 or part.lower is None or part.upper is None:
        return "all of it observed"
    return f"between {part.lower:g} % and {part.upper:g} %, {part.coverage:g} % observed"


def stretch_words(interval: UptimeInterval) -> str:
    """ "15 Jan 10:00 to 10:22": the second day only where it is another one, seconds where it took but minutes."""
    first, last = (to_the_second(instant) for instant in (interval.from_, interval.to))
    seconds = ":%S" if last - first < _SHORT else ""
    day = "" if first.date() == last.date() else f"{last.day} {last:%b} "
    return f"{first.day} {first:%b} {first.strftime(f'%H:%M{seconds}')} to {day}{last.strftime(f'%H:%M{seconds}')}"


def why_words(part: Uptime | UptimePart) -> str:
    """What opens to the intervals."""
    number = len(part.intervals) + part.intervals_left_out
    if not number:
        return "simply up all the time"
    what = listed(share.words for share in shares_of(part) if share.state != "up")
    return f"{what}, in {counted(number, 'stretch').replace('stretchs', 'stretches')}"


def uptime_line(summary: Summary) -> str:
    """One line for the daily report: the hours of the day, and the percentage with its bounds."""
    uptime = summary.uptime
    if uptime is None:
        return summary.uptime_gap or "not measured: no probe has run yet"
    bounds = f"between {uptime.lower} % and {uptime.upper} %; {uptime.coverage} % observed"
    if uptime.coverage == 100:
        bounds = "all of it observed"
    today = next((part for part in uptime.parts if part.kind == "day"), None)
    if today is not None:
        since = short_instant(uptime.from_)
        return f"{today.hours:.1f} hours today; {uptime.percent} % since {since} ({bounds})"
    observed = (uptime.to - uptime.from_).total_seconds() / 3600
    hours = uptime.hours if uptime.hours is not None else observed * uptime.percent / 100
    return f"{hours:.1f} hours, {uptime.percent} % ({bounds})"
