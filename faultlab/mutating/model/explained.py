"""Why some mutants cannot be noticed by any fault of the embedded system, by kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from faultlab.mutating.model.mutant import Mutant

# What bounds the work on a business much larger than the embedded one.
_BOUNDS = re.compile(
    r"\b(_?(?:MOST|LARGEST|SMALL|WHOLE_CHECK)\w*|_MOST)\b|^without instant\.within\(self\.hypercare\)$"
)
_OF_OTHER_TIMES = re.compile(r"TimeForm|repeated|_EPOCH")
_ZERO_DATES = re.compile(r"_not_zero|zero_is_none|zero_dates|_FIRST_DAY")
ROUNDING_TOLERANCE = re.compile(r"ROUNDING_TOLERANCE|'0\.001'")
_COMPARABLE = re.compile(r"if (earlier|later) is None else")
_IF_MAPPED = re.compile(r"^without [\w.]+\.has\(\w+\)$")
_SHOWN = re.compile(r"\.shown\w*\(|^\{.*\} → \{\}$|^'name' if .*→ 'id'$")
_SHOWN_BRANCH = re.compile(r"^\w+\.has\('branch'\) → False$|^\[\w+\['branch'\]\.label\('branch'\)\] if .*→ \[\]$")
_OTHER_ENGINE = re.compile(r"'(mysql|mariadb|postgresql|mssql|oracle)'")
_SPARES = re.compile(
    r"^without (.*\.within\(Period\(periods\[-1\]\.start, periods\[0\]\.end\)\)|\*self\._(chosen|of_somebody)\(mine\)"
    r"|line\['sale'\]\.in_\(among\)|beside\.c\.before\.is_not\(None\))$"
)
_WAITS = re.compile(r"_WAIT_MS")
_HABIT = re.compile(r"_SELDOM")
_AT_THE_BEGINNING = re.compile(r"^end < 0 → end <= 0$")
_EMPTY_TEXT = re.compile(r"^without .* [!=]= ''$")
_HAS_A_BRANCH = re.compile(r"^without \w+\['branch'\]\.is_not\(None\)$")
_SHOWING = {"_branch", "_row", "rows", "_local", "shown_name", "_span"}


@dataclass(frozen=True)
class Reason:
    """A kind of mutant, and in a sentence why nobody can notice it.

    With `tried_by_tests`, that is true of faults alone: the project's own tests can, and have to when they are asked.
    """

    holds: Callable[[Mutant], bool]
    why: str
    tried_by_tests: bool = False


REASONS: tuple[Reason, ...] = (
    Reason(
        lambda mutant: _BOUNDS.search(mutant.words) is not None or mutant.function.endswith(".watched"),
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
        tried_by_tests=True,
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
        tried_by_tests=True,
    ),
    Reason(
        lambda mutant: mutant.function == "in_different_branches" and _HAS_A_BRANCH.search(mutant.words) is not None,
        "Each record of the embedded system belongs to one branch, which is compared elsewhere; several are tried in "
        "tests/operations.",
        tried_by_tests=True,
    ),
    Reason(
        lambda mutant: mutant.kind == "condition" and _IF_MAPPED.match(mutant.words) is not None,
        "The embedded system maps each of these fields; one that is not mapped is asked for in tests/operations.",
        tried_by_tests=True,
    ),
    Reason(
        lambda mutant: "/instants.py" in mutant.file and _OF_OTHER_TIMES.search(mutant.words) is not None,
        "The embedded system keeps its times in one way, in UTC; local times and epochs are tried in tests/operations.",
        tried_by_tests=True,
    ),
    Reason(
        lambda mutant: _ZERO_DATES.search(mutant.words) is not None,
        "MySQL alone may keep no date as one of zeros; that is tried in tests/operations.",
        tried_by_tests=True,
    ),
    Reason(
        lambda mutant: mutant.kind == "comparison" and ROUNDING_TOLERANCE.search(mutant.words) is not None,
        "No two amounts differ by exactly a thousandth of a cent, so that the edge itself never matters.",
    ),
    Reason(
        lambda mutant: mutant.kind == "branch" and _COMPARABLE.search(mutant.words) is not None,
        "The embedded system keeps all its times alike, so that any two can be compared; others are tried in "
        "tests/operations.",
        tried_by_tests=True,
    ),
    Reason(
        lambda mutant: mutant.kind == "condition" and _SPARES.match(mutant.words) is not None,
        "It only spares the engine rows that come to nothing afterwards anyway.",
    ),
    Reason(
        lambda mutant: mutant.kind == "comparison" and _HABIT.search(mutant.words) is not None,
        "What is a habit is told by a share; whether exactly that share still is one is nobody's to say.",
    ),
    Reason(
        lambda mutant: mutant.kind == "comparison" and _WAITS.search(mutant.words) is not None,
        "No two waits are the same to a thousandth of a second, so that the edge itself never matters.",
    ),
    Reason(
        lambda mutant: _AT_THE_BEGINNING.match(mutant.words) is not None,
        "What is looked for behind the beginning is never found at it.",
    ),
    Reason(
        lambda mutant: mutant.function == "_date",
        "Drivers give a day as text, as a date or as a moment; that of the embedded system always gives text.",
    ),
)


def why_it_survives(mutant: Mutant, *, tests_asked: bool = False) -> str:
    """In a sentence; empty when there is no reason. `tests_asked` is whether the project's own tests looked too."""
    valid = (reason for reason in REASONS if not (tests_asked and reason.tried_by_tests))
    return next((reason.why for reason in valid if reason.holds(mutant)), "")
