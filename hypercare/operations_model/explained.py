"""What explains amounts that do not agree: another column of the same records, or the way of the house with some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnClause, ColumnElement, and_, column, literal_column, not_, select, table

from hypercare.operations_model.protocol import AskedModel
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.doubt import Excuse
from hypercare.outcome.found import Doubt, Found
from hypercare.target_file.mapping import MoneyForm

# So many of those that are apart are compared.
_MOST = 200
# So many have to be apart by one column's value in each; or any, by an amount that is not alike by chance.
_LEAST = 3
_TELLING_DIGITS = 3
_ROUNDED = Decimal("1.01")
_UP_TO = Decimal(10) ** 15


def unless_explained(violations: Violations, records: Records, difference: ColumnElement[Any]) -> Violations:
    """The same, but in doubt where one column that is not mapped says by how much each of these records is apart.

    `difference` is by how much, in minor units. A few that no column explains are told alone.
    """
    return _Explained(violations.model, violations.query, records, difference)


def unless_left_by_habit(violations: Violations, left: ColumnElement[bool]) -> Violations:
    """The same, but where those that are `left` (a sale on account, of which nothing is paid) are the way of the house
    from its first days on, or too few days are known, they are in doubt by themselves, and the others are told alone.
    """
    return _LeftByHabit(violations.model, violations.query, left)


class _LeftByHabit(Violations):
    def __init__(self, model: AskedModel, query: ViolationQuery, left: ColumnElement[bool]) -> None:
        super().__init__(model, query)
        self._left = left

    @cached_property
    def found(self) -> Found:
        found, query = super().found, self.query
        if not found.count or found.doubt is not None:
            return found
        wrong = and_(query.wrong, self._left)
        left = self._asked(replace(query, wrong=wrong, habit=True, excuse=Excuse(1)))
        if left.doubt is None:
            return found
        others = self._asked(replace(query, wrong=and_(query.wrong, not_(self._left)), days=None))
        return others if others.count else left


class _Explained(Violations):
    def __init__(
        self, model: AskedModel, query: ViolationQuery, records: Records, difference: ColumnElement[Any]
    ) -> None:
        super().__init__(model, query)
        self._records = records
        self._difference = difference

    @cached_property
    def found(self) -> Found:
        found = super().found
        mapping = self._records.mapping
        if not found.count or found.doubt is not None or mapping.table is None or self._key is None:
            return found
        differences = self._differences_by_key()
        name, explained = self._best(self._whole_rows(mapping.table, list(differences)), differences)
        if len(explained) < _LEAST and not (explained and all(_is_telling(differences[key]) for key in explained)):
            return found
        if len(explained) == found.count or len(differences) == _MOST == len(explained):
            apart_by = f"{len(explained):,} of {found.count:,} are apart by what {mapping.table} says in {name}"
            words = f"{apart_by}: map it as [mapping.{self._records.entity}] discount or surcharge."
            return replace(found, doubt=Doubt(words, told_by_records=True))
        rest = self._records["id"].not_in(explained)
        return self._asked(replace(self.query, wrong=and_(self.query.wrong, rest), days=None))

    @property
    def _key(self) -> str | None:
        spec = self._records.mapping.columns.get("id")
        return None if spec is None else spec.column

    def _differences_by_key(self) -> Mapping[Any, Decimal]:
        """By key, in minor units; the key is as the database has it."""
        query = self.query
        statement = (
            select(self._records["id"].label("id"), self._difference.label("difference"))
            .select_from(query.source)
            .where(*query.among, query.wrong)
            .limit(_MOST)
        )
        rows = self.model.database.rows(statement, about=f"{query.place}, by how much")
        return {row["id"]: Decimal(str(row["difference"])) for row in rows}

    def _whole_rows(self, name: str, keys: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
        schema, _, name = name.rpartition(".")
        key: ColumnClause[Any] = column(self._key or "")
        rows = table(name, key, schema=schema or None)
        statement = select(literal_column("*"), key.label("hypercare_key")).select_from(rows).where(key.in_(keys))
        return self.model.database.rows(statement, about=f"{name}, other amounts")

    def _best(self, rows: Sequence[Mapping[str, Any]], differences: Mapping[Any, Decimal]) -> tuple[str, Sequence[Any]]:
        """The column that says of most records by how much they are apart, and the keys of those."""
        mapped = {spec.column for spec in self._records.mapping.columns.values()}
        keys: dict[str, list[Any]] = {}
        for row in rows:
            gap = abs(differences[row["hypercare_key"]])
            for name, value in _amounts(row):
                if name not in mapped and gap and abs(abs(value) * self._per_unit - gap) < _ROUNDED:
                    keys.setdefault(name, []).append(row["hypercare_key"])
        if not keys:
            return "", ()
        ((best, _),) = Counter({name: len(found) for name, found in keys.items()}).most_common(1)
        return best, keys[best]

    @property
    def _per_unit(self) -> Decimal:
        """How many minor units a column's unit is."""
        form = self._records.amount("total").form
        return Decimal(1) if form is MoneyForm.CENTS else Decimal(10) ** self._records.amount("total").digits


def _is_telling(amount: Decimal) -> bool:
    """Whether it has digits enough that another column hardly holds the same by chance."""
    return len(str(abs(int(amount))).rstrip("0")) >= _TELLING_DIGITS


def _amounts(row: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    for name, value in row.items():
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            try:
                amount = Decimal(str(value))
            except InvalidOperation:
                continue
            if amount.is_finite() and amount and abs(amount) < _UP_TO:
                yield name, amount
