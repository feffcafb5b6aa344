"""What the history knows of the days that a gate looks back on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypercare.escalation.annotations import Answer, answers_between
from hypercare.escalation.incident import Incident
from hypercare.escalation.incidents import Incidents
from hypercare.history.round_queries import PastItem, past_of_items
from hypercare.history.store import History
from hypercare.plan.calendar import Period
from hypercare.target_file.config import TargetConfig
from hypercare.uptime_history.uptime import Accounts, accounts_of


@dataclass(frozen=True)
class Evidence:
    """Days of the business from the first to that of `as_of`. `ends` has by item how it ended in each round, the oldest
    first; `incidents` are those that were open at any time within the window."""

    config: TargetConfig
    window: Period
    days: tuple[date, ...]
    ends: Mapping[str, Sequence[PastItem]]
    incidents: tuple[Incident, ...]
    answers: Sequence[tuple[date, Answer]]
    uptime: Accounts

    @property
    def as_of(self) -> datetime:
        return self.window.end

    def last_days(self, number: int) -> tuple[date, ...]:
        """The last days on which any round was held."""
        held = sorted({one.day for ends in self.ends.values() for one in ends})
        return tuple(held[-number:])


def evidence_of(history: History, config: TargetConfig, days: int, as_of: datetime) -> Evidence:
    """Read what is known of the last days up to an instant, none of them before go-live.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    calendar = config.business.calendar
    last = calendar.date_of(as_of)
    first = max(last - timedelta(days=days - 1), min(calendar.go_live, last))
    window = Period(calendar.day(first).start, as_of)
    incidents = Incidents(history, config).all(as_of)
    return Evidence(
        config=config,
        window=window,
        days=tuple(first + timedelta(days=number) for number in range((last - first).days + 1)),
        ends=past_of_items(history, window),
        incidents=tuple(one for one in incidents if one.opened < as_of and (one.resolved or as_of) >= window.start),
        answers=answers_between(history, first, last),
        uptime=accounts_of(history, config, window),
    )
