"""What explains amounts that do not agree: another column of the same records, or the way of the house with some."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, column, literal_column, not_, select, table

from hypercare.operations_model.protocol import AskedModel
from hypercare.operations_model.records import Records
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.operations_model.weighing import JudgedDays
from hypercare.outcome.doubt import Excuse
from hypercare.outcome.found import Doubt, Found
from hypercare.outcome.signals import Signal
from hypercare.target_file.mapping import MoneyForm

# So many of those that are apart are compared.
_MOST = 200
# So many have to be apart by one column's value in each; or any, by an amount that is not alike by chance.
_LEAST = 3
_TELLING_DIGITS = 3
_ROUNDED = Decimal("1.01")
_UP_TO = Decimal(10) ** 15
# No column of theirs is called so.
_KEY, _GAP = "hypercare_key", "hypercare_gap"
_LOG = logging.getLogger(__name__)


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


@dataclass(frozen=True)
class _Again:
    """Days of which part of what was judged is asked once more: nothing is sealed by a part."""

    days: JudgedDays

    @property
    def seals(self) -> bool:
        return self.days.seals

    @property
    def remembered(self) -> Mapping[str, int]:
        return self.days.remembered

    @property
    def sealed(self) -> Mapping[date, Mapping[str, Any]]:
        return self.days.sealed

    def judged(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """They have been judged."""


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
        days = None if query.days is None else _Again(query.days)
        left = self._asked(replace(query, wrong=wrong, habit=True, excuse=Excuse(1), days=days))
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
        try:
            rows = self._whole_rows(mapping.table, self._key)
        except Signal as signal:
            # What is wrong is wrong, whether or not anything explains it.
            _LOG.info("nothing tells what %s are apart by: %s", self.query.place, signal)
            return found
        differences = {row[_KEY]: gap for row in rows if (gap := _decimal(row[_GAP])) is not None}
        name, explained = self._best(rows, differences)
        if len(explained) < _LEAST and not (explained and all(_is_telling(differences[key]) for key in explained)):
            return found
        if len(explained) == found.count or len(rows) == _MOST == len(explained):
            apart_by = f"{len(explained):,} of {found.count:,} are apart by what {mapping.table} says in {name}"
            words = f"{apart_by}: map it as [mapping.{self._records.entity}] discount or surcharge."
            return replace(found, doubt=Doubt(words, told_by_records=True))
        rest = self._records["id"].not_in(explained)
        return self._asked(replace(self.query, wrong=and_(self.query.wrong, rest), days=None))

    @property
    def _key(self) -> str | None:
        spec = self._records.mapping.columns.get("id")
        return None if spec is None else spec.column

    def _whole_rows(self, name: str, key: str) -> Sequence[Mapping[str, Any]]:
        """Records that are apart, with all their columns, our key, and by how much in minor units."""
        schema, _, name = name.rpartition(".")
        query, source = self.query, self._records.source
        whole = table(name, column(key), schema=schema or None).alias("whole_record")
        statement = (
            select(
                literal_column("whole_record.*"),
                self._records["id"].label(_KEY),
                self._difference.label(_GAP),
            )
            .select_from(query.source.join(whole, source.c["id"] == whole.c[key]))
            .where(*query.among, query.wrong)
            .limit(_MOST)
        )
        return self.model.database.rows(statement, about=f"{query.place}, other amounts")

    def _best(self, rows: Sequence[Mapping[str, Any]], differences: Mapping[Any, Decimal]) -> tuple[str, Sequence[Any]]:
        """The column that says of most records by how much they are apart, and the keys of those."""
        mapped = {spec.column for spec in self._records.mapping.columns.values()}
        keys: dict[str, list[Any]] = {}
        for row in rows:
            gap = abs(differences.get(row[_KEY], Decimal(0)))
            for name, value in _amounts(row):
                if name not in mapped and gap and abs(abs(value) * self._per_unit - gap) < _ROUNDED:
                    keys.setdefault(name, []).append(row[_KEY])
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
        amount = None if name in (_KEY, _GAP) else _decimal(value)
        if amount and abs(amount) < _UP_TO:
            yield name, amount


def _decimal(value: object) -> Decimal | None:
    """A number as a driver gives it; None for what is none, and for NaN."""
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        return None
    amount = Decimal(str(value))
    return amount if amount.is_finite() else None
