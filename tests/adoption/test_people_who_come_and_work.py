"""Who comes, who works, who struggles and who comes in that should not, in the small business."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from inspect import signature
from pathlib import Path
from typing import Any

import pytest

from hypercare.adoption import attendance as attendance_module
from hypercare.adoption.attendance import Attendance
from hypercare.database.database import Database
from hypercare.testing import Resources, run_check
from tests.operations import plain_schema
from tests.operations.checking import ROOT, Ended, _module, make_target
from tests.operations.facts import AS_OF, GO_LIVE, healthy
from tests.operations.round_memory import CANARY

Ask = Callable[..., Ended]
FILES = ("tests_data/test_activity.py", "tests_workflows/test_people_at_work.py", "tests_health/test_first_answers.py")
CHECKS = {name: one for file in FILES for name, one in vars(_module(ROOT / file)).items() if name.startswith("test_")}
HOURS = [
    {"branch": branch, "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "opens": "09:00", "closes": "18:00"}
    for branch in ("N", "S")
]
# What comes from logs and the API, or is remembered from round to round.
ELSEWHERE = {"logs", "features", "switched_off"}
EVERYBODY_LOGS_IN = "test_everybody_who_is_expected_logs_in"
LOGS_IN_AND_WORKS = "test_whoever_logs_in_works_in_the_system"
RECORDED = "test_log_ins_and_work_are_both_recorded"
ROLES = "test_no_role_stays_away"
FIGURES = "test_people_of_today_are_counted"
LOOKS = "test_whoever_only_looks_is_meant_to"
DRAFTS = "test_sales_do_not_stop_as_drafts"
UNKNOWN = "test_nobody_comes_in_under_a_name_that_no_user_has"
NIGHT = "test_nobody_works_at_night"
CLOSED = "test_nobody_works_while_all_is_closed"
OUTSIDE = "test_nobody_comes_in_from_outside"
NEW_NETWORK = "test_people_come_in_from_where_they_always_do"
GAVE_UP = "test_nobody_gave_up_logging_in"
ELSEWHERE_TRIED = "test_nobody_tried_in_vain_from_elsewhere"
ADOPTION = "test_every_branch_and_role_uses_the_system"
TROUBLE = "test_nobody_struggles_with_the_records"
ANSWERS = "test_issues_get_a_first_answer_at_once"
WORKFLOWS = "test_people_use_the_workflows_that_are_for_them"
STEPS = "test_orders_go_on_at_every_step"


def moment(**ago: float) -> str:
    return f"{(AS_OF - timedelta(**ago)).replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"


TODAY, WEEK = moment(hours=17), moment(days=8)
_TRACES = (("activity", "user", "at"), ("login_attempt", "user", "at"), ("sale", "created_by", "created_at"))
NO_TRACE = tuple(f"DELETE FROM {table}_rows WHERE {who}_ = 2 AND {when}_ >= '{WEEK}'" for table, who, when in _TRACES)
ONLY_CAME = f"DELETE FROM activity_rows WHERE user_ = 2 AND action_ <> 'login' AND at_ >= '{TODAY}'"


# A branch that opens today, in which one of them has nothing to do yet.
OPENS_TODAY = (
    "UPDATE user_rows SET branch_ = 9 WHERE id_ = 2",
    f"DELETE FROM activity_rows WHERE user_ = 2 AND at_ < '{TODAY}'",
    f"DELETE FROM login_attempt_rows WHERE user_ = 2 AND at_ < '{TODAY}'",
)


def log_in(user: int | None, name: str, address: str, *, succeeded: bool = True, **ago: float) -> str:
    return (
        "INSERT INTO login_attempt_rows (id_, username_, user_, succeeded_, address_, at_) SELECT max(id_) + 1, "
        f"'{name}', {'NULL' if user is None else user}, {int(succeeded)}, '{address}', '{moment(**ago)}'"
        " FROM login_attempt_rows"
    )


def did(user: int, action: str, thing: int = 1, **ago: float) -> str:
    return (
        "INSERT INTO activity_rows (id_, user_, branch_, action_, entity_id_, at_)"
        f" SELECT max(id_) + 1, {user}, 1, '{action}', {thing}, '{moment(**ago)}' FROM activity_rows"
    )


# Everybody does nothing on each third day, as people do whose work leaves its traces elsewhere.
NOW_AND_THEN = (
    "DELETE FROM activity_rows WHERE action_ <> 'login' AND (user_ + CAST(julianday(at_) AS INTEGER)) % 3 = 0"
    f" AND at_ >= '{WEEK}'"
)
EDITS = [did(1, "sale.change", hours=1, seconds=number) for number in range(14)]
# Three people on the rota whose work leaves nothing in the system.
CLEANERS = [
    "INSERT INTO user_rows (id_, username_, role_, branch_, active_)"
    " SELECT id_ + 200, 'cleaner' || id_, 'cleaner', 1, 1 FROM user_rows WHERE id_ <= 3",
    "INSERT INTO shift_rows (id_, user_, branch_, starts_at_, ends_at_)"
    " SELECT id_ + 90000, user_ + 200, 1, starts_at_, ends_at_ FROM shift_rows WHERE user_ <= 3",
]


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("business") / "business.sqlite"
    plain_schema.fill(f"sqlite:///{file}", healthy())
    return file


@pytest.fixture
def ask(business: Path, tmp_path: Path) -> Ask:
    """How a check ends on the healthy business after these statements, each of which has to change something."""

    def ask(check: str, *statements: str, go_live: date = GO_LIVE, as_of: datetime = AS_OF, **business_: Any) -> Ended:
        file = tmp_path / "business.sqlite"
        shutil.copyfile(business, file)
        with closing(sqlite3.connect(file)) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount, f"nothing was changed by {statement}"
        mapping = plain_schema.mapping()
        mapping["activity"]["values"]["action"] |= {"login": ["login"], "logout": ["logout"]}
        target = make_target(
            f"sqlite:///{file}", mapping, as_of, go_live=go_live, canary=CANARY, business={"hours": HOURS, **business_}
        )
        with closing(Database(target)) as database:
            return run_check(CHECKS[check], Resources(target, database))

    return ask


def test_a_role_of_very_many_people_is_told_by_its_own_days(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more people than can be named in a question all are asked, those of other roles too."""
    told: list[set[str]] = []

    def look(attendance: Attendance) -> None:
        for role in ("sales", "production"):
            idle, at_work = attendance.on_earlier_days(role)
            told.append({*idle, *at_work})

    monkeypatch.setattr(attendance_module, "_MOST_NAMED", 0)
    monkeypatch.setitem(CHECKS, "look", look)
    assert ask("look").outcome == "passed"
    assert all(told)
    assert told[0].isdisjoint(told[1])


