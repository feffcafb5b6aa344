"""What only looks as if it told of damage: "checked: no disk full", or a product whose name it is."""

from __future__ import annotations

import re
from functools import lru_cache

_BEFORE = 40  # characters
_DENIED = re.compile(
    r"(?:(?<![\w.:-])(?:no|non|without|zero|0|free of|kein(?:e[nmr]?)?|ohne|pas de|aucune?|sans|sin|ning[uú]na?|senza"
    r"|nessuna?|sem|nenhuma?|geen|zonder|bez|brak|нет|без)\s+(?:[\w-]+\s+)?|(?<!could )\b(?:not|never|nicht|не)\s+)$",
    re.IGNORECASE,
)
_DENIED_BELOW = re.compile(
    r"\w*(?:[\s\"']*[:=]\s*(?:no|none|never|false|0|ok|nein|non|nee|nie|нет)\b"
    r"|\W{0,2}(?:check|test|scan|detection|protection)\w*\b(?!\W+(?:\w+\W+){0,2}(?:fail|abort|found|error)))",
    re.IGNORECASE,
)
# Behind a colon or an equals sign stands what is said, not a name.
_QUOTED = re.compile(r"(?<![\w:=])(?<![:=]\s)(?:\"[^\"\n]{1,200}\"|'[^'\n]{1,200}'|«[^»\n]{1,200}»)(?!\w)")
_FAILS = re.compile(
    r"error|fail|exception|errno|cannot|could not|can't|unable|abort|fatal|crash|refus|fehler|erreur|ошибк",
    re.IGNORECASE,
)
# A word that is a name as well tells of damage at the start of a sentence, before a colon, or of a kernel.
_PANICS = re.compile(r"(?:^|[:\])>-]\s+|\b(?:kernel|go)\s+)PANIC\b|\bPANIC:", re.IGNORECASE | re.MULTILINE)


def is_only_mentioned(pattern: str, text: str) -> bool:
    """Whether a text holds what the pattern describes nowhere but denied, or as part of a name."""
    return all(map(_is_only_mentioned, _compiled(pattern).finditer(text)))


@lru_cache(maxsize=4)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def _is_only_mentioned(found: re.Match[str]) -> bool:
    text, start, end = found.string, found.start(), found.end()
    line = text.rfind("\n", 0, start) + 1
    if _DENIED.search(text[max(line, start - _BEFORE) : start]) or _DENIED_BELOW.match(text, end):
        return True
    if found[0].upper() == "PANIC" and not any(one.start() <= start < one.end() for one in _PANICS.finditer(text)):
        return True
    is_quoted = any(one.start() < start and end < one.end() for one in _QUOTED.finditer(text, line))
    return is_quoted and not _FAILS.search(text)
