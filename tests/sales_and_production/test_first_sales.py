"""The first sales of each branch and each person."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.operations_model.model import Model
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.sales_and_production.first_sales import FirstSales
from tests.operations import plain_schema
from tests.operations.checking import make_target
from tests.operations.conftest import CANARY
from tests.operations.facts import AS_OF, GO_LIVE, healthy

FIRST = "(SELECT min(id_) FROM sale_rows WHERE state_ = 'final' AND branch_ = 1)"
NEWEST = "(SELECT max(id_) FROM sale_rows WHERE state_ = 'final' AND branch_ = 1 AND created_by_ <> 99)"
Asked = Callable[..., Found]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    def asked(*statements: str, branches: Collection[str] | None = None) -> Found:
        file = tmp_path / "business.sqlite"
        plain_schema.fill(f"sqlite:///{file}", healthy())
        with closing(sqlite3.connect(file)) as connection, connection:
            for statement in statements:
                assert connection.execute(statement).rowcount, f"nothing was changed by {statement}"
        target = make_target(f"sqlite:///{file}", plain_schema.mapping(), AS_OF, go_live=GO_LIVE, canary=CANARY)
        with closing(Database(target)) as database:
            return FirstSales(Model(target, database), branches).wrong_in_a_detail()

    return asked


def test_three_of_each_branch_and_person_are_looked_at(asked: Asked) -> None:
    found = asked()
    # Two people of each branch take turns: the first three of either are among the first six.
    assert found.of == 12
    assert found.count == 0


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (f"UPDATE sale_rows SET number_ = ' ' WHERE id_ = {FIRST}", "it has no number"),
        (f"UPDATE sale_rows SET created_by_ = NULL WHERE id_ = {FIRST}", "nobody is said to have entered it"),
        (f"DELETE FROM sale_line_rows WHERE sale_ = {FIRST}", "it has no line"),
        (f"UPDATE sale_line_rows SET product_ = NULL WHERE sale_ = {FIRST}", "a line names no product"),
        (f"UPDATE sale_line_rows SET quantity_ = 0 WHERE sale_ = {FIRST}", "a line is of no quantity"),
        (f"UPDATE sale_line_rows SET unit_price_ = NULL WHERE sale_ = {FIRST}", "a line has no price"),
        (f"UPDATE payment_rows SET method_ = '' WHERE sale_ = {FIRST}", "a payment does not say how it was made"),
    ],
)
def test_a_first_sale_that_lacks_something_is_found(asked: Asked, statement: str, says: str) -> None:
    found = asked(statement)
    assert found.count == 1
    assert found.sample[0]["what is wrong"] == says
    assert found.branches == ("N",)


def test_the_same_in_a_later_sale_is_not_looked_at(asked: Asked) -> None:
    assert asked(f"UPDATE sale_rows SET number_ = ' ' WHERE id_ = {NEWEST}").count == 0


def test_what_a_tenth_of_them_lack_is_a_question(asked: Asked) -> None:
    found = asked("UPDATE payment_rows SET method_ = NULL WHERE id_ % 2 = 0")
    assert found.doubt is not None
    assert "usual" in found.doubt.reason


def test_only_the_branches_that_are_in_their_first_days_are_looked_at(asked: Asked) -> None:
    wrong = f"UPDATE sale_rows SET number_ = ' ' WHERE id_ = {FIRST}"
    assert asked(wrong, branches=frozenset({"S"})).count == 0
    assert asked(wrong, branches=frozenset({"N"})).count == 1


def test_where_nothing_was_sold_there_is_nothing_to_look_at(asked: Asked) -> None:
    with pytest.raises(NotCovered, match="Nothing has been sold"):
        asked("DELETE FROM sale_rows")
