"""Rounds that did not happen, or did not end, as a person says it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from hypercare.history.broken_rounds import BrokenRound
from hypercare.history.missed_rounds import MissedRound
from hypercare.outcome.durations import short_duration
from hypercare.reports.summary import Summary
from hypercare.reports.words import counted, listed, round_words, short_instant

# More than so many are not named one by one.
_NAMED = 6


def gap_sentences(summary: Summary) -> list[str]:
    """A sentence for each round that broke off, and one for all that were missed."""
    broken = [_broken(one) for one in summary.broken_rounds]
    return [*broken, missed_sentence(summary.missed_rounds)] if summary.missed_rounds else broken


def _broken(one: BrokenRound) -> str:
    lasted = (one.last_heard - one.started).total_seconds()
    where = f" on {one.machine}" if one.machine else ""
    return (
        f"The {round_words(one.round).lower()} of {short_instant(one.as_of)}{where} broke off "
        f"{short_duration(max(0.0, lasted))} after it began, {_how_far(one)}."
    )


def _how_far(one: BrokenRound) -> str:
    if one.expected is None:
        return "before it knew what to look at"
    if one.ended >= one.expected:
        return "before its report was made, when all its checks had ended"
    return f"when {one.ended} of {counted(one.expected, 'check')} had ended"


def missed_sentence(missed: Sequence[MissedRound]) -> str:
    """One sentence for all that were missed; their instants are shown as they are."""
    if len(missed) == 1:
        (one,) = missed
        return f"The {round_words(one.round).lower()} due {short_instant(one.due)} did not happen."
    if len(missed) > _NAMED:
        first, last = missed[0].due, missed[-1].due
        return f"{len(missed)} rounds did not happen, from {short_instant(first)} to {short_instant(last)}."
    days = [
        f"{listed(one.round for one in of_day)} of {day.day} {day:%b}"
        for day, of_day in groupby(missed, key=lambda one: one.due.date())
    ]
    return f"{len(missed)} rounds did not happen: {listed(days)}."
