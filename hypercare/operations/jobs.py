"""Background work: done, in time, and every night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, or_

from hypercare.operations.queues import JOBS, grown
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.records import Records
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_A_DAY = timedelta(days=1)


class Jobs(Resource):
    """The target's background jobs."""

    def failed(self, period: Period) -> Violations:
        """Jobs that failed in the period."""
        job = self.model.records("job")
        when = next(
            (field for field in ("finished_at", "started_at", "queued_at", "due_at") if job.has(field)), "due_at"
        )
        ended = job.instant(when)
        return self._violations(job, job.is_("state", "failed"), or_(ended.within(period), ended.is_missing))

    def running_longer_than(self, limit: timedelta) -> Violations:
        job = self.model.records("job")
        begun = job.instant("started_at")
        too_long = or_(begun.is_missing, begun.surely_before(self.model.as_of - limit))
        return self._violations(job, too_long, job.is_("state", "running"))

    def not_begun_after(self, limit: timedelta) -> Violations:
        """Jobs that wait although they were due longer ago than this."""
        job = self.model.records("job")
        due = job.instant("due_at" if job.has("due_at") else "queued_at")
        return self._violations(job, due.surely_before(self.model.as_of - limit), job.is_("state", "queued"))

    def waiting_grown(self) -> Found:
        """Jobs that wait, if there are far more than there ever were at this hour."""
        return grown(self.model, JOBS)

    def in_a_strange_state(self) -> Violations:
        job = self.model.records("job")
        entered = job.instant("queued_at" if job.has("queued_at") else "due_at")
        among = self.model.in_sight(entered, self.model.hypercare)
        return self._violations(job, job.has_unknown_value("state"), among, dated=entered)

    def expected_but_missing(self) -> Found:
        """Kinds of job that must be done each day but were not when they were last due.

        Raises NotCovered when the mapping names none, or none has been due since go-live.
        """
        expected = self.model.mapping.expected_jobs
        if not expected:
            raise NotCovered("no daily job is named", remedy="Name the nightly jobs as [[mapping.expected_jobs]].")
        looked_at = 0
        missing: list[dict[str, object]] = []
        for one in expected:
            due = self._last_due(one.by)
            if due - _A_DAY < self.model.calendar.at(self.model.calendar.go_live, time.min):
                continue
            looked_at += 1
            if not self._done(one.kind, Period(due - _A_DAY, self.model.as_of)):
                missing.append(
                    {"job": one.kind, "was due": f"{due.astimezone(self.model.calendar.zone):%Y-%m-%d %H:%M}"}
                )
        if not looked_at:
            raise NotCovered("no daily job has been due yet", remedy="Nothing to mend: look again tomorrow.")
        return self.model.found(missing, of=looked_at, place=self.model.records("job").place)

    def _last_due(self, by: time) -> datetime:
        today = self.model.calendar.date_of(self.model.as_of)
        due = self.model.calendar.at(today, by)
        return due if due <= self.model.as_of else self.model.calendar.at(today - _A_DAY, by)

    def _done(self, kind: str, period: Period) -> int:
        job = self.model.records("job")
        finished = job.instant("finished_at").within(period)
        return self.model.count(job, job["kind"] == kind, job.is_("state", "done"), finished)

    def _violations(
        self, job: Records, wrong: ColumnElement[bool], among: ColumnElement[bool], dated: Instant | None = None
    ) -> Violations:
        show = {"job": self.model.shown(job, "id")}
        show |= {field: self.model.shown(job, field) for field in ("kind", "state", "error") if job.has(field)}
        show |= {
            field.removesuffix("_at"): self.model.shown_time(job.instant(field))
            for field in ("due_at", "started_at")
            if job.has(field)
        }
        query = ViolationQuery(
            source=job.source,
            among=(among,),
            wrong=wrong,
            show=show,
            place=job.place,
            dated=dated,
            habit=True,
        )
        return Violations(self.model, query)
