"""Records that should not be there: counted and weighed by the database, shown in at most five rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, func, not_, or_, select

from hypercare.database.trouble import NotPut
from hypercare.operations_model.exceptions import Exceptions
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.portable import one_if
from hypercare.operations_model.protocol import AskedModel
from hypercare.operations_model.spread import spread_of
from hypercare.operations_model.weighing import JudgedDays, Weights, weigh
from hypercare.outcome import evidence
from hypercare.outcome.doubt import Excuse, Weighed, doubt_among, doubt_by_days, doubt_of
from hypercare.outcome.finding import SAMPLE_SIZE
from hypercare.outcome.found import Doubt, Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.materiality import Stake, minor_in_words
from hypercare.outcome.reach import branches_of
from hypercare.outcome.signals import NotCovered

Row = Mapping[str, object]
_MOST_BRANCHES = 200
_MOST_ROOTS = 50


@dataclass(frozen=True)
class Shown:
    """A column of the sample: what to read, and how to make it readable."""

    expression: ColumnElement[Any]
    readable: Callable[[Any], object] = lambda value: value


@dataclass(frozen=True)
class Root:
    """What the records of a query come down to: findings of one `family` about the same roots have one cause.

    The finding with the highest `rank` says it most plainly, and tells of it for all.
    """

    family: str
    key: ColumnElement[Any]
    rank: int = 0


@dataclass(frozen=True)
class ViolationQuery:
    """A question: among which records (`source` and `among`), which are `wrong`, and how much money is at `stake`.

    `stake` is in minor units. `show` are the columns of the sample by the words above them. `place` says where a
    person finds the records. `if_none` is the reason why nothing could be judged when there was no record to look
    at; without it, none is fine.

    A rule that tells by `dated` which records are from before today doubts itself where much of that past breaks it;
    a `habit` (how most businesses work) sooner than sums do, and also where it is broken on most days. Some are judged
    by days alone, as their `excuse` says. Without `dated`, `usual` says
    of all that is looked at what they are where so many break the rule that it is none ("final sales have no line").

    Where only the unfinished are looked at, `past` chooses all among which the past is to be counted; `was_wrong` are
    also those that would have been wrong in their time. `worth` is what a record comes to, in minor units: beside it a
    stake may be minor. `root` is what a wrong record comes down to.

    Where `days` are asked one by one, `day` is the number of a record's day among them: those in order are not asked
    again, and what they came to is counted in.
    """

    source: FromClause
    wrong: ColumnElement[bool]
    show: Mapping[str, Shown]
    place: str
    among: Sequence[ColumnElement[bool]] = ()
    stake: ColumnElement[Any] | None = None
    if_none: str = ""
    dated: Instant | None = None
    habit: bool = False
    excuse: Excuse | None = None
    past: Sequence[ColumnElement[bool]] | None = None
    was_wrong: ColumnElement[bool] | None = None
    worth: ColumnElement[Any] | None = None
    root: Root | None = None
    usual: str = ""
    days: JudgedDays | None = None
    day: ColumnElement[Any] | None = None


class Violations:
    """The answer to a ViolationQuery, asked when it is first needed, count and sample in one snapshot."""

    def __init__(self, model: AskedModel, query: ViolationQuery) -> None:
        self.model = model
        self.query = query
        self._exceptions = Exceptions(model)

    @property
    def count(self) -> int:
        return self.found.count

    @property
    def of(self) -> int | None:
        return self.found.of

    @property
    def sample(self) -> Sequence[Row]:
        return self.found.sample

    @cached_property
    def found(self) -> Found:
        try:
            return self._asked(self.query)
        except NotPut as held_back:
            return self._of_newest(held_back)

    def _of_newest(self, held_back: NotPut) -> Found:
        """Since yesterday alone: what is wrong there is wrong; that nothing is says nothing of what was before.

        Raises NotCovered where nothing is.
        """
        query, calendar = self.query, self.model.calendar
        if query.dated is None:
            raise held_back
        yesterday = calendar.date_of(self.model.target.as_of) - timedelta(days=1)
        newest = query.dated.since(calendar.at(yesterday, time.min))
        # What was not looked at is no day in order.
        found = self._asked(replace(query, among=(*query.among, newest), past=None, if_none="", days=None))
        if not found.count:
            asked = f"Of those since yesterday, none of {found.of:,} is wrong." if found.of else ""
            raise NotCovered(f"{held_back.reason} {asked}".strip(), remedy=held_back.remedy)
        return found

    def _asked(self, query: ViolationQuery) -> Found:
        database, agreed = self.model.database, self._exceptions.among(query.source)
        would_be = [and_(query.wrong, one) for one in agreed.values()]
        query = replace(query, wrong=and_(query.wrong, not_(or_(*agreed.values())))) if agreed else query
        shown = {f"shown_{number}": column for number, column in enumerate(query.show.values())}
        each = (
            select(
                one_if(query.wrong).label("wrong"),
                *([] if query.root is None else [query.root.key.label("root")]),
                *(column.expression.label(name) for name, column in shown.items()),
            )
            .select_from(query.source)
            .where(*query.among)
            .subquery("looked_at")
        )
        wrong = each.c.wrong == 1
        sampled = select(*(each.c[name] for name in shown)).where(wrong)
        with database.snapshot():
            weights = Weights(query.wrong, query.stake, query.dated, query.worth, query.day, would_be)
            total = weigh(self.model, query.source, query.among, weights, query.days, query.place)
            took_in(query.place, "rows", int(total["looked_at"]))
            for number, one in enumerate(agreed):
                self._exceptions.passed_over(one, query.place, int(total[f"excepted_{number}"]))
            if not total["looked_at"]:
                self._require_something(query)
            doubt = _doubt(self.model, query, total)
            # What is doubted is told by no finding, evening after evening.
            most = SAMPLE_SIZE if doubt is not None else evidence.rows_wanted()
            rows = database.rows(sampled.limit(most), about=f"{query.place}, sample") if total["wrong"] else []
            branches = self._more_branches(each, wrong, shown) if total["wrong"] > SAMPLE_SIZE else []
            concerns = self._roots(each, wrong) if total["wrong"] else ()
        sample = [
            {words: column.readable(row[name]) for (words, column), name in zip(query.show.items(), shown, strict=True)}
            for row in rows
        ]
        evidence.attach_rows(f"sample of {query.place}", sample[:SAMPLE_SIZE])
        return Found(
            count=int(total["wrong"]),
            of=int(total["looked_at"]),
            money=None if query.stake is None else self.model.money(total["stake"]),
            sample=sample,
            currency=self.model.currency,
            where=query.place,
            branches=branches_of([*branches, *sample]),
            doubt=doubt,
            minor=_minor(self.model, query, total),
            concerns=concerns,
            rank=0 if query.root is None else query.root.rank,
        )

    def _require_something(self, query: ViolationQuery) -> None:
        """That nothing of the kind happened is fine; that there is no record at all is nothing to pass on."""
        empty = f"There is no row in {query.place} yet" if self.model.is_empty(query.place) else ""
        if query.if_none or empty:
            raise NotCovered(
                query.if_none or f"{empty}, so there is nothing to look at.",
                remedy="Nothing to mend: look again when there is something to look at.",
            )

    def _roots(self, each: Subquery, wrong: ColumnElement[bool]) -> tuple[str, ...]:
        """What the wrong records come down to; nothing where that is not told, or too much to be compared."""
        root = self.query.root
        if root is None:
            return ()
        statement = select(each.c.root.label("root")).where(wrong).distinct().limit(_MOST_ROOTS + 1)
        found = self.model.database.rows(statement, about=f"{self.query.place}, what they come down to")
        return tuple(sorted(f"{root.family}:{row['root']}" for row in found)) if len(found) <= _MOST_ROOTS else ()

    def _more_branches(self, each: Subquery, wrong: ColumnElement[bool], shown: Iterable[str]) -> list[Row]:
        """The branches of all wrong records, which a sample need not show."""
        column = dict(zip(self.query.show, shown, strict=True)).get("branch")
        if column is None:
            return []
        statement = select(each.c[column].label("branch")).where(wrong).distinct().limit(_MOST_BRANCHES)
        readable = self.query.show["branch"].readable
        found = self.model.database.rows(statement, about=f"{self.query.place}, branches")
        return [{"branch": readable(row["branch"])} for row in found]


def _doubt(model: AskedModel, query: ViolationQuery, total: Row) -> Doubt | None:
    if not total["wrong"]:
        return None
    if query.dated is None:
        counts = int(str(total["wrong"])), int(str(total["looked_at"]))
        return doubt_among(*counts, query.usual) if query.usual else None
    of, wrong, past, past_wrong = (int(str(total[name])) for name in ("looked_at", "wrong", "past", "past_wrong"))
    if query.past is not None:
        before = query.dated.before(model.target.today.start)
        statement = select(func.count()).select_from(query.source).where(*query.past, before)
        past = int(model.database.value(statement, about=f"{query.place}, before today"))
        of = past + of - int(str(total["past"]))
    weighed = Weighed(of, wrong, past, past_wrong)
    doubt = doubt_of(weighed, model.target.config.limits, habit=query.habit, what=query.place)
    if doubt is not None or not query.habit:
        return doubt
    among, broken = query.among, query.wrong if query.was_wrong is None else query.was_wrong
    if query.past is not None:
        among, broken = query.past, and_(*query.among, query.wrong)
    spread = spread_of(model, query.source, among, broken, query.dated, query.days)
    return doubt_by_days(weighed, spread, excuse=query.excuse, what=query.place)


def _minor(model: AskedModel, query: ViolationQuery, total: Row) -> str:
    """Why it is minor; days are told apart as far as the first and the last wrong record do."""
    wrong, of = int(str(total["wrong"])), int(str(total["looked_at"]))
    if query.worth is None or query.stake is None or not wrong:
        return ""
    stake = Stake(
        in_all=model.money(total["stake"]),
        worst=model.money(total["worst"]),
        wrong=wrong,
        of=of,
        days=_days(model, query, total, wrong),
        typical=abs(model.money(total["worth"])) / max(1, of - wrong),
    )
    return minor_in_words(stake, model.target.config.limits, model.currency)


def _days(model: AskedModel, query: ViolationQuery, total: Row, wrong: int) -> int:
    timestamp_format = None if query.dated is None else query.dated.timestamp_format
    ends = [None if timestamp_format is None else timestamp_format.decode(total[name]) for name in ("first", "last")]
    days = {model.calendar.date_of(one) for one in ends if one is not None}
    return len(days) if len(days) < 2 else min(wrong, (max(days) - min(days)).days + 1)
