"""Numbers, times and lists as a person says them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from hypercare.outcome.durations import short_duration
from hypercare.outcome.exceptions import in_words as in_words_of_exceptions
from hypercare.outcome.intake import in_words, together
from hypercare.outcome.outcome import Outcome
from hypercare.plan.rounds import DAILY, words_of_round

if TYPE_CHECKING:
    from hypercare.reports.summary import Check

OUTCOME_WORDS = {
    Outcome.PASSED: "Holds",
    Outcome.FAILED: "Failed",
    Outcome.FLAKY: "Unsteady",
    Outcome.BLOCKED: "Blocked",
    Outcome.NOT_COVERED: "Not covered",
    Outcome.MONITOR_FAULT: "Monitor fault",
    Outcome.AWAITING: "Waits for a person",
}
OUTCOME_MEANING = {
    Outcome.PASSED: "looked at, and it is as it should be",
    Outcome.FAILED: "looked at twice, and wrong both times",
    Outcome.FLAKY: "wrong at first, right when tried again",
    Outcome.BLOCKED: "something that it stands on is down",
    Outcome.NOT_COVERED: "the system has no such thing mapped, or nobody gave access",
    Outcome.MONITOR_FAULT: "our own monitoring was at fault, not the system",
    Outcome.AWAITING: "only a person can say, and nobody has yet",
}


def first_sentence(told: str) -> str:
    """What a finding says first: without what it says of other findings of the same check besides."""
    return told.partition(" Besides: ")[0]


def counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def listed(names: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    words = list(names)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def looked_at_words(*checks: Check) -> str:
    """What the checks took in of their sources, each source once; empty where none of them told it."""
    return in_words(together(one.model_dump() for check in checks for one in check.looked_at))


def excepted_words(*checks: Check) -> str:
    """What the checks passed over as agreed, and by whose word; empty where nothing was."""
    found = [one.model_dump() for check in checks for one in check.excepted]
    return "; ".join(dict.fromkeys(in_words_of_exceptions(one) for one in found))


def long_date(instant: date) -> str:
    return f"{instant:%A} {instant.day} {instant:%B %Y}"


def short_instant(instant: datetime) -> str:
    return f"{instant.day} {instant:%b %H:%M}"


def to_the_second(instant: datetime) -> datetime:
    """The nearest whole second: 18:44:19.999999 is 18:44:20."""
    return (instant + timedelta(seconds=0.5)).replace(microsecond=0)


def promise(seconds: float) -> str:
    return f"within {short_duration(seconds)}" if seconds else "at once"


def round_words(name: str) -> str:
    return "Daily report" if name == DAILY else words_of_round(name)
