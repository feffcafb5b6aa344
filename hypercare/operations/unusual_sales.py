"""Sales that agree with themselves and yet are hardly meant: of nothing, given away, at a price ten times the usual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, not_, or_, select

from hypercare.operations.asked_days import window_of
from hypercare.operations.learned import Counted, learned
from hypercare.operations.sale_values import line_value
from hypercare.operations_model.look_ups import children_beside, has_any, sums_beside
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if, counted_by, one_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.doubt import require_learned
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.seals import Seals, Watch, Window

# So many lines have to be known before one that is wholly given away is unheard of.
_ENOUGH_LINES = 300
_LINES = Watch("sale", "finalised_at", parts=("sale_line",))
_LINE, _GIVEN_AWAY = "line", "given away"
_NOTHING: ColumnElement[Any] = literal_column("0.001")


@dataclass(frozen=True)
class UnusualSales:
    """Questions about final sales of the period that is watched."""

    model: Model
    seals: Seals

    def of_nothing(self) -> Violations:
        """Final sales without a line, or with none of any quantity.

        In doubt where that is usual: a target may keep the lines of some of its sales elsewhere.
        """
        sale, line = self.model.records("sale"), self.model.records("sale_line")
        window = self.seals.window("final sales: of nothing", _LINES)
        final = partial(self._final, period=window)
        some = line["quantity"] != 0 if line.has("quantity") else line["sale"].is_not(None)
        lines = sums_beside(self.model, sale, line, "sale", chosen=final, name="lines", some=count_if(some))
        query = ViolationQuery(
            source=lines.beside(sale.source),
            among=final(sale),
            wrong=func.coalesce(lines["some"], 0) == 0,
            stake=sale.amount("total").minor if sale.has("total") else None,
            show=self._shown(sale),
            place=f"{sale.place}, {line.place}",
            if_none="No sale was finalised in the period, so there was nothing to look at.",
            usual="final sales have no line of any quantity",
            days=window,
            day=window.day_of(sale.instant("finalised_at")),
        )
        return Violations(self.model, query)

    def given_away(self) -> Violations:
        """Lines of new final sales for which nothing at all is asked, though they have a price.

        What is free beside something that was paid for is part of a bargain, and not meant.

        Raises NotCovered where that has happened before, or too few earlier lines are known.
        """
        new = self.model.since_yesterday_evening
        if new.start <= self.model.hypercare.start:
            raise NotCovered(
                "Not enough history: the business has only just gone live.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        before = learned(self.seals, "lines given away", _LINES, partial(self._earlier, new=new))
        require_learned(before[_LINE], before[_GIVEN_AWAY], _ENOUGH_LINES, "lines of final sales")
        return self._given_away(new)

    def _earlier(self, window: Window, new: Period) -> Iterator[Counted]:
        sale = self.model.records("sale")
        source, line = children_beside(self.model, sale, self.model.records("sale_line"), "sale")
        final = sale.instant("finalised_at")
        columns: dict[str, ColumnElement[Any]] = {
            "day": window.day_of(final),
            "new": one_if(final.since(new.start)),
            "given_away": one_if(self._is_given_away(line)),
        }
        each = select(*(column.label(name) for name, column in columns.items())).select_from(source)
        found = counted_by(each.where(*self._final(sale, window)))
        for row in self.model.database.rows(found, about="lines given away"):
            yield Counted(row["day"], bool(row["new"]), _LINE, int(row["many"]))
            yield Counted(row["day"], bool(row["new"]), _GIVEN_AWAY, int(row["many"]) * row["given_away"])

    def _given_away(self, period: Period) -> Violations:
        sale = self.model.records("sale")
        source, line = children_beside(self.model, sale, self.model.records("sale_line"), "sale")
        show = {
            **self._shown(sale),
            "line": self.model.shown(line, "id"),
            "price": self.model.shown_money(line.amount("unit_price")),
        }
        query = ViolationQuery(
            source=source,
            among=self._final(sale, window_of(period)),
            wrong=self._is_given_away(line),
            stake=func.coalesce(line.amount("unit_price").minor, 0),
            show=show,
            place=line.place,
        )
        return Violations(self.model, query)

    def _is_given_away(self, line: Records) -> ColumnElement[bool]:
        if not any(line.has(field) for field in ("discount_percent", "discount", "amount")):
            line.need("discount_percent")
        listed = line["quantity"] * line.amount("unit_price").exact
        whole: list[ColumnElement[bool]] = [line_value(line) < _NOTHING]
        if line.has("discount_percent"):
            whole.append(line["discount_percent"] >= literal_column("100"))
        other = self.model.records("sale_line", "another_line")
        paid_for = has_any(self.model, other, "sale", line["sale"], line_value(other) >= _NOTHING)
        return and_(listed > _NOTHING, or_(*whole), not_(paid_for))

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
        shown["finalised"] = self.model.shown_time(sale.instant("finalised_at"))
        if sale.has("total"):
            shown["total"] = self.model.shown_money(sale.amount("total"))
        return shown
