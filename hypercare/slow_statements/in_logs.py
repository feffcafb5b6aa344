"""Statements that the database's log tells of because they were slow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hypercare.database.engine import MARK
from hypercare.logs.durations import duration_of
from hypercare.logs.logs import Logs
from hypercare.logs.record import Record
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.slow_statements.normalising import is_of_the_application, normalised
from hypercare.slow_statements.statement import Statement
from hypercare.target_file.target import Target

# Small ASCII: PostgreSQL writes the unit in every language, MariaDB and MySQL begin each entry by this, and JSON lines
# name the two fields.
SIGNS = (b" ms  ", b" ms\t", b"query_time", b"set timestamp=", b"duration", b"elapsed", b"statement", b"took")
_POSTGRESQL = re.compile(
    r"\b\w+\s?[:：]\s*(?P<ms>\d+[.,]\d+) ms\s+[^:：\n]{1,60}[:：]\s*(?P<sql>.+)", re.DOTALL
)  # fmt: skip
# MariaDB and MySQL tell how long it took, then when, then the statement.
_SLOW_LOG = re.compile(
    r"#\s*Query_time:\s*(?P<s>[\d.]+)|^SET timestamp=\d+(?:\.\d+)?;\s*(?P<sql>.+?)(?=^#\s|\Z)",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)


@dataclass
class _Sum:
    calls: int = 0
    total: float = 0.0
    longest: float = 0.0
    example: str = ""


@dataclass
class LoggedStatements:
    """What came of one reading; `logs` are those of the database, `gaps` what of them could not be placed in time."""

    logs: Sequence[str]
    sums: dict[str, _Sum] = field(default_factory=dict)
    gaps: list[NotCovered] = field(default_factory=list)

    @property
    def statements(self) -> list[Statement]:
        source = f"the log {' and '.join(self.logs)}"
        return [
            Statement(text, one.calls, one.total, source, one.longest, one.example) for text, one in self.sums.items()
        ]


def logged_statements(target: Target, logs: Logs, period: Period, *, double_quotes: bool) -> LoggedStatements:
    """The statements that the logs of the database tell the duration of, in a period, without our own.

    Raises:
        NotCovered: no log of the database is named.
        ChannelDown: one cannot be read.
    """
    names = {one.name: one.fields for one in target.config.logs if one.holds == "database"}
    if not names:
        raise NotCovered(
            "No log of the database is named.",
            remedy='Have it write slow statements, and name it as [[logs]] with holds = "database".',
        )
    found = LoggedStatements(list(names))
    pending: dict[str, float] = {}
    for record in logs.each_record(period, SIGNS, found.gaps):
        if record.source not in names:
            continue
        for sql, milliseconds in statements_in(record, names[record.source], pending):
            if MARK in sql or not is_of_the_application(sql):
                continue
            one = found.sums.setdefault(normalised(sql, double_quotes_are_strings=double_quotes), _Sum())
            one.calls += 1
            one.total += milliseconds
            if milliseconds >= one.longest:
                one.longest, one.example = milliseconds, sql.strip()
    return found


def statements_in(record: Record, fields: Mapping[str, str], pending: dict[str, float]) -> Iterator[tuple[str, float]]:
    """The statements that a record tells the duration of, with that in milliseconds; `fields` are as [[logs]] has
    them. In a slow log the duration may stand in the record before: it is put into `pending` by the log's name."""
    took = duration_of(record.fields, fields, None) if record.fields and record.statement else None
    if took is not None:
        yield record.statement, took.total_seconds() * 1000
        return
    entries = list(_SLOW_LOG.finditer(record.text))
    for entry in entries:
        if entry["s"] is not None:
            pending[record.source] = float(entry["s"]) * 1000
        elif record.source in pending:
            yield entry["sql"], pending.pop(record.source)
    match = None if entries else _POSTGRESQL.search(record.message if record.fields else record.text)
    if match is not None:
        yield match["sql"], float(match["ms"].replace(",", "."))
