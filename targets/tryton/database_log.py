"""What a PostgreSQL server logged beside Tryton: checkpoints, day and night, and what was slow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

_CHECKPOINT = "checkpoint complete: wrote {buffers} buffers (0.3%); 0 WAL file(s) added, 0 removed, 0 recycled"


def quiet_database(now: datetime, days: int) -> Iterator[str]:
    """The lines of so many days before `now`, oldest first."""
    first = now - timedelta(days=days, hours=9)
    for number in range(int((now - first) / timedelta(hours=1)) + 1):
        at = first + timedelta(hours=number)
        yield database_line(at, "LOG", "checkpoint starting: time")
        yield database_line(at + timedelta(seconds=4), "LOG", _CHECKPOINT.format(buffers=40 + number % 7))


def statement_line(at: datetime, statement: str, milliseconds: float) -> str:
    """What log_min_duration_statement has it write of a statement that took so long."""
    return database_line(at, "LOG", f"duration: {milliseconds:.3f} ms  statement: {statement}")


def database_line(at: datetime, level: str, says: str) -> str:
    """As it writes it by its own default log_line_prefix."""
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d} UTC [4711] {level}:  {says}\n"
