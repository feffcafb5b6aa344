"""Numbers that were given twice, as far as this system's numbers are meant to tell sales apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, literal_column, select

from hypercare.operations.asked_days import window_of
from hypercare.operations_model.indexes import is_unique
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import as_text, counted_by, one_if, without_leading_zeros
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.seals import Seals, Watch, Window

Chosen = Callable[[Records, Window], Sequence[ColumnElement[bool]]]

_EXACTLY = "exactly"
_TIMES = ("year", "month", "day")
# What numbers may start again with, besides the branch and the year, from the likeliest to the least.
_NARROWER = ("month", "day", "kind", "customer")
# So many repetitions make it worth asking how the numbers are meant; from these shares on they are no accidents.
_WORTH_ASKING = 3
_OF_THE_PAST = 0.2
_OF_TODAY = 0.5
_LEAST_PAST = 20
# For longer the engine's word that it keeps numbers apart is not taken: its index may be damaged.
_TRUSTED_FOR = timedelta(days=7)
_COMPARED = "numbers of sales compared"


@dataclass(frozen=True)
class SaleNumbers:
    """The question after equal numbers among the sales that `chosen` picks."""

    model: Model
    seals: Seals
    chosen: Chosen
    period: Period

    def given_twice(self) -> Violations | Found:
        """Sales whose number an earlier one has.

        Each branch may count for itself and begin anew each year. Where numbers repeat all the time, what they begin
        anew with is learned from the sales, unless the target file says it.

        Raises:
            NotCovered: they repeat all the time, whatever they are taken to begin anew with.
        """
        business = self.model.target.config.business
        if business.numbers_unique_per is not None:
            return self._repeated(business.numbers_unique_per)
        usual = ("branch", "year")
        all_apart = self._all_apart()
        many, again = self._counted(usual) if all_apart is None else (all_apart, 0)
        if all_apart is None:
            self.seals.note_done(_COMPARED)
        if many and not again:
            place = self.model.records("sale").place
            return self.model.found([], of=many, place=place, money=self.model.money(0))
        found = self._repeated(usual)
        if found.count < _WORTH_ASKING:
            return found
        return self._repeated(self._learned(usual))

    def _all_apart(self) -> int | None:
        """How many sales have a number, where the engine lets none be given twice and all are written in one way.

        Then no two differ by what people do not read; None where that is not so. Each day is read once.
        """
        sale = self.model.records("sale")
        if not is_unique(self.model, sale, "number") or self.seals.is_due(_COMPARED, _TRUSTED_FOR):
            return None
        days = self.seals.daily("ways to write a number", Watch("sale", "created_at"), self._ways_to_write)
        return sum(many for many, _ in days.values()) if not any(odd for _, odd in days.values()) else None

    def _ways_to_write(self, window: Window) -> Mapping[date, Any]:
        """By day, how many sales have a number, and how many of them not as the capitals of what people read."""
        sale = self.model.records("sale")
        exact = as_text(sale["number"])
        read = self._as_people_read_it(exact)
        canonical = func.upper(read) if "case" in self.model.target.config.business.numbers_ignore else read
        each = (
            select(window.day_of(sale.instant("created_at")).label("day"), one_if(exact != canonical).label("odd"))
            .select_from(sale.source)
            .where(*self._numbered(sale, window))
            .subquery("each_one")
        )
        statement = select(each.c.day, func.count().label("many"), func.sum(each.c.odd).label("odd"))
        rows = self.model.database.rows(statement.group_by(each.c.day), about="ways to write numbers of sales")
        return {window.days[int(row["day"])].date: [int(row["many"]), int(row["odd"] or 0)] for row in rows}

    def _counted(self, way: Sequence[str]) -> tuple[int, int]:
        """How many sales have a number, and how many of them one that another has: counting is cheaper than ranking."""
        sale = self.model.records("sale")
        parts = [part.label(name) for name, part in self._parts(sale, set(way)).items()]
        numbers = counted_by(select(*parts).select_from(sale.source).where(*self._numbered(sale))).subquery("numbers")
        again = func.sum(numbers.c.many - literal_column("1"))
        statement = select(func.sum(numbers.c.many).label("many"), again.label("again"))
        row = self.model.database.row(statement, about="numbers of sales")
        return int(row["many"] or 0), int(row["again"] or 0)

    def _learned(self, usual: Sequence[str]) -> Sequence[str]:
        """By what sales are told apart here: of the narrower ways the first under which nearly no number repeats."""
        sale = self.model.records("sale")
        more = [name for name in _NARROWER if name in _TIMES or sale.has(name)]
        ways = [tuple(usual), (*usual, _EXACTLY), *((*usual, one) for one in more)]
        row = self._repetitions(ways)
        past, today = int(row["past"] or 0), int(row["today"] or 0)
        by_way = [(int(row[f"past_{n}"] or 0), int(row[f"today_{n}"] or 0)) for n in range(len(ways))]
        (past_usual, today_usual), (past_exactly, _) = by_way[:2]
        if past_usual - past_exactly >= _WORTH_ASKING:
            return ways[1]
        of_the_past = past >= _LEAST_PAST and past_usual >= _OF_THE_PAST * past
        of_today = today_usual >= max(_WORTH_ASKING, _OF_TODAY * today)
        if not of_the_past and not of_today:
            return usual
        for way, (past_left, today_left) in zip(ways[2:], by_way[2:], strict=True):
            # That numbers began anew is seen on the first day of it; a customer's own need a past that shows them.
            is_proven = of_the_past or way[-1] in _TIMES
            if is_proven and past_left <= past_usual // 10 and 2 * today_left <= today_usual:
                return way
        if not of_the_past:
            return usual
        raise NotCovered(
            f"{past_usual:,} of {past:,} sales before today have the number of another, so numbers do not tell sales "
            f"apart here ({sale.place}).",
            remedy="Say what a number belongs to in [business] numbers_unique_per, or map a column that tells sales "
            "apart as number in [mapping.sale].",
        )

    def _repetitions(self, ways: Sequence[Sequence[str]]) -> Mapping[str, Any]:
        """Of the past and of today, how many sales there are, and by way how many repeat a number."""
        sale = self.model.records("sale")
        parts = self._parts(sale, {name for way in ways for name in way})
        before = sale.instant("created_at").before(self.model.target.today.start)
        numbered = (
            select(
                one_if(before).label("before"),
                *(part.label(name) for name, part in parts.items()),
                *(part.label(name) for name, part in self._order(sale).items()),
            )
            .select_from(sale.source)
            .where(*self._numbered(sale))
            .subquery("numbered")
        )
        ranks = [_again(numbered, way).label(f"again_{number}") for number, way in enumerate(ways)]
        each = select(numbered.c.before, *ranks).subquery("each_one")
        past: ColumnElement[int] = each.c.before
        today: ColumnElement[int] = literal_column("1") - past
        sums: dict[str, ColumnElement[Any]] = {"past": func.sum(past), "today": func.sum(today)}
        for number in range(len(ways)):
            again = one_if(each.c[f"again_{number}"] > 1)
            sums |= {f"past_{number}": func.sum(past * again), f"today_{number}": func.sum(today * again)}
        statement = select(*(total.label(name) for name, total in sums.items())).select_from(each)
        return self.model.database.row(statement, about="how numbers of sales repeat")

    def _repeated(self, way: Sequence[str]) -> Violations:
        sale = self.model.records("sale")
        created = sale.instant("created_at")
        shown = {
            "sale": self.model.shown_name(sale),
            "id": self.model.shown(sale, "id"),
            **({"branch": self.model.shown_branch(sale["branch"])} if sale.has("branch") else {}),
            "entered": self.model.shown_time(created),
            "total": self.model.shown_money(sale.amount("total")),
        }
        columns: dict[str, ColumnElement[Any]] = {"stake": sale.amount("total").minor}
        columns |= {f"shown_{number}": one.expression for number, one in enumerate(shown.values())}
        numbered = (
            select(
                *(column.label(name) for name, column in columns.items()),
                *(part.label(name) for name, part in self._parts(sale, set(way)).items()),
                *(part.label(name) for name, part in self._order(sale).items()),
            )
            .select_from(sale.source)
            .where(*self._numbered(sale))
            .subquery("numbered")
        )
        each = select(*(numbered.c[name] for name in columns), _again(numbered, way).label("again")).subquery(
            "each_one"
        )
        show = {
            words: Shown(each.c[f"shown_{number}"], one.readable) for number, (words, one) in enumerate(shown.items())
        }
        return Violations(
            self.model,
            ViolationQuery(source=each, wrong=each.c.again > 1, stake=each.c.stake, show=show, place=sale.place),
        )

    def _numbered(self, sale: Records, window: Window | None = None) -> list[ColumnElement[bool]]:
        number, chosen = sale["number"], self.chosen(sale, window or window_of(self.period))
        return [*chosen, number.is_not(None), func.trim(as_text(number)) != ""]

    def _order(self, sale: Records) -> dict[str, ColumnElement[Any]]:
        return {"created": sale.instant("created_at").raw, "identity": sale["id"]}

    def _parts(self, sale: Records, names: set[str]) -> dict[str, ColumnElement[Any]]:
        """What may tell numbers apart, as far as it is mapped; without a column there is one for all."""
        exact = as_text(sale["number"])
        parts: dict[str, ColumnElement[Any]] = {"number": self._as_people_read_it(exact)}
        if _EXACTLY in names:
            parts[_EXACTLY] = exact
        parts |= {name: sale[name] for name in ("branch", "customer", "kind") if name in names and sale.has(name)}
        created = sale.instant("created_at")
        return parts | {name: created.bucket(self._times(name)) for name in _TIMES if name in names}

    def _as_people_read_it(self, text: ColumnElement[str]) -> ColumnElement[str]:
        ignored = self.model.target.config.business.numbers_ignore
        if "spaces" in ignored:
            text = func.trim(text)
        if "case" in ignored:
            text = func.lower(text)
        return without_leading_zeros(text) if "leading-zeros" in ignored else text

    def _times(self, name: str) -> list[Period]:
        """The years, months or days that the period touches."""
        calendar = self.model.calendar
        day, last = calendar.date_of(self.period.start), calendar.date_of(self.period.end)
        starts: list[date] = []
        while day <= last:
            starts.append({"year": day.replace(month=1, day=1), "month": day.replace(day=1)}.get(name, day))
            day += timedelta(days=1)
        firsts = sorted(set(starts))
        ends = [*firsts[1:], last + timedelta(days=1)]
        return [Period(calendar.day(one).start, calendar.day(end).start) for one, end in zip(firsts, ends, strict=True)]


def _again(numbered: Subquery, way: Sequence[str]) -> ColumnElement[int]:
    """The how-manieth of its number a sale is, told apart in this way."""
    alike = [numbered.c.number, *(numbered.c[name] for name in way if name in numbered.c)]
    return func.row_number().over(partition_by=alike, order_by=[numbered.c.created, numbered.c.identity])
