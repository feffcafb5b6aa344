"""Whose hand a record shows, and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.protocol import AskedModel
from hypercare.operations_model.records import Records

HANDS = (
    ("sale", "created_by", "created_at"),
    ("sale", "finalised_by", "finalised_at"),
    ("sale", "voided_by", "voided_at"),
    ("payment", "received_by", "paid_at"),
    ("cost", "entered_by", "entered_at"),
    ("step", "updated_by", "updated_at"),
    ("manual_record", "handed_in_by", "handed_in_at"),
    ("login_attempt", "user", "at"),
    ("activity", "user", "at"),
)
"""Entity, the field that says who, and the field that says when."""
SESSIONS = ("session", "user", "created_at")
_NO_WORK = {"login_attempt", "session", "activity"}


@dataclass(frozen=True)
class Hand:
    """Records that show by `who` the key of a person, at a time."""

    records: Records
    who: ColumnElement[Any]
    at: Instant
    only: Sequence[ColumnElement[bool]] = field(default=())

    @property
    def is_work(self) -> bool:
        """Whether leaving such a record is work by itself; what the activity log tells depends on its words."""
        return self.records.entity not in _NO_WORK


def names_of_people(model: AskedModel, keys: Collection[object]) -> Mapping[object, str]:
    """By key what people are called who look them up: their log-in name, or the key where none is mapped or known."""
    found: dict[object, str] = {key: str(key) for key in keys}
    if keys and model.has("user", "id", "username"):
        user = model.records("user")
        statement = select(user["id"].label("id"), user["username"].label("username")).where(user["id"].in_(keys))
        rows = model.database.rows(statement.limit(len(keys)), about="names of people")
        found |= {row["id"]: str(row["username"]) for row in rows if row["username"] is not None}
    return found
