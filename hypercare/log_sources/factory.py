"""Which module reads a log that is no file."""

from __future__ import annotations

from collections.abc import Callable

from hypercare.database.database import Database
from hypercare.log_sources.journald.journal import Journal
from hypercare.log_sources.loki.query_range import Loki
from hypercare.log_sources.protocol import EntrySource
from hypercare.log_sources.sentry.project_events import Sentry
from hypercare.log_sources.sql_table.error_table import ErrorTable
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target


def entry_source(section: LogSource, target: Target, database: Callable[[], Database]) -> EntrySource | None:
    """What is asked for the entries of a log; None for a log that is a file."""
    if section.journald is not None:
        return Journal(section.journald)
    if section.loki is not None:
        return Loki(section.loki, target.now)
    if section.sentry is not None:
        return Sentry(section.sentry)
    if section.entity is not None:
        return ErrorTable(section, target, database())
    return None
