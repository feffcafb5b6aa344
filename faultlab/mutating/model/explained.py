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
_SHOWN = re.compile(r"\.shown\w*\(|^\{.*\} → \{\}$|→ ''$|^'name' if .*→ 'id'$")
_SHOWN_BRANCH = re.compile(r"^\w+\.has\('branch'\) → False$|^\[\w+\['branch'\]\.label\('branch'\)\] if .*→ \[\]$")
_OTHER_ENGINE = re.compile(r"'(mysql|mariadb|postgresql|mssql|oracle)'")
_EMPTY_TEXT = re.compile(r"^without .* [!=]= ''$")
_HAS_A_BRANCH = re.compile(r"^without \w+\['branch'\]\.is_not\(None\)$")
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
        lambda mutant: mutant.function != "look_up" and _SHOWN_BRANCH.search(mutant.words) is not None,
        "It leaves the branch out of what is shown, which weighs only where a finding touches many branches; "
        "tests/operations asks for it.",
    ),
    Reason(
        lambda mutant: _OTHER_ENGINE.search(mutant.words) is not None,
        "It tells other engines apart from that of the embedded system; those are tried in tests/operations "
        "and tests/engines.",
    ),
    Reason(
        lambda mutant: mutant.kind == "condition" and _EMPTY_TEXT.search(mutant.words) is not None,
        "The embedded system keeps nothing where there is nothing, never an empty text; that is tried in "
        "tests/operations.",
    ),
    Reason(
        lambda mutant: mutant.function == "apart" and _HAS_A_BRANCH.search(mutant.words) is not None,
        "Each record of the embedded system belongs to one branch, which is compared elsewhere; several are tried in "
        "tests/operations.",
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
