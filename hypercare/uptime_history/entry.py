"""The uptime of a target as the summary of a round holds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hypercare.history.store import History
from hypercare.reports.summary import ServiceTime, Uptime, UptimeInterval, UptimePart
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.open_hours import service_periods
from hypercare.target_file.sections.uptime import UptimeSection
from hypercare.uptime.measured import Measured, rounded
from hypercare.uptime.span import Span
from hypercare.uptime.state import State
from hypercare.uptime_history.uptime import Accounts, accounts_of, since_go_live
from hypercare.uptime_history.wording import SHORTEST_SHOWN, words_of

_MOST_INTERVALS = 40
_MOST_OF_A_PART = 12
# What is looked for first when not all can be shown.
_URGENCY = (State.DOWN, State.MAINTENANCE, State.UNKNOWN, State.DEGRADED, State.FLAKY, State.UP)


def uptime_entry(history: History, config: TargetConfig, as_of: datetime) -> tuple[Uptime | None, str]:
    """The uptime since go-live up to an instant; else None, and in words why there is none.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    accounts = accounts_of(history, config, since_go_live(config, as_of))
    found = accounts.measured()
    if not found.service:
        return None, ""
    if not found.service - found.maintenance:
        return None, "All service time so far was announced maintenance, which is not judged."
    if found.percent is None:
        return None, "Nobody has observed it in service hours yet."
    return _entry(accounts, found), ""


def _entry(accounts: Accounts, found: Measured) -> Uptime:
    goal = (accounts.config.uptime or UptimeSection()).goal
    values = {"from": found.window.start, "to": found.window.end, "checks": found.checks, "goal": goal}
    parts = list(_parts(accounts))
    return Uptime.model_validate({**values, "naive": rounded(found.naive), "parts": parts, **_figures(accounts, found)})


def _figures(accounts: Accounts, found: Measured, most: int = _MOST_INTERVALS) -> dict[str, Any]:
    """What the system and its parts have in common."""
    shown = _shown(found, most)
    return {
        "percent": rounded(found.percent),
        "lower": rounded(found.lower),
        "upper": rounded(found.upper),
        "coverage": rounded(found.coverage),
        "hours": round(found.up / timedelta(hours=1), 2),
        "seconds": {state.value: length.total_seconds() for state, length in found.seconds.items()},
        "intervals": [interval_entry(span, accounts) for span in shown],
        "intervals_left_out": sum(span.state is not State.UP for span in found.intervals) - len(shown),
    }


def interval_entry(span: Span, accounts: Accounts) -> UptimeInterval:
    zone = accounts.config.business.calendar.zone
    words = words_of(span, zone)
    values = {"from": span.start, "to": span.end, "state": span.state.value, "words": words}
    return UptimeInterval.model_validate({**values, "seconds": span.length.total_seconds()})


def _shown(found: Measured, most: int) -> list[Span]:
    """What was not simply up, the newest first; where it is too much, what weighs less and is shorter goes first."""
    notable = [one for one in found.intervals if one.state is not State.UP and one.length >= SHORTEST_SHOWN]
    weightiest = sorted(notable, key=lambda span: (_URGENCY.index(span.state), -span.length, span.start))
    return sorted(weightiest[:most], key=lambda span: span.start, reverse=True)


def _parts(accounts: Accounts) -> Iterator[UptimePart]:
    """The day, then the ways and the branches where there are several."""
    calendar = accounts.config.business.calendar
    today = calendar.today(accounts.window.end)
    periods = service_periods(accounts.config.business, today.start, today.end)
    service = [ServiceTime.model_validate({"from": one.start, "to": one.end}) for one in periods]
    day = _part(accounts, "today", "day", accounts.measured(window=today))
    yield day.model_copy(update={"service": service})
    ways, branches = accounts.ways, accounts.branches
    for way in ways if len(ways) > 1 else ():
        yield _part(accounts, way, "way", accounts.measured(way=way))
    for branch in branches if len(branches) > 1 else ():
        yield _part(accounts, branch, "branch", accounts.measured(branch=branch))


def _part(accounts: Accounts, name: str, kind: str, found: Measured) -> UptimePart:
    return UptimePart.model_validate({"name": name, "kind": kind, **_figures(accounts, found, _MOST_OF_A_PART)})
