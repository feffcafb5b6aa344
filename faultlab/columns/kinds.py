"""The ways in which a column can be wrong, and which of them make sense for which kind of column."""

from __future__ import annotations

from enum import StrEnum

from faultlab.columns.place import Place
from hypercare.target_file.entities import Kind


class Wrong(StrEnum):
    """What happened to the value."""

    NULL = "null"
    EMPTIED = "emptied"
    SWAPPED = "swapped"
    ANOTHERS = "another's"
    DANGLING = "dangling"
    UNKNOWN = "unknown word"
    OTHER_WORD = "other word"
    STALE = "stale"
    DAY_EARLIER = "a day earlier"
    BEFORE_GO_LIVE = "before go-live"
    AHEAD = "ahead of time"
    TENFOLD = "tenfold"
    CENT = "a cent off"
    ZERO = "zero"
    NEGATIVE = "negative"
    FLIPPED = "flipped"
    DOUBLED = "doubled"


_OF_KIND: dict[Kind, tuple[Wrong, ...]] = {
    Kind.KEY: (Wrong.NULL, Wrong.ANOTHERS, Wrong.SWAPPED, Wrong.DANGLING),
    Kind.TEXT: (Wrong.NULL, Wrong.EMPTIED, Wrong.SWAPPED),
    Kind.NUMBER: (Wrong.NULL, Wrong.ZERO, Wrong.NEGATIVE, Wrong.TENFOLD, Wrong.SWAPPED, Wrong.STALE),
    Kind.FLAG: (Wrong.NULL, Wrong.FLIPPED),
    Kind.INSTANT: (Wrong.NULL, Wrong.DAY_EARLIER, Wrong.BEFORE_GO_LIVE, Wrong.AHEAD, Wrong.SWAPPED, Wrong.STALE),
    Kind.DAY: (Wrong.NULL, Wrong.DAY_EARLIER, Wrong.BEFORE_GO_LIVE, Wrong.AHEAD, Wrong.SWAPPED),
    Kind.MONEY: (Wrong.NULL, Wrong.ZERO, Wrong.NEGATIVE, Wrong.TENFOLD, Wrong.CENT, Wrong.SWAPPED, Wrong.STALE),
    Kind.STATE: (Wrong.NULL, Wrong.EMPTIED, Wrong.UNKNOWN, Wrong.OTHER_WORD, Wrong.SWAPPED),
}
# Text in which only some words have a meaning.
_WORDED = {"user.role", "product.kind", "cost.kind", "step.name", "issue.category", "issue.severity", "job.kind"}
_WORDED |= {"session.channel", "activity.entity"}


def kinds_for(place: Place) -> tuple[Wrong, ...]:
    """How this column can be wrong. An id of its own can only be lost, or its whole record be there twice."""
    if place.field == "id":
        return (Wrong.DANGLING, Wrong.DOUBLED)
    kinds = _OF_KIND[place.kind]
    return (*kinds, Wrong.UNKNOWN, Wrong.OTHER_WORD) if place.name in _WORDED else kinds
