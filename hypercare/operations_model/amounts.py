"""Money in whole minor units (cents), so that sums and comparisons are exact on every engine."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column

from hypercare.operations_model.portable import whole
from hypercare.target_file.mapping import MoneyForm


@dataclass(frozen=True)
class Amount:
    """A column of money. `digits` is how many minor digits the currency has.

    Where it may hold NaN, that is no amount: what compares it finds it missing, and no sum is spoilt by it.
    """

    raw: ColumnElement[Any]
    form: MoneyForm
    digits: int
    may_be_no_number: bool = False

    @property
    def exact(self) -> ColumnElement[Any]:
        """In minor units, with fractions of them where the target keeps such."""
        return self._number if self.form is MoneyForm.CENTS else self._number * literal_column(str(10**self.digits))

    @property
    def minor(self) -> ColumnElement[int]:
        """In whole minor units; nothing counts as zero."""
        return func.coalesce(whole(self.exact), 0)

    @property
    def is_missing(self) -> ColumnElement[bool]:
        return self._number.is_(None)

    @property
    def _number(self) -> ColumnElement[Any]:
        return func.nullif(self.raw, literal_column("'NaN'")) if self.may_be_no_number else self.raw

    @property
    def total(self) -> ColumnElement[int]:
        """The sum in whole minor units, rounded once; 0 for no rows."""
        return total_of(self.exact)


def total_of(exact: ColumnElement[Any]) -> ColumnElement[int]:
    """The sum of exact amounts in whole minor units, rounded once; 0 for no rows."""
    return func.coalesce(whole(func.sum(exact)), 0)


def money_of(minor: object, digits: int) -> Decimal:
    """Decimal money from a number of minor units as a driver gives it."""
    return Decimal(str(minor or 0)).to_integral_value().scaleb(-digits)