@pytest.mark.parametrize("check", [one for one in CHECKS if not ELSEWHERE & {*signature(CHECKS[one]).parameters}])
def test_a_healthy_business_is_quiet(ask: Ask, check: str) -> None:
    ended = ask(check)
    assert ended.outcome == "passed" or ended.reason.startswith("Not enough history"), ended


@pytest.mark.parametrize(
    ("check", "statements", "counted"),
    [
        (EVERYBODY_LOGS_IN, NO_TRACE, 1),
        (LOGS_IN_AND_WORKS, [ONLY_CAME], 1),
        (RECORDED, [f"DELETE FROM login_attempt_rows WHERE at_ >= '{TODAY}'"], None),
        (FIGURES, ["UPDATE user_rows SET active_ = 0 WHERE id_ IN (1, 2, 3)"], 3),
        (UNKNOWN, [log_in(None, "ghost", "10.0.1.1", hours=1)], 1),
        (NIGHT, [did(1, "sale.view", hours=15)], 1),
        (OUTSIDE, [log_in(1, "u1", "203.0.113.9", hours=2)], 1),
        (
            OUTSIDE,
            [
                *(log_in(1, "u1", "10.77.1.9", succeeded=False, hours=2, seconds=one) for one in (1, 2, 3)),
                log_in(1, "u1", "10.77.1.9", hours=2),
            ],
            1,
        ),
        (TROUBLE, EDITS, 1),
        (ANSWERS, [f"UPDATE issue_rows SET responded_at_ = '{moment(minutes=80)}' WHERE state_ = 'acknowledged'"], 1),
        (ADOPTION, [f"DELETE FROM activity_rows WHERE user_ IN (4, 5) AND action_ <> 'login' AND at_ >= '{TODAY}'"], 1),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(ask: Ask, check: str, statements: list[str], counted: int | None) -> None:
    ended = ask(check, *statements)
    assert ended.outcome == "failed", ended
    assert ended.finding is not None and ended.finding.count == counted


@pytest.mark.parametrize(
    ("check", "statements"),
    [
        (EVERYBODY_LOGS_IN, [*NO_TRACE, did(2, "sale.view", days=3)]),
        (LOGS_IN_AND_WORKS, [ONLY_CAME, did(2, "sale.view", hours=1)]),
        (LOGS_IN_AND_WORKS, [ONLY_CAME, *OPENS_TODAY]),
        (RECORDED, [f"DELETE FROM login_attempt_rows WHERE user_ <= 3 AND at_ >= '{TODAY}'"]),
        (
            RECORDED,
            [
                "DELETE FROM login_attempt_rows WHERE user_ > 2",
                f"DELETE FROM login_attempt_rows WHERE at_ >= '{TODAY}'",
            ],
        ),
        (FIGURES, ["UPDATE user_rows SET active_ = 0 WHERE id_ = 1"]),
        (FIGURES, [did(9000 + number, "sale.view", hours=1) for number in range(9)]),
        (EVERYBODY_LOGS_IN, CLEANERS),
        (LOGS_IN_AND_WORKS, [ONLY_CAME.replace(TODAY, WEEK)]),
        (LOGS_IN_AND_WORKS, [NOW_AND_THEN]),
        (LOOKS, [ONLY_CAME]),
        (LOOKS, [NOW_AND_THEN]),
        (TROUBLE, [*EDITS, "UPDATE user_rows SET active_ = 0 WHERE id_ > 3"]),
        (UNKNOWN, [log_in(None, "ghost", "10.0.1.1", succeeded=False, hours=1)]),
        (UNKNOWN, [log_in(None, "robot of the shop", "10.0.1.1", hours=1 + 48 * day) for day in (0, 1)]),
        (UNKNOWN, ["UPDATE user_rows SET username_ = 'mail of ' || username_"]),
        (UNKNOWN, [log_in(1, " U1", "10.0.1.1", hours=1)]),
        (NIGHT, [did(1, "logout", hours=15)]),
        (NIGHT, ["DELETE FROM shift_rows WHERE user_ = 1", did(1, "sale.view", hours=15)]),
        (NIGHT, [did(1, "stock.count", hours=number) for number in (21, 20, 19, 18, 17, 16)]),
        (OUTSIDE, [log_in(1, "u1", "10.77.1.9", hours=2)]),
        (OUTSIDE, [log_in(1, "u1", "no address", hours=2)]),
        (
            OUTSIDE,
            [
                *(log_in(1, "u1", "10.77.1.9", succeeded=False, hours=2, seconds=one) for one in (1, 2, 3)),
                *(log_in(user, f"u{user}", f"10.77.1.{user}", hours=2) for user in (1, 2, 3, 4)),
            ],
        ),
        (GAVE_UP, [log_in(2, "u2", "10.0.1.2", succeeded=False, hours=3, minutes=one) for one in range(4)]),
        (TROUBLE, [did(1, "sale.view", hours=1, seconds=number) for number in range(30)]),
        (ANSWERS, [f"UPDATE issue_rows SET responded_at_ = '{moment(minutes=106)}' WHERE state_ = 'acknowledged'"]),
        (ADOPTION, [ONLY_CAME]),
    ],
)
def test_what_is_no_trouble_is_quiet(ask: Ask, check: str, statements: list[str]) -> None:
    ended = ask(check, *statements)
    assert ended.outcome == "passed" or ended.reason.startswith("Not enough history"), ended


@pytest.mark.parametrize(
    ("address", "kept_out", "elsewhere"),
    [("10.0.1.2", "failed", "passed"), ("203.0.113.9", "passed", "awaiting"), ("no address", "failed", "passed")],
)
def test_whoever_gave_up_after_the_last_trace_is_kept_out(
    ask: Ask, address: str, kept_out: str, elsewhere: str
) -> None:
    gone = f"DELETE FROM activity_rows WHERE user_ = 2 AND at_ >= '{moment(hours=3)}'"
    moved = f"DELETE FROM sale_rows WHERE created_by_ = 2 AND created_at_ >= '{moment(hours=3)}'"
    tried = [log_in(2, "u2", address, succeeded=False, hours=3, minutes=-one) for one in (1, 2, 3)]
    ended = ask(GAVE_UP, gone, moved, *tried)
    assert ended.outcome == kept_out
    assert ended.finding is None or ended.finding.sample[0]["user"] == "u2"
    assert ask(ELSEWHERE_TRIED, gone, moved, *tried).outcome == elsewhere


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        (NEW_NETWORK, log_in(1, "u1", "10.77.1.9", hours=2)),
        (CLOSED, did(1, "sale.view", hours=11.5)),
        (ROLES, CLEANERS),
        (LOOKS, ONLY_CAME.replace(TODAY, WEEK)),
        (
            DRAFTS,
            f"UPDATE sale_rows SET state_ = 'draft' WHERE id_ % 2 = 0 AND created_at_ >= '{WEEK}'",
        ),
    ],
)
def test_what_may_well_be_meant_is_asked(ask: Ask, check: str, statement: str | list[str]) -> None:
    assert ask(check, *([statement] if isinstance(statement, str) else statement)).outcome == "awaiting"


