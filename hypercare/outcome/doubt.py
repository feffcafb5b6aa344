"""A rule that much of the past breaks doubts itself: it is a question to whoever attaches, not an alarm a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hypercare.outcome.found import Doubt
from hypercare.outcome.signals import NotCovered

# So few broken records are no habit, and among so many of today it would be one that began today.
_LEAST_BROKEN = 3
_LEAST_TODAY = 5
_TIMES_THE_PAST = 3
_MOST = 0.5
# What happened on so many earlier days, on one in so many of them, and on one of the first, is how they work.
_LEAST_DAYS = 3
_ONE_DAY_IN = 3
_BEGINS = 2
# What nothing but the days tell is learned from so many of them.
_FIRST_DAYS = 5
_ONE_DAY_IN_TEN = 10
# Where nothing tells which records are new: more than one in so many, and it is the way of the house.
_ONE_IN = 20


@dataclass(frozen=True)
class Weighed:
    """How many records were looked at and how many break the rule, in all and of those from before today."""

    of: int
    wrong: int
    past: int
    past_wrong: int

    @property
    def worse_today(self) -> bool:
        """Whether today breaks it so much more than the past that something must have happened."""
        today, wrong = self.of - self.past, self.wrong - self.past_wrong
        if wrong < _LEAST_TODAY or wrong < _MOST * today:
            return False
        return wrong * self.past >= _TIMES_THE_PAST * self.past_wrong * today


@dataclass(frozen=True)
class Spread:
    """Days before today with such records, those on which one was wrong, and the number (from 0) of the first."""

    days: int
    wrong: int
    first: int | None


@dataclass(frozen=True)
class Excuse:
    """On how many earlier days a rule has to have been broken to be none here: of the first, on which it is learned
    what is usual, or of any. It is judged from `least_days` on."""

    days: int
    of_the_first: bool = True
    least_days: int = _FIRST_DAYS

    def holds(self, spread: Spread) -> bool:
        early = spread.first is not None and (spread.first < _FIRST_DAYS or not self.of_the_first)
        return early and spread.wrong >= max(self.days, spread.days / _ONE_DAY_IN_TEN)


class Doubts(Protocol):
    """What is acceptable: shares from which on a rule doubts itself, and how many records make a past."""

    @property
    def doubt_sums_from(self) -> float: ...
    @property
    def doubt_habits_from(self) -> float: ...
    @property
    def doubt_least(self) -> int: ...


def doubt_of(weighed: Weighed, limits: Doubts, *, habit: bool, what: str, least: int | None = None) -> Doubt | None:
    """Whether the rule is one here. A `habit` is how most businesses work; other rules hold by arithmetic.

    With too little of a past, a habit that most records break is not judged, nor are sums of enough records.
    """
    least = limits.doubt_least if least is None else least
    share = limits.doubt_habits_from if habit else limits.doubt_sums_from
    past, broken = weighed.past, weighed.past_wrong
    if past >= least:
        if broken < max(_LEAST_BROKEN, share * past) or weighed.worse_today:
            return None
        words = f"{broken:,} of {past:,} records from before today break this rule too ({broken / past:.0%})"
        return Doubt(f"{words}, so it may be none here ({what}).")
    enough = habit or weighed.of >= least
    if past >= _LEAST_BROKEN and broken < _MOST * past:
        return None
    if not enough or weighed.wrong < max(_LEAST_BROKEN, _MOST * weighed.of):
        return None
    words = f"{weighed.wrong:,} of {weighed.of:,} records break this rule, and there is not enough history"
    return Doubt(f"{words} to tell whether it is one here ({what}).")


def doubt_by_days(weighed: Weighed, spread: Spread, *, excuse: Excuse | None, what: str) -> Doubt | None:
    """Whether a habit is none here since it is broken day by day, however few records break it.

    What began only lately is no habit yet. Of some rules (who may work where) nothing but the days tell: those are
    judged where enough of them are known, and no `excuse` holds.
    """
    if weighed.past and spread.days and weighed.worse_today:
        return None
    if excuse is not None and spread.days < excuse.least_days:
        words = f"{weighed.wrong:,} of {weighed.of:,} records break this rule, and there are not enough earlier days"
        return Doubt(f"{words} to tell whether it is one here ({what}).", told_by_records=True)
    if spread.first is None:
        return None
    if excuse is not None:
        is_usual = excuse.holds(spread)
    else:
        is_usual = spread.first < _BEGINS and spread.wrong >= max(_LEAST_DAYS, spread.days / _ONE_DAY_IN)
    if not is_usual:
        return None
    words = f"This rule was broken on {spread.wrong} of the {spread.days} days before today too"
    return Doubt(f"{words}, so it may be none here ({what}).", told_by_records=True)


def doubt_among(wrong: int, of: int, what: str) -> Doubt | None:
    """Whether a rule is one here where nothing tells the past from today; of very few, a single one is no way yet."""
    if wrong <= 1 or wrong * _ONE_IN <= of:
        return None
    return Doubt(f"{wrong:,} of {of:,} {what}: that seems to be usual here, so none of them is judged.")


def is_learned(past: int, past_wrong: int, least: int) -> bool:
    """Whether a rule that nobody but the past tells is known well enough, with next to no exception."""
    return past >= least and past_wrong * least <= past


def require_learned(past: int, past_wrong: int, least: int, what: str, *, slips: int | None = None) -> None:
    """Let a rule that nobody but the past tells speak only where it is one.

    What speaks against it is no doubt about a rule that could hold all the same: there is none besides. Of something
    that is merely rare, no more than these `slips` may have been, however long the past is.

    Raises:
        NotCovered: too little is known, or it has been broken before.
    """
    if past < least:
        raise NotCovered(
            f"Not enough history: only {past:,} earlier {what} are known, and {least:,} are needed to tell.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    if not is_learned(past, past_wrong, least) or (slips is not None and past_wrong > slips):
        raise NotCovered(
            f"{past_wrong:,} of {past:,} earlier {what} were like that: it is usual here, so none is judged.",
            remedy="Nothing to mend, unless it is not meant to be so.",
        )
