"""What every piece of the summary is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, BaseModel, ConfigDict, model_validator

from hypercare.reports.plain import writable

AnyPart = TypeVar("AnyPart", bound="Part")
# Written under the name that summary.json has for it since its first version.
REMEDY = AliasChoices("mend", "remedy")


class Part(BaseModel):
    """A piece of the summary. What a newer version added is skipped when an older one reads it."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    @model_validator(mode="before")
    @classmethod
    def _writable(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {name: writable(value) if type(value) is str else value for name, value in given.items()}


def in_zone(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone) if value.tzinfo else value
    if isinstance(value, Part):
        return _part_in_zone(value, zone)
    if isinstance(value, list | tuple):
        return [in_zone(member, zone) for member in value]
    return value


def _part_in_zone(part: AnyPart, zone: ZoneInfo) -> AnyPart:
    holding = {name: value for name, value in part if isinstance(value, datetime | list)}
    return part.model_copy(update={name: in_zone(value, zone) for name, value in holding.items()})
