"""Some of the sales, and the questions about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import (
    String,
    and_,
    cast,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
)

from hypercare.operations.asked_days import sealed
from hypercare.operations.asked_sales import HALF, ROUNDING_TOLERANCE, AskedSales
from hypercare.operations.sale_values import (
    beside_lines,
    entered_at,
    line_value,
    meant_by,
    priced_value,
    revenue_of,
    worth_of,
)
from hypercare.operations_model.explained import unless_explained
from hypercare.operations_model.look_ups import children_beside
from hypercare.operations_model.portable import one_if, whole
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.doubt import Excuse


class SaleSet(AskedSales):
    """Sales chosen by a condition; each question is one or two statements over just these."""

    # -- how many, how much ----------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        sale = self.model.records("sale")
        return self.model.count(sale, *self.chosen(sale))

    @property
    def amount(self) -> Decimal:
        sale = self.model.records("sale")
        statement = select(sale.amount("total").total).select_from(sale.source).where(*self.chosen(sale))
        return self.model.money(self.model.database.value(statement, about="sum of sales"))

    def by_branch(self) -> Mapping[object, tuple[int, Decimal]]:
        """Count and sum by the branch's id."""
        sale = self.model.records("sale")
        statement = (
            select(sale["branch"].label("branch"), func.count().label("many"), sale.amount("total").total.label("sum"))
            .select_from(sale.source)
            .where(*self.chosen(sale))
            .group_by(sale["branch"])
        )
        rows = self.model.database.rows(statement, about="sales by branch")
        return {row["branch"]: (int(row["many"]), self.model.money(row["sum"])) for row in rows}

    # -- totals ----------------------------------------------------------------------------------------------

    @sealed("total beside lines", "sale_line")
    def where_total_differs_from_lines(self) -> Violations:
        """Sales whose total is not the sum of their lines, to the cent.

        A line that comes to fractions of a cent may have been rounded either way, so each such line allows half a cent.
        """
        sale, line = self.model.records("sale"), self.model.records("sale_line")
        value = line_value(line)
        loose = func.sum(one_if(func.abs(value - whole(value)) > ROUNDING_TOLERANCE)) * HALF
        lines = self._sums(sale, line, "lines", value=func.sum(value), loose=loose)
        total, summed = sale.amount("total").exact, func.coalesce(lines["value"], 0) + beside_lines(sale)
        apart = func.coalesce(total, 0) - summed
        gap = func.abs(apart)
        compared = self._compared(
            sale,
            lines,
            wrong=or_(sale.amount("total").is_missing, gap > func.coalesce(lines["loose"], 0) + ROUNDING_TOLERANCE),
            gap=gap,
            beside=("sum of lines", whole(summed)),
            place=f"{sale.place}, {line.place}",
        )
        return unless_explained(compared, sale, whole(apart))

    @sealed("total left beside lines", "sale_line")
    def where_a_total_left_differs_from_lines(self) -> Violations:
        """Void sales that keep a total and lines, which differ; a system may set either to nothing."""
        sale, line = self.model.records("sale"), self.model.records("sale_line")
        value = line_value(line)
        loose = func.sum(one_if(func.abs(value - whole(value)) > ROUNDING_TOLERANCE)) * HALF
        lines = self._sums(sale, line, "lines", value=func.sum(value), loose=loose)
        total, summed = sale.amount("total").exact, lines["value"] + beside_lines(sale)
        gap = func.abs(total - summed)
        both_left = and_(func.abs(total) > ROUNDING_TOLERANCE, func.abs(lines["value"]) > ROUNDING_TOLERANCE)
        compared = self._compared(
            sale,
            lines,
            wrong=and_(both_left, gap > lines["loose"] + ROUNDING_TOLERANCE),
            gap=func.coalesce(gap, 0),
            beside=("sum of lines", whole(func.coalesce(summed, 0))),
            place=f"{sale.place}, {line.place}",
            habit=True,
        )
        return unless_explained(compared, sale, whole(func.coalesce(total - summed, 0)))

    @sealed("total beside payments", "payment")
    def where_total_differs_from_payments(self) -> Violations:
        """Sales that were paid more or less than their total; those on account are not meant."""
        sale, payment = self.model.records("sale"), self.model.records("payment")
        paid = func.sum(payment.amount("amount").exact)
        return self._differs_from(
            sale, payment, "sum of payments", paid, meant=meant_by(sale, "pays_at_once"), rounds=True
        )

    @sealed("total beside ledger", "ledger_entry")
    def where_total_differs_from_ledger(self) -> Violations:
        """Sales whose revenue in the ledger is not their total; those not posted yet are not meant."""
        sale, entry = self.model.records("sale"), self.model.records("ledger_entry")
        only, meant = entry.is_("account", "revenue"), meant_by(sale, "is_posted")
        return self._differs_from(sale, entry, "revenue in the ledger", revenue_of(entry), only, meant=meant)

    @sealed("payments beside ledger", "payment", "ledger_entry")
    def where_payments_differ_from_ledger(self) -> Violations:
        """Sales whose payments are not what the ledger's money accounts received for them."""
        sale, payment, entry = (self.model.records(name) for name in ("sale", "payment", "ledger_entry"))
        paid = self._sums(sale, payment, "paid", value=func.sum(payment.amount("amount").exact))
        received = func.sum(entry.amount("debit").exact - entry.amount("credit").exact)
        booked = self._sums(sale, entry, "booked", entry.is_("account", "money"), value=received)
        one, other = func.coalesce(paid["value"], 0), func.coalesce(booked["value"], 0)
        gap = func.abs(one - other)
        source = booked.beside(paid.beside(sale.source))
        show = {"payments": self.model.shown_minor(whole(one)), "in the ledger": self.model.shown_minor(whole(other))}
        place = f"{payment.place}, {entry.place}"
        meant = meant_by(sale, "pays_at_once", "is_posted")
        return self._violations(sale, source, gap > ROUNDING_TOLERANCE, show, whole(gap), place, meant, habit=True)

    @sealed("money left", "payment")
    def where_money_is_left(self, *, but_deposits: bool = False) -> Violations:
        """Sales that should hold no money (void or draft) but whose payments do not come to nothing.

        A deposit is part of what a sale will come to.
        """
        sale, payment = self.model.records("sale"), self.model.records("payment")
        paid = func.sum(payment.amount("amount").exact)
        if not but_deposits:
            return self._is_not_nothing(sale, payment, "sum of payments", paid)
        sums = self._sums(sale, payment, "summed", value=paid)
        paid_so_far, total = func.coalesce(sums["value"], 0), func.coalesce(sale.amount("total").exact, 0)
        deposit = and_(paid_so_far > 0, paid_so_far < total - ROUNDING_TOLERANCE)
        return self._compared(
            sale,
            sums,
            wrong=and_(func.abs(paid_so_far) > ROUNDING_TOLERANCE, not_(deposit)),
            gap=func.abs(paid_so_far),
            beside=("sum of payments", whole(paid_so_far)),
            place=f"{sale.place}, {payment.place}",
            habit=True,
        )

    @sealed("revenue left", "ledger_entry")
    def where_revenue_is_left(self) -> Violations:
        """Sales that should hold no revenue (void or draft) but have some in the ledger."""
        sale, entry = self.model.records("sale"), self.model.records("ledger_entry")
        return self._is_not_nothing(
            sale, entry, "revenue in the ledger", revenue_of(entry), entry.is_("account", "revenue")
        )

    @sealed("lines beside their price", "sale_line")
    def where_a_line_differs_from_its_price(self) -> Violations:
        """Lines whose amount is not quantity x price less discount, to the cent, rounded either way."""
        sale = self.model.records("sale")
        source, line = children_beside(self.model, sale, self.model.records("sale_line"), "sale")
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
            ViolationQuery(
                source=source,
                among=self.chosen(sale),
                wrong=or_(amount.is_missing, priced.is_(None), gap > HALF + ROUNDING_TOLERANCE),
                stake=whole(func.coalesce(gap, 0)),
                show=show,
                place=line.place,
                if_none=self._if_none,
                dated=entered_at(sale),
                worth=worth_of(sale),
                days=self.window,
                day=self._day_of(sale),
            ),
        )

    @sealed("total too large")
    def where_total_is_above(self, most: Decimal) -> Violations:
        """Sales whose total is larger than any that is likely."""
        sale = self.model.records("sale")
        total = sale.amount("total")
        wrong = total.exact > literal_column(str(int(most.scaleb(self.model.digits))))
        show = {"total": self.model.shown_money(total)}
        return self._violations(sale, sale.source, wrong, show, total.minor, sale.place)

    # -- dates and states ------------------------------------------------------------------------------------

    @sealed("state")
    def where_state_is_strange(self) -> Violations:
        """Sales in a state that is neither draft, final nor void."""
        sale = self.model.records("sale")
        return self._plain(
            sale, sale.has_unknown_value("state"), {"state": self.model.shown(sale, "state")}, habit=True
        )

    @sealed("number and instant")
    def where_final_is_incomplete(self) -> Violations:
        """Final sales without a number or without the instant at which they became final."""
        sale = self.model.records("sale")
        lacks = or_(
            sale.instant("finalised_at").is_missing,
            sale["number"].is_(None),
            func.trim(cast(sale["number"], String(200))) == "",
        )
        return self._plain(sale, and_(sale.is_("state", "final"), lacks), habit=True)

    @sealed("order of instants")
    def where_time_runs_backwards(self) -> Violations:
        """Sales that were final before they were entered."""
        sale = self.model.records("sale")
        created, final = sale.instant("created_at"), sale.instant("finalised_at")
        show = {"created": self.model.shown_time(created), "finalised": self.model.shown_time(final)}
        # A day is often one that somebody chose; that of a time is when it happened.
        return self._plain(
            sale, final.surely_precedes(created), show, habit=final.timestamp_format != created.timestamp_format
        )

    @sealed("future")
    def where_dated_in_the_future(self) -> Violations:
        """Sales entered or finalised later than now."""
        sale = self.model.records("sale")
        created, final = sale.instant("created_at"), sale.instant("finalised_at")
        latest = self.model.latest_possible
        return self._plain(
            sale,
            or_(created.surely_since(latest), final.surely_since(latest)),
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
        wrong = created.surely_before(self.model.as_of - age)
        everything = [self.window.within(created), *self.model.excluding_canary(sale)]
        return self._violations(
            sale,
            sale.source,
            wrong,
            show,
            stake,
            sale.place,
            habit=True,
            past=everything,
            excuse=Excuse(2, of_the_first=False),
        )

    def where_production_order_is_missing(self, after: timedelta) -> Violations:
        """Sales of what is made to order, final for longer than `after`, that no production order is for."""
        sale, order = self.model.records("sale"), self.model.records("production_order")
        long_final = sale.instant("finalised_at").surely_before(self.model.as_of - after)
        missing = not_(exists().where(order["sale"] == sale["id"]))
        wrong = and_(sale.is_("kind", "made_to_order"), long_final, missing)
        stake = sale.amount("total").minor if sale.has("total") else None
        return self._violations(sale, sale.source, wrong, {}, stake, f"{sale.place}, {order.place}", habit=True)
