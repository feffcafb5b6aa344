"""How a target's tables are the business's entities: the [mapping] part of a target file.

    [mapping]
    time = "utc"                 # how the target keeps instants, unless a column says otherwise
    money = "decimal"

    [mapping.sale]
    table = "sales"
    where = "deleted_at IS NULL"
    columns = { id = "id", total = "amount_total", state = "status", created_at = { column = "ts", time = "seconds" } }
    values.state = { draft = ["draft", "quotation"], final = ["confirmed", "done"], void = ["cancelled"] }

Whatever is left out makes exactly the checks that need it *not covered*.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import time, timedelta
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from hypercare.target_file.duration import parsed_duration
from hypercare.target_file.entities import ENTITIES, Kind
from hypercare.target_file.entity_definitions import BUILT_IN, EntityDefinitions, definitions_in, require_known_keys

_NAME = re.compile(r"[^\W\d][\w$]*\Z")


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TimeForm(StrEnum):
    """How an instant is kept. The iso- forms are text with a "T" between date and time; "date" is a day alone."""

    UTC = "utc"
    LOCAL = "local"
    ISO_UTC = "iso-utc"
    ISO_LOCAL = "iso-local"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    DATE = "date"


class MoneyForm(StrEnum):
    """How an amount is kept. "cents" are integers of the currency's smallest unit."""

    DECIMAL = "decimal"
    FLOAT = "float"
    CENTS = "cents"


class ColumnMapping(Section):
    """One field: a `column` of the table or any `sql` expression over it; form and zone where they differ."""

    column: str | None = None
    sql: str | None = None
    time: TimeForm | None = None
    zone: str | None = None
    money: MoneyForm | None = None

    @model_validator(mode="after")
    def _one_source(self) -> ColumnMapping:
        if (self.column is None) == (self.sql is None):
            raise ValueError("a field is given as a column or as sql")
        _require_zone(self.zone)
        return self


def _read_column(value: object) -> object:
    """A bare name is a column; any other text is an SQL expression."""
    if isinstance(value, str):
        return {"column": value} if _NAME.match(value) else {"sql": value}
    return value


def _read_columns(value: object) -> object:
    """A list of names says that the target's columns are called as the fields are."""
    return {name: name for name in value} if isinstance(value, list) else value


def _read_values(value: object) -> object:
    """`final = "done"` is short for `final = ["done"]`."""
    if not isinstance(value, dict):
        return value
    return {
        field: {ours: theirs if isinstance(theirs, list | tuple) else [theirs] for ours, theirs in words.items()}
        if isinstance(words, dict)
        else words
        for field, words in value.items()
    }


Column = Annotated[ColumnMapping, BeforeValidator(_read_column)]
TheirValue = bool | int | float | str


class BranchLinks(Section):
    """Where records belong to several branches: the `table` or `select` that ties them, its column of the `record`'s
    id and its column of the `branch`'s. The lowest of a record's branches is then its own, in which it is counted.

    `where` is an SQL condition on what ties them: it leaves out a branch that holds everything, such as a default
    channel that each record has beside its own.
    """

    table: str | None = None
    select: str | None = None
    record: str
    branch: str
    where: str | None = None

    @model_validator(mode="after")
    def _has_one_source(self) -> BranchLinks:
        if (self.table is None) == (self.select is None):
            raise ValueError("what ties records to branches is either a table or a select")
        return self

    @property
    def written(self) -> str:
        """The ties as a question; empty where they are a whole table."""
        select = (self.select or "").strip().rstrip(";")
        if self.where is None:
            return select
        return f"SELECT * FROM {f'({select}) tied' if select else self.table} WHERE {self.where}"


