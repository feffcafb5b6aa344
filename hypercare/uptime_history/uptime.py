"""The uptime of a target between two instants, from what its history holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from hypercare.history.store import History
from hypercare.maintenance.windows import windows_between
from hypercare.plan.calendar import Period
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.open_hours import service_periods
from hypercare.uptime.ledger import Ledger
from hypercare.uptime.measured import Measured
from hypercare.uptime.sample import REACH
from hypercare.uptime_history.samples import corrections_of, samples_for


@dataclass(frozen=True)
class Accounts:
    """All that is known of a target's uptime around a window, read once, to be measured in parts."""

    config: TargetConfig
    window: Period
    ledger: Ledger

    def measured(self, *, way: str = "", branch: str = "", window: Period | None = None) -> Measured:
        """Of one way or of the system, of one branch or of the whole business; within the window that was read."""
        window = window or self.window
        service = service_periods(self.config.business, window.start, window.end, branch)
        return self.ledger.measured(service, window, way=way, branch=branch)

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways that make up the system, as far as they were looked at."""
        chosen = self.ledger.ways
        return tuple(way for way in self.ledger.ways_seen() if not chosen or way in chosen)

    @property
    def branches(self) -> tuple[str, ...]:
        """The branches whose hours are stated or that were looked at by themselves."""
        stated = [hours.branch for hours in self.config.business.hours]
        return tuple(dict.fromkeys((*stated, *self.ledger.branches_seen())))


def accounts_of(history: History, config: TargetConfig, window: Period) -> Accounts:
    """Read what is known of a window.

    Raises:
        HistoryProblem: the history cannot be read.
    """
    section = config.uptime
    ledger = Ledger(
        samples_for(history, window.start, window.end),
        windows_between(history, config, window.start, window.end),
        corrections_of(history),
        section.reach if section else REACH,
        section.ways if section else (),
    )
    return Accounts(config, window, ledger)


def since_go_live(config: TargetConfig, until: datetime) -> Period:
    """From the first midnight of the business that counts."""
    section = config.uptime
    first = section.since if section and section.since else config.business.go_live
    start = config.business.calendar.at(first, time.min)
    return Period(start, max(start, until))
