"""What each product usually costs, and where it was sold, or is listed, at ten times that or a tenth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from sqlalchemy import ColumnElement, select

from hypercare.operations.asked_days import window_of
from hypercare.operations.learned import Counted, learned
from hypercare.operations_model.look_ups import children_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by, one_if
from hypercare.operations_model.records import Records
from hypercare.outcome.doubt import doubt_among
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.seals import Seals, Watch, Window

FAR = Decimal(10)
# A list price is followed by what is sold only after a while: what differs less may be a season's.
_FAR_FROM_THE_LIST = Decimal(5)
_LEAST_LINES = 8
# A product whose own lines are further apart than this has no usual price: a service, an open article.
_STEADY = Decimal(3)
_STEADY_SHARE = Decimal("0.95")
_MOST_PRICES = 100_000
_LINES = Watch("sale", "finalised_at", parts=("sale_line",))
_AT = " for "


@dataclass(frozen=True)
class _Usual:
    price: Decimal
    lines: int


class UsualPrices:
    """Judges only products that were sold often enough, at prices that lie close together."""

    def __init__(self, model: Model, seals: Seals) -> None:
        self._model = model
        self._seals = seals
        self._new = model.since_yesterday_evening

    def sold_far_from_it(self) -> Found:
        """Lines of final sales since yesterday evening at ten times the usual price of their product, or a tenth.

        In doubt where such lines are usual. Raises NotCovered where no product has a usual price yet.
        """
        usual = self._usual
        sale = self._model.records("sale")
        source, line = children_beside(self._model, sale, self._model.records("sale_line"), "sale")
        price = line.amount("unit_price").minor
        columns = {"sale": self._model.shown_name(sale).expression, "product": line["product"], "price": price}
        if sale.has("branch"):
            columns["branch"] = sale["branch"]
        statement = (
            select(*(column.label(name) for name, column in columns.items()))
            .select_from(source)
            .where(*self._final(sale, window_of(self._new)), line["unit_price"] > 0)
            .limit(_MOST_PRICES)
        )
        sold = [
            row for row in self._model.database.rows(statement, about="prices sold at") if str(row["product"]) in usual
        ]
        far = [row for row in sold if _is_far(Decimal(row["price"]), usual[str(row["product"])].price, FAR)]
        rows = [self._row(row, usual[str(row["product"])]) for row in far]
        money = sum((abs(Decimal(row["price"]) - usual[str(row["product"])].price) for row in far), Decimal(0))
        found = self._model.found(rows, of=len(sold), place=line.place, money=self._model.money(money))
        return replace(
            found,
            doubt=doubt_among(found.count, found.of or 0, "lines are sold far from the usual price of their product"),
        )

    def listed_far_from_it(self) -> Found:
        """Products whose list price is far from what they were sold at.

        In doubt and not covered as above: a list may be kept in another unit, or for show.
        """
        usual, product = self._usual, self._model.records("product")
        fields = [product["id"].label("product"), product.amount("price").minor.label("price")]
        named = next((field for field in ("name", "number") if product.has(field)), "id")
        among = [product.flag("active")] if product.has("active") else []
        statement = select(*fields, product[named].label("name")).where(*among, *self._model.excluding_canary(product))
        listed = self._model.database.rows(statement.limit(_MOST_PRICES), about="prices listed")
        compared = [row for row in listed if str(row["product"]) in usual]
        rows: list[dict[str, object]] = [
            {
                "product": row["name"],
                "listed at": self._shown(Decimal(row["price"])),
                "sold at": self._shown(usual[str(row["product"])].price),
                "times sold": usual[str(row["product"])].lines,
            }
            for row in compared
            if _is_far(Decimal(row["price"]), usual[str(row["product"])].price, _FAR_FROM_THE_LIST)
        ]
        found = self._model.found(rows, of=len(compared), place=product.place)
        return replace(
            found, doubt=doubt_among(found.count, found.of or 0, "products are listed far from what they are sold at")
        )

    @cached_property
    def _usual(self) -> Mapping[str, _Usual]:
        """By product, the middle of what it was sold at before, where it was sold steadily."""
        prices: dict[str, list[tuple[Decimal, int]]] = defaultdict(list)
        for so, many in learned(self._seals, "what products are sold at", _LINES, self._sold_at).items():
            price, _, product = so.partition(_AT)
            prices[product].append((Decimal(price), many))
        steady_prices = {product: usual for product, each in prices.items() if (usual := _steady(each)) is not None}
        if not steady_prices:
            raise NotCovered(
                f"Not enough history: no product has been sold {_LEAST_LINES} times at prices close together.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        return steady_prices

    def _sold_at(self, window: Window) -> Iterator[Counted]:
        sale = self._model.records("sale")
        source, line = children_beside(self._model, sale, self._model.records("sale_line"), "sale")
        final = sale.instant("finalised_at")
        each = (
            select(
                window.day_of(final).label("day"),
                one_if(final.since(self._new.start)).label("new"),
                line["product"].label("product"),
                line.amount("unit_price").minor.label("price"),
            )
            .select_from(source)
            .where(*self._final(sale, window), line["unit_price"] > 0, line["product"].is_not(None))
        )
        # What is remembered of a day has to be all of it.
        statement = counted_by(each).limit(_MOST_PRICES * len(window.days))
        for row in self._model.database.rows(statement, about="what products are sold at"):
            yield Counted(row["day"], bool(row["new"]), f"{row['price']}{_AT}{row['product']}", int(row["many"]))

    def _final(self, sale: Records, period: Window) -> Sequence[ColumnElement[bool]]:
        return (
            sale.is_mostly("state", "final"),
            period.within(sale.instant("finalised_at")),
            *self._model.excluding_canary(sale),
        )

    def _row(self, row: Mapping[str, object], usual: _Usual) -> dict[str, object]:
        shown: dict[str, object] = {"sale": row["sale"]}
        if "branch" in row:
            shown["branch"] = self._model.branch_word(row["branch"])
        price = self._shown(Decimal(str(row["price"])))
        return {**shown, "product": row["product"], "price": price, "usual": self._shown(usual.price)}

    def _shown(self, minor: Decimal) -> str:
        return f"{self._model.money(minor):.{self._model.digits}f}"


def _steady(prices: Sequence[tuple[Decimal, int]]) -> _Usual | None:
    """The price in the middle, if there are enough and nearly all lie close to it."""
    lines = sum(many for _, many in prices)
    if lines < _LEAST_LINES:
        return None
    passed, middle = 0, Decimal(0)
    for price, many in sorted(prices):
        passed += many
        if passed * 2 >= lines:
            middle = price
            break
    close = sum(many for price, many in prices if not _is_far(price, middle, _STEADY))
    return _Usual(middle, lines) if close >= _STEADY_SHARE * lines else None


def _is_far(price: Decimal, usual: Decimal, times: Decimal) -> bool:
    return price >= usual * times or price * times <= usual
