"""What was agreed: who answers at each level, until when, and when a level is raised."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from hypercare.maintenance.windows import Pauses
from hypercare.outcome.level import Level
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.open_hours import instant_after
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.sections.escalation import EscalationLevel
from hypercare.target_file.sections.incidents import IncidentsSection, OnCall
from hypercare.target_file.sections.notify import WEEK

_REMIND = {Level.L1: timedelta(days=1), Level.L2: timedelta(hours=4), Level.L3: timedelta(hours=1)}


@dataclass(frozen=True)
class Terms:
    """The target file's words on escalation. While what an incident is about is under maintenance, its clock stands."""

    levels: dict[Level, EscalationLevel]
    rules: IncidentsSection
    business: BusinessSection
    pauses: Pauses = field(default_factory=Pauses)
    items: tuple[str, ...] = ()
    branches_seen: tuple[str, ...] = ()

    @classmethod
    def of(cls, config: TargetConfig) -> Terms:
        return cls(config.escalation, config.incidents or IncidentsSection(), config.business)

    def about(self, items: tuple[str, ...], branches: tuple[str, ...]) -> Terms:
        """The same for an incident of these items in these branches."""
        return replace(self, items=items, branches_seen=branches)

    def is_paused(self, at: datetime) -> bool:
        return self.pauses.holding(self.items, self.branches_seen, at)

    def due(self, level: Level, since: datetime) -> datetime:
        """Until when somebody has to answer who has known since then."""
        return self._later(level, since, self.levels[level].respond_within)

    def remind_at(self, level: Level, since: datetime) -> datetime:
        """When those who were last heard of then are reminded."""
        every = self.levels[level].remind_every
        return self._later(level, since, _REMIND[level] if every is None else every)

    def on_call(self, level: Level, at: datetime) -> tuple[str, ...]:
        """Who is called at a level at that instant; nobody by name where the target file has no entry for it."""
        local = at.astimezone(self.business.calendar.zone)
        for entry in self.levels[level].on_call:
            if _fits(entry, local):
                return entry.who
        return ()

    def who(self, level: Level, at: datetime) -> str:
        """The people of a level in words: whoever is on call, else whoever the level names."""
        return ", ".join(self.on_call(level, at)) or self.levels[level].who

    def same_people(self, one: Level, other: Level, at: datetime) -> bool:
        return self.who(one, at) == self.who(other, at)

    @property
    def branches(self) -> frozenset[str]:
        """The branches that the target file names with their hours."""
        return frozenset(hours.branch for hours in self.business.hours)

    def _later(self, level: Level, since: datetime, length: timedelta) -> datetime:
        in_service = self.levels[level].clock == "service hours"
        due = instant_after(self.business, since, length) if in_service else since + length
        return self.pauses.later(due, since, self.items, self.branches_seen)


def _fits(entry: OnCall, local: datetime) -> bool:
    if entry.hours is None:
        return _on_day(entry, local.date())
    start, end, clock = entry.hours.start, entry.hours.end, local.time().replace(tzinfo=None)
    if start < end:
        return start <= clock < end and _on_day(entry, local.date())
    if clock >= start:
        return _on_day(entry, local.date())
    # After midnight it is still the duty of the evening before.
    return clock < end and _on_day(entry, local.date() - timedelta(days=1))


def _on_day(entry: OnCall, day: date) -> bool:
    in_period = (entry.first is None or entry.first <= day) and (entry.last is None or day <= entry.last)
    return in_period and WEEK[day.weekday()] in entry.days
