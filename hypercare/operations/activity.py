"""What people did, by the target's own activity log: a second witness for every figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, String, Subquery, and_, cast, func, or_, select

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_MARGIN = timedelta(hours=12)
_COMING_AND_GOING = ("login", "logout")
_MADE = {"sale": "created_at", "step": "updated_at", "cost": "entered_at"}
_MADE_BY = {"sale": "created_by", "step": "updated_by", "cost": "entered_by"}
# So much of somebody's before today is not in the log, and nothing that is: a program, whose work is not logged.
_LEAST_OF_A_PROGRAM = 3
_MOST_PROGRAMS = 200


class ActivityLog(Resource):
    """The activity log; what was done on the canary or by its users is left out."""

    def _telling(self, action: str, alias: str = "") -> Records:
        """The log, if it tells of such actions: a log that keeps silent about them is no witness.

        Raises NotCovered when its words are mapped and none stands for this action.
        """
        activity = self.model.records("activity", alias)
        words = activity.mapping.values.get("action")
        if words is not None and action not in words:
            raise NotCovered(
                f"The activity log does not tell of {action!r}.",
                remedy="Map it as a value of action in [mapping.activity], if the log keeps it after all.",
            )
        return activity

    def things(self, action: str, period: Period) -> int:
        """To how many different records it was done."""
        activity = self._telling(action)
        statement = select(func.count(activity["entity_id"].distinct())).where(
            activity.is_("action", action),
            activity.instant("at").within(period),
            *self.model.excluding_canary(activity),
        )
        return int(self.model.database.value(statement, about=f"records of {action}"))

    @property
    def unseen(self) -> Period:
        """What no evening round has seen before: since yesterday's, with a margin for what came in late."""
        return self.model.since_yesterday_evening

    def records_without_trace(self, entity: str, action: str, period: Period) -> Violations:
        """Records made (steps: touched) in the period of which the activity log knows nothing, but for programs'."""
        records = self.model.records(entity)
        when, traced = records.instant(_MADE[entity]), self._traced(action, period)
        by_somebody = [records["updated_by"].is_not(None)] if records.has("updated_by") else []
        thing, key = alike(traced.c.thing, self._telling(action), records)
        source = records.source.outerjoin(traced, thing == key)
        untraced = self._query(records, source, [when.within(period), *by_somebody], traced.c.thing.is_(None), when)
        return made_by_people(self.model, untraced, records, _MADE_BY[entity])

    def traces_without_record(self, entity: str, action: str, period: Period, unless: str = "") -> Violations:
        """Entries of the period about a record that is not there, unless another entry says what became of it."""
        activity, records = self._telling(action), self.model.records(entity)
        thing, key = alike(activity["entity_id"], activity, records)
        source = activity.source.outerjoin(records.source, key == thing)
        gone: ColumnElement[bool] = records["id"].is_(None)
        if unless:
            undone = self._traced(unless, period)
            source = source.outerjoin(undone, undone.c.thing == activity["entity_id"])
            gone = and_(gone, undone.c.thing.is_(None))
        when = activity.instant("at")
        among = [when.within(period), activity.is_("action", action)]
        return Violations(self.model, self._query(activity, source, among, gone, when))

    def _traced(self, action: str, period: Period) -> Subquery:
        """What it was done to around the period, each once: joined, because the log is seldom indexed by it."""
        activity = self._telling(action, "traced")
        around = Period(period.start - _MARGIN, period.end + _MARGIN)
        return (
            select(activity["entity_id"].label("thing"))
            .where(activity.is_("action", action), activity.instant("at").within(around))
            .distinct()
            .subquery(f"traces_of_{action.replace('.', '_')}")
        )

    def _query(
        self,
        records: Records,
        source: FromClause,
        among: list[ColumnElement[bool]],
        wrong: ColumnElement[bool],
        when: Instant,
    ) -> ViolationQuery:
        words = "record" if records.entity == "activity" else records.entity
        name = Shown(records["entity_id"]) if records.entity == "activity" else self.model.shown_name(records)
        show = {words: name, "at": self.model.shown_time(when)}
        if records.has("branch"):
            show["branch"] = self.model.shown_branch(records["branch"])
        among = [*among, *self.model.excluding_canary(records)]
        return ViolationQuery(source, wrong, show, records.place, among, dated=when, habit=True)

    def people_at_work(self, period: Period) -> int:
        """How many people did anything besides logging in and out, as far as the mapping tells these apart."""
        activity = self.model.records("activity")
        words = activity.mapping.values.get("action", {})
        besides = [activity.is_not("action", word) for word in _COMING_AND_GOING if word in words]
        statement = select(func.count(activity["user"].distinct())).where(
            activity.instant("at").within(period), *besides, *self.model.excluding_canary(activity)
        )
        return int(self.model.database.value(statement, about="people who did anything"))


def alike(
    thing: ColumnElement[Any], activity: Records, records: Records
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """What an entry is about and the records' key so that they compare: a log keeps the keys of all kinds as text."""
    in_log, in_table = activity.types.get("entity_id"), records.types.get("id")
    if in_log is None or in_table is None or in_log.compares_as == in_table.compares_as:
        return thing, records["id"]
    return cast(thing, String()), cast(records["id"], String())


def made_by_people(model: Model, query: ViolationQuery, records: Records, who: str) -> Violations:
    """The records without a trace, but for those of programs: nothing that `who` made before today is in the log."""
    untraced = Violations(model, query)
    if query.dated is None or not records.has(who) or not untraced.count:
        return untraced
    by, without = records[who], count_if(query.wrong)
    statement = (
        select(by.label("who"))
        .select_from(query.source)
        .where(*query.among, by.is_not(None), query.dated.before(model.target.today.start))
        .group_by(by)
        .having(without >= _LEAST_OF_A_PROGRAM, without == func.count())
        .limit(_MOST_PROGRAMS)
    )
    programs = [row["who"] for row in model.database.rows(statement, about="whose work is never logged")]
    if not programs:
        return untraced
    return Violations(model, replace(query, wrong=and_(query.wrong, or_(by.is_(None), by.not_in(programs)))))
