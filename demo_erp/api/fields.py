"""How values look in JSON: money as a string with two places, instants in UTC with their offset."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer


def _code(branch: Any) -> Any:
    return getattr(branch, "code", branch)


Money = Annotated[Decimal, PlainSerializer(lambda value: f"{value:.2f}", return_type=str)]
Instant = Annotated[datetime, PlainSerializer(lambda value: value.astimezone(UTC).isoformat(), return_type=str)]
BranchCode = Annotated[str, BeforeValidator(_code)]

Item = TypeVar("Item")


class Answer(BaseModel):
    """What the API gives back; built from records by their attributes."""

    model_config = ConfigDict(from_attributes=True)


class PageAnswer(Answer, Generic[Item]):
    """Some of the records; ``total`` is how many there are in all."""

    items: Sequence[Item]
    total: int
    limit: int
    offset: int


class Entered(BaseModel):
    """What clients send; a field that nobody knows is an error, not ignored."""

    model_config = ConfigDict(extra="forbid")
