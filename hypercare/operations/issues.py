"""What people reported: read, classed, answered and solved in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from hypercare.operations.grave_words import grave
from hypercare.operations.queues import ISSUES, grown
from hypercare.operations_model.records import Records
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.outcome.level import Level
from hypercare.plan.calendar import Period
from hypercare.target_file.open_hours import instant_before

_MOST_READ = 5_000


class Issues(Resource):
    """The issues that users reported; those of the canary are left out."""

    def open(self) -> int:
        """How many are not resolved."""
        issue = self.model.records("issue")
        return self.model.count(issue, self._is_open(issue), *self.model.excluding_canary(issue))

    def reported(self, period: Period) -> int:
        issue = self.model.records("issue")
        return self.model.count(issue, issue.instant("reported_at").within(period), *self.model.excluding_canary(issue))

    def not_classed(self, after: timedelta) -> Violations:
        """Open issues that nobody has put into a category for longer than `after`, in opening hours."""
        issue = self.model.records("issue")
        unclassed = or_(issue["category"].is_(None), issue["category"] == "")
        return self._violations(issue, and_(unclassed, self._reported_before(issue, after)), habit=True)

    def without_answer(self) -> Violations:
        """Open issues whose first answer is overdue.

        Where the target does not say until when, it is due within the first level's time, in opening hours.
        """
        issue = self.model.records("issue")
        silent = issue.instant("responded_at").is_missing
        overdue = self._reported_before(issue, self.target.config.escalation[Level.L1].respond_within)
        if issue.has("respond_by"):
            due = issue.instant("respond_by")
            overdue = or_(due.surely_before(self.model.as_of), and_(due.is_missing, overdue))
        return self._violations(issue, and_(silent, overdue), "respond_by")

    def without_solution(self) -> Violations:
        """Open issues that should have been solved by now."""
        issue = self.model.records("issue")
        return self._violations(issue, issue.instant("resolve_by").surely_before(self.model.as_of), "resolve_by")

    def open_grown(self) -> Found:
        """Open issues, if there are far more than there ever were at this hour."""
        return grown(self.model, ISSUES)

    def grave(self) -> Found:
        """Open issues whose titles or texts tell of something graver than a question."""
        issue = self.model.records("issue")
        columns = {field: issue[field] for field in ("id", "title", "text") if field != "text" or issue.has(field)}
        if issue.has("branch"):
            columns["branch"] = issue["branch"]
        among = (self._is_open(issue), *self.model.excluding_canary(issue))
        statement = select(*(column.label(name) for name, column in columns.items())).where(*among).limit(_MOST_READ)
        rows = self.model.database.rows(statement, about="titles of open issues")
        found: list[dict[str, object]] = []
        for row in rows:
            words = grave(str(row["title"] or ""), str(row.get("text") or ""))
            if words:
                branch = {"branch": self.model.branch_word(row["branch"])} if row.get("branch") is not None else {}
                found.append({"issue": row["id"], **branch, "title": row["title"], "says that": words})
        return self.model.found(found, of=len(rows), place=issue.place)

    def in_a_strange_state(self) -> Violations:
        issue = self.model.records("issue")
        strange = issue.has_unknown_value("state")
        return self._violations(issue, strange, also=strange, habit=True)

    def _reported_before(self, issue: Records, length: timedelta) -> ColumnElement[bool]:
        """Whether so much of the opening hours has passed since the report."""
        latest = instant_before(self.target.config.business, self.model.as_of, length)
        return issue.instant("reported_at").surely_before(latest)

    def _is_open(self, issue: Records) -> ColumnElement[bool]:
        if issue.has("state"):
            return issue.is_("state", "new", "acknowledged")
        return issue.instant("resolved_at").is_missing

    def _violations(
        self, issue: Records, wrong: ColumnElement[bool], due: str = "", *, also: Any = None, habit: bool = False
    ) -> Violations:
        show: dict[str, Shown] = {"issue": self.model.shown(issue, "id")}
        if issue.has("branch"):
            show["branch"] = self.model.shown_branch(issue["branch"])
        show |= {field: self.model.shown(issue, field) for field in ("title", "severity") if issue.has(field)}
        show["reported"] = self.model.shown_time(issue.instant("reported_at"))
        if due and issue.has(due):
            show["due"] = self.model.shown_time(issue.instant(due))
        among = self._is_open(issue) if also is None else or_(self._is_open(issue), also)
        query = ViolationQuery(
            source=issue.source,
            among=(among, *self.model.excluding_canary(issue)),
            wrong=wrong,
            show=show,
            place=issue.place,
            # When a promise is kept, the business says; that many are not is no reason to doubt it.
            dated=issue.instant("reported_at") if habit else None,
            habit=habit,
        )
        return Violations(self.model, query)
