"""A healthy Tryton on the days of the plan, one after the other, with what the rounds before remember: it is quiet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from faultlab.suite_run import PROJECT, Scope, run_checks
from faultlab.verdict import compare, told_by
from hypercare.outcome.outcome import Outcome
from hypercare.plan.checklist import read_checklist
from targets.tryton.lived_days import LivedDays
from targets.tryton.prepared import prepared
from targets.tryton.run import Run
from targets.tryton.software import Software

DAYS = (1, 2, 5, 7, 9, 13)
SEEDS = (1, 2)
STORED = tuple(
    item.id for item in read_checklist(PROJECT / "checklist.toml").items if not item.id.startswith("backup.")
)
# What its tables and logs must be able to tell by then, besides the lines of the first rounds.
TOLD_BY = {
    1: {"sales.figures", "sales.no-duplicates", "production.match-sales", "focus.first-sales", "focus.crashes"},
    5: {"focus.performance", "focus.workflows-used"},
    9: {
        "focus.response-trend",
        "performance.degradation",
        "focus.unused-features",
        "performance.load",
        "production.costs",
        "production.completion",
        "activity.using",
    },
}


@pytest.fixture(params=[pytest.param(seed, marks=pytest.mark.xdist_group(f"life of {seed}")) for seed in SEEDS])
def life(request: pytest.FixtureRequest, run: Run, tryton_software: Software, tmp_path: Path) -> Iterator[LivedDays]:
    engine = run.engine("sqlite")
    kept = prepared(tryton_software, engine, run, days=12, seed=request.param, keeps_days=True)
    name = run.name()
    run.will_make(engine=engine.name, database=name)
    yield LivedDays(kept, name, tmp_path)
    engine.drop(name)


def test_a_healthy_life_is_quiet_and_ever_more_of_it_is_told(life: LivedDays, tmp_path: Path) -> None:
    for day in DAYS:
        results = run_checks(life.evening_of(day), tmp_path / "reports", scope=Scope.STORED, items=STORED)
        verdict = compare({}, frozenset(), results)
        assert verdict.right, f"day {day}: {verdict}\n{told_by(results)}"
        told = {item for result in results if result.outcome is Outcome.PASSED for item in result.items}
        assert TOLD_BY.get(day, set()) <= told, f"day {day}: {sorted(TOLD_BY[day] - told)}"
