"""One branch that stops alone in mid-day, by its own habit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.operations.branch_stops import IN_MID_DAY, stopped_branches
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, TODAY, Facts, healthy
from tests.operations.plain_schema import fill, mapping

Made = Callable[..., Model]


@pytest.fixture
def model_of(tmp_path: Path) -> Iterator[Made]:
    url = f"sqlite:///{tmp_path / 'business.sqlite'}"
    fill(url, Facts({"branch": healthy().rows["branch"]}))
    databases: list[Database] = []

    def model_of(**business: Any) -> Model:
        target = make_target(url, mapping(), AS_OF, go_live=TODAY - timedelta(days=21), business=business)
        databases.append(Database(target))
        return Model(target, databases[-1])

    yield model_of
    for one in databases:
        one.close()


def counter(today: Mapping[int, int], usual: int = 12, **of_days: int) -> Callable[[Sequence[Period]], Any]:
    """So many in each branch at such hours, whatever their length; `d3=0` for three days ago."""

    def count(periods: Sequence[Period]) -> Mapping[tuple[int, object], int]:
        earlier = {(n, branch): of_days.get(f"d{n}", usual) for n in range(1, len(periods)) for branch in (1, 2)}
        found = {**earlier, **{(0, branch): many for branch, many in today.items()}}
        return {key: many for key, many in found.items() if many}

    return count


def stops(model: Model, count: Callable[..., Any], at_work: frozenset[object] | None = None) -> list[str]:
    found = stopped_branches(model, count, at_work, "sales", IN_MID_DAY)
    return [str(row["branch"]) for row in found.sample]


def test_one_that_stops_while_the_other_goes_on_is_found(model_of: Made) -> None:
    assert stops(model_of(), counter({1: 9, 2: 0})) == ["S"]


@pytest.mark.parametrize(
    ("today", "more"),
    [
        pytest.param({1: 9, 2: 1}, {}, id="one sale is enough"),
        pytest.param({1: 0, 2: 0}, {}, id="the whole business has stopped, which others tell"),
        pytest.param({1: 9, 2: 0}, {"d7": 0}, id="it had nothing on such a day before"),
    ],
)
def test_what_is_no_stop_of_one_alone(model_of: Made, today: Mapping[int, int], more: Mapping[str, int]) -> None:
    try:
        assert stops(model_of(), counter(today, **more)) == []
    except NotCovered as told:
        assert "Not enough history" in told.reason


def test_few_sales_do_not_tell(model_of: Made) -> None:
    with pytest.raises(NotCovered, match="Not enough history"):
        stops(model_of(), counter({1: 9, 2: 0}, usual=9))


def test_a_branch_after_its_hours_has_not_stopped(model_of: Made) -> None:
    hours = [{"branch": "S", "days": ["wed"], "opens": "09:00", "closes": "16:30"}]
    assert stops(model_of(hours=hours), counter({1: 9, 2: 0})) == []


def test_a_branch_that_is_closed_today_has_not_stopped(model_of: Made) -> None:
    assert stops(model_of(closed=[{"day": TODAY, "branch": "S"}]), counter({1: 9, 2: 0})) == []


def test_a_branch_where_nobody_is_on_shift_has_not_stopped(model_of: Made) -> None:
    assert stops(model_of(), counter({1: 9, 2: 0}), frozenset({1})) == []
