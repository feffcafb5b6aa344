"""Sales that agree with themselves and yet are hardly meant: of nothing, given away, at a price ten times the usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, not_, or_, select

from hypercare.operations.sale_values import line_value
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.doubt import require_learned
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

# So many lines have to be known before one that is wholly given away is unheard of.
_ENOUGH_LINES = 300
_NOTHING: ColumnElement[Any] = literal_column("0.001")


@dataclass(frozen=True)
class UnusualSales:
    """Questions about final sales of the period that is watched."""

    model: Model
    watched: Period

    def of_nothing(self) -> Violations:
        """Final sales without a line, or with none of any quantity.

        In doubt where that is usual: a target may keep the lines of some of its sales elsewhere.
        """
        sale, line = self.model.records("sale"), self.model.records("sale_line")
        mine = self.model.records("sale", "sale_of_lines")
        some = line["quantity"] != 0 if line.has("quantity") else line["sale"].is_not(None)
        lines = (
            select(line["sale"].label("sale"), count_if(some).label("some"))
            .where(line["sale"].in_(select(mine["id"]).where(*self._final(mine, self.watched))))
            .group_by(line["sale"])
            .subquery("lines")
        )
        query = ViolationQuery(
            source=sale.source.outerjoin(lines, lines.c.sale == sale["id"]),
            among=self._final(sale, self.watched),
            wrong=func.coalesce(lines.c.some, 0) == 0,
            stake=sale.amount("total").minor if sale.has("total") else None,
            show=self._shown(sale),
            place=f"{sale.place}, {line.place}",
            if_none="No sale was finalised in the period, so there was nothing to look at.",
            usual="final sales have no line of any quantity",
        )
        return Violations(self.model, query)

    def given_away(self) -> Violations:
        """Lines of new final sales for which nothing at all is asked, though they have a price.

        What is free beside something that was paid for is part of a bargain, and not meant.

        Raises NotCovered where that has happened before, or too few earlier lines are known.
        """
        new, earlier = self._new_and_earlier()
        before = self._given_away(earlier)
        require_learned(before.of or 0, before.count, _ENOUGH_LINES, "lines of final sales")
        return self._given_away(new)

    def _given_away(self, period: Period) -> Violations:
        sale, line = self.model.records("sale"), self.model.records("sale_line")
        if not any(line.has(field) for field in ("discount_percent", "discount", "amount")):
            line.need("discount_percent")
        listed = line["quantity"] * line.amount("unit_price").exact
        whole: list[ColumnElement[bool]] = [line_value(line) < _NOTHING]
        if line.has("discount_percent"):
            whole.append(line["discount_percent"] >= literal_column("100"))
        other = self.model.records("sale_line", "another_line")
        paid_for = exists().where(other["sale"] == line["sale"], line_value(other) >= _NOTHING)
        show = {
            **self._shown(sale),
            "line": self.model.shown(line, "id"),
            "price": self.model.shown_money(line.amount("unit_price")),
        }
        query = ViolationQuery(
            source=line.source.join(sale.source, line["sale"] == sale["id"]),
            among=self._final(sale, period),
            wrong=and_(listed > _NOTHING, or_(*whole), not_(paid_for)),
            stake=func.coalesce(line.amount("unit_price").minor, 0),
            show=show,
            place=line.place,
        )
        return Violations(self.model, query)

    def _new_and_earlier(self) -> tuple[Period, Period]:
        """What no evening round has seen before, and what was watched until then."""
        new = self.model.since_yesterday_evening
        if new.start <= self.watched.start:
            raise NotCovered(
                "Not enough history: the business has only just gone live.",
                remedy="Nothing to mend: the check learns from each day.",
            )
        return new, Period(self.watched.start, new.start)

    def _final(self, sale: Records, period: Period) -> Sequence[ColumnElement[bool]]:
        return (
            sale.is_("state", "final"),
            sale.instant("finalised_at").within(period),
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
