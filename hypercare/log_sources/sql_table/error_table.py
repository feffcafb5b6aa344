"""A mapped table of errors: read by its time, or by a key that grows with each row that arrives."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, select

from hypercare.database.database import Database
from hypercare.log_sources.protocol import Entry, Since, SourceRefused, SourceUnreadable
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.signals import CheckFailed, NotCovered
from hypercare.target_file.mapping import TimeForm
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target

# As a line of JSON would name what a table has under our words.
_NAMES = {
    "severity": "level",
    "message": "message",
    "detail": "exception",
    "logger": "logger",
    "trace": "trace_id",
    "person": "user",
    "owner": "owner",
}
# A table of errors holds errors: that is what a row without a word for it is.
_UNSTATED = "error"


class ErrorTable:
    """The rows of an entity that has at least a time and a message."""

    def __init__(self, source: LogSource, target: Target, database: Database) -> None:
        assert source.entity is not None
        self._source = source
        self._entity = source.entity
        self._model = Model(target, database)

    @property
    def where(self) -> str:
        mapped = self._model.mapping.entity(self._entity)
        return f"table {mapped.table}" if mapped is not None and mapped.table else f"entity {self._entity}"

    def entries(self, since: Since) -> Iterator[Entry]:
        try:
            records = self._model.records(self._entity)
            rows = self._rows(records, since)
        except CheckFailed as failed:
            raise SourceUnreadable(self.where, failed.finding.sentence.rstrip(".")) from None
        except NotCovered as gap:
            raise SourceRefused(gap.reason, gap.remedy) from None
        same: Counter[str] = Counter()
        found = [self._entry(records, row, same) for row in rows]
        if rows and not any(found):
            raise SourceRefused(
                f"No row of the {self.where} states a time that is understood.",
                f"Say how it is kept as [mapping.{self._entity}] time.",
            )
        entries = [entry for entry in found if entry is not None]
        if self._source.by == "key" and any(entry.order is None for entry in entries):
            raise SourceRefused(
                f"The id of the {self.where} is no number that grows with each row, so it cannot be read by its key.",
                'Leave out by = "key" of that [[logs]] entry; it is read by its time then.',
            )
        yield from entries

    def _rows(self, records: Records, since: Since) -> list[Mapping[str, Any]]:
        """The newest first, one more than may be read, so that it is known whether there were more."""
        names = ["at", "id", *(name for name in _NAMES if records.has(name))]
        columns = {name: records[name] for name in names if records.has(name)}
        if records.instant("at").timestamp_format.form is TimeForm.DATE:
            raise NotCovered(
                f"The {self.where} states only the day of an error, so it cannot be told which came since.",
                remedy=f"Map a column with the time of day as at in [mapping.{self._entity}] columns.",
            )
        by_key = self._source.by == "key"
        if by_key:
            records.need("id")
        condition: ColumnElement[bool] = (
            records["id"] > since.after if by_key and since.after is not None else records.instant("at").since(since.at)
        )
        statement = (
            select(*(column.label(name) for name, column in columns.items()))
            .select_from(records.source)
            .where(condition)
            .order_by((records["id"] if by_key else records["at"]).desc())
            .limit(self._source.most + 1)
        )
        return list(self._model.database.rows(statement, about="errors that the application wrote down"))

    def _entry(self, records: Records, row: Mapping[str, Any], same: Counter[str]) -> Entry | None:
        at = records.instant("at").timestamp_format.decode(row["at"])
        if at is None:
            return None
        fields = {name: row[ours] for ours, name in _NAMES.items() if row.get(ours) not in (None, "")}
        fields.setdefault("level", _UNSTATED)
        plain = {name: value if isinstance(value, int) else str(value) for name, value in fields.items()}
        key = row.get("id")
        if key is not None:
            order = int(key) if isinstance(key, int | Decimal) else None
            return Entry(at, str(key), f"row {key}", plain, order)
        content = hashlib.sha256(repr((row["at"], sorted(plain.items()))).encode()).hexdigest()[:20]
        same[content] += 1
        return Entry(at, f"{content}.{same[content]}", f"row of {at.isoformat(timespec='seconds')}", plain)
