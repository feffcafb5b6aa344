"""Whether a record that somebody was shown is another's: by its branch, its key, and where keys repeat by what it says.

A key may be unique within its branch only (a system that addresses sales by number), so one's own sale may bear the key
of another's. What says something else is another record; what says the same is taken for the other's only if it can
not be one's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any

from hypercare.branch_isolation.answers import leaves
from hypercare.clients.client import SaleSeen

Pair = tuple[SaleSeen, SaleSeen]
"""A sale as it was shown to somebody, and the other's sale of the same key as its owner is shown it."""

# Drawn by lots, so that no two branches have the same one: UUID, ULID, the ids of document stores, hashes.
_DRAWN_BY_LOTS = re.compile(
    r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?|[0-9a-hjkmnp-tv-z]{26}|[0-9a-f]{24}|[0-9a-f]{40}|[0-9a-f]{64}",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(.*?)(\d+)")


class Verdict(Enum):
    """`UNSURE` is what could be one's own as well as the other's."""

    OWN = "own"
    OTHERS = "others"
    UNSURE = "unsure"


def judged(pairs: Sequence[Pair], listed: Sequence[SaleSeen], others: Collection[str]) -> Verdict:
    """Whose the sales are that were shown; `listed` is what the list shows to the same person, `others` are the
    branches that are known and not theirs."""
    if any(shown.branch in others for shown, _ in pairs):
        return Verdict.OTHERS
    if not pairs or any(contradict(shown, theirs) for shown, theirs in pairs):
        return Verdict.OWN
    if any(cannot_be_among(theirs.key, listed) for _, theirs in pairs):
        return Verdict.OTHERS
    return _that_say_the_same([(theirs.key, _says(theirs), theirs.raw_record) for _, theirs in pairs], others)


def judged_records(pairs: Sequence[tuple[str, Any, Any]], others: Collection[str]) -> Verdict:
    """The same of records of any kind: by key, as it was shown to somebody, and as it is shown in another branch;
    `others` are the words for the branches that are not this person's."""
    if not pairs or any(_contradict(shown, theirs) for _, shown, theirs in pairs):
        return Verdict.OWN
    contents = [(key, sorted(_beside_its_key(key, theirs)), theirs) for key, _, theirs in pairs]
    return _that_say_the_same([(key, repr(says), theirs) for key, says, theirs in contents], others)


def _that_say_the_same(records: Sequence[tuple[str, Any, Any]], others: Collection[str]) -> Verdict:
    """Of records that are shown alike in two branches: by key, what each says, and as the system wrote it."""
    if any(_DRAWN_BY_LOTS.fullmatch(key) or set(leaves(record)) & set(others) for key, _, record in records):
        return Verdict.OTHERS
    # That several different records of one key each say the same in two branches does not come about by chance.
    return Verdict.OTHERS if len({says for _, says, _ in records}) > 1 else Verdict.UNSURE


def _beside_its_key(key: str, record: Any) -> set[str]:
    """What it says but for its key and for a number that is made of it: "B-0017" is no more than 17."""
    return {leaf for leaf in leaves(record) if leaf != key and not _is_made_of(key, leaf)}


def _is_made_of(key: str, leaf: str) -> bool:
    counted, of_leaf = _COUNTED.fullmatch(key), _COUNTED.fullmatch(leaf)
    if counted is None or of_leaf is None or not of_leaf[1]:
        return False
    return "." not in of_leaf[1] and int(counted[2]) == int(of_leaf[2])


def listed_twice(pairs: Sequence[Pair], listed: Sequence[SaleSeen]) -> list[Pair]:
    """Those whose key stands twice in one list, and that are the other's: one's own and the other's of that key."""
    times = Counter(sale.key for sale in listed)
    return [(shown, theirs) for shown, theirs in pairs if times[theirs.key] > 1 and not contradict(shown, theirs)]


def contradict(one: SaleSeen, other: SaleSeen) -> bool:
    """Whether two sales of one key are different records."""
    if one.key != other.key or (one.number and other.number and one.number != other.number):
        return True
    if one.branch and other.branch and one.branch != other.branch:
        return True
    if one.reference and other.reference and one.reference != other.reference:
        return True
    if one.lines and other.lines and one.lines != other.lines:
        return True
    return one.total != other.total or _contradict(one.raw_record, other.raw_record)


def cannot_be_among(key: str, listed: Sequence[SaleSeen]) -> bool:
    """Whether a list of the newest would show this key if it were its owner's: it is of another row of numbers, or lies
    within or above what the list shows, and is not in it."""
    counted = [match for sale in listed if (match := _COUNTED.fullmatch(sale.key))]
    counted_key = _COUNTED.fullmatch(key)
    if counted_key is None or len(counted) < len(listed) or not listed or any(sale.key == key for sale in listed):
        return False
    row = [int(match[2]) for match in counted if match[1] == counted_key[1]]
    return not row or int(counted_key[2]) > min(row)


def _contradict(one: Any, other: Any) -> bool:
    """Whether two records as the system wrote them say different things of the same. What is true for one and not for
    another person (may they change it?) and links are no matter of the record."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return any(_contradict(one[name], other[name]) for name in one.keys() & other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) != len(other) or any(_contradict(a, b) for a, b in zip(one, other, strict=True))
    if any(isinstance(each, bool) or not isinstance(each, str | int | float) for each in (one, other)):
        return False
    return one != other and not any(str(each).startswith(("http://", "https://", "/")) for each in (one, other))


def _says(sale: SaleSeen) -> tuple[object, ...]:
    return sale.total, sale.reference, sale.lines
