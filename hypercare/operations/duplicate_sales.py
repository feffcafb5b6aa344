"""Sales that were entered twice: the same things for the same customer within minutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select

from hypercare.operations.asked_days import window_of
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import evaluated_once, one_if, whole
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Row
from hypercare.outcome.doubt import Weighed, doubt_of
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.seals import Seals, Watch, Window

_WHAT_A_LINE_SAYS = ("product", "quantity", "unit_price", "amount")
_MOST_CANDIDATES = 50_000
_AT_ONCE = 500
_THOUSANDTHS = 1000
_A_DAY = timedelta(days=1)

Chosen = Callable[[Records, Window], Sequence[ColumnElement[bool]]]


@dataclass(frozen=True)
class _Candidate:
    """A sale beside which, within the interval, there is another of the same total to the same customer."""

    row: Row
    entered: datetime
    day: int | None


_Pair = tuple[_Candidate, _Candidate]


@dataclass(frozen=True)
class DuplicateSales:
    """The question after duplicates among the sales that `chosen` picks; void ones are not among them."""

    model: Model
    seals: Seals
    chosen: Chosen

    def likely_duplicates(self, interval: timedelta, walk_in_from: int) -> Found:
        """Sales of the same things at the same total to the same customer, entered within `interval` of an earlier one.

        Whoever bought more than `walk_in_from` times on an average day is taken for all customers who give no name.
        The engine finds those of one total that may be near each other. How far they are apart is then told here,
        because engines reckon with times in ways of their own; and only of what is near are the lines looked at.

        Raises NotCovered when customers or lines are not mapped, or too much is alike to be compared.
        """
        sale = self.model.records("sale")
        _ = self._told_by()
        window = self.seals.window("sales entered twice", Watch("sale", "created_at", parts=("sale_line",)))
        with self.model.database.snapshot():
            counted = self._counted(window)
            groups = [*self._near(window, interval, walk_in_from)]
            walk_ins = self._walk_ins({group[0].row["customer"] for group in groups}, window.whole, walk_in_from)
            groups = [group for group in groups if group[0].row["customer"] not in walk_ins]
            things = self._things_of([one.row["id"] for group in groups for one in group])
        pairs = [pair for group in groups for pair in _same(group, things, interval)]
        # A day on which something was agreed is none that is in order for good: agreements end.
        alike: Counter[object] = Counter(one.day for one, _ in pairs)
        pairs = self._not_agreed(pairs, sale.place)
        wrong = [one for one, _ in pairs if one.day is not None]
        past_wrong = sum(one.entered < self.model.target.today.start for one in wrong)
        window.judged([{**row, "wrong": alike[row["day"]]} for row in counted])
        of, past = (
            sum(int(str(row[name])) for row in counted) + window.remembered.get(name, 0)
            for name in ("looked_at", "past")
        )
        rows = [self._row(one, earlier) for one, earlier in pairs if one.day is not None]
        doubt = doubt_of(
            Weighed(of, len(rows), past, past_wrong), self.model.target.config.limits, habit=True, what=sale.place
        )
        stake = sum((self.model.money(one.row["total"]) for one in wrong), Decimal(0))
        return replace(self.model.found(rows, of=of, place=sale.place, money=stake), doubt=doubt)

    def _not_agreed(self, pairs: Sequence[_Pair], place: str) -> list[_Pair]:
        """Without those of customers, or single sales, that somebody agreed to let be."""
        rows: list[dict[str, Any]] = [
            {"customer": one.row["customer"], "sale": one.row["name"], "pair": (one, earlier)} for one, earlier in pairs
        ]
        rows = self.model.exceptions.without(rows, "customer", "customer", place, by_id=True)
        rows = self.model.exceptions.without(rows, "sale", "sale", place)
        return [row["pair"] for row in rows]

    def _counted(self, window: Window) -> Sequence[Row]:
        """By day, how many sales to somebody there are, and how many of them are of before today."""
        sale = self.model.records("sale")
        created = sale.instant("created_at")
        past = one_if(created.before(self.model.target.today.start))
        columns = {"day": window.day_of(created), "past": past}
        one = (
            select(*(column.label(name) for name, column in columns.items()))
            .select_from(sale.source)
            .where(*self._of_somebody(sale, window))
            .subquery("each_one")
        )
        statement = select(one.c.day, func.count().label("looked_at"), func.sum(one.c.past).label("past"))
        return self.model.database.rows(statement.group_by(one.c.day), about="sales to somebody")

    def _near(self, window: Window, interval: timedelta, walk_in_from: int) -> Iterator[Sequence[_Candidate]]:
        """Sales of one customer and total that follow each other in no more than the interval, group by group."""
        statement = self._maybe_near(window, interval, walk_in_from)
        rows = self.model.database.rows(statement.limit(_MOST_CANDIDATES), about="sales that are alike")
        if len(rows) == _MOST_CANDIDATES:
            raise NotCovered(
                "too many sales are alike to be compared",
                remedy="Lower [limits] walk_in_sales_a_day, so that customers without a name are left out.",
            )
        decode = self.model.records("sale").instant("created_at").timestamp_format.decode
        decoded = [(row, decode(row["entered"])) for row in rows]
        dated_rows = [_Candidate(row, entered, row["day"]) for row, entered in decoded if entered is not None]
        dated_rows.sort(key=lambda one: (str(one.row["customer"]), one.row["total"], one.entered, str(one.row["id"])))
        for _, alike in groupby(dated_rows, key=lambda one: (str(one.row["customer"]), one.row["total"])):
            group: list[_Candidate] = []
            for one in alike:
                if group and one.entered - group[-1].entered > interval:
                    if len(group) > 1:
                        yield group
                    group = []
                group.append(one)
            if len(group) > 1:
                yield group

    def _maybe_near(self, window: Window, interval: timedelta, walk_in_from: int) -> Select[Any]:
        sale = self.model.records("sale")
        created, total = sale.instant("created_at"), sale.amount("total").minor
        alike, order = [sale["customer"], sale.amount("total").raw], [created.raw, sale["id"]]
        before = [Period(one.start - interval, one.end) for one in window.ranges]
        asked = replace(window, days=tuple(replace(window.days[0], period=one) for one in before))
        columns: dict[str, ColumnElement[Any]] = {
            "id": sale["id"],
            "customer": sale["customer"],
            "total": total,
            "name": self.model.shown_name(sale).expression,
            "entered": created.raw,
            "day": window.day_of(created),
            "before": func.lag(created.raw).over(partition_by=alike, order_by=order),
            "after": func.lead(created.raw).over(partition_by=alike, order_by=order),
            **({"branch": sale["branch"]} if sale.has("branch") else {}),
        }
        walk_ins = self._frequent(window, walk_in_from)
        among = [*self._of_somebody(sale, asked), *([sale["customer"].not_in(walk_ins)] if walk_ins else [])]
        beside = (
            select(*(column.label(name) for name, column in columns.items()))
            .select_from(sale.source)
            .where(*among)
            .subquery("beside")
        )
        this = replace(created, raw=beside.c.entered)
        following: Instant = replace(created, raw=beside.c.after)
        near = or_(
            and_(beside.c.before.is_not(None), this.is_near(beside.c.before, interval)),
            and_(beside.c.after.is_not(None), following.is_near(beside.c.entered, interval)),
        )
        return select(beside).where(near)

    def _frequent(self, window: Window, walk_in_from: int) -> Sequence[Any]:
        """Customers who are no single person, by what was sold on the days asked and by the whole watch."""
        asked = sum((one.length for one in window.ranges), timedelta(0))
        often = self._buying_often(window, walk_in_from * max(1, -(-asked // _A_DAY)))
        return [*(often if window.is_whole else self._walk_ins(often, window.whole, walk_in_from))]

    def _walk_ins(self, customers: Collection[Any], whole_watch: Period, walk_in_from: int) -> Collection[Any]:
        most = walk_in_from * max(1, -(-whole_watch.length // _A_DAY))
        return {
            one
            for some in _in_parts([*customers])
            for one in self._buying_often(window_of(whole_watch), most, among=some)
        }

    def _buying_often(self, window: Window, most: int, among: Sequence[Any] | None = None) -> Sequence[Any]:
        sale = self.model.records("sale")
        only = [] if among is None else [sale["customer"].in_(among)]
        sold = select(sale["customer"].label("customer")).where(*self._of_somebody(sale, window), *only)
        # Kept together, lest an engine go through all sales there ever were in the order of their customers.
        each = evaluated_once(sold)
        often = select(each.c.customer).group_by(each.c.customer).having(func.count() > most)
        statement = often.limit(_AT_ONCE)
        return [row["customer"] for row in self.model.database.rows(statement, about="customers who buy often")]

    def _things_of(self, sales: Sequence[Any]) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for some in _in_parts(sales):
            for row in self.model.database.rows(self._things(some), about="lines of sales that are alike"):
                found[str(row["sale"])] = tuple(str(row[name]) for name in row if name != "sale")
        return found

    def _things(self, sales: Sequence[Any]) -> Select[Any]:
        """By sale, what tells its lines from those of another: how many, how much, and of what."""
        line = self.model.records("sale_line")
        tells: list[ColumnElement[Any]] = [func.count().label("lines")]
        for field in self._told_by():
            if field == "product":
                text = cast(line[field], String(60))
                tells += [func.min(text).label("first_product"), func.max(text).label("last_product")]
            else:
                tells.append(func.sum(whole(line[field] * _THOUSANDTHS)).label(f"sum_of_{field}"))
        return select(line["sale"].label("sale"), *tells).where(line["sale"].in_(sales)).group_by(line["sale"])

    def _told_by(self) -> Sequence[str]:
        line = self.model.records("sale_line")
        line.need("sale")
        mapped_fields = [field for field in _WHAT_A_LINE_SAYS if line.has(field)]
        if not mapped_fields:
            line.need("quantity")
        return mapped_fields

    def _of_somebody(self, sale: Records, window: Window) -> list[ColumnElement[bool]]:
        return [*self.chosen(sale, window), sale["customer"].is_not(None)]

    def _row(self, one: _Candidate, earlier: _Candidate) -> dict[str, object]:
        zone = self.model.calendar.zone
        shown: dict[str, object] = {"sale": one.row["name"]}
        if "branch" in one.row:
            shown["branch"] = self.model.branch_word(one.row["branch"])
        return {
            **shown,
            "entered": f"{one.entered.astimezone(zone):%Y-%m-%d %H:%M}",
            "total": f"{self.model.money(one.row['total']):.{self.model.digits}f}",
            "same as": earlier.row["name"],
            "entered then": f"{earlier.entered.astimezone(zone):%Y-%m-%d %H:%M}",
        }


def _same(
    group: Sequence[_Candidate], things: Mapping[str, tuple[str, ...]], interval: timedelta
) -> Iterator[tuple[_Candidate, _Candidate]]:
    """Each sale with the one before it of the same things; a sale without lines is of nothing."""
    last: dict[tuple[str, ...], _Candidate] = {}
    for one in group:
        own = things.get(str(one.row["id"]))
        if own is None:
            continue
        earlier = last.get(own)
        if earlier is not None and one.entered - earlier.entered <= interval:
            yield one, earlier
        last[own] = one


def _in_parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(values), _AT_ONCE):
        yield values[first : first + _AT_ONCE]
