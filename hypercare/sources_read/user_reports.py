"""What people reported since the last review, and reports that say the same."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hypercare.operations_model.model import Model
from hypercare.operations_model.resource import Resource
from hypercare.outcome.finding import Row
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.plan.calendar import Period

_MOST_READ = 5_000
_WORD = re.compile(r"[^\W\d_]+")
# Words that short are of the language and not of the trouble; where letters are syllables, each counts.
_SHORTEST_WORD = 4
ALIKE_FROM, PEOPLE_FROM = 5, 3
_SHARED = 0.5


@dataclass(frozen=True)
class Report:
    """One report; `by` is who made it, None where nobody knows."""

    id: Any
    title: str
    category: str
    by: Any
    branch: str

    @property
    def words(self) -> frozenset[str]:
        text = unicodedata.normalize("NFKC", self.title).casefold()
        found = _WORD.findall(text)
        long = {word for word in found if len(word) >= _SHORTEST_WORD or not word.isascii()}
        return frozenset(long or found)

    def row(self) -> Row:
        return {"issue": self.id, **({"branch": self.branch} if self.branch else {}), "title": self.title}


@dataclass(frozen=True)
class ReportsRead:
    """The reports of a period."""

    reports: Sequence[Report]
    where: str

    @property
    def count(self) -> int:
        return len(self.reports)

    def by_category(self) -> Mapping[str, int]:
        return Counter(one.category or "without a category" for one in self.reports)

    def alike(self) -> Found:
        """The largest group of reports that share most of their words, if several people made it."""
        largest = max((_like(one, self.reports) for one in self.reports), key=len, default=[])
        people = {one.by if one.by is not None else ("nobody known", one.id) for one in largest}
        if len(largest) < ALIKE_FROM or len(people) < PEOPLE_FROM:
            largest = []
        return Found.of_rows((one.row() for one in largest), where=self.where, of=self.count)


class UserReports(Resource):
    """The issues that users reported, as a source; those of the canary are left out."""

    def read(self, period: Period) -> ReportsRead:
        """Those of a period, five thousand at most.

        Raises:
            NotCovered: the target maps no issues, or not when they were reported.
        """
        model: Model = self.model
        issue = model.records("issue")
        at = issue.instant("reported_at")
        columns = {
            name: issue[name] for name in ("id", "title", "category", "reported_by", "branch") if issue.has(name)
        }
        statement = (
            select(*(column.label(name) for name, column in columns.items()))
            .where(at.within(period), *model.excluding_canary(issue))
            .limit(_MOST_READ)
        )
        rows = model.database.rows(statement, about="reports of users")
        took_in(issue.place, "reports", len(rows))
        return ReportsRead([self._report(row) for row in rows], issue.place)

    def _report(self, row: Mapping[str, Any]) -> Report:
        branch = row.get("branch")
        return Report(
            row.get("id"),
            str(row.get("title") or ""),
            str(row.get("category") or ""),
            row.get("reported_by"),
            "" if branch is None else self.model.branch_word(branch),
        )


def _like(one: Report, reports: Sequence[Report]) -> list[Report]:
    words = one.words
    if not words:
        return []
    return [other for other in reports if len(words & other.words) >= _SHARED * len(words | other.words)]
