"""Values as TOML writes them, on one line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def percent(sure: float) -> str:
    return f"{round(100 * sure)} %"


def quoted(text: str) -> str:
    """A TOML string."""
    marks = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(marks.get(c, c if c.isprintable() else f"\\u{ord(c):04x}") for c in text) + '"'


def key(name: str) -> str:
    return name if _BARE.match(name) else quoted(name)


def value(given: Any) -> str:
    """A TOML value on one line."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int | float):
        return str(given)
    if isinstance(given, date | time):
        return given.isoformat()
    if isinstance(given, dict):
        return "{ " + ", ".join(f"{key(str(k))} = {value(v)}" for k, v in given.items()) + " }"
    if isinstance(given, Sequence) and not isinstance(given, str):
        return "[" + ", ".join(value(one) for one in given) + "]"
    return quoted(str(given))


def document(settings: Mapping[str, Any]) -> str:
    """Settings as a whole file, a section for each table at the top."""
    plain = [f"{key(name)} = {value(given)}" for name, given in settings.items() if not isinstance(given, Mapping)]
    sections = [
        "\n".join([f"[{key(name)}]", *(f"{key(inner)} = {value(one)}" for inner, one in given.items())])
        for name, given in settings.items()
        if isinstance(given, Mapping)
    ]
    return "\n\n".join(["\n".join(plain), *sections]).strip() + "\n"
