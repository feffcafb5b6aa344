"""What a restored backup lacks, measured against the live database and against its own manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, func, select

from hypercare.backups.content import Content, Shape, shapes
from hypercare.database.schemas import every_schema
from hypercare.outcome.finding import Row

# Rows on their way while the backup was taken may be in it or not.
MARGIN = timedelta(minutes=5)
_LATE_ROWS = 5
_LATE_SHARE = 0.005
_ROWS_THAT_DO_NOT_COME_AT_ONCE = 20


@dataclass(frozen=True)
class Compared:
    """`rows` are the troubles, one a table; `tables` is how many were compared."""

    rows: tuple[Row, ...]
    tables: int


def against_manifest(connection: Connection, stated: Mapping[str, int]) -> Compared:
    """Tables whose rows are not as many as the manifest says."""
    backup_shapes = shapes(connection, every_schema(connection))
    rows: list[Row] = []
    for name, expected in stated.items():
        shape = backup_shapes.get(name.removeprefix("public."))
        if shape is None:
            rows.append({"table": name, "trouble": "is missing", "manifest_rows": expected, "backup_rows": None})
            continue
        there = _rows_of(connection, shape)
        if there != expected:
            rows.append({"table": name, "trouble": "other rows", "manifest_rows": expected, "backup_rows": there})
    return Compared(tuple(rows), len(stated))


def lacking(
    live: Mapping[str, Content], backup: Mapping[str, Content], *, empty_by_manifest: Set[str] = frozenset()
) -> Compared:
    """Tables of the live database that the backup lacks, or that had more rows before it began than it holds."""
    rows: list[Row] = []
    for name in sorted(live):
        in_live, in_backup = live[name], backup.get(name)
        if in_backup is None:
            # Without anything in it from before the backup, the table may have been made since.
            if in_live.rows and in_live.before != 0:
                row = {"table": name, "trouble": "is not in the backup"}
                rows.append({**row, "live_rows": in_live.rows, "backup_rows": None})
            continue
        missing = _missing(in_live, in_backup, may_be_empty=name in empty_by_manifest)
        if missing:
            rows.append(
                {
                    "table": name,
                    "trouble": f"{missing:,} rows from before the backup are not in it",
                    "live_rows": in_live.rows if in_live.before is None else in_live.before,
                    "backup_rows": in_backup.rows if in_backup.before is None else in_backup.before,
                }
            )
    return Compared(tuple(rows), len(live))


def _missing(live: Content, backup: Content, *, may_be_empty: bool) -> int:
    """How many rows the backup should hold and does not; nothing for what came late or was removed since."""
    if live.up_to_key is not None:
        backup_rows = backup.rows if backup.before is None else backup.before
        lost = live.up_to_key - backup_rows
        if lost > (0 if backup.before is not None else _LATE_ROWS):
            return lost
    if live.before is not None and backup.before is not None:
        lost = live.before - backup.before
        return lost if lost > max(_LATE_ROWS, live.before * _LATE_SHARE) or (lost > 0 and not backup.rows) else 0
    emptied = backup.rows == 0 and live.rows >= _ROWS_THAT_DO_NOT_COME_AT_ONCE and not may_be_empty
    return live.rows if emptied else 0


def _rows_of(connection: Connection, shape: Shape) -> int:
    return int(connection.execute(select(func.count()).select_from(shape.table)).scalar_one())


def damage_in_sqlite(connection: Connection) -> Iterator[str]:
    """What the engine itself finds damaged. Rows that break a rule are the data's trouble, not the backup's."""
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if line != "ok" and not is_about_data(line):
            yield str(line)


def is_about_data(line: str) -> bool:
    """Whether a line of SQLite's check tells of rows against a rule rather than of a damaged file."""
    return line.startswith(("NULL value in", "CHECK constraint failed", "TEXT value in", "NUMERIC value in"))
