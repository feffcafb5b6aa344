"""A generated business is healthy to the evening round, and each planted defect is noticed by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.accounting.rounds import cost_of_round
from benchmarks.sales_generator.defects import DEFECTS, LONG_AGO, plant
from tests.benchmarks.conftest import Filled

pytestmark = pytest.mark.server  # the rounds are processes of their own


@pytest.mark.long
def test_a_generated_business_is_healthy(few_days: Filled, tmp_path: Path) -> None:
    cost = cost_of_round(few_days.target, "evening", tmp_path)
    assert cost.status == 0, cost.output
    assert cost.statements > 0


@pytest.mark.proof
def test_planted_defects_are_noticed(few_days: Filled, tmp_path: Path) -> None:
    copied = few_days.copy(tmp_path)
    within_watch = [defect.name for defect in DEFECTS if defect.days_ago != LONG_AGO]
    planted = plant(copied.url, copied.business, within_watch)
    reports = tmp_path / "reports"
    said = "".join(cost_of_round(copied.target, name, reports).output for name in ("midday", "evening"))
    assert [one.defect for one in planted if not any(name in said for name in one.names)] == []
