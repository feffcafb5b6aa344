"""Sales: which there are, and what they can be compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from sqlalchemy import ColumnElement, and_, func, or_, select

from hypercare.database.database import Database
from hypercare.operations.asked_days import AskedDays
from hypercare.operations.asked_sales import Among
from hypercare.operations.backdated import Backdated
from hypercare.operations.branch_stops import IN_MID_DAY, stopped_branches
from hypercare.operations.duplicate_sales import DuplicateSales
from hypercare.operations.ledger import Ledger
from hypercare.operations.listed_sales import Listed, ListedSales
from hypercare.operations.manual_records import ManualRecords
from hypercare.operations.pace import Pace, branches_at_work, pace_of
from hypercare.operations.queues import DRAFTS, grown
from hypercare.operations.refunds import Booked, beyond_anything_booked
from hypercare.operations.sale_lookup import RecordedSale, look_up
from hypercare.operations.sale_numbers import SaleNumbers
from hypercare.operations.sale_set import SaleSet
from hypercare.operations.unusual_sales import UnusualSales
from hypercare.operations.usual_prices import UsualPrices
from hypercare.operations_model.indexes import found_by_index
from hypercare.operations_model.model import LONGEST_WATCH
from hypercare.operations_model.portable import counted_by
from hypercare.operations_model.records import Records
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import Violations
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.seals import Seals, Window
from hypercare.target_file.config import LimitsSection
from hypercare.target_file.target import Target

# So many sales, the newest, tell what one usually comes to.
_TELL_WHAT_IS_USUAL = 20_000
# The large ones among fewer are not known yet.
_TELL_HOW_LARGE = 100


class Sales(Resource):
    """The sales of the business, without synthetic ones."""

    def __init__(self, target: Target, database: Database, seals: Seals | None = None) -> None:
        super().__init__(target, database)
        self.seals = seals or Seals(target, database)

    @cached_property
    def watched(self) -> Period:
        """Since go-live where that is small enough to look at daily, or else since yesterday evening."""
        sale = self.model.records("sale")
        return self.model.watched(sale.instant("finalised_at" if sale.has("finalised_at") else "created_at"), sale)

    @cached_property
    def watched_by_entry(self) -> Period:
        """The same for questions about the few that are void or drafts, by when they were entered."""
        sale = self.model.records("sale")
        return self.model.watched(sale.instant("created_at"), sale)

    def finalised(self, period: Period | None = None) -> SaleSet:
        """Final sales that were finalised in the period; in all that is watched when none is given."""
        return self._set(
            lambda sale, window: (sale.is_mostly("state", "final"), window.within(sale.instant("finalised_at"))),
            AskedDays(self.model, self.seals, "final sales", "sale", "finalised_at", period),
            "No sale was finalised in the period, so there was nothing to compare.",
        )

    def largest_plausible(self, limits: LimitsSection) -> Decimal:
        """The largest total that nobody asks about: as [limits] says, else what suits what is usual here.

        Raises NotCovered when nothing is said and too few sales tell what is usual.
        """
        if "largest_sale" in limits.model_fields_set:
            return limits.largest_sale
        sale = self.model.records("sale")
        total = sale.amount("total").minor
        among = (
            sale.is_mostly("state", "final"),
            sale.instant("finalised_at").within(self.watched),
            *self.model.excluding_canary(sale),
        )
        newest = select(total.label("total")).where(*among).order_by(sale.instant("finalised_at").raw.desc())
        newest_sales = newest.limit(_TELL_WHAT_IS_USUAL).subquery("newest")
        counted = self.model.database.value(select(func.count()).select_from(newest_sales), about="final sales")
        many = int(counted)
        if many < max(limits.doubt_least, _TELL_HOW_LARGE):
            raise NotCovered(
                f"There is not enough history: {many} final sales do not tell how large one may be here.",
                remedy="Nothing to mend: the check learns from each day. Or say it in [limits] largest_sale.",
            )
        statement = select(newest_sales.c.total).order_by(newest_sales.c.total).offset(many * 19 // 20).limit(1)
        rows = self.model.database.rows(statement, about="what most sales stay below")
        usual = self.model.money(rows[0]["total"] or 0) if rows else Decimal(0)
        return max(limits.largest_sale, 10 * usual)

    def come_to_more_by_now(self, days: int = 7) -> bool:
        """Whether what was final by this hour came to more than nothing on each of the last days that are known."""
        calendar = self.model.calendar
        today = calendar.date_of(self.model.as_of)
        days_known = [
            days_ago for days_ago in range(1, days + 1) if today - timedelta(days=days_ago) >= calendar.go_live
        ]
        return bool(days_known) and all(
            self.finalised(calendar.same_hours(self.model.as_of, days_ago)).amount >= 0 for days_ago in days_known
        )

    def refunds_beyond_any_sale(self, period: Period) -> Violations:
        """Final sales of the period that take back more than any final sale has ever come to."""
        sale = self.model.records("sale")
        total = sale.amount("total")
        branch = {"branch": self.model.shown_branch(sale["branch"])} if sale.has("branch") else {}
        booked = Booked(
            source=sale.source,
            amount=total,
            earlier=[sale.is_("state", "final"), *self.model.excluding_canary(sale)],
            lately=self.finalised(period).chosen(sale),
            show={"sale": self.model.shown_name(sale), **branch, "total": self.model.shown_money(total)},
            place=sale.place,
        )
        return beyond_anything_booked(self.model, booked)

    def created(self, period: Period) -> SaleSet:
        """Sales entered in the period, whatever became of them."""
        return self._set(
            lambda sale, window: (window.within(sale.instant("created_at")),), self._by_entry("sales entered", period)
        )

    def void(self, period: Period | None = None) -> SaleSet:
        """Void sales that were entered in the period."""
        return self._set(
            lambda sale, window: (sale.is_("state", "void"), window.within(sale.instant("created_at"))),
            self._by_entry("void sales", period or self.watched_by_entry),
        )

    def drafts(self, period: Period | None = None) -> SaleSet:
        """Sales entered in the period that are drafts still."""
        return self._set(
            lambda sale, window: (sale.is_("state", "draft"), window.within(sale.instant("created_at"))),
            self._by_entry("drafts", period or self.watched_by_entry),
        )

    def any(self, period: Period | None = None) -> SaleSet:
        """Sales that were entered or finalised in the period, and those that lack either date."""

        def in_sight(sale: Records, window: Window) -> tuple[ColumnElement[bool], ...]:
            created, final, latest = (
                sale.instant("created_at"),
                sale.instant("finalised_at"),
                self.model.latest_possible,
            )
            of_no_day = [created.surely_since(latest), created.is_missing, final.surely_since(latest)]
            undated = and_(sale.is_("state", "final"), final.is_missing)
            return (or_(window.within(created), window.within(final), *of_no_day, undated),)

        return self._set(in_sight, self._by_entry("sales", period))

    def voided(self, period: Period) -> SaleSet:
        """Sales that became void in the period, whenever they were entered.

        Where no index finds them by that, of the last weeks alone: else all sales there ever were would be read.
        """
        sale = self.model.records("sale")
        is_lately = tuple(found_by_index(self.model, sale, "created_at", "voided_at")) == (True, False)
        lately = [Period(period.start - LONGEST_WATCH, period.end)] if is_lately else []
        return self._set(
            lambda sale, window: (
                sale.is_("state", "void"),
                window.within(sale.instant("voided_at")),
                *(sale.instant("created_at").within(one) for one in lately),
            ),
            AskedDays(self.model, self.seals, "sales made void", "sale", "voided_at", period),
        )

    def _by_entry(self, records: str, period: Period | None) -> AskedDays:
        return AskedDays(self.model, self.seals, records, "sale", "created_at", period)

    @property
    def duplicates(self) -> DuplicateSales:
        """Sales among those watched that may have been entered twice; void ones do not count."""
        return DuplicateSales(self.model, self.seals, self._standing)

    @property
    def numbers(self) -> SaleNumbers:
        """The numbers of the sales watched; those of void ones do not count."""
        return SaleNumbers(self.model, self.seals, self._standing, self.watched)

    def _standing(self, sale: Records, window: Window) -> tuple[ColumnElement[bool], ...]:
        stands = (sale.is_not("state", "void"),) if sale.has("state") else ()
        return (window.within(sale.instant("created_at")), *stands, *self.model.excluding_canary(sale))

    @cached_property
    def ledger(self) -> Ledger:
        """The postings that sales and payments leave in the ledger."""
        return Ledger(self.model, self.seals)

    @cached_property
    def manual_records(self) -> ManualRecords:
        """What the branches counted by hand, day by day."""
        return ManualRecords(self.model)

    def pace(self, last: timedelta | None = None) -> Pace:
        """Sales entered today so far (or in the `last` so long), by branch, against the same hours of earlier days."""
        return pace_of(self.model, self._entered, branches_at_work(self.model, "sale", "created_by"), last)

    def _entered(self, periods: Sequence[Period]) -> Mapping[tuple[int, object], int]:
        sale = self.model.records("sale")
        created = sale.instant("created_at")
        number = created.bucket(periods)
        statement = counted_by(
            select(number.label("number"), sale["branch"].label("branch")).where(
                created.within(Period(periods[-1].start, periods[0].end)), *self.model.excluding_canary(sale)
            )
        )
        rows = self.model.database.rows(statement, about="sales entered by day and branch")
        return {(int(row["number"]), row["branch"]): int(row["many"]) for row in rows if row["number"] is not None}

    @cached_property
    def unusual(self) -> UnusualSales:
        """What agrees with itself and is hardly meant."""
        return UnusualSales(self.model, self.seals)

    @cached_property
    def prices(self) -> UsualPrices:
        """What products usually cost."""
        return UsualPrices(self.model, self.seals)

    @property
    def backdated(self) -> Backdated:
        """Sales entered lately under a date before go-live."""
        return Backdated(self.model, "sale", "created_at", "sale.create")

    def branches_that_stopped(self) -> Found:
        """Branches that sold today, and then stopped alone."""
        at_work = branches_at_work(self.model, "sale", "created_by")
        return stopped_branches(self.model, self._entered, at_work, self.model.records("sale").place, IN_MID_DAY)

    def drafts_grown(self) -> Found:
        """Drafts, if far more of them lie about than ever did at this hour."""
        return grown(self.model, DRAFTS)

    def by_number(self, number: str, key: str = "", branch: str | None = None) -> RecordedSale | None:
        """One sale, synthetic or not, as the database has it; None when there is none of that number.

        Where each branch counts for itself, several bear it: that of this branch, or with the id `key`, is meant.
        """
        return look_up(self.model, "number", number, key, branch)

    def by_id(self, identity: object) -> RecordedSale | None:
        """One sale, synthetic or not, as the database has it; None when there is none of that id."""
        return look_up(self.model, "id", identity)

    def beside(self, listed: Sequence[Listed], branch: str | None) -> ListedSales:
        """What somebody of a branch is shown, beside what the database has."""
        return ListedSales(self.model, listed, branch, self.target.now())

    def _set(self, among: Among, days: AskedDays, if_none: str = "") -> SaleSet:
        return SaleSet(self.model, among, days, if_none)
