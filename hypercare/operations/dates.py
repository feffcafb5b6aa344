"""Records that are dated when no business can have made them: epoch 0, 1900, or another date that stands for none."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from sqlalchemy import Select, literal_column, select

from hypercare.operations.backward_times import dated_ahead, where_times_run_backwards
from hypercare.operations.names import of_nearly_one_name, of_one_name, without_a_name
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.schema_drift import CAUSES
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.outcome.signals import CheckFailed, NotCovered

# Only what each record has from the start: a date of something that is still to come may well be kept as 1970 until
# then. People, customers and products are left alone, since those that a system brings along have such dates too.
_MADE = {
    "sale": "created_at",
    "payment": "paid_at",
    "ledger_entry": "posted_at",
    "manual_record": "handed_in_at",
    "production_order": "created_at",
    "cost": "entered_at",
    "activity": "at",
    "login_attempt": "at",
    "issue": "reported_at",
}


class Dates(Resource):
    """When records were made. Asked of all of them, since no period would ever show one of 1970."""

    def before(self, first: date) -> Found:
        """Records that were made before the first day on which any can have been.

        A column that never holds a later date is not kept by the target, and nobody is blamed for it.

        Raises:
            NotCovered: of no entity it is mapped when its records were made.
            CheckFailed: all that could be asked is gone from the database.
        """
        mapped = [name for name, field in _MADE.items() if self.model.has(name, field)]
        if not mapped:
            raise NotCovered("no record's time is mapped", remedy="Map created_at in [mapping.sale] columns.")
        parts: list[Violations] = []
        gone: CheckFailed | None = None
        for entity in mapped:
            try:
                parts += [self._before(entity, first)] if self._has_dated(entity, first) else []
            except CheckFailed as failed:
                if failed.finding.cause not in CAUSES:
                    raise
                # The checks of this entity tell of it; all others are looked at all the same.
                gone = failed
        if gone is not None and not parts:
            raise gone
        return Found.together(parts)

    def ahead(self) -> Found:
        """Records that are dated later than now; what much of the house dates ahead is left out.

        Raises NotCovered where no such time is mapped.
        """
        return dated_ahead(self.model)

    def running_backwards(self) -> Found:
        """Records of which a later time lies before an earlier one."""
        return where_times_run_backwards(self.model)

    def without_a_name(self) -> Found:
        """Branches, people and products in use without a name."""
        return without_a_name(self.model)

    def of_one_name(self) -> Found:
        """Branches, people and products in use that bear another's name."""
        return of_one_name(self.model)

    def of_nearly_one_name(self) -> Found:
        """Branches, people and products in use whose names differ from another's by capitals and blanks alone."""
        return of_nearly_one_name(self.model)

    def _before(self, entity: str, first: date) -> Violations:
        records = self.model.records(entity)
        made = records.instant(_MADE[entity])
        early = made.before(self.model.calendar.at(first, time.min))
        name = {"record": self.model.shown_name(records)} if records.has("id") else {}
        query = ViolationQuery(
            source=records.source,
            among=[early],
            wrong=early,
            show={
                "what": Shown(literal_column(f"'{entity.replace('_', ' ')}'")),
                **name,
                "dated": self.model.shown_time(made),
            },
            place=records.place,
        )
        return Violations(self.model, query)

    def _has_dated(self, entity: str, first: date) -> bool:
        records = self.model.records(entity)
        since = records.instant(_MADE[entity]).since(self.model.calendar.at(first, time.min))
        one: Select[Any] = select(literal_column("1").label("one")).select_from(records.source).where(since).limit(1)
        return self.model.database.value(one, about=f"a date of {records.place}") is not None
