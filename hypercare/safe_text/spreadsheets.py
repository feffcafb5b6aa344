"""Text of a target in a cell of a spreadsheet."""

from __future__ import annotations

from hypercare.safe_text.unseen import visible

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_cell(value: object) -> object:
    """`value` for CSV. What a spreadsheet would run as a formula has an apostrophe before it; a number is none."""
    if not isinstance(value, str):
        return value
    is_formula = value.startswith(_BEGINS_A_FORMULA) and not _is_number(value)
    return f"'{visible(value)}" if is_formula else visible(value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
