"""Some of the sales, and the questions about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, exists, false, func, literal_column, not_, or_, select

from hypercare.operations.model import Model
from hypercare.operations.portable import one_if, whole
from hypercare.operations.records import Records
from hypercare.operations.violations import Look, Shown, Violations
from hypercare.plan.calendar import Period

Among = Callable[[Records], Sequence[ColumnElement[bool]]]

# A thousandth of a minor unit: below anything real, above what binary fractions are off by.
_A_HAIR: ColumnElement[Any] = literal_column("0.001")
_HALF: ColumnElement[Any] = literal_column("0.5")


class SaleSet:
    """Sales chosen by a condition; each question is one or two statements over just these."""

    def __init__(self, model: Model, among: Among, period: Period, if_none: str = "") -> None:
        self.model = model
        self.period = period
        self._among = among
        self._if_none = if_none

    # -- how many, how much ----------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        sale = self.model.records("sale")
        return self.model.count(sale, *self.chosen(sale))

    @property
    def amount(self) -> Decimal:
        sale = self.model.records("sale")
        asked = select(sale.amount("total").total).select_from(sale.source).where(*self.chosen(sale))
        return self.model.money(self.model.database.value(asked, about="sum of sales"))

    def by_branch(self) -> Mapping[object, tuple[int, Decimal]]:
        """Count and sum by the branch's id."""
        sale = self.model.records("sale")
        asked = (
            select(sale["branch"].label("branch"), func.count().label("many"), sale.amount("total").total.label("sum"))
            .select_from(sale.source)
            .where(*self.chosen(sale))
            .group_by(sale["branch"])
        )
        rows = self.model.database.rows(asked, about="sales by branch")
        return {row["branch"]: (int(row["many"]), self.model.money(row["sum"])) for row in rows}

    # -- totals ----------------------------------------------------------------------------------------------

    def where_total_differs_from_lines(self) -> Violations:
        """Sales whose total is not the sum of their lines, to the cent.

        A line that comes to fractions of a cent may have been rounded either way, so each such line allows half a cent.
        """
        sale, line = self.model.records("sale"), self.model.records("sale_line")
        value = line_value(line)
        loose = func.sum(one_if(func.abs(value - whole(value)) > _A_HAIR)) * _HALF
        lines = self._sums(line, "lines", value=func.sum(value), loose=loose)
        total, summed = sale.amount("total").exact, func.coalesce(lines.c.value, 0)
        gap = func.abs(func.coalesce(total, 0) - summed)
        return self._compared(
            sale,
            lines,
            wrong=or_(sale.amount("total").is_missing, gap > func.coalesce(lines.c.loose, 0) + _A_HAIR),
            gap=gap,
            beside=("sum of lines", whole(summed)),
            place=f"{sale.place}, {line.place}",
        )

    def where_total_differs_from_payments(self) -> Violations:
        """Sales that were paid more or less than their total; those on account are not meant."""
        sale, payment = self.model.records("sale"), self.model.records("payment")
        paid = func.sum(payment.amount("amount").exact)
        return self._differs_from(sale, payment, "sum of payments", paid, meant=_meant(sale, "pays_at_once"))

    def where_total_differs_from_ledger(self) -> Violations:
        """Sales whose revenue in the ledger is not their total; those not posted yet are not meant."""
        sale, entry = self.model.records("sale"), self.model.records("ledger_entry")
        only, meant = entry.is_("account", "revenue"), _meant(sale, "is_posted")
        return self._differs_from(sale, entry, "revenue in the ledger", _revenue(entry), only, meant=meant)

    def where_payments_differ_from_ledger(self) -> Violations:
        """Sales whose payments are not what the ledger's money accounts received for them."""
        sale, payment, entry = (self.model.records(name) for name in ("sale", "payment", "ledger_entry"))
        paid = self._sums(payment, "paid", value=func.sum(payment.amount("amount").exact))
        received = func.sum(entry.amount("debit").exact - entry.amount("credit").exact)
        booked = self._sums(entry, "booked", entry.is_("account", "money"), value=received)
        one, other = func.coalesce(paid.c.value, 0), func.coalesce(booked.c.value, 0)
        gap = func.abs(one - other)
        source = sale.source.outerjoin(paid, paid.c.sale == sale["id"]).outerjoin(booked, booked.c.sale == sale["id"])
        show = {"payments": self.model.shown_minor(whole(one)), "in the ledger": self.model.shown_minor(whole(other))}
        place = f"{payment.place}, {entry.place}"
        meant = _meant(sale, "pays_at_once", "is_posted")
        return self._asked(sale, source, gap > _A_HAIR, show, whole(gap), place, meant)

    def where_money_is_left(self) -> Violations:
        """Sales that should hold no money (void or draft) but whose payments do not come to nothing."""
        sale, payment = self.model.records("sale"), self.model.records("payment")
        return self._is_not_nothing(sale, payment, "sum of payments", func.sum(payment.amount("amount").exact))

    def where_revenue_is_left(self) -> Violations:
        """Sales that should hold no revenue (void or draft) but have some in the ledger."""
        sale, entry = self.model.records("sale"), self.model.records("ledger_entry")
        return self._is_not_nothing(
            sale, entry, "revenue in the ledger", _revenue(entry), entry.is_("account", "revenue")
        )

    def where_a_line_differs_from_its_price(self) -> Violations:
        """Lines whose amount is not quantity x price less discount, to the cent, rounded either way."""
        sale, line = self.model.records("sale"), self.model.records("sale_line")
        amount, priced = line.amount("amount"), priced_value(line)
        gap = func.abs(func.coalesce(amount.exact, 0) - priced)
        show = {
            "sale": self.model.shown_name(sale),
            "line": self.model.shown(line, "id"),
            "quantity": self.model.shown(line, "quantity"),
            "price": self.model.shown_money(line.amount("unit_price")),
            "amount": self.model.shown_money(amount),
            "should be": self.model.shown_minor(whole(priced)),
        }
        return Violations(
            self.model,
            Look(
                source=line.source.join(sale.source, line["sale"] == sale["id"]),
                among=self.chosen(sale),
                wrong=or_(amount.is_missing, priced.is_(None), gap > _HALF + _A_HAIR),
                stake=whole(func.coalesce(gap, 0)),
                show=show,
                place=line.place,
                if_none=self._if_none,
            ),
        )

    def where_total_is_above(self, most: Decimal) -> Violations:
        """Sales whose total is larger than any that is likely."""
        sale = self.model.records("sale")
        total = sale.amount("total")
        wrong = total.exact > literal_column(str(int(most.scaleb(self.model.digits))))
        show = {"total": self.model.shown_money(total)}
        return self._asked(sale, sale.source, wrong, show, total.minor, sale.place)

    # -- dates and states ------------------------------------------------------------------------------------

    def where_state_is_strange(self) -> Violations:
        """Sales in a state that is neither draft, final nor void."""
        sale = self.model.records("sale")
        return self._plain(sale, sale.is_strange("state"), {"state": self.model.shown(sale, "state")})

    def where_final_is_incomplete(self) -> Violations:
        """Final sales without a number or without the instant at which they became final."""
        sale = self.model.records("sale")
        lacks = or_(sale.instant("finalised_at").is_missing, sale["number"].is_(None), sale["number"] == "")
        return self._plain(sale, and_(sale.is_("state", "final"), lacks))

    def where_time_runs_backwards(self) -> Violations:
        """Sales that were final before they were entered."""
        sale = self.model.records("sale")
        created, final = sale.instant("created_at"), sale.instant("finalised_at")
        earlier = final.precedes(created)
        return self._plain(
            sale,
            false() if earlier is None else earlier,
            {"created": self.model.shown_time(created), "finalised": self.model.shown_time(final)},
        )

    def where_dated_in_the_future(self) -> Violations:
        """Sales entered or finalised later than now."""
        sale = self.model.records("sale")
        created, final = sale.instant("created_at"), sale.instant("finalised_at")
        latest = self.model.latest_possible
        return self._plain(
            sale,
            or_(created.since(latest), final.since(latest)),
            {"created": self.model.shown_time(created), "finalised": self.model.shown_time(final)},
        )

    # -- on their way ----------------------------------------------------------------------------------------

    def where_older_than(self, age: timedelta) -> Violations:
        """Sales entered longer ago than this; for drafts that somebody forgot."""
        sale = self.model.records("sale")
        created = sale.instant("created_at")
        show = {"entered": self.model.shown_time(created)}
        stake = sale.amount("total").minor if sale.has("total") else None
        if sale.has("total"):
            show["total"] = self.model.shown_money(sale.amount("total"))
        wrong = created.before(self.model.as_of - age)
        return self._asked(sale, sale.source, wrong, show, stake, sale.place)

    def where_production_order_is_missing(self, after: timedelta) -> Violations:
        """Studio sales, final for longer than `after`, that no production order is for."""
        sale, order = self.model.records("sale"), self.model.records("production_order")
        long_final = sale.instant("finalised_at").before(self.model.as_of - after)
        missing = not_(exists().where(order["sale"] == sale["id"]))
        wrong = and_(sale.is_("kind", "studio"), long_final, missing)
        stake = sale.amount("total").minor if sale.has("total") else None
        return self._asked(sale, sale.source, wrong, {}, stake, f"{sale.place}, {order.place}")

    # -- how the questions are put together ------------------------------------------------------------------

    def chosen(self, sale: Records) -> list[ColumnElement[bool]]:
        """The conditions that make this set, on any alias of the sales."""
        return [*self._among(sale), *self.model.real(sale)]

    def _sums(self, child: Records, name: str, *only: ColumnElement[bool], **sums: ColumnElement[Any]) -> Subquery:
        """Sums over the children of just these sales, by sale."""
        sale = self.model.records("sale", f"sale_of_{name}")
        mine = select(sale["id"]).select_from(sale.source).where(*self.chosen(sale))
        return (
            select(child["sale"].label("sale"), *(total.label(label) for label, total in sums.items()))
            .select_from(child.source)
            .where(child["sale"].in_(mine), *only)
            .group_by(child["sale"])
            .subquery(name)
        )

    def _differs_from(
        self,
        sale: Records,
        child: Records,
        words: str,
        value: ColumnElement[Any],
        *only: ColumnElement[bool],
        meant: Sequence[ColumnElement[bool]] = (),
    ) -> Violations:
        sums = self._sums(child, "summed", *only, value=value)
        other = func.coalesce(sums.c.value, 0)
        gap = func.abs(func.coalesce(sale.amount("total").exact, 0) - other)
        return self._compared(
            sale,
            sums,
            wrong=gap > _A_HAIR,
            gap=gap,
            beside=(words, whole(other)),
            place=f"{sale.place}, {child.place}",
            meant=meant,
        )

    def _is_not_nothing(
        self, sale: Records, child: Records, words: str, value: ColumnElement[Any], *only: ColumnElement[bool]
    ) -> Violations:
        sums = self._sums(child, "summed", *only, value=value)
        gap = func.abs(func.coalesce(sums.c.value, 0))
        return self._compared(
            sale,
            sums,
            wrong=gap > _A_HAIR,
            gap=gap,
            beside=(words, whole(func.coalesce(sums.c.value, 0))),
            place=f"{sale.place}, {child.place}",
        )

    def _compared(
        self,
        sale: Records,
        sums: Subquery,
        *,
        wrong: ColumnElement[bool],
        gap: ColumnElement[Any],
        beside: tuple[str, ColumnElement[Any]],
        place: str,
        meant: Sequence[ColumnElement[bool]] = (),
    ) -> Violations:
        source = sale.source.outerjoin(sums, sums.c.sale == sale["id"])
        show = {"total": self.model.shown_money(sale.amount("total")), beside[0]: self.model.shown_minor(beside[1])}
        return self._asked(sale, source, wrong, show, whole(gap), place, meant)

    def _plain(self, sale: Records, wrong: ColumnElement[bool], show: Mapping[str, Shown] | None = None) -> Violations:
        return self._asked(sale, sale.source, wrong, show or {}, None, sale.place)

    def _asked(
        self,
        sale: Records,
        source: FromClause,
        wrong: ColumnElement[bool],
        show: Mapping[str, Shown],
        stake: ColumnElement[Any] | None,
        place: str,
        meant: Sequence[ColumnElement[bool]] = (),
    ) -> Violations:
        named: dict[str, Shown] = {"sale": self.model.shown_name(sale)}
        if sale.has("branch"):
            named["branch"] = self.model.shown_branch(sale["branch"])
        if sale.has("finalised_at") and "finalised" not in show:
            named["finalised"] = self.model.shown_time(sale.instant("finalised_at"))
        look = Look(
            source=source,
            among=[*self.chosen(sale), *meant],
            wrong=wrong,
            stake=stake,
            show={**named, **show},
            place=place,
            if_none=self._if_none,
        )
        return Violations(self.model, look)


def priced_value(line: Records) -> ColumnElement[Any]:
    """Quantity x price less discount, in minor units with their fractions."""
    value = line["quantity"] * line.amount("unit_price").exact
    if line.has("discount_percent"):
        value = value * (literal_column("100.0") - func.coalesce(line["discount_percent"], 0)) / literal_column("100.0")
    if line.has("discount"):
        value = value - func.coalesce(line.amount("discount").exact, 0)
    return value


def line_value(line: Records) -> ColumnElement[Any]:
    """What a line comes to in minor units: its amount, or where none is kept, what quantity and price make of it."""
    return func.coalesce(line.amount("amount").exact, 0) if line.has("amount") else priced_value(line)


def _meant(sale: Records, *flags: str) -> list[ColumnElement[bool]]:
    """Only sales of which each flag is set, where the target tells it; else all of them."""
    return [sale.flag(flag) for flag in flags if sale.has(flag)]


def _revenue(entry: Records) -> ColumnElement[Any]:
    return func.sum(entry.amount("credit").exact - entry.amount("debit").exact)
