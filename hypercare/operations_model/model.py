"""What all resources of the business stand on: the target's records in our words, its time, its money, its canary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal_column, or_, select

from hypercare.database.database import Database
from hypercare.operations_model.amounts import Amount, money_of
from hypercare.operations_model.exceptions import Exceptions
from hypercare.operations_model.instants import Instant, TimestampFormat
from hypercare.operations_model.keys import keys_to_compare_as_text
from hypercare.operations_model.records import Records, place_of
from hypercare.operations_model.representation import Representation
from hypercare.operations_model.schema_drift import fields_gone
from hypercare.operations_model.selection import selection
from hypercare.operations_model.synthetic import Synthetic
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.found import Found
from hypercare.outcome.intake import took_in
from hypercare.outcome.reach import branches_of
from hypercare.outcome.signals import CheckFailed, MonitorFault, NotCovered, Signal
from hypercare.plan.calendar import Period
from hypercare.target_file.mapping import EntityMapping, TimeForm
from hypercare.target_file.target import Target

# The most days that a daily check looks back over, and how many records make a window too large for it.
LONGEST_WATCH = timedelta(days=31)
LARGEST_WATCH = 250_000
CLOCKS_DIFFER_BY = timedelta(minutes=2)


class Model:
    """The operations model of one target."""

    def __init__(self, target: Target, database: Database) -> None:
        self.target = target
        self.database = database
        business = target.config.business
        self.mapping = target.config.mapping
        self.definitions = self.mapping.definitions
        self.calendar = business.calendar
        self.currency = business.currency
        self.digits = business.minor_units
        self.smallest_coin = int(business.smallest_coin.scaleb(self.digits))
        section = target.config.database
        zero_dates = section is not None and section.url.startswith(("mysql", "mariadb"))
        self._representation = Representation(
            self.mapping, business.timezone, self.digits, business.go_live, zero_dates
        )

    def records(self, entity: str, alias: str = "") -> Records:
        """The records of an entity. Raises NotCovered when it is not mapped, CheckFailed when its table is gone."""
        if entity not in self.definitions.fields:
            raise NotCovered(
                f"{entity.replace('_', ' ')} is not declared",
                remedy=f"Declare it as [entities.{entity}] in the target file, and map it as [mapping.{entity}].",
            )
        mapped = self.mapping.entity(entity)
        if mapped is None:
            raise NotCovered(
                f"{entity.replace('_', ' ')} is not mapped",
                remedy=f"Map it as [mapping.{entity}] in the target file.",
            )
        gone = self._gone(entity, mapped)
        types = self.database.known_whole.get(entity, {})
        return Records(entity, mapped, self._representation, alias, gone, types, self._keys_as_text)

    def _gone(self, entity: str, mapped: EntityMapping) -> Mapping[str, Signal]:
        """That all is there is known for good; that something is not is looked at again by each question."""
        if entity in self.database.known_whole:
            return {}
        gone = fields_gone(self.database, entity, mapped)
        if not gone:
            self.database.known_whole[entity] = self.database.types_of(selection(mapped))
        return gone

    @cached_property
    def _keys_as_text(self) -> frozenset[tuple[str, str]]:
        if self.database.dialect != "postgresql":
            return frozenset()
        for entity, mapped in self.mapping.mapped_entities().items():
            with suppress(CheckFailed, MonitorFault, NotCovered):
                self._gone(entity, mapped)
        return keys_to_compare_as_text(self.database.known_whole, self.definitions)

    def has(self, entity: str, *fields: str) -> bool:
        mapped = self.mapping.entity(entity)
        return mapped is not None and all(field in mapped.columns for field in fields)

    @cached_property
    def synthetic(self) -> Synthetic:
        return Synthetic(self)

    @cached_property
    def exceptions(self) -> Exceptions:
        return Exceptions(self)

    def excluding_canary(self, records: Records) -> Sequence[ColumnElement[bool]]:
        """Conditions that leave out what belongs to synthetic transactions."""
        return self.synthetic.excluding_canary(records)

    # -- time ------------------------------------------------------------------------------------------------

    @property
    def as_of(self) -> datetime:
        return self.target.as_of

    @property
    def latest_possible(self) -> datetime:
        """Nothing that has happened can be dated later, by the target's own clock and a little difference of clocks."""
        return max(self.target.now(), self.target.as_of) + CLOCKS_DIFFER_BY

    @property
    def hypercare(self) -> Period:
        """From go-live (at most 31 days back) until now; in a replay, until the instant that is replayed."""
        today = self.calendar.date_of(self.as_of)
        first = max(self.calendar.go_live, today - LONGEST_WATCH)
        return Period(self.calendar.at(min(first, today), time.min), self._end)

    @property
    def since_yesterday_evening(self) -> Period:
        """What a round at the end of the day sees for the first time, with a margin for what came in late."""
        yesterday = self.calendar.date_of(self.as_of) - timedelta(days=1)
        return Period(self.calendar.at(yesterday, time(16)), self._end)

    @property
    def _end(self) -> datetime:
        now = self.as_of if self.target.is_replay else self.latest_possible
        return now - self.mapping.settles_within

    def watched(self, instant: Instant, records: Records) -> Period:
        """The whole hypercare period where it is small enough to look at daily, or else its last days that are.

        How much there is of it is told from yesterday and today, which are looked at in any case.
        """
        starts, name = self.database.known_starts, f"{records.entity} by {instant.raw} at {self.as_of}"
        if name not in starts:
            starts[name] = self._start_of_watch(instant, records)
        return Period(starts[name], self._end)

    def _start_of_watch(self, instant: Instant, records: Records) -> datetime:
        whole, today = self.hypercare, self.calendar.date_of(self.as_of)
        yesterday = self.calendar.at(max(self.calendar.go_live, today - timedelta(days=1)), time.min)
        bounded = (
            select(literal_column("1").label("one"))
            .select_from(records.source)
            .where(instant.within(Period(max(whole.start, yesterday), whole.end)))
            .limit(LARGEST_WATCH + 1)
            .subquery("bounded")
        )
        counted = self.database.value(select(func.count()).select_from(bounded), about=f"size of {records.place}")
        days = 2 * LARGEST_WATCH // max(1, int(counted))
        first = self.calendar.at(max(self.calendar.go_live, today - timedelta(days=days)), time.min)
        return max(whole.start, min(first, self.since_yesterday_evening.start))

    def in_sight(self, instant: Instant, period: Period) -> ColumnElement[bool]:
        """Dated in the period; and what has no date or one in the future, which no period would ever show."""
        return or_(instant.within(period), instant.surely_since(self.latest_possible), instant.is_missing)

    def day_within(self, records: Records, field: str, first: date, last: date) -> ColumnElement[bool]:
        """Whether a column of days lies between two days, both included."""
        day = Instant(records[field], TimestampFormat(TimeForm.DATE, self.calendar.zone))
        return day.within(Period(self.calendar.day(first).start, self.calendar.day(last).end))

    # -- answers ---------------------------------------------------------------------------------------------

    def violations(self, query: ViolationQuery) -> Violations:
        return Violations(self, query)

    def is_empty(self, place: str) -> bool:
        """Whether no entity of these places holds a single record, of whatever time."""
        places = place.split(", ")
        # By names alone: a question about jobs is not to fail for a table of costs that is gone.
        entities = [name for name, mapped in self.mapping.mapped_entities().items() if place_of(name, mapped) in places]
        return bool(entities) and not any(self._holds_something(name) for name in entities)

    def _holds_something(self, entity: str) -> bool:
        """Once filled, a table is taken to be so for the session."""
        if entity not in self.database.known_filled:
            one: Select[Any] = (
                select(literal_column("1").label("one")).select_from(self.records(entity).source).limit(1)
            )
            if not self.database.rows(one, about=f"any {entity}"):
                return False
            self.database.known_filled.add(entity)
        return True

    def found(
        self, rows: Sequence[dict[str, object]], *, of: int | None, place: str, money: Decimal | None = None
    ) -> Found:
        if of is not None:
            took_in(place, "records", of)
        return Found(
            count=len(rows),
            of=of,
            money=money,
            sample=rows,
            currency=self.currency,
            where=place,
            branches=branches_of(rows),
        )

    def money(self, minor: object) -> Decimal:
        """Decimal money from a number of minor units."""
        return money_of(minor, self.digits)

    def count(self, records: Records, *where: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(records.source).where(*where)
        counted = int(self.database.value(statement, about=f"count of {records.place}"))
        took_in(records.place, "rows", counted)
        return counted

    # -- what a sample shows ---------------------------------------------------------------------------------

    def shown(self, records: Records, field: str) -> Shown:
        """A field as it stands."""
        return Shown(records[field])

    def shown_name(self, records: Records) -> Shown:
        """What people call the record: its number where it has one."""
        if not records.has("number"):
            return Shown(records["id"])
        return Shown(func.coalesce(cast(records["number"], String(60)), cast(records["id"], String(60))))

    def shown_money(self, amount: Amount) -> Shown:
        if not amount.may_be_no_number:
            return self.shown_minor(amount.minor)
        text = case((amount.is_missing, cast(amount.raw, String(20))), else_=cast(amount.minor, String(60)))
        return Shown(text, lambda value: "NaN" if value == "NaN" else self._in_money(value))

    def shown_minor(self, minor: ColumnElement[Any]) -> Shown:
        return Shown(minor, self._in_money)

    def _in_money(self, minor: object) -> str:
        return f"{self.money(minor):.{self.digits}f}"

    def shown_time(self, instant: Instant) -> Shown:
        return Shown(instant.raw, lambda value: self._local(instant, value))

    def shown_branch(self, column: ColumnElement[Any]) -> Shown:
        return Shown(column, self.branch_word)

    def _local(self, instant: Instant, value: object) -> str:
        decoded = instant.timestamp_format.decode(value)
        if decoded is None:
            return "" if value is None else str(value)
        return decoded.astimezone(self.calendar.zone).strftime("%Y-%m-%d %H:%M")

    def branch_word(self, branch: object) -> str:
        """What people call a branch: its code or name, else its id; "none" for no branch."""
        return "none" if branch is None else self.branch_words.get(branch, f"unknown ({branch})")

    @cached_property
    def branch_words(self) -> dict[object, str]:
        """What people call the branches, by their ids; empty when branches are not mapped."""
        if not self.has("branch", "id"):
            return {}
        branches = self.records("branch")
        word = next((field for field in ("code", "name") if branches.has(field)), "id")
        rows = self.database.rows(select(branches["id"].label("id"), branches[word].label("word")).limit(2000))
        return {row["id"]: str(row["word"]) for row in rows}
