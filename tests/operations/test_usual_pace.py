"""What is usual by this hour: which earlier days are learned from, and when nothing can be expected at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.operations.pace import pace_of, usual_by_now
from hypercare.operations_model.model import Model
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, TODAY, ZONE, Facts, healthy
from tests.operations.plain_schema import fill, mapping

NORTH = 1
BEFORE_ALL = TODAY - timedelta(days=60)
Made = Callable[..., Model]


@pytest.fixture
def model_of(tmp_path: Path) -> Iterator[Made]:
    """The model of a business that went live long ago, whose branches the database knows."""
    url = f"sqlite:///{tmp_path / 'business.sqlite'}"
    fill(url, Facts({"branch": healthy().rows["branch"]}))
    databases: list[Database] = []

    def model_of(go_live: date = BEFORE_ALL, **business: Any) -> Model:
        target = make_target(url, mapping(), AS_OF, go_live=go_live, business=business)
        databases.append(Database(target))
        return Model(target, databases[-1])

    yield model_of
    for one in databases:
        one.close()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def sold(*, each: int = 10, **of_days: int) -> dict[date, int]:
    """So much each day for five weeks, and `d7=30` so much seven days ago."""
    return {ago(n): of_days.get(f"d{n}", each) for n in range(36)}


def counter(by_day: Mapping[date, int]) -> Callable[[Sequence[Period]], Mapping[tuple[int, object], int]]:
    def count(periods: Sequence[Period]) -> Mapping[tuple[int, object], int]:
        days = [day_of(period) for period in periods]
        return {(number, NORTH): by_day[day] for number, day in enumerate(days) if by_day.get(day)}

    return count


def day_of(period: Period) -> date:
    return period.start.astimezone(ZONE).date()


WEEKDAY_BEFORE = {"d7": 30, "d14": 30, "d21": 30}


@pytest.mark.parametrize(
    ("by_day", "business", "expected"),
    [
        pytest.param(sold(), {}, 10, id="every day alike"),
        pytest.param(sold(**WEEKDAY_BEFORE), {}, 30, id="three such weekdays speak for themselves"),
        pytest.param(sold(**WEEKDAY_BEFORE), {"go_live": ago(8)}, 20, id="one such weekday is drawn towards all days"),
        pytest.param(sold(**WEEKDAY_BEFORE), {"go_live": ago(6)}, 10, id="without such a weekday all days speak"),
        pytest.param(sold(d7=30, d14=40, d21=20), {}, 30, id="of three the middle one"),
        pytest.param(sold(d7=0, d14=30, d21=30), {}, 20, id="a day on which nothing was done is not learned from"),
        pytest.param(
            sold(d7=100, d14=30, d21=30), {"closed": [{"day": ago(7)}]}, 20, id="nor one on which it was closed"
        ),
        pytest.param(
            sold(d7=100, d14=30, d21=30),
            {"closed": [{"day": ago(7), "branch": "N"}]},
            20,
            id="nor one on which this branch was closed",
        ),
        pytest.param(
            sold(d7=30, d14=30, d21=30),
            {"closed": [{"day": ago(7), "branch": "S"}]},
            30,
            id="but one on which another was",
        ),
    ],
)
def test_usual_is(by_day: Mapping[date, int], business: dict[str, Any], expected: float, model_of: Made) -> None:
    pace = pace_of(model_of(**business), counter(by_day))
    assert [(one.branch, one.actual, one.expected) for one in pace.branches] == [(NORTH, 10, expected)]


NEVER_ON_SUCH_A_DAY = {"d0": 0, "d7": 0, "d14": 0, "d21": 0, "d28": 0, "d35": 0}


@pytest.mark.parametrize(
    ("by_day", "business"),
    [
        pytest.param(sold(**NEVER_ON_SUCH_A_DAY), {}, id="never works on such a weekday"),
        pytest.param(sold(), {"closed": [{"day": TODAY, "reason": "Easter"}]}, id="is closed today"),
        pytest.param(sold(), {"closed": [{"day": TODAY, "branch": "N"}]}, id="is the one that is closed today"),
        pytest.param(sold(), {"hours": [{"branch": "N", "days": ["sat"], "opens": "09:00", "closes": "18:00"}]},
                     id="has other days"),
        pytest.param(sold(), {"hours": [{"branch": "N", "days": ["wed"], "opens": "09:00", "closes": "17:00"}]},
                     id="closes at this minute"),
        pytest.param({ago(n): 10 for n in range(1, 4)} | {TODAY: 0}, {}, id="is too new for such a day"),
    ],
)  # fmt: skip
def test_nothing_is_expected_of_a_branch_that(
    by_day: Mapping[date, int], business: dict[str, Any], model_of: Made
) -> None:
    assert pace_of(model_of(**business), counter(by_day)).branches == []


@pytest.mark.parametrize(
    ("at_work", "expected"),
    [
        pytest.param(None, [NORTH], id="nobody knows who is at work, so the weekday decides"),
        pytest.param(frozenset({NORTH}), [NORTH], id="somebody is"),
        pytest.param(frozenset({2}), [], id="somebody is, elsewhere"),
    ],
)
def test_a_branch_is_open_where_somebody_is_at_work(
    at_work: frozenset[object] | None, expected: list[int], model_of: Made
) -> None:
    pace = pace_of(model_of(), counter(sold()), at_work)
    assert [one.branch for one in pace.branches] == expected


def test_a_branch_that_did_nothing_yet_is_expected_all_the_same(model_of: Made) -> None:
    pace = pace_of(model_of(), counter(sold(d0=0)))
    assert [(one.branch, one.actual, one.expected) for one in pace.branches] == [(NORTH, 0, 10)]


def test_who_works_on_a_day_off_is_shown(model_of: Made) -> None:
    """A new branch that sold today: there is no such weekday to learn from, and what it did is told."""
    pace = pace_of(model_of(), counter({ago(1): 8, ago(2): 12, TODAY: 5}))
    assert [(one.actual, one.expected) for one in pace.branches] == [(5, 10)]


def test_of_the_last_hours_only_those_are_counted(model_of: Made) -> None:
    asked: list[Period] = []

    def count(periods: Sequence[Period]) -> Mapping[tuple[int, object], int]:
        asked.extend(periods)
        return {}

    pace = pace_of(model_of(ago(2)), count, last=timedelta(minutes=90))
    of_hours, of_days = asked[:3], asked[3:]
    assert [day_of(period) for period in of_hours] == [TODAY, ago(1), ago(2)]
    assert {period.length for period in of_hours} == {timedelta(minutes=90)}
    assert [day_of(period) for period in of_days] == [TODAY, ago(1), ago(2)]
    assert pace.days == 2


# -- what is usual of the whole business ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by_day", "business", "usual"),
    [
        pytest.param(sold(d1=7, d2=9), {}, 10, id="the middle of the last seven days"),
        pytest.param(sold(d3=0), {}, 0, id="a day without any makes it nobody's habit"),
        pytest.param(sold(d8=0), {}, 10, id="that was more than seven days ago"),
        pytest.param(sold(d3=0), {"closed": [{"day": ago(3)}]}, 10, id="it was closed then"),
        pytest.param(sold(d3=0), {"closed": [{"day": ago(3), "branch": "N"}]}, 0, id="one branch was closed then"),
        pytest.param(sold(), {"closed": [{"day": TODAY}]}, 0, id="it is closed today"),
        pytest.param(sold(d2=90, d3=90), {"go_live": ago(1)}, 10, id="days before the first do not count"),
        pytest.param(sold(), {"go_live": TODAY}, 0, id="this is the first day"),
    ],
)
def test_usual_by_now_is(by_day: Mapping[date, int], business: dict[str, Any], usual: float, model_of: Made) -> None:
    assert usual_by_now(model_of(**business), lambda period: by_day[day_of(period)]) == usual


def test_of_a_day_on_which_somebody_worked_on_the_system_no_pace_is_expected(model_of: Made) -> None:
    model = model_of()
    assert usual_by_now(model, lambda period: 10) == 10
    model.target.worked_on = (Period(AS_OF - timedelta(hours=2), AS_OF - timedelta(hours=1)),)
    assert usual_by_now(model, lambda period: 10) == 0
    with pytest.raises(NotCovered, match="under maintenance"):
        pace_of(model, counter(sold()))
    assert pace_of(model, counter(sold()), last=timedelta(minutes=30)).expected >= 0
