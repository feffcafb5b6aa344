"""What is written down and read again: every piece of the summary, and what goes into it as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, BaseModel, ConfigDict, model_validator

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
AnyPart = TypeVar("AnyPart", bound="Part")
# Written under the name that summary.json has for it since its first version.
REMEDY_KEY = "mend"
REMEDY = AliasChoices(REMEDY_KEY, "remedy")


def writable(text: str) -> str:
    """`text` without what no file takes: a lone surrogate cannot be encoded, a NUL ends too many readers early."""
    return _UNWRITABLE.sub("\ufffd", text)


class Part(BaseModel):
    """A piece of the summary, or what becomes one. What a newer version added is skipped when an older one reads it."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )

    @model_validator(mode="before")
    @classmethod
    def _writable(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {name: writable(value) if type(value) is str else value for name, value in data.items()}


def in_zone(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone) if value.tzinfo else value
    if isinstance(value, Part):
        return _part_in_zone(value, zone)
    if isinstance(value, list):
        return [in_zone(member, zone) for member in value]
    if isinstance(value, dict):
        return {name: in_zone(member, zone) for name, member in value.items()}
    return tuple(in_zone(member, zone) for member in value) if isinstance(value, tuple) else value


def _part_in_zone(part: AnyPart, zone: ZoneInfo) -> AnyPart:
    holding = {name: value for name, value in part if isinstance(value, datetime | list | tuple)}
    return part.model_copy(update={name: in_zone(value, zone) for name, value in holding.items()})
