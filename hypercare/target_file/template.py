"""Templates of the target file: texts and tables with {placeholders} in them.

A text that is nothing but one placeholder becomes the value itself, number or list included; within a longer text it
becomes text. `{total:cents}`, `{total:number}` and `{total:text}` say how a number is to be written. A brace that is
meant as such is doubled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

MoneyWritten = Literal["number", "text", "cents"]
FORMS = ("cents", "number", "text")
MONEY = frozenset({"total", "amount"})

_PLACE = re.compile(r"\{\{|\}\}|\{(?P<name>[A-Za-z_][\w.-]*)(?::(?P<form>\w+))?\}")

ValueOf = Callable[[str], Any]


@dataclass(frozen=True)
class Writing:
    """How a system wants its amounts: as numbers, as text ("12.50"), or as whole minor units."""

    money: MoneyWritten = "number"
    minor_units: int = 2

    def written(self, name: str, value: Any, form: str | None) -> Any:
        if not isinstance(value, Decimal):
            return self._written_plainly(value, form)
        form = form or (self.money if name in MONEY else "number")
        if form == "cents":
            return int(value.scaleb(self.minor_units).to_integral_value())
        if form == "text":
            return f"{value:.{self.minor_units}f}" if name in MONEY else plain(value)
        return int(value) if value == value.to_integral_value() else float(value)

    def _written_plainly(self, value: Any, form: str | None) -> Any:
        if form == "text":
            return str(value)
        if form == "number" and isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
            return int(value) if "." not in value else float(value)
        return value

    def read(self, value: Any) -> Decimal:
        """An amount as it came; raises ValueError when it is none."""
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            raise ValueError(f"{value!r} is not an amount")
        try:
            amount = Decimal(str(value).strip())
        except ArithmeticError:
            raise ValueError(f"{value!r} is not an amount") from None
        if not amount.is_finite():
            raise ValueError(f"{value!r} is not an amount")
        if self.money == "cents":
            return amount.scaleb(-self.minor_units).quantize(self._smallest)
        # 26.7 and 26.70 are the same amount; what is finer than the smallest coin stays to be seen.
        rounded = amount.quantize(self._smallest)
        return rounded if rounded == amount else amount

    @property
    def _smallest(self) -> Decimal:
        return Decimal(1).scaleb(-self.minor_units)


def plain(value: Decimal) -> str:
    """3.00 as "3", 0.5 as "0.5"."""
    return format(value.normalize() + 0, "f")


def filled(template: Any, value_of: ValueOf, writing: Writing) -> Any:
    """The template with every placeholder replaced, at any depth."""
    if isinstance(template, Mapping):
        return {key: filled(value, value_of, writing) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [filled(value, value_of, writing) for value in template]
    return _text_filled(template, value_of, writing) if isinstance(template, str) else template


def path_filled(template: str, value_of: ValueOf, writing: Writing) -> str:
    """An address with its values escaped."""
    return _PLACE.sub(lambda place: _replaced(place, value_of, writing, lambda value: quote(value, safe="")), template)


def placeholders(template: Any) -> Iterator[tuple[str, str | None]]:
    """Every (name, form) that a template mentions."""
    if isinstance(template, Mapping):
        for value in template.values():
            yield from placeholders(value)
    elif isinstance(template, list | tuple):
        for value in template:
            yield from placeholders(value)
    elif isinstance(template, str):
        for place in _PLACE.finditer(template):
            if place["name"]:
                yield place["name"], place["form"]


def mentions(template: Any, name: str) -> bool:
    return any(mentioned == name for mentioned, _ in placeholders(template))


def _text_filled(text: str, value_of: ValueOf, writing: Writing) -> Any:
    whole = _PLACE.fullmatch(text)
    if whole and whole["name"]:
        return writing.written(whole["name"], value_of(whole["name"]), whole["form"])
    return _PLACE.sub(lambda place: _replaced(place, value_of, writing, str), text)


def _replaced(place: re.Match[str], value_of: ValueOf, writing: Writing, shown: Callable[[str], str]) -> str:
    if not place["name"]:
        return place[0][0]
    value = writing.written(place["name"], value_of(place["name"]), place["form"])
    return shown("" if value is None else str(value))
