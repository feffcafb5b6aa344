"""Past months read in an export of the database, of which nothing is believed that the database tells otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property

from hypercare.database.export import Export, export_of
from hypercare.database.schemas import TableName
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from hypercare.seals.month_contents import ENTITY, Slice, number_of_day_in, stable_fields, totals_of

# The last days of an export may not be whole.
_MAY_LACK = timedelta(days=2)
# So many runs of days are asked of the database again; where it agrees with the export on them, it does on the others.
_MOST_ASKED_AGAIN = 5


def exported_past(model: Model) -> ExportedPast | None:
    """None where the target file names no export."""
    export = export_of(model.database)
    return None if export is None else ExportedPast(model, export)


class ExportedPast:
    def __init__(self, of_database: Model, export: Export) -> None:
        self.model = Model(of_database.target, export)
        self._of_database = of_database
        self._export = export
        self._gap: NotCovered | None = None

    def require_usable(self) -> None:
        """Raises NotCovered where it is too old, or lacks the table or one of its columns."""
        _ = self.last_day
        # What is synthetic is told by names that an export need not have.
        _ = self._of_database.synthetic
        self._export.known_synthetic = self._of_database.database.known_synthetic
        records = self.model.records(ENTITY)
        for field in (*stable_fields(self._of_database.records(ENTITY)), "state", "created_at"):
            if field in records.gone:
                raise records.gone[field]

    def require_no_gap(self) -> None:
        """Raises NotCovered where it was found not to be what the database holds."""
        if self._gap is not None:
            raise self._gap

    @cached_property
    def last_day(self) -> date:
        """The last that it surely has as the database has it."""
        table = self._of_database.records(ENTITY).mapping.table
        schema, _, name = (table or "").rpartition(".")
        written = self._export.written(*([TableName(schema or None, name)] if table else []))
        return self.model.calendar.date_of(written) - _MAY_LACK

    def agrees(self, slices: Mapping[str, Slice], days: Sequence[date]) -> bool:
        """Whether the database has as many final sales on these days, and of as much in all."""
        for first, last in list(_runs(days))[:_MOST_ASKED_AGAIN]:
            inside = [one for name, one in slices.items() if first.day <= number_of_day_in(name) <= last.day]
            exported = sum(one.count for one in inside), sum(one.amount for one in inside)
            there = totals_of(self._of_database, first, last)
            if exported != there:
                self._gap = NotCovered(
                    f"The export has {exported[0]:,} final sales from {first} to {last}, and the database {there[0]:,},"
                    " or their totals differ: it is not what the database holds.",
                    remedy="Wait for the next export, see how it is made, or leave out [database] scan_from.",
                )
                return False
        return True


def _runs(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """The first and the last of those that follow each other."""
    first: date | None = None
    for number, day in enumerate(days):
        first = first or day
        if number + 1 == len(days) or days[number + 1] - day != timedelta(days=1):
            yield first, day
            first = None
