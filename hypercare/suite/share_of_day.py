"""What all rounds of a day take of the time of the target's database, remembered from one to the next.

Rounds that may read more are held when few people work: they are not bound by it and use nothing of it up.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypercare.history.problem import HistoryProblem

if TYPE_CHECKING:
    from hypercare.database.day_share import DayShare
    from hypercare.history.memory import Memory
    from hypercare.target_file.target import Target

_REMEMBERED = "seconds of the day that the database was at work"
_DAY_S = timedelta(days=1).total_seconds()


def share_of_day(target: Target, memory: Memory) -> DayShare | None:
    """What is left of it for a round that begins; None where no database is configured."""
    from hypercare.database.day_share import DayShare

    section = target.config.database
    if section is None:
        return None
    return DayShare(section.day_share * _DAY_S, lambda: taken_today(target, memory))


def taken_today(target: Target, memory: Memory) -> float:
    """Seconds, by the rounds of the day that ended before; 0 where the history does not say."""
    remembered: Any = None
    with suppress(HistoryProblem):
        remembered = memory.recall(_REMEMBERED)
    if not isinstance(remembered, dict) or remembered.get("day") != _today(target):
        return 0.0
    return float(remembered["seconds"])


def remember_taken(target: Target, memory: Memory, seconds: float) -> float:
    """Add what a round took, in all of its processes; returns what the day has come to."""
    so_far = taken_today(target, memory) + seconds
    memory.keep(_REMEMBERED, {"day": _today(target), "seconds": round(so_far, 3)}, target.now())
    return so_far


def _today(target: Target) -> str:
    """By the target's clock: a day of the past that is looked at again costs the database something today."""
    return target.calendar.date_of(target.now()).isoformat()
