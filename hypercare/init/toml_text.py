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


def value(given: Any) -> str:
    """A TOML value on one line."""
    return _item(given).as_string()


def _item(given: Any) -> Item:
    if isinstance(given, Mapping):
        table = tomlkit.inline_table()
        # Spaces within the braces, as the documentation has them.
        table.add(tomlkit.ws(" "))
        for name, one in given.items():
            table.append(str(name), _item(one))
        table.add(tomlkit.ws(" "))
        return table
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        array = tomlkit.array()
        array.extend(_item(one) for one in given)
        return array
    # What else a driver gives (UUID, Decimal, bytes) is written as its text.
    is_known = isinstance(given, str | bool | int | float | date | time)
    item: Item = tomlkit.item(given) if is_known else tomlkit.string(str(given))
    return item
