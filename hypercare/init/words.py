"""What a target's words mean in ours: states of sales, steps, orders, issues, jobs, and flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hypercare.init.names import load_vocabulary, tokens_of
from hypercare.target_file.entities import VOCABULARY

_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "à": "a", "ñ": "n", "ó": "o"})
# "not confirmed", "partially cancelled", "cancellation requested": the other word is not the state, or not yet.
_OTHERWISE = {"not", "no", "never", "partially", "partly", "partial", "requested", "nicht", "teilweise", "non", "pas"}


@dataclass(frozen=True)
class Words:
    """Their values for each of our words; `unknown` are those that mean nothing to us."""

    of: dict[str, list[Any]]
    unknown: tuple[Any, ...] = ()


def words_of(entity: str, field: str, values: Iterable[Any]) -> Words:
    """Sort the target's values under our words."""
    synonyms = load_vocabulary().words.get((entity, field), {})
    found: dict[str, list[Any]] = {ours: [] for ours in VOCABULARY.get((entity, field), tuple(synonyms))}
    unknown = []
    for value in values:
        ours = _meant(value, synonyms, found)
        if ours is None:
            unknown.append(value)
        else:
            found[ours].append(value)
    return Words({ours: theirs for ours, theirs in found.items() if theirs}, tuple(unknown))


def _meant(value: Any, synonyms: Any, ours: Iterable[str]) -> str | None:
    if isinstance(value, bool):
        return None
    text = str(value).strip().lower().translate(_PLAIN)
    whole = re.sub(r"[^a-z0-9]+", "_", text).strip("_")
    for word in ours:
        if whole == word or whole in synonyms.get(word, ()):
            return word
    if whole.isdigit():
        return None
    parts = tokens_of(str(value))
    if _OTHERWISE & set(parts):
        return None
    # "Order confirmed", "ST_DONE": any part that is known; the last word first, since it bears the meaning.
    for part in reversed(parts):
        for word in ours:
            if part in synonyms.get(word, ()):
                return word
    # "conf", "canc": an abbreviation of at least four letters.
    if len(whole) >= 4:
        for word in ours:
            if any(one.startswith(whole) and "_" not in one[len(whole) :] for one in synonyms.get(word, ())):
                return word
    return None


def unseen_words(entity: str, field: str, observed: Words, *, like: Iterable[Any]) -> dict[str, list[str]]:
    """The words that programs use most and that the target may yet say, written as it writes those in `like`."""
    observed_words = {str(one) for theirs in observed.of.values() for one in theirs} | {
        str(one) for one in observed.unknown
    }
    write = _style([str(one) for one in like])
    found: dict[str, list[str]] = {}
    for ours, likely in load_vocabulary().likely.get((entity, field), {}).items():
        words = [write(word) for word in dict.fromkeys((ours, *likely)) if not word.isdigit()]
        found[ours] = [word for word in words if word not in observed_words]
    return found


def _style(words: list[str]) -> Callable[[str], str]:
    letters = [word for word in words if any(c.isalpha() for c in word)]
    if letters and all(word.isupper() for word in letters):
        return str.upper
    if letters and all(word[:1].isupper() for word in letters):
        return lambda word: word.replace("_", " ").title() if any(" " in w for w in letters) else word.capitalize()
    return str


def is_of_words(entity: str, field: str, values: Iterable[Any]) -> float:
    """Which share of the different values means something to us."""
    different = [value for value in values if str(value).strip()]
    if not different:
        return 0.0
    return 1 - len(words_of(entity, field, different).unknown) / len(different)


def flag_words(values: Iterable[Any]) -> dict[str, list[Any]] | None:
    """ "yes" and "no" of a flag that is kept as text or numbers; None when some value is neither."""
    synonyms = load_vocabulary().flags
    found: dict[str, list[Any]] = {"yes": [], "no": []}
    for value in values:
        text = str(value).strip().lower()
        ours = next((word for word, theirs in synonyms.items() if text in theirs), None)
        if ours is None:
            return None
        found[ours].append(value)
    return found