@pytest.mark.parametrize(
    ("check", "statements", "says"),
    [
        (NIGHT, [did(user, "sale.view", hours=15 + 24 * day) for user in (1, 2) for day in (0, 2)], "usual here"),
        (
            OUTSIDE,
            [log_in(1, "u1", f"10.{50 + day}.1.9", days=day) for day in range(1, 7)],
            "come from ever new ones",
        ),
        (
            UNKNOWN,
            [log_in(None, f"customer{day}", "10.0.1.1", days=day, hours=1) for day in range(5)],
            "usual here",
        ),
    ],
)
def test_what_is_usual_here_is_not_judged(ask: Ask, check: str, statements: list[str], says: str) -> None:
    ended = ask(check, *statements)
    assert ended.outcome == "not covered" and says in ended.reason, ended


@pytest.mark.parametrize("check", [EVERYBODY_LOGS_IN, RECORDED, UNKNOWN, NIGHT, OUTSIDE, WORKFLOWS, STEPS])
def test_on_the_first_day_there_is_not_enough_history(ask: Ask, check: str) -> None:
    ended = ask(check, go_live=AS_OF.date())
    assert ended.outcome == "not covered" and ended.reason.startswith("Not enough history"), ended


def test_who_is_at_night_in_a_business_without_hours_is_not_covered(ask: Ask) -> None:
    ended = ask(NIGHT, did(1, "sale.view", hours=15), hours=[])
    assert ended.outcome == "not covered" and "business.hours" in ended.remedy


