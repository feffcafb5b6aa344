"""When a rule may speak: what much of a business does is its way, and nothing that anybody has to be woken for."""

from __future__ import annotations

from typing import TypeVar

from hypercare.outcome.expect import Violations
from hypercare.outcome.signals import NotCovered

# More than one in so many, and it is the way of the house; of very few, a single one is no way yet.
_ONE_IN = 20
_A_SINGLE_ONE = 1

Found = TypeVar("Found", bound=Violations)


def unless_usual(found: Found, words: str) -> Found:
    """What was found, if it is an exception here.

    `words` say what they are, to go on "12 of 80 ...".

    Raises:
        NotCovered: so many are like that that the rule cannot hold for this business.
    """
    of = found.of or 0
    if found.count > _A_SINGLE_ONE and found.count * _ONE_IN > of:
        raise NotCovered(
            f"{found.count:,} of {of:,} {words}: that seems to be usual here, so none of them is judged.",
            mend="If it is not meant to be so, look at them once; else there is nothing to mend.",
        )
    return found


def require_unheard_of(before: int, of: int, least: int, words: str) -> None:
    """Let a rule about something new speak only where much is known, and next to nothing of the kind has been seen.

    `before` of `of` earlier records were so; fewer than `least` earlier records tell nothing.

    Raises:
        NotCovered: too little is known, or it has happened before.
    """
    if of < least:
        raise NotCovered(
            f"Not enough history: only {of:,} earlier {words} are known, and {least:,} are needed to tell.",
            mend="Nothing to mend: the check learns from each day.",
        )
    if before * least > of:
        raise NotCovered(
            f"{before:,} of {of:,} earlier {words} were like that: it is usual here, so none is judged.",
            mend="Nothing to mend, unless it is not meant to be so.",
        )
