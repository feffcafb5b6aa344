"""Letting the others know at once of what somebody did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from hypercare.escalation.changes import IncidentChange
from hypercare.history.store import History
from hypercare.target_file.config import TargetConfig

_BUDGET = timedelta(seconds=10)


def tell_others(
    history: History, config: TargetConfig, change: IncidentChange | None, now: datetime
) -> Mapping[str, str]:
    """Tell of a change; what does not arrive now is sent by the next round, prober or watch.

    Returns:
        by route, why it could not be told yet.

    Raises:
        HistoryProblem: the history cannot be used.
    """
    if change is None or not config.notify:
        return {}
    # Whoever only acts where nobody is told need not wait for it to load.
    from hypercare.notification.notifier import Notifier

    notifier = Notifier(history, config)
    notifier.tell([change], None, now)
    return notifier.deliver(now, _BUDGET).troubles
