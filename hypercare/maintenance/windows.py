"""What is under maintenance, be it announced in the target file or by a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypercare.history.missed_rounds import MissedRound
from hypercare.history.store import History
from hypercare.maintenance.announcements import announcements
from hypercare.maintenance.configured import maintenance_between
from hypercare.plan.checklist import Checklist, shipped
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.overrides import Maintenance

_INSTANT = timedelta(microseconds=1)


def windows_between(history: History, config: TargetConfig, start: datetime, end: datetime) -> list[Maintenance]:
    """Every announced stretch that touches the time between two instants, of the target file and of people.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    by_people = [one.as_window for one in announcements(history) if one.end > one.start]
    touching = [one for one in by_people if one.start < end and one.end > start]
    return [*maintenance_between(config, start, end), *touching]


def windows_at(history: History, config: TargetConfig, instant: datetime) -> list[Maintenance]:
    """What is announced for an instant.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    return windows_between(history, config, instant, instant + _INSTANT)


def missed_rounds(history: History, config: TargetConfig, since: datetime, until: datetime) -> tuple[MissedRound, ...]:
    """The rounds that were due and did not happen, but for those that maintenance of the whole system kept back.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    missed = history.missed_rounds(config, since, until)
    if not missed:
        return ()
    return tuple(not_kept_back(history, config, missed))


def not_kept_back(history: History, config: TargetConfig, missed: Sequence[MissedRound]) -> list[MissedRound]:
    """Those of the rounds that were not due while the whole system was under maintenance."""
    if not missed:
        return []
    windows = windows_between(history, config, missed[0].due, missed[-1].due + _INSTANT)
    return [one for one in missed if not any(window.is_of_all and window.holds_at(one.due) for window in windows)]


def whole_window(windows: Sequence[Maintenance]) -> Maintenance | None:
    """The window under which the whole system is, the longest where there are several."""
    return max((one for one in windows if one.is_of_all), key=lambda one: one.end, default=None)


@dataclass(frozen=True)
class Pauses:
    """Windows in which nobody has to answer for what is under maintenance."""

    windows: tuple[Maintenance, ...] = ()
    checklist: Checklist = field(default_factory=shipped)

    def holding(self, items: Collection[str], branches: Collection[str], at: datetime) -> bool:
        """Whether these items of these branches are under maintenance just then."""
        return any(one.holds_at(at) for one in self._concerning(items, branches))

    def later(self, due: datetime, since: datetime, items: Collection[str], branches: Collection[str]) -> datetime:
        """An instant that is due, put off by as long as these items were under maintenance until then."""
        reached = since
        for one in sorted(self._concerning(items, branches), key=lambda window: window.start):
            start, end = max(one.start, reached), one.end
            if start < due and end > start:
                due += end - start
                reached = end
        return due

    def _concerning(self, items: Collection[str], branches: Collection[str]) -> list[Maintenance]:
        return [one for one in self.windows if concerns(one, items, branches, self.checklist)]


def concerns(window: Maintenance, items: Collection[str], branches: Collection[str], checklist: Checklist) -> bool:
    """Whether all of these items, seen in these branches, are of what a window is announced for.

    Of a way it is the item that answers for it; a window of some branches concerns what was seen in no other.
    """
    of_ways = {item.id for item in map(checklist.answering, window.ways) if item is not None}
    by_way = not window.ways or (bool(items) and set(items) <= of_ways)
    return by_way and (not window.branches or (bool(branches) and set(branches) <= set(window.branches)))
