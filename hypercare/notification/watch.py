"""One look at what time alone brings about: late incidents, rounds that did not happen, messages that wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypercare.escalation.changes import IncidentChange
from hypercare.escalation.incidents import Incidents
from hypercare.history.missed_rounds import MissedRound
from hypercare.history.store import History
from hypercare.notification.absent_rounds import has_rounds
from hypercare.notification.delivery import Delivered
from hypercare.notification.notifier import Notifier
from hypercare.target_file.config import TargetConfig


@dataclass(frozen=True)
class WatchResult:
    """What nobody had noticed before: changes of incidents, and rounds that did not happen.

    `any_round` is false where none was ever begun; `forgotten` says which maintenance nobody ended.
    """

    changes: tuple[IncidentChange, ...]
    missed: tuple[MissedRound, ...]
    delivered: Delivered
    any_round: bool
    forgotten: tuple[str, ...] = ()


def watch_once(
    history: History,
    config: TargetConfig,
    now: datetime,
    changes: Sequence[IncidentChange] = (),
    budget: timedelta | None = None,
) -> WatchResult:
    """Note what is late, tell it together with `changes`, and send what is due. Any number of machines may do so.

    Raises:
        HistoryProblem: the history cannot be used.
    """
    late = Incidents(history, config).overdue(now)
    notifier = Notifier(history, config)
    notifier.tell((*changes, *late), None, now)
    missed = notifier.notice_missed_rounds(now)
    forgotten = notifier.notice_forgotten_maintenance(now)
    return WatchResult((*changes, *late), missed, notifier.deliver(now, budget), has_rounds(history), forgotten)
