"""Keeping the history small, once a day: what no report needs is removed, old samples are put together."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypercare.history.memory import put_watermark, watermark
from hypercare.history.retention import remove_old
from hypercare.history.store import History
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.history import KEEP_DAYS
from hypercare.uptime_history.compacting import compact_as_configured

_MARK = "history tidied"
_EVERY = timedelta(hours=20)


def tidy(history: History, config: TargetConfig, now: datetime) -> bool:
    """Tidy the history up, unless that was done today. `now` is by the target's clock.

    Returns:
        whether it was done.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    done = watermark(history, _MARK)
    if done is not None and timedelta(0) <= now - done.at < _EVERY:
        return False
    put_watermark(history, _MARK, "", now)
    keep_days = config.history.keep_days if config.history is not None else KEEP_DAYS
    remove_old(history, now - timedelta(days=keep_days))
    compact_as_configured(history, config, now)
    return True
