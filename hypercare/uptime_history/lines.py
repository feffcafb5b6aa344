"""The uptime of a window as lines for a terminal: percentages, seconds, and every interval with its receipts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypercare.outcome.durations import clock_duration
from hypercare.reports.words import to_the_second
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.measured import Measured, rounded
from hypercare.uptime.state import State
from hypercare.uptime_history.uptime import Accounts
from hypercare.uptime_history.wording import SHORTEST_SHOWN, words_of


def uptime_lines(accounts: Accounts, found: Measured, way: str = "", branch: str = "") -> Iterator[str]:
    """What was measured of a way (or of all) in a branch (or in the whole business)."""
    zone = accounts.config.business.calendar.zone
    between = f"{local_time(found.window.start, zone)} to {local_time(found.window.end, zone)}"
    yield f"{_subject(accounts.config, way, branch)}, {between}"
    yield from _percentages(found)
    yield ""
    notable = [span for span in found.intervals if span.state is not State.UP]
    for span in (one for one in notable if one.length >= SHORTEST_SHOWN):
        lasted = clock_duration(span.length.total_seconds())
        yield f"{local_time(span.start, zone)} to {local_time(span.end, zone)}  {span.state.value}, {lasted}"
        yield from (f"    {words}" for words in words_of(span, zone))
    if not notable and found.service:
        yield "It was simply up all the time."
    yield from _parts(accounts, way, branch)


def _percentages(found: Measured) -> Iterator[str]:
    if not found.service:
        yield "Nobody has looked in service hours yet, so there is nothing to say."
        return
    if found.percent is None:
        yield "No percentage: all of it was announced maintenance or unknown."
    else:
        yield f"  up           {_percent(found.percent)} of the time that was observed"
    if found.lower is not None:
        yield f"  at least     {_percent(found.lower)}, had it been down whenever nobody looked"
        yield f"  at most      {_percent(found.upper)}, had it been up whenever nobody looked"
        yield f"  observed     {_percent(found.coverage)} of the service time that is judged"
    for state, length in found.seconds.items():
        if length:
            yield f"  {state.value:12} {clock_duration(length.total_seconds())}"
    if found.naive is not None:
        yield (
            f"  ({found.successes:,} successes divided by {found.checks:,} checks would say {_percent(found.naive)}, "
            "blind to how long, to gaps, to hours and to maintenance)"
        )


def _parts(accounts: Accounts, way: str, branch: str) -> Iterator[str]:
    ways = accounts.ways if not way else ()
    branches = accounts.branches if not branch else ()
    if len(ways) > 1 or len(branches) > 1:
        yield ""
    for one in ways if len(ways) > 1 else ():
        yield _part(one, accounts.measured(way=one, branch=branch))
    for one in branches if len(branches) > 1 else ():
        yield _part(f"branch {one}", accounts.measured(way=way, branch=one))


def _part(name: str, found: Measured) -> str:
    percent = _percent(found.percent) if found.percent is not None else "not known"
    observed = f", {_percent(found.coverage)} observed" if found.coverage is not None else ""
    return f"  {name:12} {percent}, down {clock_duration(found.down.total_seconds())}{observed}"


def _subject(config: TargetConfig, way: str, branch: str) -> str:
    return ", ".join(part for part in (config.target.name, way, f"branch {branch}" if branch else "") if part)


def local_time(instant: datetime, zone: ZoneInfo) -> str:
    """ "2026-01-31 17:00", with seconds where there are some."""
    local = to_the_second(instant).astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"


def _percent(value: Any) -> str:
    return f"{rounded(value):.3f} %"
