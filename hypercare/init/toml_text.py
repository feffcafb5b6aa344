"""Values as TOML writes them, on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

import tomlkit
from tomlkit.items import Item


def percent(sure: float) -> str:
    return f"{round(100 * sure)} %"


def quoted(text: str) -> str:
    """A TOML string."""
    return tomlkit.string(text).as_string()


def key(name: str) -> str:
    return tomlkit.key(name).as_string()


def value(data: Any) -> str:
    """A TOML value on one line."""
    return _item(data).as_string()


def _item(data: Any) -> Item:
    if isinstance(data, Mapping):
        table = tomlkit.inline_table()
        # Spaces within the braces, as the documentation has them.
        table.add(tomlkit.ws(" "))
        for name, one in data.items():
            table.append(str(name), _item(one))
        table.add(tomlkit.ws(" "))
        return table
    if isinstance(data, Sequence) and not isinstance(data, str | bytes):
        array = tomlkit.array()
        array.extend(_item(one) for one in data)
        return array
    # What else a driver gives (UUID, Decimal, bytes) is written as its text.
    is_known = isinstance(data, str | bool | int | float | date | time)
    item: Item = tomlkit.item(data) if is_known else tomlkit.string(str(data))
    return item
