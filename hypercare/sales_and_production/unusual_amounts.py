"""What new sales come to beside those before: their signs, their discounts, and the one in the middle of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, not_, or_, select

from hypercare.operations.asked_days import window_of
from hypercare.operations.learned import Counted, learned
from hypercare.operations.sale_values import worth_of
from hypercare.operations_model.look_ups import children_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by, one_if, whole
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.doubt import require_learned
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.sales_and_production.days_of_window import days_of
from hypercare.sales_and_production.same_weekday import usual_of
from hypercare.seals import Seals, Watch, Window

_SALES = Watch("sale", "finalised_at")
_LINES = Watch("sale", "finalised_at", parts=("sale_line",))
_ENOUGH_SALES = 300
# A shop that gives back one sale in a thousand does so every day: only what hardly ever was is unheard of.
_SLIPS = 1
_SALE, _BELOW_NOTHING, _FOR_NOTHING = "sale", "below nothing", "for nothing"
# A discount is unheard of that is so many times the largest known, and by so many percent more.
_TIMES_LARGEST = 2
_PERCENT_MORE = 25
# What fewer lines than one in so many had is no custom.
_ONE_IN = 1000
# The sale in the middle of a day differs by such a factor from that of other days only when something happened.
_TIMES = 3
_LEAST_SALES = 20
_LEAST_DAYS = 5


@dataclass(frozen=True)
class UnusualAmounts:
    """Questions about final sales since yesterday evening, told by those before."""

    model: Model
    seals: Seals

    def below_nothing(self) -> Violations:
        """Final sales that come to less than nothing.

        Raises NotCovered where that has happened more than once before, or too few earlier sales are known.
        """
        return self._of_sign(_BELOW_NOTHING, lambda total: total < 0)

    def for_nothing(self) -> Violations:
        """Final sales with lines that come to nothing: a price is missing, or it was given away or exchanged.

        Raises NotCovered where that has happened more than once before, or too few earlier sales are known.
        """
        return self._of_sign(_FOR_NOTHING, lambda total: total == 0)

    def _of_sign(self, sign: str, is_so: Callable[[ColumnElement[Any]], ColumnElement[bool]]) -> Violations:
        before = learned(self.seals, "signs of sales", _SALES, self._signs)
        require_learned(before[_SALE], before[sign], _ENOUGH_SALES, "final sales", slips=_SLIPS)
        sale = self.model.records("sale")
        total = sale.amount("total")
        query = ViolationQuery(
            source=sale.source,
            among=self._final(sale, window_of(self.model.since_yesterday_evening)),
            wrong=is_so(total.exact),
            stake=worth_of(sale),
            show={**self._shown(sale), "total": self.model.shown_money(total)},
            place=sale.place,
        )
        return Violations(self.model, query)

    def discounted_as_none_before(self) -> Violations:
        """Lines with a discount far beyond the largest that was ever given.

        In doubt where so many lines bear it that it was agreed: a sale begins. Raises NotCovered where too few earlier
        lines are known, or discounts go up to all of the price.
        """
        largest = self._largest_discount()
        least = max(_TIMES_LARGEST * largest, largest + _PERCENT_MORE)
        if least >= 100:
            raise NotCovered(
                f"Discounts of {largest} % were given before, so none is unheard of.", remedy="Nothing to mend."
            )
        sale = self.model.records("sale")
        source, line = children_beside(self.model, sale, self.model.records("sale_line"), "sale")
        beyond = line["discount_percent"] > literal_column(str(least))
        given_away = line["discount_percent"] >= literal_column("100")
        price = line.amount("unit_price")
        query = ViolationQuery(
            source=source,
            among=self._final(sale, window_of(self.model.since_yesterday_evening)),
            # What is given away whole is told of by another question.
            wrong=and_(beyond, not_(given_away)),
            stake=price.minor,
            show={
                **self._shown(sale),
                "price": self.model.shown_money(price),
                "discount": self.model.shown(line, "discount_percent"),
                "largest before": Shown(literal_column(str(largest))),
            },
            place=line.place,
            usual="lines of new sales have such a discount",
        )
        return Violations(self.model, query)

    def day_unlike_others(self) -> Found:
        """Today, where the sale in the middle is three times that of other days, or a third.

        Raises NotCovered where today, or the days before, have too few sales to tell.
        """
        days = {day: value for day, value in self._middles().items() if value[0] >= _LEAST_SALES}
        today = self.model.calendar.date_of(self.model.as_of)
        earlier = [float(minor) for day, (_, minor) in days.items() if day < today]
        if today not in days or len(earlier) < _LEAST_DAYS:
            raise NotCovered(
                f"Not enough history: {len(earlier)} earlier day(s) had {_LEAST_SALES} sales or more"
                f"{'' if today in days else ', and today has fewer'}.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        many, middle = days[today]
        usual = usual_of(earlier)
        far = usual.is_far_above(middle, _TIMES) or usual.is_far_below(middle, 1 / _TIMES)
        row: dict[str, object] = {
            "sales today": many,
            "the one in the middle": f"{self.model.money(middle):.{self.model.digits}f}",
            "usual": f"{self.model.money(usual.middle):.{self.model.digits}f}",
            "earlier days": usual.days,
        }
        found = self.model.found([row] if far else [], of=many, place=self.model.records("sale").place)
        return replace(found, count=many if far else 0)

    # -- what is known of before -------------------------------------------------------------------------------

    def _signs(self, window: Window) -> Iterator[Counted]:
        sale = self.model.records("sale")
        final = sale.instant("finalised_at")
        columns: dict[str, ColumnElement[Any]] = {
            "day": window.day_of(final),
            "new": one_if(final.since(self.model.since_yesterday_evening.start)),
            "below": one_if(sale.amount("total").exact < 0),
            "zero": one_if(sale.amount("total").exact == 0),
        }
        each = select(*(column.label(name) for name, column in columns.items())).select_from(sale.source)
        statement = counted_by(each.where(*self._final(sale, window)))
        for row in self.model.database.rows(statement, about="signs of sales"):
            yield Counted(row["day"], bool(row["new"]), _SALE, int(row["many"]))
            yield Counted(row["day"], bool(row["new"]), _BELOW_NOTHING, int(row["many"]) * row["below"])
            yield Counted(row["day"], bool(row["new"]), _FOR_NOTHING, int(row["many"]) * row["zero"])

    def _largest_discount(self) -> int:
        """In whole percent, the largest that is a custom."""
        by_percent = learned(self.seals, "discounts of lines", _LINES, self._discounts)
        lines = sum(by_percent.values())
        require_learned(lines, 0, _ENOUGH_SALES, "lines of final sales")
        many = 0
        for percent in sorted(by_percent, key=int, reverse=True):
            many += by_percent[percent]
            if many >= max(2, lines / _ONE_IN):
                return int(percent)
        return 0

    def _discounts(self, window: Window) -> Iterator[Counted]:
        sale = self.model.records("sale")
        source, line = children_beside(self.model, sale, self.model.records("sale_line"), "sale")
        final = sale.instant("finalised_at")
        columns: dict[str, ColumnElement[Any]] = {
            "day": window.day_of(final),
            "new": one_if(final.since(self.model.since_yesterday_evening.start)),
            "percent": func.coalesce(whole(line["discount_percent"]), 0),
        }
        each = select(*(column.label(name) for name, column in columns.items())).select_from(source)
        statement = counted_by(each.where(*self._final(sale, window)))
        for row in self.model.database.rows(statement, about="discounts of lines"):
            yield Counted(row["day"], bool(row["new"]), str(int(row["percent"])), int(row["many"]))

    def _middles(self) -> Mapping[date, Sequence[int]]:
        """By day how many final sales there were, and what the one in the middle came to in minor units."""
        found = self.seals.daily("the sale in the middle", _SALES, self._read_middles)
        return {day: (int(value[0]), int(value[1])) for day, value in found.items()}

    def _read_middles(self, window: Window) -> Mapping[date, Any]:
        sale, days = self.model.records("sale"), days_of(self.model, window)
        final, total = sale.instant("finalised_at"), sale.amount("total").minor
        dates = list(days)
        each = (
            select(final.bucket(list(days.values())).label("day"), total.label("total"))
            .select_from(sale.source)
            .where(*self._final(sale, window), total > 0)
            .subquery("each_one")
        )
        ranked = select(
            each.c.day,
            each.c.total,
            func.row_number().over(partition_by=each.c.day, order_by=each.c.total).label("place"),
            func.count().over(partition_by=each.c.day).label("many"),
        ).subquery("ranked")
        middle = ranked.c.place * 2 - ranked.c.many
        statement = select(ranked.c.day, ranked.c.many, ranked.c.total).where(or_(middle == 0, middle == 1))
        rows = self.model.database.rows(statement, about="the sale in the middle of each day")
        return {dates[int(row["day"])]: [int(row["many"]), int(row["total"])] for row in rows if row["day"] is not None}

    def _final(self, sale: Records, period: Window) -> Sequence[ColumnElement[bool]]:
        return (
            sale.is_mostly("state", "final"),
            period.within(sale.instant("finalised_at")),
            *self.model.excluding_canary(sale),
        )

    def _shown(self, sale: Records) -> dict[str, Shown]:
        shown = {"sale": self.model.shown_name(sale)}
        if sale.has("branch"):
            shown["branch"] = self.model.shown_branch(sale["branch"])
        return shown
