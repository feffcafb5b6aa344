"""Which rounds of the last days did not happen, also where there never was one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from hypercare.history import tables
from hypercare.history.missed_rounds import GRACE, MissedRound, due_rounds
from hypercare.history.store import History
from hypercare.history.watermarks import put_watermark, watermark
from hypercare.maintenance.windows import missed_rounds, not_kept_back
from hypercare.target_file.config import TargetConfig

LOOKING_BACK = timedelta(days=3)
_SINCE = "rounds awaited since"


def absent_rounds(history: History, config: TargetConfig, now: datetime) -> tuple[MissedRound, ...]:
    """Where no round was ever recorded, all that were due since somebody looked for the first time.

    A schedule that never started, or a watch that looks into the wrong history, is thus as loud as one that died.

    Raises:
        HistoryProblem: the history cannot be used.
    """
    since = now - LOOKING_BACK
    if has_rounds(history):
        return missed_rounds(history, config, since, now)
    mark = watermark(history, _SINCE)
    if mark is None:
        put_watermark(history, _SINCE, "", now)
        return ()
    due = due_rounds(config, max(since, mark.at), now - GRACE)
    never = [MissedRound(**dict(one)) for one in due]
    return tuple(not_kept_back(history, config, never))


def has_rounds(history: History) -> bool:
    """Whether any round of the target was ever begun."""
    rounds = tables.rounds.c
    with history.reading() as connection:
        return connection.execute(select(rounds.id).where(rounds.target == history.target).limit(1)).first() is not None
