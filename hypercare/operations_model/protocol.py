"""What the parts of the model ask of the whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from hypercare.database.database import Database
from hypercare.operations_model.records import Records
from hypercare.plan.calendar import Calendar
from hypercare.target_file.target import Target


class AskedModel(Protocol):
    """The records of a business, with the database that holds them and the target that they belong to."""

    target: Target
    database: Database
    calendar: Calendar
    currency: str

    def has(self, entity: str, *fields: str) -> bool: ...

    def records(self, entity: str, alias: str = "") -> Records: ...

    def money(self, minor: object) -> Decimal: ...

    def is_empty(self, place: str) -> bool: ...
