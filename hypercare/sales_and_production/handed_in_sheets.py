"""The day sheets that branches hand in as files, beside what the system says of the same days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from hypercare.day_sheets import DaySheet, Sheets, read_sheets
from hypercare.operations.asked_orders import orders_excluding_canary
from hypercare.operations.manual_records import ManualRecords
from hypercare.operations_model.instants import Instant
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by
from hypercare.operations_model.records import Records
from hypercare.outcome.doubt import doubt_among
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

if TYPE_CHECKING:
    from hypercare.target_file.sections.day_sheets import DaySheetsSection

Key = tuple[date, object]  # a day and the id of a branch
_PLACE = "day sheets handed in"


@dataclass(frozen=True)
class _Compared:
    """What a sheet and the system say of one thing on one day; `differs` where that is more than agreed."""

    what: str
    by_hand: Decimal
    in_system: Decimal
    may_be_off: Decimal

    @property
    def off(self) -> Decimal:
        return self.by_hand - self.in_system

    @property
    def differs(self) -> bool:
        return abs(self.off) > self.may_be_off


class HandedInSheets:
    """Sheets of whole days only: a day in progress has none yet."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._manual = ManualRecords(model)

    def unlike_the_sales(self) -> Found:
        """Sheets of the last days whose count or amount of sales is not that of the day, by more than is agreed.

        Raises NotCovered where no sheet with sales was handed in, or none can be read.
        """
        sheets = self._of_days(lambda one: one.count is not None or one.amount is not None or one.lines > 0, "sales")
        sold = self._manual.sold()
        compared = {
            key: self._sales_of(sheet, sold[key].many or 0 if key in sold else 0, self._amount(sold, key))
            for key, sheet in sheets.items()
        }
        return self._found(compared, money=True)

    def unlike_the_production(self) -> Found:
        """Sheets whose number of steps done, or orders completed, is not that of the day, by more than is agreed.

        Raises NotCovered where no sheet of the floor was handed in, or none can be read.
        """
        sheets = self._of_days(lambda one: one.steps is not None or one.orders is not None, "production")
        compared: dict[Key, list[_Compared]] = defaultdict(list)
        for what, count in (("steps", self._steps_done), ("orders", self._orders_completed)):
            counted = {key: number for key, one in sheets.items() if (number := getattr(one, what)) is not None}
            done = count() if counted else {}
            for key, number in counted.items():
                words = "steps done" if what == "steps" else "orders completed"
                compared[key].append(_Compared(words, number, Decimal(done.get(key, 0)), self._count_off))
        return self._found(compared, money=False)

    # -- what was handed in ------------------------------------------------------------------------------------

    @property
    def _section(self) -> DaySheetsSection:
        section = self._model.target.config.day_sheets
        if section is None or not section.files:
            raise NotCovered(
                "No branch hands in day sheets as files.",
                remedy='Say where they lie in [day_sheets] files, "day-sheets/*.xlsx", if any does.',
            )
        return section

    @cached_property
    def _sheets(self) -> Sheets:
        found = read_sheets(self._section, self._model.digits)
        took_in(_PLACE, "files", found.files, found.files - len(found.unreadable))
        return found

    def _of_days(self, holds: Callable[[DaySheet], bool], what: str) -> Mapping[Key, DaySheet]:
        """The sheets of the last days, by the branch that they name."""
        days = set(self._manual.days)
        if not self._sheets.files:
            raise NotCovered(
                f"No day sheet lies at {', '.join(self._section.files)}.", remedy="Ask the branches for their sheets."
            )
        told = {key: sheet for key, sheet in self._sheets.by_day.items() if key[0] in days and holds(sheet)}
        named = {(day, self._branch(word)): sheet for (day, word), sheet in told.items()}
        of_branches = {key: sheet for key, sheet in named.items() if key[1] is not None}
        if not of_branches:
            trouble = "; ".join(self._sheets.unreadable) or (
                "the branches that they name are not known here" if told else f"none tells of {what} of a past day"
            )
            raise NotCovered(
                f"Of {self._sheets.files} file(s) of day sheets nothing can be compared: {trouble}.",
                remedy="See that each names its branch and its days, or say which columns do: [day_sheets] columns.",
            )
        return of_branches

    def _branch(self, word: str) -> object:
        """The id of the branch that a sheet, or the name of its file, means; None for none or several."""
        if not self._model.has("branch", "id"):
            return None
        said = word.casefold().strip()
        ids = {name.casefold(): branch for branch, name in self._names}
        if said in ids:
            return ids[said]
        meant = {str(branch): branch for name, branch in ids.items() if name and name in _words_of(said)}
        return next(iter(meant.values())) if len(meant) == 1 else None

    @cached_property
    def _names(self) -> Sequence[tuple[object, str]]:
        branch = self._model.records("branch")
        fields = [field for field in ("id", "code", "name") if branch.has(field)]
        columns = [branch[field].label(field) for field in fields]
        rows = self._model.database.rows(
            select(*columns).where(*self._model.excluding_canary(branch)).limit(2000), about="names of branches"
        )
        return [(row["id"], str(row[field]).strip()) for row in rows for field in fields if row[field] is not None]

    # -- what the system says ----------------------------------------------------------------------------------

    def _sales_of(self, sheet: DaySheet, many: int, amount: Decimal) -> list[_Compared]:
        of_amount = None
        if sheet.amount is not None:
            of_amount = _Compared("amount", sheet.amount, amount, self._section.amount_off)
        # A line that counts nothing is a sale, unless all of them come to the day's amount: then they are parts of it,
        # such as its ways of payment.
        of_sales = sheet.lines > 1 and (of_amount is None or of_amount.differs)
        count = sheet.count if sheet.count is not None else Decimal(sheet.lines) if of_sales else None
        of_count = None if count is None else _Compared("sales", count, Decimal(many), self._count_off)
        return [one for one in (of_count, of_amount) if one is not None]

    def _amount(self, sold: Mapping[Key, object], key: Key) -> Decimal:
        return getattr(sold.get(key), "amount", None) or Decimal(0)

    @property
    def _count_off(self) -> Decimal:
        return Decimal(self._section.count_off)

    def _steps_done(self) -> Mapping[Key, int]:
        step, order = self._model.records("step"), self._model.records("production_order")
        finished = step.instant("finished_at")
        among = [step.is_("state", "done"), step["order"] == order["id"], *self._lately_touched(step)]
        return self._by_day_and_branch(finished, order, [step, order], among)

    def _lately_touched(self, step: Records) -> Sequence[ColumnElement[bool]]:
        """What was finished on these days was touched since: worth saying, since that has an index more often."""
        if not step.has("updated_at"):
            return ()
        touched = step.instant("updated_at")
        return (or_(touched.since(self._periods[0].start), touched.is_missing),)

    def _orders_completed(self) -> Mapping[Key, int]:
        order = self._model.records("production_order")
        return self._by_day_and_branch(order.instant("completed_at"), order, [order], [order.is_("state", "done")])

    def _by_day_and_branch(
        self, instant: Instant, order: Records, sources: Sequence[Records], among: Sequence[ColumnElement[bool]]
    ) -> Mapping[Key, int]:
        days, periods = self._manual.days, self._periods
        each = (
            select(instant.bucket(periods).label("number"), order["branch"].label("branch"))
            .select_from(*(one.source for one in sources))
            .where(
                instant.within(Period(periods[0].start, periods[-1].end)),
                *among,
                *orders_excluding_canary(self._model, order),
            )
        )
        rows = self._model.database.rows(counted_by(each), about="production by day and branch")
        return {(days[int(row["number"])], row["branch"]): int(row["many"]) for row in rows}

    @cached_property
    def _periods(self) -> list[Period]:
        return [self._model.calendar.business_day(day) for day in self._manual.days]

    # -- what differs ------------------------------------------------------------------------------------------

    def _found(self, compared: Mapping[Key, Sequence[_Compared]], *, money: bool) -> Found:
        wrong = [(day, branch, one) for (day, branch), each in compared.items() for one in each if one.differs]
        wrong.sort(key=lambda one: (one[0], str(one[1])), reverse=True)
        rows: list[dict[str, object]] = [
            {
                "day": str(day),
                "branch": self._model.branch_word(branch),
                "what": one.what,
                "by hand": str(one.by_hand),
                "in the system": str(one.in_system),
                "off by": str(one.off),
            }
            for day, branch, one in wrong
        ]
        stake = sum((abs(one.off) for _, _, one in wrong if one.what == "amount"), Decimal(0))
        found = self._model.found(rows, of=len(compared), place=_PLACE, money=stake if money else None)
        found = replace(found, count=len({(day, branch) for day, branch, _ in wrong}))
        if not found.count and self._sheets.unreadable:
            raise NotCovered(
                f"{len(self._sheets.unreadable)} of {self._sheets.files} file(s) of day sheets cannot be read: "
                f"{'; '.join(self._sheets.unreadable[:3])}.",
                remedy="Ask for the sheet as CSV or XLSX with a line of headings.",
            )
        # Sheets of which most differ are kept in another way than the books.
        doubt = doubt_among(found.count, len(compared), "day sheets differ from the system")
        return found if 2 * found.count <= len(compared) or found.count < 6 else replace(found, doubt=doubt)


def _words_of(text: str) -> set[str]:
    """The words of a file's name, alone and as they follow each other: "har_2026-01" has "har"."""
    words = [one for one in "".join(one if one.isalnum() else " " for one in text).split() if one]
    return {" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}
