"""Which days have a report, and how each stood: what the index page shows, and index.json for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Self

from pydantic import AwareDatetime, Field

from hypercare.outcome.part import Part
from hypercare.reports.summary import Status

INDEX_SCHEMA_VERSION = 1


class IndexedRound(Part):
    """A round of a day. `href` is its own page from the folder of the index; empty where that is not there."""

    round: str
    status: Status
    as_of: AwareDatetime
    href: str = ""


class IndexedDay(Part):
    """How a business day stood. Without `href` only the history tells of it, and its report is not there."""

    date: date
    number: int = Field(description="since go-live, which is day 1")
    status: Status
    headline: str = ""
    target: str = ""
    href: str = ""
    finished: AwareDatetime | None = Field(default=None, description="when the newest of its rounds had ended")
    rounds: list[IndexedRound] = Field(default_factory=list)
    stamp: str = Field(default="", description="of the summary.json that this was read from")


class IndexedPage(Part):
    """A page of its own beside the days: of a week, a month, a gate, the agenda ..."""

    href: str
    title: str
    about: str = ""


class IndexedTarget(Part):
    """One of several targets whose reports lie in folders of their own below this one."""

    target: str
    href: str
    status: Status
    day: date | None = None


class ReportIndex(Part):
    schema_: int = Field(default=INDEX_SCHEMA_VERSION, alias="schema")
    target: str = ""
    days: list[IndexedDay] = Field(default_factory=list, description="the newest first")
    pages: list[IndexedPage] = Field(default_factory=list)
    targets: list[IndexedTarget] = Field(default_factory=list)

    @classmethod
    def of(
        cls, days: Iterable[IndexedDay], pages: Iterable[IndexedPage] = (), targets: Iterable[IndexedTarget] = ()
    ) -> Self:
        newest_first = sorted(days, key=lambda one: one.date, reverse=True)
        target = next((one.target for one in newest_first if one.target), "")
        return cls(target=target, days=newest_first, pages=list(pages), targets=list(targets))

    @property
    def newest(self) -> IndexedDay | None:
        """The newest day whose report is there."""
        return next((one for one in self.days if one.href), None)

    @property
    def counts(self) -> Mapping[Status, int]:
        found = [one.status for one in self.days]
        return {status: found.count(status) for status in Status if status in found}


def together(here: ReportIndex, there: ReportIndex, *, since: date | None) -> ReportIndex:
    """The index of a place that several machines publish to: `there` is what it has, `here` what comes now.

    Of one day what ended later counts, and a report that only one of them has stays reachable. Days before `since` are
    left out.
    """
    by_day = {one.date: one for one in there.days}
    for one in here.days:
        published = by_day.get(one.date)
        by_day[one.date] = one if published is None else _one_day(one, published)
    staying = [one for one in by_day.values() if since is None or one.date >= since]
    pages = {one.href: one for one in (*there.pages, *here.pages)}
    targets = {one.href: one for one in (*there.targets, *here.targets)}
    return ReportIndex.of(staying, sorted(pages.values(), key=lambda one: one.href), targets.values())


def _one_day(one: IndexedDay, other: IndexedDay) -> IndexedDay:
    later, earlier = (one, other) if _weight(one) >= _weight(other) else (other, one)
    pages = {(entry.round, entry.as_of): entry.href for entry in earlier.rounds}
    rounds = [
        entry if entry.href else entry.model_copy(update={"href": pages.get((entry.round, entry.as_of), "")})
        for entry in later.rounds
    ]
    return later.model_copy(update={"href": later.href or earlier.href, "rounds": rounds})


def _weight(one: IndexedDay) -> tuple[bool, float]:
    return bool(one.href), one.finished.timestamp() if one.finished else 0.0
