"""Has a stretch of the plan reached its goals?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.expect import expect_none

if TYPE_CHECKING:
    from hypercare.gates.standing import JudgedGate

NEXT_STEP = (
    "Decide with the owner whether the close watch goes on ([business] critical_days), and see to what blocks it; "
    "`hypercare report exit` has each criterion with its evidence."
)


@pytest.mark.item("exit.week-1")
def test_the_first_week_has_reached_its_goals(gate: JudgedGate) -> None:
    expect_none(
        gate.not_met,
        lambda found: f"{found.count} of {found.of} criteria of the first week are not met.",
        next_step=NEXT_STEP,
    )
    gate.require_known()


@pytest.mark.item("exit.week-2")
def test_the_second_week_has_reached_its_goals(gate: JudgedGate) -> None:
    expect_none(
        gate.not_met,
        lambda found: f"{found.count} of {found.of} criteria of the second week are not met.",
        next_step=NEXT_STEP,
    )
    gate.require_known()


@pytest.mark.item("exit.month-1")
def test_the_first_month_has_reached_its_goals(gate: JudgedGate) -> None:
    expect_none(
        gate.not_met,
        lambda found: f"{found.count} of {found.of} criteria of the first month are not met.",
        next_step=NEXT_STEP,
    )
    gate.require_known()
