"""The three daily rounds on a healthy Tryton: nothing is alarming, nothing is the suite's own fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from faultlab.suite_run import Scope, items_of_round, run_checks
from hypercare.outcome.outcome import Outcome
from hypercare.plan.rounds import Round
from targets.tryton.prepared import Prepared
from targets.tryton.system import TrytonSystem
from tests.tryton.tryton_engines import each_on

FINE = {Outcome.PASSED, Outcome.NOT_COVERED, Outcome.AWAITING}


ROUNDS = (Round.MORNING, Round.MIDDAY, Round.EVENING)
ON_EACH = each_on([("sqlite",), ("postgresql",)])


@pytest.fixture(scope="module")
def running(prepared_on: Prepared, copied) -> Iterator[TrytonSystem]:
    with copied(prepared_on, served=True) as system:
        yield system


@pytest.mark.parametrize("prepared_on", ON_EACH, indirect=True)
@pytest.mark.parametrize("mode", ["observe", "transact"])
@pytest.mark.parametrize("chosen", ROUNDS, ids=lambda one: one.value)
def test_round_finds_nothing(chosen: Round, mode: str, running: TrytonSystem, tmp_path: Path) -> None:
    target_file = running.folder / f"{mode}.toml"
    target_file.write_text(running.target_file.read_text().replace('mode = "transact"', f'mode = "{mode}"'))
    results = run_checks(target_file, tmp_path, scope=Scope.EVERYTHING, items=items_of_round(chosen))
    alarming = {
        result.nodeid: f"{result.outcome}: {result.sentence}" for result in results if result.outcome not in FINE
    }
    assert not alarming
    passed = {item for result in results if result.outcome is Outcome.PASSED for item in result.items}
    assert len(passed) >= 5


@pytest.mark.parametrize("prepared_on", ON_EACH, indirect=True)
def test_trial_is_made_and_taken_back(running: TrytonSystem, tmp_path: Path) -> None:
    before = _trials(running)
    run_checks(running.target_file, tmp_path, scope=Scope.EVERYTHING, items=("ops.sales",))
    made, left = _trials(running)
    assert made > before[0], "no quotation was made on the canary"
    assert not left


def _trials(running: TrytonSystem) -> tuple[int, int]:
    """How many trial sales there have ever been, by Tryton's own history, and how many still stand."""
    engine = create_engine(running.engine.url(running.name))
    with engine.connect() as connection:
        counts = [
            int(connection.execute(text(question)).scalar_one())
            for question in (
                "SELECT COUNT(DISTINCT id) FROM sale_sale__history WHERE reference LIKE 'hypercare-%'",
                "SELECT COUNT(*) FROM sale_sale WHERE reference LIKE 'hypercare-%'",
            )
        ]
    engine.dispose()
    return counts[0], counts[1]
