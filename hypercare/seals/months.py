"""What changed in months that lie before the watch, where no daily question looks any more."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from math import ceil

from sqlalchemy import func, select

from hypercare.database.database import Database
from hypercare.database.fingerprint import KNOWN_TO
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.seals.day_seals import ALL_AT_ONCE
from hypercare.seals.exported_past import exported_past
from hypercare.seals.month_contents import (
    ENTITY,
    FINAL,
    NO_SALES,
    Slice,
    day_in,
    number_of_day_in,
    sales_without_a_time,
    stable_fields,
    versions_of,
)
from hypercare.seals.month_reading import MonthReading
from hypercare.seals.seals import BEGINNING
from hypercare.seals.store import SealedMonth, SealStore
from hypercare.target_file.target import Target

# Each month is compared once a week, whichever days had no round: a seventh of them each round.
_A_WEEK = timedelta(days=7, hours=-12)
# A round reads no more sales of the past than this; the months that are left are for the next one.
_MOST_SALES = 2_000_000
# Of an export ten times as many, since nobody else works with it.
_OF_EXPORT = 10
# What it is that no seal counts.
_NAMES_OF_CANARY = {"branch", "customer", "users"}
# Not of a day: how many sales of the month are void and have lost the time at which they were final.
_WITHOUT_A_TIME = "0.0"
# A sale may become final in another month than it was entered in.
_ENTERED_BEFORE = timedelta(days=31)


@dataclass(frozen=True)
class ChangedMonth:
    """A month that is not any more as it was sealed; `slices` are those that differ, as they were and as they are."""

    month: date
    slices: Mapping[str, tuple[Slice, Slice]]

    @property
    def days(self) -> Sequence[date]:
        return sorted({day_in(self.month, name) for name in self.slices})

    @property
    def name(self) -> str:
        """What it is called where somebody says that it is meant: this change, and no later one."""
        code = hashlib.sha256(repr(sorted(self.slices.items())).encode()).hexdigest()[:8]
        return f"sales of {self.month:%Y-%m} as {code}"


def _with_those(slices: Mapping[str, Slice], without_a_time: int) -> Mapping[str, Slice]:
    if not without_a_time:
        return slices
    return {**slices, _WITHOUT_A_TIME: replace(NO_SALES, count=without_a_time)}


def _count_in(seal: SealedMonth) -> int:
    return sum(count for count, *_ in seal.slices.values())


class MonthSeals:
    """The sales that became final in each month before the watch: number, branch, total and time of each."""

    def __init__(self, target: Target, database: Database, store: SealStore | None = None) -> None:
        self.model = Model(target, database)
        self._export = exported_past(self.model)
        self.past = self.model if self._export is None else self._export.model
        """What is sealed is read by: the database, or its export."""
        self._store = store or SealStore()
        self.compared: Sequence[date] = ()
        """The months that were compared last."""

    def changed(self) -> Sequence[ChangedMonth]:
        """Compare months with their seals, each once a week at least; seal what came to lie before the watch.

        A month that changed stays as it was sealed, and is compared by every round, until it is so again or the change
        is named in [mapping.agreed] given_up.

        Raises:
            NotCovered: nothing lies before the watch, nothing of it was sealed by an earlier round, or its export is
                not what the database holds.
        """
        if not self._store.recalls or self.past.database.dialect not in KNOWN_TO:
            raise NotCovered("Without a history, or on this engine, nothing of the past can be sealed.")
        if self._first is None:
            raise NotCovered(
                "No sale lies before the days that the daily questions look at.",
                remedy="Nothing to mend: past months are looked at as soon as there are some.",
            )
        if self._export is not None:
            self._export.require_usable()
        basis = self._basis()
        # What the rows say and which versions of them there are must be of one instant.
        with self.model.database.snapshot() if self.past.database.dialect == "postgresql" else nullcontext():
            sealed = self._sealed(basis)
            due = self._due(sealed)
            changed = self._compare(basis, sealed, due)
            reading = MonthReading(self.past, self._most_sales)
            self._seal_new_days(basis, self._sealed(basis), reading)
            self._seal_new_months(basis, [month for month in self._months if month not in sealed], reading)
        if self._export is not None and not changed:
            self._export.require_no_gap()
        if not due:
            raise NotCovered(
                "The past was sealed just now; from the next round on it is told whether it changes.",
                remedy="Nothing to mend: past months are looked at as soon as there are some.",
            )
        return changed

    def _sealed(self, basis: str) -> Mapping[date, SealedMonth]:
        return {month: seal for month, seal in self._store.months(ENTITY, basis).items() if month in self._months}

    def _compare(self, basis: str, sealed: Mapping[date, SealedMonth], due: Sequence[date]) -> Sequence[ChangedMonth]:
        found: list[ChangedMonth] = []
        reading = MonthReading(self.past, self._most_sales)
        self.compared = []
        for month in due:
            seal = sealed[month]
            if self._is_untouched(seal):
                self._keep(basis, replace(seal, checked=self.model.as_of, compared=0))
            elif reading.is_over:
                break
            else:
                found += self._compared(basis, seal, reading)
            self.compared = [*self.compared, month]
        return found

    def _compared(self, basis: str, seal: SealedMonth, reading: MonthReading) -> Sequence[ChangedMonth]:
        """From the day on at which the last round stopped, then from the first of the month on."""
        month, all_days = seal.month, range(1, seal.through + 1)
        days = [*all_days[seal.compared :], *all_days[: seal.compared]]
        read = reading.of(month, days, _count_in(seal) // max(1, seal.through))
        slices = _with_those(read.slices, self._without_a_time_in(month, seal.through))
        difference = self._difference(seal, slices, read.days)
        if difference is not None and not self._agrees(slices, difference.days):
            self._keep(basis, replace(seal, checked=self.model.as_of - 2 * _A_WEEK))
            return []
        if difference is not None and difference.name not in self.model.mapping.agreed.given_up:
            # It is due again in the next round, which begins with what was changed.
            first = difference.days[0].day - 1
            self._keep(basis, replace(seal, checked=self.model.as_of - 2 * _A_WEEK, compared=first))
            return [difference]
        if read.is_all:
            self._keep(basis, self._seal(month, slices, seal.through))
        else:
            others = {name: one for name, one in seal.slices.items() if number_of_day_in(name) not in read.days}
            written = {name: one.written() for name, one in read.slices.items()}
            self._keep(basis, replace(seal, slices={**others, **written}, compared=read.days[-1]))
        return []

    @property
    def _most_sales(self) -> int:
        return _MOST_SALES if self._export is None else _OF_EXPORT * _MOST_SALES

    def _agrees(self, slices: Mapping[str, Slice], days: Sequence[date]) -> bool:
        """Whether what is read in an export is what the database holds."""
        return self._export is None or self._export.agrees(slices, days)

    def _keep(self, basis: str, seal: SealedMonth) -> None:
        self._store.keep_months(ENTITY, basis, [seal])

    def _is_untouched(self, seal: SealedMonth) -> bool:
        """Whether the engine says that no row was written since, so that none has to be compared."""
        return bool(seal.versions) and seal.versions == self._versions(seal)

    def _due(self, sealed: Mapping[date, SealedMonth]) -> Sequence[date]:
        """Those that were not compared for a week, the longest first, and a seventh in turn; of few sales all."""
        newest_first = sorted(sealed.values(), key=lambda one: one.month, reverse=True)
        in_turn = sorted(newest_first, key=lambda one: one.checked)
        if sum(map(_count_in, in_turn)) <= ALL_AT_ONCE:
            return [seal.month for seal in in_turn]
        due: list[date] = []
        read, others = 0, 0
        for seal in in_turn:
            others += seal.checked > self.model.as_of - _A_WEEK
            read += _count_in(seal)
            if others > ceil(len(in_turn) / 7) or (due and read > self._most_sales):
                break
            due.append(seal.month)
        return due

    def _difference(self, seal: SealedMonth, now: Mapping[str, Slice], days: Sequence[int]) -> ChangedMonth | None:
        """Which slices of these days differ, but for sales taken back since, and the oldest that are kept no longer."""
        before = {name: Slice(*values) for name, values in seal.slices.items()}
        oldest = self.model.calendar.date_of(self._first) if self._first else seal.month
        names = [name for name in {**before, **now} if number_of_day_in(name) in days]
        pairs = {name: (before.get(name, NO_SALES), now.get(name, NO_SALES)) for name in names}
        differing = {
            name: (was, now_is)
            for name, (was, now_is) in pairs.items()
            if was.sales != now_is.sales and now_is.taken_back <= was.taken_back and day_in(seal.month, name) > oldest
        }
        gone = sum(max(0, was.count - now_is.count) for was, now_is in differing.values())
        lost = now.get(_WITHOUT_A_TIME, NO_SALES).count - before.get(_WITHOUT_A_TIME, NO_SALES).count
        if gone and lost >= gone:
            differing = {name: (was, now_is) for name, (was, now_is) in differing.items() if now_is.count >= was.count}
        return ChangedMonth(seal.month, differing) if differing else None

    def _seal_new_days(self, basis: str, sealed: Mapping[date, SealedMonth], reading: MonthReading) -> None:
        """What left the watch since, and what rounds before left of a month: only these days are read."""
        for month, seal in sealed.items():
            last = self._last_day_of(month)
            days = range(seal.through + 1, last + 1)
            if not days or reading.is_over:
                continue
            read = reading.of(month, days, _count_in(seal) // max(1, seal.through))
            if not self._agrees(read.slices, [month.replace(day=one) for one in read.days]):
                continue
            through = read.days[-1]
            # Those of the days before are as many as there were: what became of them since is to be told.
            without = Slice(*seal.slices.get(_WITHOUT_A_TIME, NO_SALES.written())).count
            without += self._without_a_time(self.model.calendar.day(month.replace(day=days[0])).start, month, through)
            written = {name: one.written() for name, one in _with_those(read.slices, without).items()}
            longer = replace(seal, through=through, slices={**seal.slices, **written}, versions="")
            self._keep(basis, self._with_versions(longer) if self._is_untouched(seal) else longer)

    def _seal_new_months(self, basis: str, months: Sequence[date], reading: MonthReading) -> None:
        """The newest first, the days of each from the first on."""
        for month in reversed(months):
            if reading.is_over:
                return
            read = reading.of(month, range(1, self._last_day_of(month) + 1))
            if not self._agrees(read.slices, [month.replace(day=one) for one in read.days]):
                continue
            through = read.days[-1]
            slices = _with_those(read.slices, self._without_a_time_in(month, through))
            self._keep(basis, self._seal(month, slices, through))

    def _seal(self, month: date, slices: Mapping[str, Slice], through: int) -> SealedMonth:
        written = {name: one.written() for name, one in slices.items()}
        return self._with_versions(SealedMonth(month, through, written, self.model.as_of, self.model.as_of))

    def _with_versions(self, seal: SealedMonth) -> SealedMonth:
        """Of so many sales that one statement is to read them, the versions of their rows too."""
        return replace(seal, versions=self._versions(seal)) if _count_in(seal) <= _MOST_SALES else seal

    def _versions(self, seal: SealedMonth) -> str:
        return versions_of(self.past, seal.month, seal.month.replace(day=seal.through))

    def _without_a_time_in(self, month: date, through: int) -> int:
        return self._without_a_time(self.model.calendar.day(month - _ENTERED_BEFORE).start, month, through)

    def _without_a_time(self, first: datetime, month: date, through: int) -> int:
        end = self.model.calendar.day(month.replace(day=through)).end
        return sales_without_a_time(self.past, Period(first, end))

    # -- the past --------------------------------------------------------------------------------------------

    @cached_property
    def _last(self) -> date:
        """The last day before the watch, as far as an export surely has it."""
        last = self.model.calendar.date_of(self.model.hypercare.start) - timedelta(days=1)
        return last if self._export is None else min(last, self._export.last_day)

    @cached_property
    def _first(self) -> datetime | None:
        """When the oldest sale before the watch became final; None where there is none."""
        records = self.model.records(ENTITY)
        instant = records.instant(FINAL)
        before = instant.within(Period(BEGINNING, self.model.hypercare.start))
        oldest = select(func.min(instant.raw)).select_from(records.source).where(before)
        return instant.timestamp_format.decode(self.model.database.value(oldest, about=f"oldest of {records.place}"))

    @cached_property
    def _months(self) -> Sequence[date]:
        """The first days of the months that lie before the watch, at least in part."""
        assert self._first is not None
        first = self.model.calendar.date_of(self._first).replace(day=1)
        count = (self._last.year - first.year) * 12 + self._last.month - first.month + 1
        return [
            date(first.year + (first.month - 1 + number) // 12, (first.month - 1 + number) % 12 + 1, 1)
            for number in range(count)
        ]

    def _last_day_of(self, month: date) -> int:
        """The last day of a month that lies before the watch."""
        if (month.year, month.month) == (self._last.year, self._last.month):
            return self._last.day
        return ((month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day

    def _basis(self) -> str:
        """What a seal is made by: where the sales lie, which of their columns, how those are kept, what is synthetic.

        Of what is synthetic the names alone: its ids change as it comes and goes.
        """
        records = self.past.records(ENTITY)
        business = self.model.target.config.business
        mapped = records.mapping.model_dump(mode="json")
        kinds = {field: str(records.types.get(field)) for field in stable_fields(records)}
        made_by = (
            mapped,
            kinds,
            business.timezone,
            self.model.target.config.canary.model_dump(mode="json", include=_NAMES_OF_CANARY),
            self.model.digits,
            self.model.mapping.time,
            self.model.mapping.money,
            *(["export"] if self._export is not None else []),
        )
        return hashlib.sha256(repr(made_by).encode()).hexdigest()[:32]