class EntityMapping(Section):
    """Where one entity is: a `table` ("name" or "schema.name") or a `select`, and which column is which field.

    `values` gives, for a field that speaks in words, the target's values for each of ours ("yes" and "no" for a
    flag). `where` is an SQL condition that leaves out what is deleted but still there. `branches` is for records that
    belong to several.
    """

    table: str | None = None
    select: str | None = None
    columns: Annotated[dict[str, Column], BeforeValidator(_read_columns)]
    values: Annotated[dict[str, dict[str, tuple[TheirValue, ...]]], BeforeValidator(_read_values)] = Field(
        default_factory=dict
    )
    where: str | None = None
    branches: BranchLinks | None = None
    time: TimeForm | None = None
    zone: str | None = None
    money: MoneyForm | None = None

    @model_validator(mode="after")
    def _one_source(self) -> EntityMapping:
        if (self.table is None) == (self.select is None):
            raise ValueError("an entity is given as a table or as a select")
        _require_zone(self.zone)
        if self.branches is not None and "branch" not in self.columns:
            self.columns["branch"] = ColumnMapping(sql=self._lowest_branch(self.branches))
        return self

    def _lowest_branch(self, links: BranchLinks) -> str:
        own = self.columns.get("id")
        if own is None or own.column is None:
            raise ValueError("branches need the record's id: name its column in columns.id")
        source = "source" if self.select is not None else self.table
        ties = f"({links.written})" if links.written else links.table
        # Not by MIN, which PostgreSQL does not know of UUIDs.
        return (
            f"SELECT DISTINCT of_record.{links.branch} FROM {ties} of_record "
            f"WHERE of_record.{links.record} = {source}.{own.column} AND NOT EXISTS (SELECT 1 FROM {ties} another "
            f"WHERE another.{links.record} = of_record.{links.record} "
            f"AND another.{links.branch} < of_record.{links.branch})"
        )


class AgreedReference(Section):
    """A reference that everybody relies on but the schema does not declare. Both are "table.column", or
    "schema.table.column"; the columns of a key that is made of several are joined by "+" ("bill.shop+number").

    `where` is an SQL condition on the child's row that must hold for the reference to be meant. `prefix` is what
    stands before the key where the child keeps both as text ("sale.line,12"); other texts are not meant.
    """

    child: str
    parent: str
    where: str | None = None
    prefix: str | None = None

    @field_validator("child", "parent")
    @classmethod
    def _names_a_column(cls, value: str) -> str:
        if "." not in value:
            raise ValueError(f'{value!r} names no column; write "table.column"')
        return value

    @model_validator(mode="after")
    def _have_as_many_columns(self) -> AgreedReference:
        if self.child.count("+") != self.parent.count("+"):
            raise ValueError(f"{self.child!r} and {self.parent!r} are not made of as many columns")
        if self.prefix is not None and "+" in self.child:
            raise ValueError("a prefix stands before a key of one column")
        return self


class AgreedRule(Section):
    """What every row of `table` must hold: an SQL condition, and its `name` in words a manager understands."""

    table: str
    name: str
    holds: str


class Agreed(Section):
    """What people rely on although the schema does not declare it.

    `given_up` are rules that the schema declared once and that a release dropped on purpose, in the words in which the
    finding names them. `holds` are checks ("totals_are_the_sum_of_the_lines") whose rule must hold here even where much
    of the history breaks it.
    """

    references: tuple[AgreedReference, ...] = ()
    rules: tuple[AgreedRule, ...] = ()
    given_up: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


class ExpectedJob(Section):
    """A background job of this kind must be done each day by this local time."""

    kind: str
    by: time


