"""On a system that keeps nothing for trials, as most do not, everything is looked at all the same."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from hypercare.database.database import Database
from tests.operations import plain_schema
from tests.operations.checking import Ended, failed, make_target, run
from tests.operations.facts import AS_OF, GO_LIVE, Facts, healthy
from tests.operations.faults import FAULTS, Fault
from tests.operations.test_checks_notice_faults import KINDS, LIMITS

assert KINDS


def looked_at(folder: Path, facts: Facts) -> dict[str, Ended]:
    url = f"sqlite:///{folder / 'business.sqlite'}"
    plain_schema.fill(url, facts)
    target = make_target(url, plain_schema.mapping(), AS_OF, go_live=GO_LIVE, limits=LIMITS)
    with closing(Database(target)) as database:
        return run(target, database=database)


def test_figures_count_all_that_there_is(tmp_path: Path) -> None:
    ended = looked_at(tmp_path, healthy())
    figures = {name: value for one in ended.values() for name, value in (one.figures or {}).items()}
    assert figures["costs_entered"] >= 6
    assert figures["sales_finalised"] >= 20
    assert figures["steps_completed"] >= 6
    assert figures["orders_completed"] >= 2


# Costs know the canary by their order alone; the others show once more what is shown with one. Where nothing but the
# canary's was sold, its sales are sales here.
OTHERS = [fault for fault in FAULTS if "cost" not in fault.name and fault.name != "nothing_was_sold_today"]
OF_COSTS = [fault for fault in FAULTS if "cost" in fault.name]


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    [*OF_COSTS[:4], *(pytest.param(one, marks=pytest.mark.proof) for one in (*OF_COSTS[4:], *OTHERS))],
    ids=lambda fault: fault.name,
)
def test_a_fault_is_noticed(fault: Fault, tmp_path: Path) -> None:
    facts = healthy()
    fault.change(facts)
    ended = looked_at(tmp_path, facts)
    assert fault.noticed <= failed(ended), {name: ended[name].reason for name in fault.noticed - failed(ended)}
