"""How far a failure reaches: one user, a branch, all."""

from __future__ import annotations

from hypercare.escalation.terms import Terms
from hypercare.escalation.trouble import Spread
from hypercare.outcome.result import CheckResult


def spread_of(result: CheckResult, terms: Terms) -> Spread:
    """The reach of a failure, by the branches and people that it names.

    A few records in every branch are not every branch: half of what was looked at has to be concerned.
    """
    half = bool(result.count and result.of and 2 * result.count >= result.of)
    if half and len(terms.branches) > 1 and terms.branches <= set(result.branches):
        return Spread.ALL
    people = result.people or 0
    several = people >= terms.rules.several_users or (half and people > 1)
    return Spread.BRANCH if several else Spread.ONE
