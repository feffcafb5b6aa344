"""How long the business was up, counted from what the script says and not by the product's own arithmetic.

As docs/uptime.md has it: a look speaks until the next one, but for one and a half intervals at most; what lies beyond
is unknown. What counts lies in service hours, which are those of the branches as the business itself keeps them, and
after the first look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from demo_erp.traffic.branches import TRADING

SPEAKS_FOR = Fraction(3, 2)
UP, DOWN, UNKNOWN = "up", "down", "unknown"
_PERCENTAGES = ("percent", "lower", "upper", "coverage")


@dataclass(frozen=True)
class ProbeSample:
    """At an aware instant, whether the system answered."""

    at: datetime
    up: bool


@dataclass(frozen=True)
class Stretch:
    begins: datetime
    ends: datetime
    state: str


def service_hours(first: date, last: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """From the first door that opens to the last that closes, a pair a day; of these branches no hour lies between."""
    hours = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        branch_hours = [branch.hours[day.weekday()] for branch in TRADING if day.weekday() in branch.hours]
        if branch_hours:
            hours.append(
                (
                    _clock(day, min(one[0] for one in branch_hours), zone),
                    _clock(day, max(one[1] for one in branch_hours), zone),
                )
            )
    return hours


def _clock(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone).astimezone(UTC)


def stretches(probes: Sequence[ProbeSample], every: timedelta, until: datetime) -> Iterator[Stretch]:
    """What the looks say of the time from the first of them on."""
    reach = every * SPEAKS_FOR.numerator / SPEAKS_FOR.denominator
    for probe, following in pairwise([*probes, ProbeSample(until, up=True)]):
        spoken = min(probe.at + reach, following.at)
        yield Stretch(probe.at, spoken, UP if probe.up else DOWN)
        if spoken < following.at:
            yield Stretch(spoken, following.at, UNKNOWN)


def seconds_of(stretches_said: Sequence[Stretch], hours: Sequence[tuple[datetime, datetime]]) -> dict[str, int]:
    """Seconds of service time in each state; nothing before the first look counts."""
    total = {UP: 0, DOWN: 0, UNKNOWN: 0}
    for opens, closes in hours:
        for one in stretches_said:
            overlap = min(one.ends, closes) - max(one.begins, opens)
            total[one.state] += max(0, round(overlap.total_seconds()))
    return total


def account(seconds: Mapping[str, int]) -> dict[str, Any]:
    """Percentages of the seconds, as docs/uptime.md defines them; None where nothing was observed."""
    up, down, unknown = seconds[UP], seconds[DOWN], seconds[UNKNOWN]
    return {
        "percent": _share(up, up + down),
        "lower": _share(up, up + down + unknown),
        "upper": _share(up + unknown, up + down + unknown),
        "coverage": _share(up + down, up + down + unknown),
    }


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None


def shown(percent: Fraction | None) -> float | None:
    """With three decimals; never a full hundred or nothing where it is not exactly that."""
    if percent is None:
        return None
    near = round(percent, 3)
    if near == 100 and percent != 100:
        return 99.999
    return 0.001 if near == 0 and percent != 0 else float(near)


def truth_of_window(
    begins: datetime, ends: datetime, probes: Sequence[ProbeSample], every: timedelta, zone: ZoneInfo
) -> dict[str, Any]:
    """Seconds by state and percentages between two aware instants, given all looks there were."""
    days = (begins.astimezone(zone).date(), ends.astimezone(zone).date())
    hours = [(max(opens, begins), min(closes, ends)) for opens, closes in service_hours(*days, zone)]
    seconds = seconds_of(list(stretches(probes, every, max(ends, probes[-1].at))), hours)
    return {"seconds": seconds, **{name: shown(share) for name, share in account(seconds).items()}}


def uptime_differences(answer: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[str]:
    """Where an answer of `hypercare uptime --json` differs from the truth of its window."""
    seconds = dict(answer["seconds"])
    up = sum(seconds.pop(state) for state in ("up", "degraded", "flaky"))
    reported = {"seconds": {UP: up, **seconds}, **{name: answer[name] for name in _PERCENTAGES}}
    for state, length in reported["seconds"].items():
        if length != right["seconds"].get(state, 0):
            yield f"{length:g} seconds {state} where {right['seconds'].get(state, 0)} are right"
    for name in _PERCENTAGES:
        if reported[name] != right[name]:
            yield f"{name} is {reported[name]} where {right[name]} is right"