class MappingConfig(Section):
    """The whole mapping. Each entity and each of its columns is optional.

    `zone` is that of naive local times (the business's own when left out). `settles_within` is how long the
    target may take until all parts of a sale are written. `shared_by_design` names entities that all branches
    share; `personal` names columns ("table.column") that hold personal data. Entities of one's own, which [entities]
    declares, are mapped under their names as well.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, EntityMapping] = Field(init=False)

    time: TimeForm = TimeForm.UTC
    zone: str | None = None
    money: MoneyForm = MoneyForm.DECIMAL
    settles_within: Annotated[timedelta, BeforeValidator(parsed_duration)] = timedelta(0)

    sale: EntityMapping | None = None
    sale_line: EntityMapping | None = None
    payment: EntityMapping | None = None
    ledger_entry: EntityMapping | None = None
    manual_record: EntityMapping | None = None
    customer: EntityMapping | None = None
    product: EntityMapping | None = None
    branch: EntityMapping | None = None
    user: EntityMapping | None = None
    membership: EntityMapping | None = None
    role_membership: EntityMapping | None = None
    shift: EntityMapping | None = None
    production_order: EntityMapping | None = None
    step: EntityMapping | None = None
    cost: EntityMapping | None = None
    activity: EntityMapping | None = None
    login_attempt: EntityMapping | None = None
    session: EntityMapping | None = None
    issue: EntityMapping | None = None
    logged_error: EntityMapping | None = None
    job: EntityMapping | None = None

    agreed: Agreed = Agreed()
    expected_jobs: tuple[ExpectedJob, ...] = ()
    shared_by_design: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()

    _definitions: EntityDefinitions = PrivateAttr(default=BUILT_IN)

    @classmethod
    def speaking(cls, definitions: EntityDefinitions, value: Any) -> MappingConfig:
        """A mapping of these entities, from what stands in the file."""
        mapping = value.model_copy() if isinstance(value, cls) else cls.model_validate(value, context=definitions)
        mapping._definitions = definitions
        return mapping

    @property
    def definitions(self) -> EntityDefinitions:
        """Which entities there are that can be mapped."""
        return self._definitions

    @model_validator(mode="before")
    @classmethod
    def _names_what_there_is(cls, data: Any, info: ValidationInfo) -> Any:
        require_known_keys(data, cls.model_fields, definitions_in(info))
        return data

    @model_validator(mode="before")
    @classmethod
    def _people_belong_where_membership_says(cls, data: Any) -> Any:
        """A person without a branch of their own has those of [mapping.membership]."""
        if not isinstance(data, dict):
            return data
        user, membership = data.get("user"), data.get("membership")
        if not isinstance(user, dict) or not isinstance(membership, dict) or "branches" in user:
            return data
        ours, theirs = user.get("columns"), membership.get("columns")
        if not isinstance(ours, dict) or "branch" in ours or "id" not in ours or not isinstance(theirs, dict):
            return data
        links = {**_tied_by(membership), "record": theirs.get("user"), "branch": theirs.get("branch")}
        if len(links) == 2 or not all(isinstance(one, str) for one in links.values()):
            return data
        return {**data, "user": {**user, "branches": links}}

    @model_validator(mode="after")
    def _speaks_our_words(self, info: ValidationInfo) -> MappingConfig:
        _require_zone(self.zone)
        definitions = definitions_in(info)
        for name, fields in definitions.fields.items():
            mapped = self.entity(name)
            if mapped is None:
                continue
            if mapped.branches is not None and "branch" not in fields:
                raise ValueError(f'{name}.branches needs a branch: add branch = "branch" to [entities.{name}] fields')
            _require_known(mapped.columns, list(fields), f"{name}.columns")
            _require_known(mapped.values, _wordy(fields), f"{name}.values")
            for field, words in mapped.values.items():
                if (name, field) in definitions.words:
                    _require_known(words, list(definitions.words[name, field]), f"{name}.values.{field}")
        _require_known(dict.fromkeys(self.shared_by_design), list(definitions.fields), "shared_by_design")
        return self

    def entity(self, name: str) -> EntityMapping | None:
        """The mapping of an entity, be it a built-in one; None when it is not mapped."""
        if name not in ENTITIES:
            return self.__pydantic_extra__.get(name)
        mapped: EntityMapping | None = getattr(self, name)
        return mapped

    def mapped_entities(self) -> dict[str, EntityMapping]:
        """Every entity that is mapped, in the order of the operations model."""
        mapped = ((name, self.entity(name)) for name in self.definitions.fields)
        return {name: one for name, one in mapped if one is not None}


def _wordy(fields: Mapping[str, Kind]) -> list[str]:
    return [field for field, kind in fields.items() if kind in {Kind.STATE, Kind.TEXT, Kind.FLAG}]


def _require_known(table: dict[str, Any], known_names: list[str], place: str) -> None:
    for name in table:
        if name not in known_names:
            nearest = difflib.get_close_matches(name, known_names, n=1)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"known are {', '.join(sorted(known_names))}"
            raise ValueError(f"{place} has no {name!r}; {hint}")


def _require_zone(name: str | None) -> None:
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"there is no time zone {name!r}") from None


def _tied_by(membership: Mapping[str, Any]) -> dict[str, Any]:
    """The table or the select of an entity as it stands in the file, without what its `where` leaves out."""
    source = {name: membership[name] for name in ("table", "select") if name in membership}
    if "where" not in membership or len(source) != 1:
        return source
    written = source.get("table") or f"({str(source['select']).strip().rstrip(';')}) chosen"
    return {"select": f"SELECT * FROM {written} WHERE {membership['where']}"}
