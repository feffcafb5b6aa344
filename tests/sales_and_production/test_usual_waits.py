"""How long an order may rest, and a step be in hand, is learned from those that went on in the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from hypercare.sales_and_production.usual_waits import UsualWaits
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, Facts, at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Waits = Callable[..., UsualWaits]


@pytest.fixture
def waits(tmp_path: Path) -> Waits:
    """Orders opened on the first morning, each with two steps: it rests, one is done in an hour, it rests as long."""

    def waits(rests: Sequence[timedelta], standing: int = 0) -> UsualWaits:
        facts, opened = Facts(), at(GO_LIVE, "08:00")
        facts.add("branch", code="N", name="North", live=True)
        for number, rest in enumerate([*rests, *[None] * standing]):
            state = "in_progress" if rest is None else "done"
            order = facts.add("production_order", number=f"P-{number}", branch=1, state=state, created_at=opened)
            begun = opened
            for sequence in (1, 2):
                begun = None if rest is None else begun + rest
                times = {"started_at": begun, "finished_at": None if begun is None else begun + HOUR}
                facts.add(
                    "step",
                    order=order["id"],
                    sequence=sequence,
                    name=f"step {sequence}",
                    state="waiting" if begun is None else "done",
                    updated_at=AS_OF,
                    updated_by=1,
                    **times,
                )
                begun = times["finished_at"]
        file = tmp_path / "workshop.sqlite"
        plain_schema.fill(f"sqlite:///{file}", facts)
        target = make_target(f"sqlite:///{file}", plain_schema.mapping(), AS_OF, go_live=GO_LIVE)
        with closing(Database(target)) as database:
            usual = UsualWaits(Model(target, database))
            assert usual._by_order
        return usual

    return waits


def test_a_house_that_goes_on_at_once_keeps_to_the_limit(waits: Waits) -> None:
    usual = waits([2 * HOUR] * 30)
    assert usual.rest(5 * DAY) == 5 * DAY
    assert usual.in_hand(5 * DAY) == 5 * DAY
    assert usual.mostly(DAY) == DAY


def test_a_house_where_orders_wait_for_days_has_a_longer_one(waits: Waits) -> None:
    usual = waits([4 * DAY] * 30)
    assert usual.rest(DAY) == 6 * DAY
    with pytest.raises(NotCovered, match="60 take more than 60 hours here"):
        usual.rest(5 * DAY)
    assert usual.mostly(DAY) == 4 * DAY


def test_what_has_not_moved_yet_is_no_measure(waits: Waits) -> None:
    assert waits([2 * HOUR] * 30, standing=4).rest(5 * DAY) == 5 * DAY


def test_one_that_lay_about_and_was_found_does_not_stretch_it(waits: Waits) -> None:
    assert waits([*[2 * HOUR] * 30, 5.5 * DAY]).rest(5 * DAY) == 5 * DAY


def test_too_few_that_went_on_tell_nothing(waits: Waits) -> None:
    usual = waits([2 * HOUR] * 9)
    with pytest.raises(NotCovered, match="only 18 orders have gone on"):
        usual.rest(5 * DAY)
    with pytest.raises(NotCovered, match="only 18 steps were begun and finished"):
        usual.in_hand(5 * DAY)


def test_rests_as_long_as_the_time_since_go_live_tell_nothing_yet(waits: Waits) -> None:
    half = (AS_OF - at(GO_LIVE, "00:00")) / 2
    with pytest.raises(NotCovered, match="is not seen yet"):
        waits([half + HOUR] * 30).rest(5 * DAY)
    assert waits([half - 2 * HOUR] * 30).rest(HOUR) > half
