"""Records that should not be there: counted and weighed by the database, shown in at most five rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, FromClause, Subquery, func, literal_column, select

from hypercare.operations.portable import one_if
from hypercare.outcome import evidence
from hypercare.outcome.finding import SAMPLE_SIZE
from hypercare.outcome.intake import took_in
from hypercare.outcome.reach import branches_of
from hypercare.outcome.signals import NotCovered

if TYPE_CHECKING:
    from hypercare.operations.model import Model

Row = Mapping[str, object]
_MOST_BRANCHES = 200


@dataclass(frozen=True)
class Shown:
    """A column of the sample: what to read, and how to make it readable."""

    expression: ColumnElement[Any]
    readable: Callable[[Any], object] = lambda value: value


@dataclass(frozen=True)
class Look:
    """A question: among which records (`source` and `among`), which are `wrong`, and how much money is at `stake`.

    `stake` is in minor units. `show` are the columns of the sample by the words above them. `place` says where a
    person finds the records. `if_none` is the reason why nothing could be judged when there was no record to look
    at; without it, none is fine.
    """

    source: FromClause
    wrong: ColumnElement[bool]
    show: Mapping[str, Shown]
    place: str
    among: Sequence[ColumnElement[bool]] = ()
    stake: ColumnElement[Any] | None = None
    if_none: str = ""


class Violations:
    """The answer to a Look, asked when it is first needed, count and sample in one snapshot."""

    def __init__(self, model: Model, look: Look) -> None:
        self._model = model
        self._look = look

    @property
    def count(self) -> int:
        return self._answer.count

    @property
    def of(self) -> int | None:
        return self._answer.of

    @property
    def money(self) -> Decimal | None:
        return self._answer.money

    @property
    def sample(self) -> Sequence[Row]:
        return self._answer.sample

    @property
    def currency(self) -> str:
        return self._model.currency

    @property
    def source(self) -> str:
        return self._look.place

    @property
    def branches(self) -> tuple[str, ...]:
        return self._answer.branches

    @cached_property
    def _answer(self) -> Found:
        look, database = self._look, self._model.database
        shown = {f"shown_{number}": column for number, column in enumerate(look.show.values())}
        stake = literal_column("0") if look.stake is None else look.stake
        each = (
            select(
                one_if(look.wrong).label("wrong"),
                stake.label("stake"),
                *(column.expression.label(name) for name, column in shown.items()),
            )
            .select_from(look.source)
            .where(*look.among)
            .subquery("looked_at")
        )
        wrong = each.c.wrong == 1
        weighed = select(
            func.count().label("looked_at"),
            func.coalesce(func.sum(each.c.wrong), 0).label("wrong"),
            func.coalesce(func.sum(each.c.stake * each.c.wrong), 0).label("stake"),
        ).select_from(each)
        sampled = select(*(each.c[name] for name in shown)).where(wrong).limit(SAMPLE_SIZE)
        with database.snapshot():
            total = database.row(weighed, about=look.place)
            took_in(look.place, "rows", int(total["looked_at"]))
            if not total["looked_at"]:
                self._require_something(look)
            rows = database.rows(sampled, about=f"{look.place}, sample") if total["wrong"] else []
            branches = self._more_branches(each, wrong, shown) if total["wrong"] > SAMPLE_SIZE else []
        sample = [
            {words: column.readable(row[name]) for (words, column), name in zip(look.show.items(), shown, strict=True)}
            for row in rows
        ]
        evidence.attach_rows(f"sample of {look.place}", sample)
        return Found(
            count=int(total["wrong"]),
            of=int(total["looked_at"]),
            money=None if look.stake is None else self._model.money(total["stake"]),
            sample=sample,
            currency=self.currency,
            source=look.place,
            branches=branches_of([*branches, *sample]),
        )

    def _require_something(self, look: Look) -> None:
        """That nothing of the kind happened is fine; that there is no record at all is nothing to pass on."""
        empty = f"There is no row in {look.place} yet" if self._model.is_empty(look.place) else ""
        if look.if_none or empty:
            raise NotCovered(
                look.if_none or f"{empty}, so there is nothing to look at.",
                mend="Nothing to mend: look again when there is something to look at.",
            )

    def _more_branches(self, each: Subquery, wrong: ColumnElement[bool], shown: Iterable[str]) -> list[Row]:
        """The branches of all wrong records, which a sample need not show."""
        column = dict(zip(self._look.show, shown, strict=True)).get("branch")
        if column is None:
            return []
        asked = select(each.c[column].label("branch")).where(wrong).distinct().limit(_MOST_BRANCHES)
        readable = self._look.show["branch"].readable
        found = self._model.database.rows(asked, about=f"{self._look.place}, branches")
        return [{"branch": readable(row["branch"])} for row in found]


@dataclass(frozen=True)
class Found:
    """Violations that are known already."""

    count: int
    of: int | None = None
    money: Decimal | None = None
    sample: Sequence[Row] = field(default_factory=tuple)
    currency: str = ""
    source: str = ""
    branches: tuple[str, ...] = ()

    @classmethod
    def together(cls, parts: Sequence[Violations]) -> Found:
        """Several answers as one: counts and money added up, of each a share of the sample."""
        wrong = [part for part in parts if part.count]
        rows = [row for place in range(SAMPLE_SIZE) for part in wrong for row in part.sample[place : place + 1]]
        sums = [part.money for part in wrong if part.money is not None]
        return cls(
            count=sum(part.count for part in wrong),
            of=sum(part.of or 0 for part in parts),
            money=sum(sums, Decimal(0)) if sums else None,
            sample=rows[:SAMPLE_SIZE],
            currency=parts[0].currency if parts else "",
            source=", ".join(dict.fromkeys(part.source for part in wrong or parts)),
            branches=tuple(sorted({branch for part in wrong for branch in part.branches})),
        )
