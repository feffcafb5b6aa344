"""Our words and a system's: states, roles, branches, methods of payment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def theirs(words: Mapping[Any, tuple[str, ...]], ours: str) -> str:
    """The system's word for ours: the first of several; ours itself where none is given."""
    return next(iter(words.get(ours, ())), ours)


def ours(words: Mapping[Any, tuple[str, ...]], system_value: Any) -> str | None:
    """Our word for the system's, in whatever case it is written; None where none is given for it."""
    text = str(system_value).lower() if isinstance(system_value, bool) else str(system_value)
    for word, meant in words.items():
        if text in meant:
            return str(word)
    return next((str(word) for word, meant in words.items() if text.casefold() in {m.casefold() for m in meant}), None)
