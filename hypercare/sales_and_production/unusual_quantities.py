"""Quantities far beyond any that was ever sold: a barcode in the wrong field, a point that was forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select

from hypercare.operations.asked_days import window_of
from hypercare.operations.learned import Counted, learned
from hypercare.operations_model.look_ups import children_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by, one_if, whole
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.doubt import require_learned
from hypercare.seals import Seals, Watch, Window

_LINES = Watch("sale", "finalised_at", parts=("sale_line",))
_ENOUGH_LINES = 300
# A large order may be three times the largest there was; ten times is a slip.
_TIMES_LARGEST = 10
# What fewer lines than one in so many had is no custom.
_ONE_IN = 1000


@dataclass(frozen=True)
class UnusualQuantities:
    """Lines of final sales since yesterday evening, told by those before."""

    model: Model
    seals: Seals

    def beyond_any_before(self) -> Violations:
        """Lines of ten times the largest quantity that was sold before, or more.

        Raises NotCovered where too few earlier lines are known.
        """
        largest = self._largest()
        sale = self.model.records("sale")
        source, line = children_beside(self.model, sale, self.model.records("sale_line"), "sale")
        branch = {"branch": self.model.shown_branch(sale["branch"])} if sale.has("branch") else {}
        query = ViolationQuery(
            source=source,
            among=self._final(sale, window_of(self.model.since_yesterday_evening)),
            wrong=line["quantity"] >= literal_column(str(max(1, largest) * _TIMES_LARGEST)),
            stake=line.amount("amount").minor if line.has("amount") else None,
            show={
                "sale": self.model.shown_name(sale),
                **branch,
                "quantity": self.model.shown(line, "quantity"),
            },
            place=line.place,
        )
        return Violations(self.model, query)

    def _largest(self) -> int:
        """That of at least two lines: a slip of yesterday is no custom."""
        by_quantity = learned(self.seals, "quantities of lines", _LINES, self._quantities)
        lines = sum(by_quantity.values())
        require_learned(lines, 0, _ENOUGH_LINES, "lines of final sales")
        many = 0
        for quantity in sorted(by_quantity, key=int, reverse=True):
            many += by_quantity[quantity]
            if many >= max(2, lines / _ONE_IN):
                return int(quantity)
        return 0

    def _quantities(self, window: Window) -> Iterator[Counted]:
        """By day, how many lines there are of each quantity, rounded up so that these are few."""
        sale = self.model.records("sale")
        source, line = children_beside(self.model, sale, self.model.records("sale_line"), "sale")
        final = sale.instant("finalised_at")
        columns: dict[str, ColumnElement[Any]] = {
            "day": window.day_of(final),
            "new": one_if(final.since(self.model.since_yesterday_evening.start)),
            "quantity": func.coalesce(whole(line["quantity"]), 0),
        }
        each = select(*(column.label(name) for name, column in columns.items())).select_from(source)
        found: dict[tuple[Any, bool, int], int] = {}
        for row in self.model.database.rows(
            counted_by(each.where(*self._final(sale, window))), about="quantities of lines"
        ):
            key = row["day"], bool(row["new"]), _rounded_up(int(row["quantity"]))
            found[key] = found.get(key, 0) + int(row["many"])
        for (day, is_new, quantity), many in found.items():
            yield Counted(day, is_new, str(quantity), many)

    def _final(self, sale: Records, period: Window) -> Sequence[ColumnElement[bool]]:
        return (
            sale.is_mostly("state", "final"),
            period.within(sale.instant("finalised_at")),
            *self.model.excluding_canary(sale),
        )


def _rounded_up(quantity: int) -> int:
    """To the next power of two; nothing and less is nothing."""
    return 0 if quantity < 1 else 1 << (quantity - 1).bit_length()
