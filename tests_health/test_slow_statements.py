"""Which statements to the database are slow, what do they cost, and what would help?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.durations import exact_duration
from hypercare.outcome.expect import expect, expect_none

if TYPE_CHECKING:
    from hypercare.fixtures import Figure
    from hypercare.outcome.finding import Row
    from hypercare.plan.calendar import Period
    from hypercare.slow_statements.statements import Statements
    from hypercare.target_file.config import LimitsSection


@pytest.mark.item("focus.slow-queries")
def test_no_statement_is_slow(
    statements: Statements, unreviewed: Period, limits: LimitsSection, figure: Figure
) -> None:
    found = statements.slow(unreviewed)
    figure("slow_statements", found.count)
    expect_none(
        found,
        lambda numbers: (
            f"{numbers.count} of {numbers.of} kinds of statement take {exact_duration(limits.slow_statement)} or more. "
            f"The costliest: {in_words(found.sample[0])}"
        ),
        next_step="Decide of each: an index, another statement, fewer calls, or that it may take so long.",
    )


def in_words(row: Row) -> str:
    helps = f" An index on {row['index']} would help." if row["index"] else ""
    cost = f"{row['mean_ms']:,} ms each, {row['calls']:,} times, {row['total_s']:,} s in all"
    return f"{str(row['statement'])[:120]}: {cost}; plan: {row['plan']}.{helps}"


@pytest.mark.item("performance.figures")
def test_figures_of_the_database(
    statements: Statements, unreviewed: Period, limits: LimitsSection, figure: Figure
) -> None:
    mean = statements.mean_ms(unreviewed)
    if mean is None:
        return
    figure("statement_mean_ms", round(mean, 2))
    expect(
        timedelta(milliseconds=mean) < limits.slow_statement,
        f"A statement to the database takes {mean:,.0f} ms on average; one of {exact_duration(limits.slow_statement)} "
        "is slow.",
        next_step="Ask the database what it waits for: its disk, its memory, locks, or another program beside it.",
    )
