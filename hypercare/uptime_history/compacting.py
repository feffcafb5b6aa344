"""Old samples put together in the history: as many looks in few rows, from which every uptime comes out as before."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from hypercare.history import tables
from hypercare.history.engine import add_new
from hypercare.history.instants import instant_of, stored
from hypercare.history.store import History
from hypercare.history.watermarks import put_watermark, watermark
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.sections.history import SINGLE_SAMPLES
from hypercare.uptime.sample import REACH, put_together
from hypercare.uptime_history.samples import READ, row_of, sample_of

_MARK = "samples put together until"
_STEP = timedelta(days=1)
# Runs go on over the edge of what was put together before.
_OVERLAP = timedelta(hours=12)
_AT_ONCE = 1000
_S = tables.samples.c


def compact_as_configured(history: History, config: TargetConfig, now: datetime) -> int:
    """The same as `[history] single_samples` and `[uptime] reach` have it."""
    single = config.history.single_samples if config.history is not None else SINGLE_SAMPLES
    reach = min(REACH, config.uptime.reach) if config.uptime is not None else REACH
    return compact_samples(history, now, reach, single)


def compact_samples(history: History, now: datetime, reach: float = REACH, single: timedelta = SINGLE_SAMPLES) -> int:
    """Put samples together that are older than `single`, a day at a time; what was done is not looked at again.

    Returns:
        how many rows there are fewer.

    Raises:
        HistoryProblem: the history cannot be written.
    """
    begin, fewer = _begin(history), 0
    while begin is not None and begin + _STEP <= now - single:
        with history.writing() as connection:
            fewer += _compact(connection, history.target, begin - _OVERLAP, begin + _STEP, reach)
            begin += _STEP
            put_watermark(history, _MARK, stored(begin), now)
    return fewer


def _begin(history: History) -> datetime | None:
    """Where to go on: after what was done, else with the first sample ever."""
    done = watermark(history, _MARK)
    if done is not None:
        return instant_of(done.value)
    with history.reading() as connection:
        first = connection.execute(select(func.min(_S.at)).where(_S.target == history.target)).scalar()
    return instant_of(first) if first else None


def _compact(connection: Connection, target: str, start: datetime, end: datetime, reach: float) -> int:
    within = (_S.target == target, _S.at < stored(end), func.coalesce(_S.last, _S.at) >= stored(start))
    before = {sample_of(*values): number for number, *values in connection.execute(select(_S.id, *READ).where(*within))}
    after = set(put_together(before, reach))
    gone = [number for sample, number in before.items() if sample not in after]
    for begin in range(0, len(gone), _AT_ONCE):
        connection.execute(delete(tables.samples).where(_S.id.in_(gone[begin : begin + _AT_ONCE])))
    add_new(connection, tables.samples, [row_of(target, sample) for sample in after - before.keys()])
    return len(before) - len(after)
