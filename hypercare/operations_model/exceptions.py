"""Which records of a question somebody agreed to let be, for the items of the check that puts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, Join, String, and_, cast, or_, select
from sqlalchemy.sql.selectable import NamedFromClause

from hypercare.operations_model.protocol import AskedModel
from hypercare.outcome.exceptions import looked_for
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.exceptions import MOST_RECORDS, AgreedException

# By which of its fields people name a record, the first that is mapped.
_NAMES = ("number", "username", "id")
_OneRow = TypeVar("_OneRow", bound=Mapping[str, Any])


@dataclass(frozen=True)
class Exceptions:
    """Those that hold on the day that is judged and are agreed for the items that are looked for."""

    model: AskedModel

    @property
    def in_force(self) -> Sequence[AgreedException]:
        asked = looked_for()
        agreed = self.model.target.config.exceptions
        if asked is None or not agreed:
            return ()
        today = self.model.calendar.date_of(self.model.target.as_of)
        return [one for one in agreed if one.holds_on(today) and not set(one.items).isdisjoint(asked.items)]

    def among(self, source: FromClause) -> Mapping[AgreedException, ColumnElement[bool]]:
        """By exception, which rows of a question belong to its records; none where the question knows no such."""
        found: dict[AgreedException, ColumnElement[bool]] = {}
        for one in self.in_force:
            ids = self._ids(one)
            belongs = [self._is_one_of(leaf, field, ids) for leaf, field in self._places(source, one)] if ids else []
            if belongs:
                found[one] = or_(*belongs)
        return found

    def without(
        self, rows: Sequence[_OneRow], entity: str, column: str, place: str, *, by_id: bool = False
    ) -> list[_OneRow]:
        """Those of the wrong rows whose `column`, the name of a record of the entity, is not excepted, nor is its id
        where the rows hold it `by_id`. One without the column is of no such record."""
        left = list(rows)
        for one in self.in_force:
            if one.entity != entity:
                continue
            names = {*map(str, self._ids(one))} if by_id else {*one.records}
            not_excepted = [row for row in left if str(row.get(column)) not in names]
            self.passed_over(one, place, len(left) - len(not_excepted))
            left = not_excepted
        return left

    def passed_over(self, one: AgreedException, place: str, records: int) -> None:
        asked = looked_for()
        if asked is not None:
            asked.add(one, place, records)

    def _places(self, source: FromClause, one: AgreedException) -> Iterator[tuple[NamedFromClause, str]]:
        """The columns of a question that hold the key of the entity: its own, and those that refer to it."""
        definitions = self.model.target.config.mapping.definitions
        for leaf in _leaves(source):
            for field in definitions.fields.get(str(leaf.name), {}):
                if field in leaf.c and definitions.refers_to(str(leaf.name), field) == one.entity:
                    yield leaf, field

    def _is_one_of(self, leaf: NamedFromClause, field: str, ids: Sequence[Any]) -> ColumnElement[bool]:
        """Never unknown, lest what names nothing be passed over with the rest."""
        column: ColumnElement[Any] = leaf.c[field]
        if self.model.records(str(leaf.name)).compares_as_text(field):
            return and_(column.is_not(None), cast(column, String()).in_([str(one) for one in ids]))
        return and_(column.is_not(None), column.in_(ids))

    def _ids(self, one: AgreedException) -> Sequence[Any]:
        """The ids of its records, as the database keeps them."""
        try:
            records = self.model.records(one.entity)
            name = next(field for field in _NAMES if records.has(field))
            named = or_(*(records.holds(name, word) for word in one.records))
            statement = select(records["id"].label("id")).where(named).limit(MOST_RECORDS)
            return [row["id"] for row in self.model.database.rows(statement, about=f"records of {one.name}")]
        except (NotCovered, StopIteration):
            return ()


def _leaves(source: FromClause) -> Iterator[NamedFromClause]:
    if isinstance(source, Join):
        yield from _leaves(source.left)
        yield from _leaves(source.right)
    elif isinstance(source, NamedFromClause):
        yield source
