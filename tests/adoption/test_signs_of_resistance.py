"""Signs of resistance: who complains, which branch enters its day in one go, what is behind it and what comes next."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from hypercare.adoption.attendance import Attendance
from hypercare.adoption.backdating import people_who_backdate
from hypercare.adoption.causes import Resistance
from hypercare.adoption.complaints import complaining_far_more
from hypercare.adoption.late_entry import branches_that_enter_in_one_go
from hypercare.adoption.paper import PaperSales
from hypercare.database.database import Database
from hypercare.history.memory import Memory
from hypercare.operations.sales import Sales
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import LimitsSection
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.facts import AS_OF, GO_LIVE, healthy
from tests.operations.round_memory import CANARY, Remembering

Look = Callable[..., Found]
YESTERDAY = "created_at_ >= '2026-03-31' AND created_at_ < '2026-04-01'"
# Ten minutes, at six in the evening.
IN_ONE_GO = "UPDATE sale_rows SET created_at_ = '2026-03-31 16:0' || (id_ % 10) || ':00.000000' WHERE "


def issue(user: int, times: int) -> list[str]:
    at = f"{(AS_OF - timedelta(days=2)).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"
    return [
        "INSERT INTO issue_rows (id_, branch_, reported_by_, title_, state_, reported_at_)"
        f" SELECT max(id_) + 1, 1, {user}, 'It is slow', 'resolved', '{at}' FROM issue_rows"
    ] * times


def never_came(user: int) -> list[str]:
    tables = (("activity", "user", "at"), ("login_attempt", "user", "at"), ("sale", "created_by", "created_at"))
    return [f"DELETE FROM {table}_rows WHERE {who}_ = {user} AND {at}_ >= '2026-03-20'" for table, who, at in tables]


def resistance(attendance: Attendance, limits: LimitsSection, memory: Memory) -> Resistance:
    paper = PaperSales(attendance, Sales(attendance.target, attendance.model.database), limits.pace_lowest)
    return Resistance(attendance, paper, limits, memory)


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("business") / "business.sqlite"
    plain_schema.fill(f"sqlite:///{file}", healthy())
    return file


@pytest.fixture
def attended(business: Path, tmp_path: Path) -> Callable[..., object]:
    @contextmanager
    def attended(*statements: str, as_of: datetime = AS_OF, go_live: date = GO_LIVE) -> Iterator[Attendance]:
        file = tmp_path / "business.sqlite"
        shutil.copyfile(business, file)
        with closing(sqlite3.connect(file)) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount, f"nothing was changed by {statement}"
        target = make_target(f"sqlite:///{file}", plain_schema.mapping(), as_of, go_live=go_live, canary=CANARY)
        with closing(Database(target)) as database:
            yield Attendance(target, database)

    return attended


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        ([IN_ONE_GO + f"{YESTERDAY} AND branch_ = 1"], ["N"]),
        ([IN_ONE_GO + f"{YESTERDAY} AND branch_ = 1 AND id_ % 2 = 0"], []),
        ([], []),
    ],
    ids=["all of it", "half of it", "as they sell"],
)
def test_a_branch_that_enters_its_day_in_one_go_is_told(attended, statements: list[str], told: list[str]) -> None:
    with attended(*statements) as attendance:
        found = branches_that_enter_in_one_go(attendance.model)
    assert [row["branch"] for row in found.sample] == told


def test_a_till_that_hands_over_in_the_evening_enters_nothing_late(attended) -> None:
    handed_over = "UPDATE sale_rows SET created_at_ = '2026-03-31 16:00:0' || (id_ % 10) || '.000000' WHERE "
    with attended(f"{handed_over}{YESTERDAY} AND branch_ = 1") as attendance:
        assert branches_that_enter_in_one_go(attendance.model).count == 0


def test_where_all_branches_do_so_it_is_how_sales_come_in(attended) -> None:
    with attended(IN_ONE_GO + YESTERDAY) as attendance, pytest.raises(NotCovered, match="how they come in here"):
        branches_that_enter_in_one_go(attendance.model)


@pytest.mark.parametrize(("times", "told"), [(8, ["u2"]), (4, [])])
def test_whoever_reports_far_more_than_the_others_is_told(attended, times: int, told: list[str]) -> None:
    with attended(*issue(2, times), *issue(4, 1), *issue(5, 1)) as attendance:
        assert [row["user"] for row in complaining_far_more(attendance).sample] == told


def test_whoever_reports_for_all_others_does_not_complain(attended) -> None:
    with attended("DELETE FROM issue_rows WHERE reported_by_ <> 2", *issue(2, 20)) as attendance:
        assert complaining_far_more(attendance).count == 0


def test_a_branch_of_which_everybody_complains_is_told(attended) -> None:
    with attended(*issue(1, 4), *issue(2, 4), *issue(3, 4)) as attendance:
        found = complaining_far_more(attendance)
    assert [(row["branch"], row["people"]) for row in found.sample] == [("N", 3)]


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ([], "habit, or fear of change"),
        (issue(2, 3), "performance or faults"),
    ],
    ids=["nothing", "three issues"],
)
def test_the_likely_cause_follows_from_what_the_person_s_records_say(attended, limits, more, cause: str) -> None:
    with attended(*never_came(2), *more) as attendance:
        (row,) = resistance(attendance, limits, Remembering()).causes().sample
    assert (row["user"], row["sign"], row["likely cause"]) == ("u2", "does not log in", cause)


@pytest.fixture
def limits() -> LimitsSection:
    return LimitsSection()


@pytest.mark.parametrize(
    ("days", "step"), [(0, "understand"), (1, "understand"), (2, "address"), (4, "monitor"), (7, "escalate")]
)
def test_the_step_that_is_due_follows_from_how_long_it_is_seen(attended, limits, days: int, step: str) -> None:
    memory = Remembering()
    memory.keep(
        "signs of resistance", {"does not log in | u2": (AS_OF.date() - timedelta(days=days)).isoformat()}, AS_OF
    )
    with attended(*never_came(2)) as attendance:
        (row,) = resistance(attendance, limits, memory).causes().sample
    assert str(row["next"]).startswith(step)


def test_a_sign_that_was_gone_begins_anew(attended, limits) -> None:
    memory = Remembering()
    memory.keep("signs of resistance", {"does not log in | u2": "2026-03-20"}, AS_OF)
    with attended() as attendance:
        assert resistance(attendance, limits, memory).causes().count == 0
    tomorrow = AS_OF + timedelta(days=1)
    with attended(*never_came(2), as_of=tomorrow) as attendance:
        (row,) = resistance(attendance, limits, memory).causes().sample
    assert row["since"] == tomorrow.date().isoformat()


def test_whoever_works_again_without_a_sign_is_told_on_that_day_only(attended, limits) -> None:
    memory = Remembering()
    memory.keep("signs of resistance", {"does not log in | u2": "2026-03-29"}, AS_OF)
    with attended() as attendance:
        (row,) = resistance(attendance, limits, memory).overcome().sample
        again = resistance(attendance, limits, memory).overcome().count
    assert (row["user"], row["sign"], row["days"], again) == ("u2", "does not log in", 3, 1)
    with attended(as_of=AS_OF + timedelta(days=1)) as attendance:
        assert resistance(attendance, limits, memory).overcome().count == 0


def test_whoever_is_off_today_has_not_been_won_back(attended, limits) -> None:
    memory = Remembering()
    memory.keep("signs of resistance", {"enters under an earlier day | u2": "2026-03-29"}, AS_OF)
    traces = ("activity", "login_attempt")
    off = [f"DELETE FROM {name}_rows WHERE user_ = 2 AND at_ >= '{AS_OF:%Y-%m-%d}'" for name in traces]
    with attended(*off) as attendance:
        look = resistance(attendance, limits, memory)
        assert (look.overcome().count, look.causes().count) == (0, 0)
    with attended() as attendance:
        assert resistance(attendance, limits, memory).overcome().count == 1


# -- branches that sell on paper, and people who enter later -------------------------------------------------------

TODAYS = f"created_at_ >= '{AS_OF:%Y-%m-%d}'"
NO_SALE_TODAY = f"DELETE FROM sale_rows WHERE finalised_at_ >= '{AS_OF:%Y-%m-%d}' AND branch_ = "


@pytest.mark.parametrize(
    ("statements", "told"),
    [([NO_SALE_TODAY + "1"], ["N"]), ([], []), ([NO_SALE_TODAY + "1", NO_SALE_TODAY + "2"], [])],
    ids=["one branch", "none", "all of them"],
)
def test_a_branch_that_sells_nothing_in_the_system_is_told(attended, limits, statements, told: list[str]) -> None:
    with attended(*statements) as attendance:
        paper = PaperSales(attendance, Sales(attendance.target, attendance.model.database), limits.pace_lowest)
        assert [row["branch"] for row in paper.branches().sample] == told


def test_a_quiet_saturday_is_no_day_on_paper(attended, limits) -> None:
    """Two earlier days of week-ends do not tell what is usual on one."""
    saturday = AS_OF - timedelta(days=4)
    here = f"FROM sale_rows WHERE finalised_at_ >= '{saturday:%Y-%m-%d}' AND branch_ = 1"
    with attended(f"DELETE {here} AND id_ > (SELECT min(id_) {here})", as_of=saturday) as attendance:
        paper = PaperSales(attendance, Sales(attendance.target, attendance.model.database), limits.pace_lowest)
        with pytest.raises(NotCovered, match="Not enough history"):
            paper.branches()


def test_a_branch_is_back_when_it_enters_nearly_all_again(attended, limits) -> None:
    memory = Remembering()
    with attended(NO_SALE_TODAY + "1", as_of=AS_OF) as attendance:
        (first,) = resistance(attendance, limits, memory).causes().sample
    memory.keep(
        "signs of resistance",
        {"sells without the system | branch N": {"since": "2026-03-30", "extents": {"2026-03-31": 1.0}, "gone": None}},
        AS_OF,
    )
    with attended(NO_SALE_TODAY + "1 AND id_ % 2 = 0") as attendance:
        (half,) = resistance(attendance, limits, memory).causes().sample
    assert [first["goes on"], half["goes on"], half["since"]] == ["new", "decreases", "2026-03-30"]
    with attended() as attendance:
        (row,) = resistance(attendance, limits, memory).overcome().sample
    assert (row["branch"], row["sign"], row["days"]) == ("N", "sells without the system", 2)


def backdated(many: int, by: int) -> list[str]:
    """So many sales of today, by the keys, which somebody has entered under the day before yesterday."""
    return [
        f"UPDATE sale_rows SET created_by_ = {by}, created_at_ = '2026-03-30 12:00:00.000000' WHERE id_ IN"
        f" (SELECT id_ FROM sale_rows WHERE {TODAYS} AND created_at_ <= '{AS_OF:%Y-%m-%d %H:%M:%S}'"
        f" ORDER BY id_ LIMIT {many})"
    ]


@pytest.mark.parametrize(("many", "told"), [(4, ["u2"]), (2, [])])
def test_whoever_enters_several_records_under_an_earlier_day_is_told(attended, many: int, told: list[str]) -> None:
    with attended(*backdated(many, 2)) as attendance:
        assert [row["user"] for row in people_who_backdate(attendance).sample] == told


def test_what_a_device_hands_over_that_was_out_of_reach_is_no_catching_up(attended) -> None:
    """Its sales of yesterday came in today, within seconds."""
    late = (
        "UPDATE activity_rows SET at_ = '2026-04-01 08:00:0' || (id_ % 5) || '.000000'"
        " WHERE action_ = 'sale.create' AND entity_id_ IN (SELECT id_ FROM sale_rows WHERE created_by_ = 2"
        " AND created_at_ >= '2026-03-31' AND created_at_ < '2026-03-31 15:00')"
    )
    with attended(late) as attendance:
        assert people_who_backdate(attendance).count == 0
    with attended(late.replace("08:00:0' || (id_ % 5) ||", "08:' || (10 + id_ % 50) || ':00' ||")) as attendance:
        assert [row["user"] for row in people_who_backdate(attendance).sample] == ["u2"]
