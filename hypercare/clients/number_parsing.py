"""Numbers as pages show them to people: with a currency, with marks between the thousands, in either tradition."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

_NUMBER = re.compile(r"\d[\d.,'’\s\u00a0\u202f]*")
_MINUS = re.compile(r"[-−–]\s*\D{0,4}\d|\(\s*\D{0,4}\d[^)]*\)|\d[-−]\s*$")


def amount_shown(text: str, mark: Literal[".", ","] = ".") -> Decimal:
    """ "−€1,234.50" is -1234.50; with the mark "," it is "1.234,50 €" that is 1234.50.

    Raises:
        ValueError: there is no number.
    """
    value = number_shown(text, mark)
    return -value if _MINUS.search(text) else value


def number_shown(text: str, mark: Literal[".", ","] = ".") -> Decimal:
    """The first number in a text, without its sign: "14 % done" is 14."""
    found = _NUMBER.search(text)
    if found is None:
        raise ValueError(f"there is no number in {text!r}")
    digits = re.sub(r"['’\s\u00a0\u202f]", "", found[0]).rstrip(".,")
    digits = digits.replace("," if mark == "." else ".", "").replace(mark, ".")
    return Decimal(digits)
