"""The ways and branches of which uptime can be told: an unknown name would read as one that nobody looked at."""

from __future__ import annotations

from hypercare.history.store import History
from hypercare.target_file.config import TargetConfig
from hypercare.uptime_history.samples import places_of

_WAYS = ("web", "api", "mobile", "database")


def known_ways(config: TargetConfig) -> tuple[str, ...]:
    """Those that can be probed, and those that the target file says the system is made of."""
    return tuple(dict.fromkeys((*_WAYS, *(config.uptime.ways if config.uptime else ()))))


def check_known(history: History, config: TargetConfig, way: str, branch: str) -> None:
    """Make sure that somebody could have looked there; empty stands for all of them.

    Raises:
        ValueError: the way or the branch is not known; the message is one line.
        HistoryProblem: the history cannot be read.
    """
    places = places_of(history) if way or branch else []
    ways = dict.fromkeys((*known_ways(config), *(seen for seen, _ in places)))
    if way and way not in ways:
        raise ValueError(f"there is no way {way!r}; known are {', '.join(ways)}")
    stated = (hours.branch for hours in config.business.hours)
    branches = dict.fromkeys((*stated, *(seen for _, seen in places if seen)))
    if branch and branch not in branches:
        known = ", ".join(branches) or "none"
        raise ValueError(f"there is no branch {branch!r} with hours or samples of its own; known are {known}")
