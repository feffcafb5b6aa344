"""What people did, by the target's own activity log: a second witness for every figure."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, not_, select

from hypercare.operations.instants import Instant
from hypercare.operations.noun import Noun
from hypercare.operations.records import Records
from hypercare.operations.violations import Look, Shown, Violations
from hypercare.plan.calendar import Period

_MADE = {"sale": "created_at", "step": "updated_at", "cost": "entered_at"}


class ActivityLog(Noun):
    """The activity log; what was done on the canary or by its users is left out."""

    def times(self, action: str, period: Period) -> int:
        """How often something was done, for instance "sale.create"."""
        activity = self.model.records("activity")
        return self.model.count(
            activity,
            activity.is_("action", action),
            activity.instant("at").within(period),
            *self.model.real(activity),
        )

    def things(self, action: str, period: Period) -> int:
        """To how many different records it was done."""
        activity = self.model.records("activity")
        asked = select(func.count(activity["entity_id"].distinct())).where(
            activity.is_("action", action),
            activity.instant("at").within(period),
            *self.model.real(activity),
        )
        return int(self.model.database.value(asked, about=f"records of {action}"))

    def records_without_trace(self, entity: str, action: str, period: Period) -> Violations:
        """Records made (steps: touched) in the period of which the activity log knows nothing."""
        records, activity = self.model.records(entity), self.model.records("activity")
        when, known = records.instant(_MADE[entity]), activity.is_("action", action)
        by_somebody = [records["updated_by"].is_not(None)] if records.has("updated_by") else []
        traced = exists().where(activity["entity_id"] == records["id"], known)
        return self._answer(records, [when.within(period), *by_somebody], not_(traced), when)

    def traces_without_record(self, entity: str, action: str, period: Period, unless: str = "") -> Violations:
        """Entries of the period about a record that is not there, unless another entry says what became of it."""
        records, activity = self.model.records(entity), self.model.records("activity")
        gone = not_(exists().where(records["id"] == activity["entity_id"]))
        if unless:
            undone = self.model.records("activity", "undone")
            explained = exists().where(undone["entity_id"] == activity["entity_id"], undone.is_("action", unless))
            gone = and_(gone, not_(explained))
        when = activity.instant("at")
        return self._answer(activity, [when.within(period), activity.is_("action", action)], gone, when)

    def _answer(
        self, records: Records, among: list[ColumnElement[bool]], wrong: ColumnElement[bool], when: Instant
    ) -> Violations:
        words = "record" if records.entity == "activity" else records.entity
        name = Shown(records["entity_id"]) if records.entity == "activity" else self.model.shown_name(records)
        show = {words: name, "at": self.model.shown_time(when)}
        if records.has("branch"):
            show["branch"] = self.model.shown_branch(records["branch"])
        among = [*among, *self.model.real(records)]
        return Violations(self.model, Look(records.source, wrong, show, records.place, among))

    def people(self, period: Period) -> int:
        """How many people did anything."""
        activity = self.model.records("activity")
        asked = select(func.count(activity["user"].distinct())).where(
            activity.instant("at").within(period), *self.model.real(activity)
        )
        return int(self.model.database.value(asked, about="people who did anything"))
