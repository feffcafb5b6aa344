"""What somebody agreed to let be is passed over, counted, and nothing besides; and it ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hypercare.adoption.attendance import Attendance
from hypercare.database.database import Database
from hypercare.outcome.exceptions import in_words, looking_for
from hypercare.outcome.outcome import Outcome
from hypercare.reports.check_parts import Excepted
from hypercare.reports.summary import Check
from hypercare.reports.words import excepted_words
from hypercare.target_file.sections.exceptions import AgreedException
from hypercare.target_file.target import Target
from hypercare.testing import Ended
from tests.operations import plain_schema
from tests.operations.checking import make_target, run
from tests.operations.facts import AS_OF, GO_LIVE, healthy

CHECKS, OVER = ("tests_data/test_exceptions.py",), "exceptions.agreed_exceptions_are_not_over"
PAID = "sales.totals_were_paid"
AGREED: dict[str, Any] = {
    "name": "Paid at the fair",
    "items": "verify.sales-totals",
    "entity": "sale",
    "records": ["1-0318-0"],
    "agreed_by": "Rosalind Wood",
    "until": "2026-04-01",
}
Look = Callable[..., tuple[Ended, tuple[Mapping[str, Any], ...]]]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """How a check ends that answers for an item, on a business of which `unpaid` sales lost their payments, and what
    it passed over."""

    def look(
        unpaid: tuple[int, ...] = (1,),
        item: str = "verify.sales-totals",
        statements: tuple[str, ...] = (),
        **differs: Any,
    ) -> tuple[Ended, tuple[Mapping[str, Any], ...]]:
        file = tmp_path / "business.sqlite"
        plain_schema.fill(f"sqlite:///{file}", healthy())
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.executemany(
                "UPDATE payment_rows SET amount_ = amount_ - 1 WHERE sale_ = ?", [(one,) for one in unpaid]
            )
            for statement in statements:
                assert connection.execute(statement).rowcount
        target = make_target(
            f"sqlite:///{file}",
            plain_schema.mapping(),
            AS_OF,
            go_live=GO_LIVE,
            canary={"branch": "T", "users": ["robot"]},
            exceptions=[{**AGREED, **differs}],
        )
        database = Database(target)
        try:
            with looking_for([item]) as passed_over:
                ended = run(target, PAID, database)[PAID]
            return ended, passed_over.as_dicts()
        finally:
            database.close()

    return look


def test_what_was_agreed_is_passed_over_and_counted(look: Look) -> None:
    ended, passed_over = look()
    assert ended.outcome == "passed"
    assert [in_words(one) for one in passed_over] == [
        "1 record as agreed: Paid at the fair (Rosalind Wood, until 2026-04-01)"
    ]


def test_nothing_besides_is_passed_over(look: Look) -> None:
    ended, passed_over = look((1, 2))
    assert ended.finding is not None
    assert ended.finding.count == 1
    assert [one["records"] for one in passed_over] == [1]


@pytest.mark.parametrize(
    "differs",
    [
        {"until": "2026-03-31"},
        {"since": "2026-04-02", "until": "2026-05-01"},
        {"items": "sales.amounts"},
        {"records": ["1-0318-00"]},
        {"entity": "customer", "records": ["4711"]},
        {"entity": "production_order", "records": ["1-0318-0"]},
    ],
    ids=["over", "not yet", "of another item", "of another number", "of another customer", "of another entity"],
)
def test_an_exception_of_something_else_has_no_effect(look: Look, differs: dict[str, Any]) -> None:
    ended, passed_over = look(**differs)
    assert ended.outcome == "failed"
    assert not passed_over


def test_what_belongs_to_a_record_is_excepted_with_it(look: Look) -> None:
    ended, passed_over = look(entity="customer", records=["1"])
    assert ended.outcome == "passed"
    assert passed_over[0]["records"] == 1


def test_a_sale_without_a_customer_is_of_no_excepted_one(look: Look) -> None:
    ended, _ = look(
        (1, 2), entity="customer", records=["1"], statements=("UPDATE sale_rows SET customer_ = NULL WHERE id_ = 2",)
    )
    assert ended.finding is not None
    assert ended.finding.count == 1


def test_rows_are_excepted_by_name_and_people_with_them(tmp_path: Path) -> None:
    """The number of one record may be the id of another: sale "1-0318-0" has the id 1."""
    url = f"sqlite:///{tmp_path / 'business.sqlite'}"
    plain_schema.fill(url, healthy())
    agreed = [AGREED, {**AGREED, "name": "On leave", "entity": "user", "records": ["u2"]}]
    target = make_target(url, plain_schema.mapping(), AS_OF, go_live=GO_LIVE, exceptions=agreed)
    with closing(Database(target)) as database, looking_for(["verify.sales-totals"]):
        attendance = Attendance(target, database)
        people = attendance.found([{"user": "u2"}, {"user": "2"}, {"branch": "N"}], of=6, place="people")
        sales: list[dict[str, object]] = [{"sale": "1-0318-0"}, {"sale": "1"}]
        by_name = attendance.model.exceptions.without(sales, "sale", "sale", "sales")
        by_id = attendance.model.exceptions.without(sales, "sale", "sale", "sales", by_id=True)
    assert list(people.sample) == [{"user": "2"}, {"branch": "N"}]
    assert (by_name, by_id) == ([{"sale": "1"}], [{"sale": "1-0318-0"}])


def test_one_that_is_over_is_asked_about(tmp_path: Path) -> None:
    def target(until: str) -> Target:
        agreed = [{**AGREED, "until": until}]
        return make_target(
            f"sqlite:///{tmp_path / 'none'}", plain_schema.mapping(), AS_OF, go_live=GO_LIVE, exceptions=agreed
        )

    assert run(target("2026-04-01"), files=CHECKS)[OVER].outcome == "passed"
    over = run(target("2026-03-31"), files=CHECKS)[OVER]
    assert over.outcome == "awaiting"
    assert "Paid at the fair (Rosalind Wood, until 2026-03-31)" in over.reason


def test_reports_tell_by_whom_and_until_when() -> None:
    passed_over = {"exception": "Paid at the fair", "records": 2, "agreed_by": "Rosalind Wood", "until": "2026-04-01"}
    check = Check(nodeid="one", outcome=Outcome.PASSED, excepted=[Excepted.model_validate(passed_over)])
    assert excepted_words(check, check) == ("2 records as agreed: Paid at the fair (Rosalind Wood, until 2026-04-01)")


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        ({"entity": "branch"}, "names single records"),
        ({"until": "2026-03-01", "since": "2026-03-02"}, "ends before it begins"),
        ({"records": []}, "at least 1 item"),
        ({"records": [str(one) for one in range(101)]}, "at most 100 items"),
        ({"until": None}, "valid date"),
        ({"agreed_by": ""}, "at least 1 character"),
    ],
)
def test_an_exception_that_is_too_wide_or_endless_is_refused(differs: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        AgreedException.model_validate({**AGREED, **differs})
