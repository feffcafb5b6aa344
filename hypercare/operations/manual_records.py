"""What the branches counted by hand, against what the system says of the same day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from hypercare.operations.manual_record_gaps import Gap, Key, sales_that_explain
from hypercare.operations_model.amounts import total_of
from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.outcome.doubt import Weighed, doubt_of
from hypercare.outcome.found import Doubt, Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.open_hours import days_are_unsettled

DAYS = 14
_LEAST_RECORDS = 6


@dataclass(frozen=True)
class Counted:
    """How many sales, and how much; None for what nobody wrote down."""

    many: int | None
    amount: Decimal | None


class ManualRecords:
    """Sheets of whole days only: a day in progress has none yet, and a sheet handed in early may not be complete."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._sold_as_of: dict[datetime, Mapping[Key, Counted]] = {}

    def where_they_differ_from_the_sales(self) -> Found:
        """Sheets of the last days whose count or amount is not that of the day's final sales.

        Raises NotCovered when no sheet of a past day has been handed in.
        """
        with self.model.database.snapshot():
            by_hand, sold = self._counted_by_hand(), self._sold()
        if not by_hand:
            raise NotCovered(
                "No branch has handed in a sheet of a past day yet.", remedy="Ask the branches for their day sheets."
            )
        wrong: list[tuple[date, dict[str, object]]] = []
        gaps: dict[Key, Gap] = {}
        stake = Decimal(0)
        for key, manual in sorted(by_hand.items(), key=lambda item: (item[0][0], str(item[0][1])), reverse=True):
            booked = sold.get(key, Counted(0, Decimal(0)))
            if manual.many not in (None, booked.many) or manual.amount not in (None, booked.amount):
                stake += abs((manual.amount or Decimal(0)) - (booked.amount or Decimal(0)))
                wrong.append((key[0], self._row(key, manual, booked)))
                gaps[key] = _gap(manual, booked)
        found = self._found([row for _, row in wrong], len(by_hand), stake)
        doubt = self._doubt([day for day, _ in wrong], [day for day, _ in by_hand])
        return replace(found, doubt=doubt, concerns=sales_that_explain(self.model, gaps, self._days()))

    def where_one_is_missing(self) -> Found:
        """Days on which a branch sold something but handed in no sheet, for the branches that hand them in at all."""
        with self.model.database.snapshot():
            by_hand, sold = self._counted_by_hand(), self._sold()
        if not by_hand:
            raise NotCovered(
                "No branch has handed in a sheet of a past day yet.", remedy="Ask the branches for their day sheets."
            )
        used_to_it = {branch for _, branch in by_hand}
        expected = [key for key, booked in sold.items() if booked.many and key[1] in used_to_it]
        missing = sorted((key for key in expected if key not in by_hand), key=lambda key: (key[0], str(key[1])))
        rows: list[dict[str, object]] = [
            {"day": str(day), "branch": self.model.branch_word(branch)} for day, branch in reversed(missing)
        ]
        found = self._found(rows, len(expected), sum((sold[key].amount or Decimal(0) for key in missing), Decimal(0)))
        return replace(found, doubt=self._doubt([day for day, _ in missing], [day for day, _ in expected]))

    @property
    def days(self) -> list[date]:
        """The days that can have a sheet, oldest first. Raises NotCovered where nothing says which day sales are of."""
        return self._days()

    def sold(self) -> Mapping[Key, Counted]:
        """By day and branch what was sold, as whoever counts it in the evening does."""
        return self._sold()

    def _doubt(self, wrong: list[date], looked_at: list[date]) -> Doubt | None:
        """Whether sheets are kept so here, by the days before the latest one that can have a sheet."""
        latest = max(looked_at, default=date.min)
        weighed = Weighed(
            of=len(looked_at),
            wrong=len(wrong),
            past=sum(day < latest for day in looked_at),
            past_wrong=sum(day < latest for day in wrong),
        )
        what = self.model.records("manual_record").place
        return doubt_of(weighed, self.model.target.config.limits, habit=False, what=what, least=_LEAST_RECORDS)

    def _days(self) -> list[date]:
        business = self.model.target.config.business
        if days_are_unsettled(business):
            raise NotCovered(
                "Somebody works over midnight, and nothing says to which day the sheets count what is sold then.",
                remedy='Say when a new day begins in the books: [business] day_starts = "04:00".',
            )
        today = self.model.calendar.business_date(self.model.as_of)
        first = max(self.model.calendar.go_live, today - timedelta(days=DAYS))
        return [first + timedelta(days=number) for number in range(max(0, (today - first).days))]

    def _counted_by_hand(self) -> Mapping[Key, Counted]:
        manual, days = self.model.records("manual_record"), self._days()
        if not days:
            return {}
        day = manual["day"]
        counted = manual["count"] if manual.has("count") else None
        amount = manual.amount("amount").minor if manual.has("amount") else None
        columns: list[ColumnElement[Any]] = [day.label("day"), manual["branch"].label("branch")]
        columns += [column.label(name) for name, column in (("many", counted), ("sum", amount)) if column is not None]
        statement = select(*columns).where(
            self.model.day_within(manual, "day", days[0], days[-1]), *self.model.excluding_canary(manual)
        )
        found = {}
        for row in self.model.database.rows(statement, about="day sheets"):
            key = (_date(row["day"]), row["branch"])
            many = None if row.get("many") is None else int(row["many"])
            found[key] = Counted(many, self.model.money(row["sum"]) if "sum" in row else None)
        return found

    def _sold(self) -> Mapping[Key, Counted]:
        """Final sales by the local day on which they became final; what was voided on a later day was still counted.

        Days that are over are added up once for both questions.
        """
        as_of = self.model.as_of
        if as_of not in self._sold_as_of:
            self._sold_as_of = {as_of: self._added_up(self._days())}
        return self._sold_as_of[as_of]

    def _added_up(self, days: Sequence[date]) -> Mapping[Key, Counted]:
        if not days:
            return {}
        sale = self.model.records("sale")
        periods = [self.model.calendar.business_day(day) for day in days]
        number = sale.instant("finalised_at").bucket(periods)
        each = (
            select(number.label("number"), sale["branch"].label("branch"), sale.amount("total").exact.label("total"))
            .select_from(sale.source)
            .where(
                sale.instant("finalised_at").within(Period(periods[0].start, periods[-1].end)),
                _counted_that_day(sale, periods),
                *self.model.excluding_canary(sale),
            )
            .subquery("each_one")
        )
        # The day is computed before it is grouped by, since not every engine sees that two expressions are one.
        statement = select(
            each.c.number, each.c.branch, func.count().label("many"), total_of(each.c.total).label("sum")
        ).group_by(each.c.number, each.c.branch)
        rows = self.model.database.rows(statement, about="sales by day and branch")
        return {
            (days[int(row["number"])], row["branch"]): Counted(int(row["many"]), self.model.money(row["sum"]))
            for row in rows
        }

    def _row(self, key: Key, manual: Counted, booked: Counted) -> dict[str, object]:
        return {
            "day": str(key[0]),
            "branch": self.model.branch_word(key[1]),
            "sales by hand": manual.many,
            "sales in the system": booked.many,
            "amount by hand": str(manual.amount),
            "amount in the system": str(booked.amount),
        }

    def _found(self, rows: list[dict[str, object]], of: int, money: Decimal) -> Found:
        places = (self.model.records(name).place for name in ("manual_record", "sale"))
        return self.model.found(rows, of=of, place=", ".join(places), money=money)


def _gap(manual: Counted, booked: Counted) -> Gap:
    return Gap(
        None if manual.many is None else manual.many - (booked.many or 0),
        None if manual.amount is None else manual.amount - (booked.amount or Decimal(0)),
    )


def _counted_that_day(sale: Records, periods: list[Period]) -> ColumnElement[bool]:
    final = sale.is_("state", "final")
    if not sale.has("voided_at"):
        return final
    finalised, voided = sale.instant("finalised_at"), sale.instant("voided_at")
    later = or_(*(finalised.within(day) & voided.since(day.end) for day in periods))
    return or_(final, sale.is_("state", "void") & later)


def _date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
