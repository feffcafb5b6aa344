"""Sales that were entered twice: the same things for the same customer within minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, cast, func, select

from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import whole
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Row
from hypercare.outcome.doubt import Weighed, doubt_of
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_WHAT_A_LINE_SAYS = ("product", "quantity", "unit_price", "amount")
_MOST_CANDIDATES = 50_000
_THOUSANDTHS = 1000
_A_DAY = timedelta(days=1)

Chosen = Callable[[Records], Sequence[ColumnElement[bool]]]


@dataclass(frozen=True)
class DuplicateSales:
    """The question after duplicates among the sales that `chosen` picks; void ones are not among them."""

    model: Model
    chosen: Chosen
    period: Period

    def likely_duplicates(self, interval: timedelta, walk_in_from: int) -> Found:
        """Sales of the same things at the same total to the same customer, entered within `interval` of an earlier one.

        Whoever bought more than `walk_in_from` times on an average day is taken for all customers who give no name.
        The engine sets each sale beside the one before it of the same kind; how far they are apart is then told
        here, because engines reckon with times in ways of their own.

        Raises NotCovered when customers or lines are not mapped, or too much is alike to be compared.
        """
        sale = self.model.records("sale")
        most = walk_in_from * max(1, -(-self.period.length // _A_DAY))
        with self.model.database.snapshot():
            compared = self.model.count(sale, *self._of_somebody(sale))
            beside = self._beside_the_one_before(sale)
            earlier = sale.instant("created_at").before(self.model.target.today.start)
            past = self.model.count(sale, *self._of_somebody(sale), earlier)
            statement = select(beside).where(beside.c.before.is_not(None), beside.c.sales_of_customer <= most)
            candidates = self.model.database.rows(statement.limit(_MOST_CANDIDATES), about="sales that are alike")
        if len(candidates) == _MOST_CANDIDATES:
            raise NotCovered(
                "too many sales are alike to be compared",
                remedy="Lower [limits] walk_in_sales_a_day, so that customers without a name are left out.",
            )
        timestamp_format = sale.instant("created_at").timestamp_format
        rows: list[dict[str, object]] = []
        stake, past_wrong = Decimal(0), 0
        for row in candidates:
            first, second = timestamp_format.decode(row["before"]), timestamp_format.decode(row["entered"])
            if first is None or second is None or second - first > interval:
                continue
            stake += self.model.money(row["total"])
            past_wrong += second < self.model.target.today.start
            rows.append(self._row(row, first, second))
        weighed = Weighed(compared, len(rows), past, past_wrong)
        doubt = doubt_of(weighed, self.model.target.config.limits, habit=True, what=sale.place)
        return replace(self.model.found(rows, of=compared, place=sale.place, money=stake), doubt=doubt)

    def _beside_the_one_before(self, sale: Records) -> Subquery:
        things = self._things().subquery("things")
        total = sale.amount("total").minor
        created = sale.instant("created_at").raw
        alike = [sale["customer"], total, *(column for column in things.c if column.name != "sale")]
        name = self.model.shown_name(sale).expression

        def before(column: ColumnElement[Any]) -> ColumnElement[Any]:
            return func.lag(column).over(partition_by=alike, order_by=[created, sale["id"]])

        return (
            select(
                name.label("name"),
                before(name).label("name_before"),
                created.label("entered"),
                before(created).label("before"),
                total.label("total"),
                func.count().over(partition_by=sale["customer"]).label("sales_of_customer"),
                *([sale["branch"].label("branch")] if sale.has("branch") else []),
            )
            .select_from(sale.source.join(things, things.c.sale == sale["id"]))
            .where(*self._of_somebody(sale))
            .subquery("beside")
        )

    def _things(self) -> Select[Any]:
        """By sale, what tells its lines from those of another: how many, how much, and of what."""
        line, mine = self.model.records("sale_line"), self.model.records("sale", "sale_of_things")
        mapped_fields = [field for field in _WHAT_A_LINE_SAYS if line.has(field)]
        if not mapped_fields:
            line.need("quantity")
        tells: list[ColumnElement[Any]] = [func.count().label("lines")]
        for field in mapped_fields:
            if field == "product":
                text = cast(line[field], String(60))
                tells += [func.min(text).label("first_product"), func.max(text).label("last_product")]
            else:
                tells.append(func.sum(whole(line[field] * _THOUSANDTHS)).label(f"sum_of_{field}"))
        among = select(mine["id"]).select_from(mine.source).where(*self._of_somebody(mine))
        return select(line["sale"].label("sale"), *tells).where(line["sale"].in_(among)).group_by(line["sale"])

    def _of_somebody(self, sale: Records) -> list[ColumnElement[bool]]:
        return [*self.chosen(sale), sale["customer"].is_not(None)]

    def _row(self, row: Row, first: Any, second: Any) -> dict[str, object]:
        zone = self.model.calendar.zone
        shown: dict[str, object] = {"sale": row["name"]}
        if "branch" in row:
            shown["branch"] = self.model.branch_word(row["branch"])
        return {
            **shown,
            "entered": f"{second.astimezone(zone):%Y-%m-%d %H:%M}",
            "total": f"{self.model.money(row['total']):.{self.model.digits}f}",
            "same as": row["name_before"],
            "entered then": f"{first.astimezone(zone):%Y-%m-%d %H:%M}",
        }
