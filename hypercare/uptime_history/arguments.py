"""What people name when they ask for uptime or correct it: days and instants, ways and branches."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypercare.history.store import History
from hypercare.plan.calendar import Calendar
from hypercare.target_file.config import TargetConfig
from hypercare.uptime_history.samples import places_of

_A_DAY = len("2026-01-31")
_WAYS = ("web", "api", "mobile", "database")


def given_instant(text: str, calendar: Calendar, *, is_end: bool = False) -> datetime:
    """A day ("2026-01-31") or an instant ("2026-01-31T17:00"), in the business's zone unless it names one.

    A day begins with its midnight; as an end it counts whole.

    Raises:
        ValueError: it is neither; the message is one line.
    """
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"{text!r} is neither a day nor an instant; write for instance 2026-01-31 or 2026-01-31T17:00"
        ) from None
    if len(text.strip()) <= _A_DAY:
        return calendar.at(instant.date() + timedelta(days=int(is_end)), time.min)
    return (instant if instant.tzinfo else instant.replace(tzinfo=calendar.zone)).astimezone(UTC)


def known_ways(config: TargetConfig) -> tuple[str, ...]:
    """Those that can be probed, and those that the target file says the system is made of."""
    return tuple(dict.fromkeys((*_WAYS, *(config.uptime.ways if config.uptime else ()))))


def check_known(history: History, config: TargetConfig, way: str, branch: str) -> None:
    """Make sure that somebody could have looked there; empty stands for all of them.

    An unknown name would read as one that nobody looked at.

    Raises:
        ValueError: the way or the branch is not known; the message is one line.
        HistoryProblem: the history cannot be read.
    """
    places = places_of(history) if way or branch else []
    ways = dict.fromkeys((*known_ways(config), *(name for name, _ in places)))
    if way and way not in ways:
        raise ValueError(f"there is no way {way!r}; known are {', '.join(ways)}")
    stated = (hours.branch for hours in config.business.hours)
    branches = dict.fromkeys((*stated, *(name for _, name in places if name)))
    if branch and branch not in branches:
        branch_names = ", ".join(branches) or "none"
        raise ValueError(f"there is no branch {branch!r} with hours or samples of its own; known are {branch_names}")
