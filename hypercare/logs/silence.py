"""Logs that say nothing although the business is open, and logs whose clock is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from hypercare.logs.reading import LogReader, Window
from hypercare.outcome.durations import rounded_duration
from hypercare.outcome.finding import Row
from hypercare.target_file.open_hours import not_closed_time, open_time
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target

AHEAD = timedelta(minutes=5)
PUT_BACK = timedelta(minutes=30)
_OPEN_ENOUGH = timedelta(minutes=45)
_LAST_LINES = 20
# What a log was like before is told by so many days, of a busy one by so many lines.
_KNOWN_BY = timedelta(days=7)
_MOST_LINES = 20_000


def silence_counts(source: LogSource) -> bool:
    """Whether it tells anything that no line is there: a database, or no file, may only hold what goes wrong."""
    return source.silent_after is not None or (source.holds != "database" and source.path is not None)


def silence_of(reader: LogReader, target: Target, others_spoke: bool) -> Row | None:
    """A row when the log should have said something by now and has not.

    With `silent_after` set, that is longer than it while the business is open. Without, it is no line at all since
    the last round, for the application's and the access log, whose system is in use, unless it speaks so seldom.
    """
    source = reader.source
    if not silence_counts(source):
        return None
    if target.is_replay:
        return _silent_in_replay(reader, target, others_spoke)
    newest = reader.newest()
    if newest is None:
        # It may be one to which only errors are written: nothing but the file itself says that there should be any.
        due = source.silent_after is not None and _expected(target, others_spoke)
        return _row(reader, None, "it holds no line with a time") if due else None
    now = target.now()
    if source.silent_after is not None:
        quiet = _worked(target, newest, now)
        return _row(reader, newest, f"nothing for {rounded_duration(quiet)}") if quiet > source.silent_after else None
    if newest >= target.since_last_round.start or not _expected(target, others_spoke):
        return None
    if _has_been_quiet_for(_worked(target, newest, now), reader, target, newest):
        return None
    return _row(reader, newest, "nothing since the last round")


def _silent_in_replay(reader: LogReader, target: Target, others_spoke: bool) -> Row | None:
    period = target.since_last_round
    if not _expected(target, others_spoke):
        return None
    spoke = next(reader.records(Window(period.start, period.end)), None)
    if spoke is not None or _has_been_quiet_for(
        _worked(target, period.start, period.end), reader, target, period.start
    ):
        return None
    return _row(reader, None, "nothing between the last round and this one")


def _has_been_quiet_for(length: timedelta, reader: LogReader, target: Target, until: datetime) -> bool:
    """Whether the log said nothing for as long a stretch of work before: then it is one that speaks seldom."""
    records = reader.records(Window(until - _KNOWN_BY, until + timedelta(seconds=1)))
    times = sorted(record.at for record in islice(records, _MOST_LINES) if record.at is not None)
    return any(_worked(target, one, other) >= length for one, other in pairwise(times))


def _worked(target: Target, start: datetime, end: datetime) -> timedelta:
    """How long people were at work between two instants."""
    worked = open_time(target.config.business, start, end)
    return not_closed_time(target.config.business, start, end) if worked is None else worked


def _expected(target: Target, others_spoke: bool) -> bool:
    """Whether people were at work since the last round; where no hours are known, other logs tell."""
    business, period = target.config.business, target.since_last_round
    was_open = open_time(business, period.start, period.end)
    if was_open is None:
        return others_spoke and not_closed_time(business, period.start, period.end) >= _OPEN_ENOUGH
    return was_open >= _OPEN_ENOUGH


def has_spoken(reader: LogReader, target: Target) -> bool:
    newest = reader.newest()
    return newest is not None and newest >= target.since_last_round.start


def clock_trouble_of(reader: LogReader, target: Target) -> Row | None:
    """A row when the times in a log cannot be right: ahead of the clock, put back, or unlike the file's own."""
    if target.is_replay:
        return None
    times = reader.last_times(target.since_last_round.start)
    if not times:
        return None
    newest, now = max(times), target.now()
    if newest > now + AHEAD:
        return _row(reader, newest, f"{rounded_duration(newest - now)} ahead of the clock")
    latest = max(times[-_LAST_LINES:])
    if len(times) >= 2 * _LAST_LINES and newest - latest > PUT_BACK:
        return _row(reader, latest, f"its times went back by {rounded_duration(newest - latest)}")
    return _unlike_its_file(reader, target, newest, now)


def _unlike_its_file(reader: LogReader, target: Target, newest: datetime, now: datetime) -> Row | None:
    # A file's own time is real time, so it says something only of a target that lives in real time.
    file = reader.pieces.file
    if target.config.business.clock is not None or file is None:
        return None
    try:
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return None
    if now - written < timedelta(minutes=10) and written - newest > PUT_BACK:
        return _row(reader, newest, f"written just now, but its last line says {rounded_duration(now - newest)} ago")
    return None


def _row(reader: LogReader, newest: datetime | None, says: str) -> Row:
    return {
        "log": reader.source.name,
        "trouble": says,
        "last_line": "" if newest is None else newest.isoformat(timespec="seconds"),
        "file": reader.pieces.name,
    }
