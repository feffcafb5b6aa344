"""What becomes of a look: it is kept, it opens or closes incidents, and whoever must know is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypercare.escalation.incidents import Incidents
from hypercare.escalation.probed import ProbeOutcome
from hypercare.history.problem import HistoryProblem
from hypercare.history.store import History
from hypercare.maintenance.windows import windows_at
from hypercare.notification.heartbeat import Beat, Heartbeat
from hypercare.notification.notifier import Notifier
from hypercare.probing.prober import ProbedSample
from hypercare.target_file.config import TargetConfig
from hypercare.uptime.overrides import Maintenance
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from hypercare.uptime_history.compacting import compact_as_configured
from hypercare.uptime_history.samples import add_samples

_MOST_WAITING = 20_000
_SHORTEST_BUDGET = timedelta(seconds=1)
_A_DAY = timedelta(days=1)


class SampleIntake:
    """`every` bounds how long sending messages may take; a history that cannot be written loses no sample."""

    def __init__(self, history: History, config: TargetConfig, every: timedelta) -> None:
        self._history = history
        self._config = config
        self._budget = max(every / 3, _SHORTEST_BUDGET)
        self._waiting: list[Sample] = []
        self._compacted: datetime | None = None
        self._heartbeat = Heartbeat.of_probing(config.heartbeat)

    def take(self, probed: Sequence[ProbedSample], now: datetime) -> list[str]:
        """Keep the samples and do what follows from them.

        Returns:
            what went wrong on our own side, a line each; never raises for it.
        """
        self._waiting = [*self._waiting, *(one.sample for one in probed)][-_MOST_WAITING:]
        try:
            add_samples(self._history, self._waiting)
            self._waiting = []
            self._compact_daily(now)
            troubles = self._notify(probed, now)
            # A sign of life; that something is down is no trouble of the prober's.
            self._heartbeat.beat(Beat.SUCCESS, ", ".join(f"{one.sample.way} {one.sample.state}" for one in probed))
            return troubles
        except HistoryProblem as problem:
            waiting_words = f"; {len(self._waiting)} samples wait to be written" if self._waiting else ""
            return [f"{problem}{waiting_words}"]
        except Exception as error:  # noqa: BLE001 - a fault in what follows must not end the looking
            return [f"what follows from a look failed: {type(error).__name__}: {error}"]

    def _compact_daily(self, now: datetime) -> None:
        """Once a day, and when we begin."""
        if self._compacted is None or now - self._compacted >= _A_DAY:
            compact_as_configured(self._history, self._config, now)
            self._compacted = now

    def _notify(self, probed: Sequence[ProbedSample], now: datetime) -> list[str]:
        incidents, notifier = Incidents(self._history, self._config), Notifier(self._history, self._config)
        noted = incidents.note_samples(self._outcomes(probed, now), now)
        notifier.tell([*noted.changes, *incidents.overdue(now)], None, now)
        notifier.notice_missed_rounds(now)
        notifier.notice_forgotten_maintenance(now)
        done = notifier.deliver(now, self._budget)
        return [f"{route}: {trouble}" for route, trouble in done.troubles.items()]

    def _outcomes(self, probed: Sequence[ProbedSample], now: datetime) -> list[ProbeOutcome]:
        announced = windows_at(self._history, self._config, now)
        outcomes = []
        for one in probed:
            sample = one.sample
            paused = any(_is_of(window, sample.way, sample.branch) for window in announced)
            state = State.MAINTENANCE if paused else sample.state
            outcomes.append(ProbeOutcome(sample.way, state, one.address, sample.says, sample.branch))
        return outcomes

    def close(self) -> list[str]:
        """Wait for the sign of life that is under way; what went wrong with it in words."""
        trouble = self._heartbeat.settled()
        return [trouble] if trouble else []


def _is_of(window: Maintenance, way: str, branch: str) -> bool:
    """Whether a look at a way falls under a window; one of some branches only says nothing of the whole business."""
    return (not window.ways or way in window.ways) and (not window.branches or branch in window.branches)
