"""Records of any entity of the target file, as a check of one's own asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, not_, or_, select, true

from hypercare.database.schemas import TableName
from hypercare.database.table_facts import key_range, table_facts
from hypercare.operations_model.amounts import Amount
from hypercare.operations_model.instants import Instant, TimestampFormat
from hypercare.operations_model.model import LARGEST_WATCH, Model
from hypercare.operations_model.portable import counted_by
from hypercare.operations_model.records import Records
from hypercare.operations_model.references import is_there, names_something
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import Shown, ViolationQuery, Violations
from hypercare.outcome.redaction import masked
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.target_file.entities import Kind
from hypercare.target_file.mapping import TimeForm

_MOST_SHOWN = 8
Condition = ColumnElement[bool]


class OwnRecords(Resource):
    """`records("invoice")`: what the target file declares as [entities.invoice] and maps as [mapping.invoice].

    The built-in entities are asked for in the same way, with the fields that the target file adds to them.
    """

    def __call__(self, entity: str) -> RecordSet:
        """All records of the entity but the canary's.

        Raises NotCovered when it is not declared or not mapped, CheckFailed when its table is gone.
        """
        return RecordSet(self.model, self.model.records(entity))


class RecordSet:
    """Records of one entity, without those of synthetic transactions; each question is one statement or two over them.

    A field that is not mapped makes the check that asks for it *not covered*, one that is gone from the database is the
    finding that says so.
    """

    def __init__(self, model: Model, records: Records, among: Sequence[Condition] = ()) -> None:
        self.model = model
        self.records = records
        self._among = tuple(among)

    # -- fields, for conditions ------------------------------------------------------------------------------

    def has(self, *fields: str) -> bool:
        """Whether all these fields are mapped."""
        return self.records.has(*fields)

    def __getitem__(self, field: str) -> ColumnElement[Any]:
        """The field as it stands, for numbers and texts: `invoices["reminders"] > 3`."""
        return self.records[field]

    def instant(self, field: str) -> Instant:
        """An instant or a day, with `within`, `since`, `before`, `precedes`, `is_missing` ..., however it is kept."""
        self._require(field, Kind.INSTANT, Kind.DAY)
        if self.records.kinds[field] is Kind.DAY:
            return Instant(self.records[field], TimestampFormat(TimeForm.DATE, self.model.calendar.zone))
        return self.records.instant(field)

    def amount(self, field: str) -> Amount:
        """Money: `.exact` and `.minor` are in minor units, however it is kept."""
        self._require(field, Kind.MONEY)
        return self.records.amount(field)

    def minor(self, money: Decimal | int) -> int:
        """An amount of the check's own in the minor units that `amount` is in: `invoices.minor(Decimal("0.50"))`."""
        return int(Decimal(money).scaleb(self.model.digits))

    def flag(self, field: str) -> Condition:
        """Whether the flag is set; a missing one is not."""
        return self.records.flag(field)

    def is_(self, field: str, *words: str) -> Condition:
        """Whether the field says one of these words, which are ours where `values` are mapped."""
        return self.records.is_(field, *words)

    def is_not(self, field: str, *words: str) -> Condition:
        """Whether the field says anything else, or nothing."""
        return self.records.is_not(field, *words)

    def has_unknown_value(self, field: str) -> Condition:
        """Whether a state says what stands for none of its words."""
        self.records.need(field)
        if not self.model.definitions.words.get((self.records.entity, field)):
            raise ValueError(f"{self._named(field)} has no words of its own, so none is unknown; declare its words")
        return self.records.has_unknown_value(field)

    def is_missing(self, field: str) -> Condition:
        """Whether nothing stands there: no value, an empty text, a time that is none."""
        kind = self.records.kinds.get(field)
        if kind in (Kind.INSTANT, Kind.DAY):
            return self.instant(field).is_missing
        if kind is Kind.MONEY:
            return self.records.amount(field).is_missing
        if kind in (Kind.TEXT, Kind.STATE):
            return or_(self.records[field].is_(None), func.trim(cast(self.records[field], String(200))) == "")
        return self.records[field].is_(None)

    # -- which records ---------------------------------------------------------------------------------------

    def among(self, *conditions: Condition) -> RecordSet:
        """Of these records those that all of the conditions hold for."""
        return RecordSet(self.model, self.records, (*self._among, *conditions))

    def within(self, field: str, period: Period) -> RecordSet:
        """Those dated in the period: `today`, `since_last_round`, `unreviewed`, or any other."""
        return self.among(self.instant(field).within(period))

    def of_day(self, field: str, day: date) -> RecordSet:
        """Those dated on the business day."""
        return self.within(field, self.model.calendar.day(day))

    def watched(self, field: str) -> RecordSet:
        """Those dated since go-live, at most 31 days back; since yesterday evening where these are very many."""
        return self.within(field, self.model.watched(self.instant(field), self.records))

    # -- answers ---------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        return self.model.count(self.records, *self._chosen)

    def total(self, field: str) -> Decimal:
        """The sum of a field of money."""
        statement = select(self.amount(field).total).select_from(self.records.source).where(*self._chosen)
        return self.model.money(self.model.database.value(statement, about=f"sum of {self._named(field)}"))

    def by_branch(self) -> Mapping[str, int]:
        """How many there are, by what people call the branch."""
        branch = select(self.records["branch"].label("branch")).where(*self._chosen)
        rows = self.model.database.rows(counted_by(branch), about="records by branch")
        return {self.model.branch_word(row["branch"]): int(row["many"]) for row in rows}

    def where(
        self,
        *wrong: Condition,
        stake: str = "",
        worth: str = "",
        dated: str = "",
        habit: bool = False,
        usual: str = "",
        show: Sequence[str] = (),
        if_none: str = "",
    ) -> Violations:
        """Those that all conditions hold for, as violations, for `expect_none`; they are counted of all these records.

        `stake` is the field of the money at stake, `worth` that of what a record comes to: beside it a stake may be
        minor. By `dated` the rule doubts itself where much of the time before today breaks it; a `habit` does so
        sooner. Without it, `usual` says of all what they are if so many break the rule that it is none. `show` are the
        fields of the sample. `if_none` is why nothing could be judged where there is no record to look at.
        """
        query = ViolationQuery(
            source=self.records.source,
            among=self._chosen,
            wrong=and_(true(), *wrong),
            stake=self.amount(stake).minor if stake else None,
            worth=self.amount(worth).minor if worth else None,
            dated=self.instant(dated) if dated else None,
            habit=habit,
            usual=usual,
            show=self._shown(show),
            place=self.records.place,
            if_none=if_none,
        )
        return self.model.violations(query)

    def dangling(self, field: str, *, stake: str = "") -> Violations:
        """Those that name a record of another entity which is not there; what its mapping leaves out is there.

        Of all records of a large table, the newest are looked at; what is agreed on in [mapping.agreed] is read whole,
        a part a day.
        """
        entity = self.records.entity
        self.records.need(field)
        owner = self.model.definitions.refers_to(entity, field)
        if not owner or (owner == entity and field == "id"):
            raise ValueError(f"{self._named(field)} refers to nothing; declare it as a reference")
        mapped = self.model.mapping.entity(owner)
        if mapped is None or not self.model.has(owner, "id"):
            raise NotCovered(f"{owner}.id is not mapped", remedy=f"Map id in [mapping.{owner}] columns.")
        missing = not_(is_there(self.model, self.records, field, mapped))
        pointing = self.among(names_something(self.records, field), *self._newest_of_many())
        return pointing.where(missing, stake=stake, show=(field, *([stake] if stake else [])))

    # -- how they are put together ---------------------------------------------------------------------------

    def _newest_of_many(self) -> Sequence[Condition]:
        """Where all of a large table were asked for, those of the highest keys; nothing where keys tell no age."""
        mapped = self.records.mapping
        if self._among or mapped.table is None or not self.has("id"):
            return ()
        schema, _, name = mapped.table.rpartition(".")
        table = TableName(schema or None, name)
        with self.model.database.snapshot() as connection, self.model.database.translating():
            facts = table_facts(connection, table)
            if facts is None or facts.rows <= LARGEST_WATCH:
                return ()
            if facts.key is None or facts.key != mapped.columns["id"].column:
                return ()
            ends = key_range(connection, table, facts.key)
        return () if ends is None else (self.records.source.c["id"] > ends[1] - LARGEST_WATCH,)

    @property
    def _chosen(self) -> Sequence[Condition]:
        return [*self._among, *self.model.excluding_canary(self.records)]

    def _shown(self, fields: Sequence[str]) -> Mapping[str, Shown]:
        """What people call the record and its branch, and the fields; the first of all where none are named."""
        records = self.records
        show: dict[str, Shown] = {}
        if records.has("number") or records.has("id"):
            show[records.entity.replace("_", " ")] = self._masked("number", self._name())
        if records.has("branch"):
            show["branch"] = self.model.shown_branch(records["branch"])
        there = [field for field in records.kinds if records.has(field) and field not in records.gone]
        chosen = fields or [field for field in there if field not in {"id", "number", "branch"}][:_MOST_SHOWN]
        return show | {field: self._masked(field, self._readable(field)) for field in chosen if field != "branch"}

    def _name(self) -> Shown:
        return self.model.shown_name(self.records) if self.records.has("id") else Shown(self.records["number"])

    def _readable(self, field: str) -> Shown:
        kind = self.records.kinds.get(field)
        if kind is Kind.MONEY:
            return self.model.shown_money(self.records.amount(field))
        if kind is Kind.INSTANT:
            return self.model.shown_time(self.records.instant(field))
        if self.model.definitions.refers_to(self.records.entity, field) == "branch":
            return self.model.shown_branch(self.records[field])
        return self.model.shown(self.records, field)

    def _masked(self, field: str, shown: Shown) -> Shown:
        """Personal data leaves masked, unless the target file allows it in reports."""
        if not self.model.target.config.reports.mask_personal_data or not self._is_personal(field):
            return shown
        return Shown(shown.expression, lambda value: None if value is None else masked(str(shown.readable(value))))

    def _is_personal(self, field: str) -> bool:
        records, mapping = self.records, self.model.mapping
        column = records.mapping.columns[field].column if records.has(field) else None
        return (records.entity, field) in mapping.definitions.personal or (
            column is not None and f"{records.mapping.table}.{column}" in mapping.personal
        )

    def _require(self, field: str, *kinds: Kind) -> None:
        self.records.need(field)
        kind = self.records.kinds[field]
        if kind not in kinds:
            raise ValueError(f"{self._named(field)} is of the type {kind.value}, not {' or '.join(kinds)}")

    def _named(self, field: str) -> str:
        return f"{self.records.entity}.{field}"