def test_somebody_who_never_does_what_the_role_does_is_named(ask: Ask) -> None:
    """Of four who sell, one has entered no sale for a week and was in the system every day."""
    ended = ask(WORKFLOWS, f"UPDATE sale_rows SET created_by_ = 1 WHERE created_by_ = 2 AND created_at_ >= '{WEEK}'")
    assert ended.finding is not None and ended.finding.sample[0] == {
        "user": "u2", "branch": "N", "role": "sales", "never": "enters sales", "others of the role": "75%",
    }  # fmt: skip


def test_where_two_of_a_role_do_without_it_they_have_other_work(ask: Ask) -> None:
    more = (
        "INSERT INTO user_rows (id_, username_, role_, branch_, active_)"
        " SELECT id_ + 200, 'more' || id_, role_, branch_, 1 FROM user_rows WHERE id_ <= 5 AND role_ = 'sales'"
    )
    theirs = (
        "INSERT INTO activity_rows (id_, user_, branch_, action_, entity_id_, at_)"
        " SELECT id_ + 500000, user_ + 200, branch_, action_, entity_id_, at_ FROM activity_rows WHERE user_ <= 5"
    )
    sold = "UPDATE sale_rows SET created_by_ = created_by_ + 200 WHERE created_by_ <= 5 AND (id_ / 4) % 2 = 0"
    one, two = (
        f"UPDATE sale_rows SET created_by_ = 1 WHERE created_by_ IN {who} AND created_at_ >= '{WEEK}'"
        for who in ("(2)", "(2, 205)")
    )
    assert ask(WORKFLOWS, more, theirs, sold, one).outcome == "failed"
    assert ask(WORKFLOWS, more, theirs, sold, two).outcome == "passed"


def test_figures_say_how_many_came_and_worked(ask: Ask) -> None:
    figures = ask("test_people_of_today_are_counted", ONLY_CAME).figures
    assert figures["users_logged_in"] == 6
    assert (figures["users_active"], figures["users_without_activity"]) == (5, 1)


def test_adoption_is_told_in_percent(ask: Ask) -> None:
    figures = ask(ADOPTION, ONLY_CAME).figures
    assert figures["adoption_by_branch"] == {"N": 67, "S": 100}
    assert figures["adoption_by_role"] == {"production": 100, "sales": 75}
