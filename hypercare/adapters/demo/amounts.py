"""Numbers as the embedded system's pages write them."""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def amount_shown(text: str) -> Decimal:
    """ "−€1,234.50" is -1234.50; raises ValueError when there is no number."""
    value = number_shown(text)
    return -value if "−" in text or "-" in text else value


def number_shown(text: str) -> Decimal:
    """The first number in a text: "14 % done" is 14."""
    found = _NUMBER.search(text)
    if found is None:
        raise ValueError(f"there is no number in {text!r}")
    return Decimal(found[0].replace(",", ""))
