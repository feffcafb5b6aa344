"""What a system's own health document says of where it keeps its data, beside the word that it gives of itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

_OF_ITSELF = ("status", "state", "health", "healthy", "overall")
# What only a document of health says there; "success" or "open" may stand above any record.
_WELL_OR_NOT = {
    "ok", "okay", "pass", "passing", "warn", "warning", "up", "healthy", "degraded", "fine", "green", "yellow", "alive",
    "operational", "available", "running", "true", "fail", "down", "unhealthy",
}  # fmt: skip
_PARTS = ("checks", "components", "details", "entries", "dependencies")
_KEEPS_DATA = re.compile(r"disk|file_?system|database|datenbank|\bdb|db\b|sql|postgres|mariadb|oracle", re.IGNORECASE)
# What only reads, or is away, without anybody being kept from working.
_A_COPY = re.compile(r"replica|standby|follower|secondary|slave|reader|copy|archive|backup", re.IGNORECASE)
_WRONG = {
    "fail", "failed", "failing", "failure", "down", "unhealthy", "critical", "error", "outofservice", "full",
    "readonly", "unavailable", "broken", "false",
}  # fmt: skip
_DEEP = 4


def data_troubles(document: Any, decided: Collection[str] = ()) -> list[str]:
    """A phrase for each disk or database that the document calls unwell, or that it says takes no writes.

    Only a document that gives a word of the system itself is one of health. What the dotted paths of `decided` name is
    judged by whoever named them.
    """
    if not isinstance(document, Mapping) or not any(
        _plain(str(document.get(name))) in _WELL_OR_NOT for name in _OF_ITSELF
    ):
        return []
    found = (one for name, value in document.items() for one in _complaints(str(name), value, str(name), _DEEP))
    return [phrase for path, phrase in found if not any(one.startswith(path) for one in decided)]


def _complaints(name: str, value: Any, path: str, deep: int) -> Iterator[tuple[str, str]]:
    if _A_COPY.search(name):
        return
    if _plain(name) in {"readonly", "isreadonly", "readonlymode"} and value is True:
        yield path, "says of itself that it only reads"
    elif _plain(name) in {"writable", "writeable", "canwrite", "iswritable"} and value is False:
        yield path, "says of itself that it cannot write"
    elif _KEEPS_DATA.search(name) and _plain(str(_word_of(value))) in _WRONG:
        yield path, f"says of its {name} that it is {_word_of(value)}"
    elif deep and isinstance(value, Mapping) and (deep < _DEEP or name.lower() in _PARTS or _KEEPS_DATA.search(name)):
        for inner, one in value.items():
            yield from _complaints(str(inner), one, f"{path}.{inner}", deep - 1)


def _word_of(value: Any) -> Any:
    """The word that a part gives of itself: alone, under its usual names, or the first of several like parts."""
    if isinstance(value, list):
        worst = [_word_of(one) for one in value]
        return next((one for one in worst if _plain(str(one)) in _WRONG), worst[0] if worst else "")
    if isinstance(value, Mapping):
        return next((value[name] for name in ("status", "state", "health", "healthy", "ok") if name in value), "")
    return value


def _plain(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.lower())
