"""Why some mutants cannot be noticed by any fault of the embedded system, by kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from faultlab.mutating.model.mutant import Mutant

# What bounds the work on a business much larger than the embedded one.
_BOUNDS = re.compile(r"\b(_?(?:MOST|LARGEST|SMALL|WHOLE_CHECK)\w*|_MOST)\b")
_OF_OTHER_TIMES = re.compile(r"TimeForm|_not_zero|zero_is_none|zero_dates|repeated|_EPOCH|_FIRST_DAY")
_A_HAIR = re.compile(r"_A_HAIR|'0\.001'")
_COMPARABLE = re.compile(r"if (earlier|later) is None else")
_IF_MAPPED = re.compile(r"^without [\w.]+\.has\(\w+\)$")
_SHOWN = re.compile(r"\.shown\w*\(|^\{.*\} → \{\}$|→ ''$")
_SHOWING = {"_branch", "_row", "rows", "_local", "shown_name", "_span"}


@dataclass(frozen=True)
class Reason:
    """A kind of mutant, and in a sentence why nobody can notice it."""

    holds: Callable[[Mutant], bool]
    why: str


REASONS: tuple[Reason, ...] = (
    Reason(
        lambda mutant: _BOUNDS.search(mutant.words) is not None,
        "It bounds how much is looked at, and the embedded business is far smaller than the bound.",
    ),
    Reason(
        lambda mutant: mutant.function.split(".")[-1] in _SHOWING or _SHOWN.search(mutant.words) is not None,
        "It only changes what the sample of a finding shows; no fault asks for the words of a sample.",
    ),
    Reason(
        lambda mutant: mutant.kind == "condition" and _IF_MAPPED.match(mutant.words) is not None,
        "The embedded system maps each of these fields; one that is not mapped is asked for in tests/operations.",
    ),
    Reason(
        lambda mutant: "/instants.py" in mutant.file and _OF_OTHER_TIMES.search(mutant.words) is not None,
        "The embedded system keeps its times in one way, in UTC; local times, epochs and zero dates are tried in "
        "tests/operations.",
    ),
    Reason(
        lambda mutant: mutant.kind == "comparison" and _A_HAIR.search(mutant.words) is not None,
        "No two amounts differ by exactly a thousandth of a cent, so that the edge itself never matters.",
    ),
    Reason(
        lambda mutant: mutant.kind == "branch" and _COMPARABLE.search(mutant.words) is not None,
        "The embedded system keeps all its times alike, so that any two can be compared; others are tried in "
        "tests/operations.",
    ),
    Reason(
        lambda mutant: mutant.function == "_date",
        "Drivers give a day as text, as a date or as a moment; that of the embedded system always gives text.",
    ),
)


def why_it_survives(mutant: Mutant) -> str:
    """In a sentence; empty when there is no reason."""
    return next((reason.why for reason in REASONS if reason.holds(mutant)), "")
