"""Keys that are text in one table and numbers or UUIDs in another, so that the index of the other still finds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, Uuid, case, cast
from sqlalchemy.types import TypeEngine

from hypercare.database.column_types import ColumnType


@dataclass(frozen=True)
class _Form:
    """How text looks that can be read as a key of a type."""

    pattern: str
    type: TypeEngine[Any]
    is_of: Callable[[ColumnType], bool]


_FORMS = (
    _Form("^[0-9]{1,18}$", BigInteger(), lambda kind: kind.is_whole),
    _Form("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", Uuid(), lambda kind: kind.name == "uuid"),
)


def as_key(text: ColumnElement[Any], kind: ColumnType | None, key: ColumnType | None) -> ColumnElement[Any] | None:
    """A text as the type of a key, null of what is none; None where it cannot be told or need not be (PostgreSQL).

    Two that are equal as text are equal so, too: it is to be asked besides, for the sake of the key's index.
    """
    if kind is None or key is None or not kind.is_text:
        return None
    form = next((form for form in _FORMS if form.is_of(key)), None)
    return None if form is None else case((cast(text, String()).regexp_match(form.pattern), cast(text, form.type)))
