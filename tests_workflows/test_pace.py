"""Does the business move at the pace of such a day?"""

from __future__ import annotations

import pytest

from hypercare.operations.pace import LATELY, Pace
from hypercare.operations.production import Production
from hypercare.operations.sales import Sales
from hypercare.outcome.durations import exact_duration
from hypercare.outcome.expect import expect, expect_none
from hypercare.outcome.level import Level
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import LimitsSection

ASK = "Ask the branches below whether they can work in the system, or have gone back to paper."
# So much more than the least that is judged must be missing before nothing at all means that nothing is possible.
CERTAIN = 3


def require_history(pace: Pace, limits: LimitsSection, when: str = "by this hour") -> None:
    if pace.closed:
        raise NotCovered(
            f"Nobody works today ({pace.closed}), so no pace is expected.",
            remedy="Nothing to mend, unless the day stands in [[business.closed]] by mistake.",
        )
    if pace.expected < limits.pace_least_expected:
        raise NotCovered(
            f"Only {pace.expected:.0f} are usual {when}, by {pace.days} earlier days: too few to judge.",
            remedy="Nothing to mend: the check learns from each day and is of use later in the day.",
        )


@pytest.mark.item("ops.sales")
def test_sales_arrive_at_the_pace_of_such_a_day(sales: Sales, limits: LimitsSection) -> None:
    pace = sales.pace()
    require_history(pace, limits)
    expect(
        pace.ratio >= limits.pace_lowest,
        f"Only {pace.actual} sales were entered so far, where {pace.expected:.0f} are usual by this hour.",
        count=pace.actual,
        of=round(pace.expected),
        sample=pace.rows(sales.model),
        where="sales",
        next_step=ASK,
        level=Level.L3 if pace.actual == 0 and pace.expected >= CERTAIN * limits.pace_least_expected else None,
    )


@pytest.mark.item("ops.sales")
def test_sales_have_not_stopped(sales: Sales, limits: LimitsSection) -> None:
    lately = sales.pace(LATELY)
    require_history(lately, limits, f"in such {exact_duration(LATELY)}")
    expect(
        lately.actual > 0,
        f"No sale was entered in the last {exact_duration(LATELY)}, where {lately.expected:.0f} are usual.",
        count=0,
        of=round(lately.expected),
        sample=lately.rows(sales.model),
        where="sales",
        next_step=ASK,
        level=Level.L3 if lately.expected >= CERTAIN * limits.pace_least_expected else None,
    )


@pytest.mark.item("ops.sales")
def test_every_open_branch_sells(sales: Sales, limits: LimitsSection) -> None:
    pace = sales.pace()
    require_history(pace, limits)
    silent = pace.silent(limits.pace_least_expected)
    expect(
        not silent,
        f"{len(silent)} of {len(pace.branches)} open branches have not entered a single sale today.",
        count=len(silent),
        of=len(pace.branches),
        sample=pace.rows(sales.model),
        where="sales",
        next_step=ASK,
    )


@pytest.mark.item("ops.sales")
def test_no_branch_has_stopped_alone(sales: Sales) -> None:
    expect_none(
        sales.branches_that_stopped(),
        lambda found: (
            f"{found.count} of {found.of} branches have stopped selling in the middle of the day, "
            "which they never did at such hours."
        ),
        next_step=ASK,
    )


@pytest.mark.item("ops.production-steps")
def test_steps_move_at_the_pace_of_such_a_day(production: Production, limits: LimitsSection) -> None:
    pace = production.pace()
    require_history(pace, limits)
    expect(
        pace.ratio >= limits.pace_lowest,
        f"Only {pace.actual} production steps were begun or done, where {pace.expected:.0f} are usual by this hour.",
        count=pace.actual,
        of=round(pace.expected),
        sample=pace.rows(production.model),
        where="production steps",
        next_step=ASK,
    )


@pytest.mark.item("ops.production-steps")
def test_every_producing_branch_moves(production: Production, limits: LimitsSection) -> None:
    pace = production.pace()
    require_history(pace, limits)
    silent = pace.silent(limits.pace_least_expected)
    expect(
        not silent,
        f"In {len(silent)} of {len(pace.branches)} producing branches no step has moved today.",
        count=len(silent),
        of=len(pace.branches),
        sample=pace.rows(production.model),
        where="production steps",
        next_step=ASK,
    )
