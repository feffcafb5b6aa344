"""The matrix of branch isolation: in summary.json, as a picture, and as a table that says the same."""

from __future__ import annotations

import re

import pytest

from hypercare.outcome.doors import DoorTried, Passage
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.rounds import Round
from hypercare.reports.daily import daily_summary
from hypercare.reports.door_matrix import DoorEntry, DoorMatrix, picture_of
from hypercare.reports.page import page_html
from hypercare.reports.summary import Summary
from tests.reports.report_examples import critical, round_summary


def door(verb="list", passage=Passage.CLOSED, *, role="sales", entity="sales", way="API", **more):
    return DoorEntry(role=role, entity=entity, verb=verb, way=way, passage=passage, **more)


MATRIX = DoorMatrix.of_doors(
    [
        door(tries=6, by=["GET /sales"]),
        door("read", Passage.OPEN, tries=3, let_through=2, by=["GET /sales/{id}"]),
        door("create", Passage.NOT_TRIED, reason="no canary <holds> it"),
        door(role="production", entity="orders", way="web app", tries=1),
    ]
)


def test_it_is_made_of_what_the_checks_told():
    told = DoorTried("sales", "sales", "list", "API", Passage.CLOSED, 6, 0, ("GET /sales",)).as_dict()
    result = CheckResult(nodeid="t", items=("i",), outcome=Outcome.PASSED, level=Level.L3, doors=(told,))
    again = CheckResult.from_dict(result.as_dict())
    assert DoorMatrix.of_results([again]) == DoorMatrix.of_doors([door(tries=6, by=["GET /sales"])])
    assert DoorMatrix.of_results([]) is None


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_looks_at_a_door_the_gravest_counts(order):
    looks = [door(tries=1), door(passage=Passage.OPEN, tries=1, let_through=1), door(passage=Passage.NOT_TRIED)]
    assert [one.passage for one in DoorMatrix.of_doors(looks[::order]).doors] == [Passage.OPEN]


def test_doors_are_counted():
    assert (MATRIX.tried, MATRIX.opened, MATRIX.not_tried) == (3, 1, 1)
    assert MATRIX.words == "3 doors were tried, 1 opened; 1 were not tried"


def test_a_verb_of_another_version_has_its_column():
    matrix = DoorMatrix.of_doors([door(), door("approve")])
    assert [label.text for label in picture_of(matrix).verbs] == ["list", "approve"]


def test_long_names_begin_within_the_picture():
    matrix = DoorMatrix.of_doors([door(role="administrator of the whole house", entity="production orders")])
    (row,) = picture_of(matrix).rows
    assert row.x - 6.5 * len(row.text) >= 0


def test_no_two_marks_of_the_picture_stand_in_one_place():
    picture = picture_of(MATRIX)
    places = [(mark.x, mark.y) for mark in picture.marks]
    assert len(set(places)) == len(places) == 4
    assert all(
        mark.x + picture.side <= picture.width and mark.y + picture.side <= picture.height for mark in picture.marks
    )


def test_rows_of_one_role_stand_together():
    doors = [door(role="a"), door(role="b"), door(role="a", entity="orders")]
    assert [row.text for row in picture_of(DoorMatrix.of_doors(doors)).rows] == ["a · sales", "a · orders", "b · sales"]


def test_the_page_has_the_picture_and_the_table():
    page = page_html(round_summary(Round.EVENING).model_copy(update={"branch_isolation": MATRIX}))
    assert "Doors between branches" in page
    assert len(re.findall(r'<g class="door (?:good|bad|unknown)"', page)) == 4
    assert "OPEN: 2 of 3 tries went through" in page
    assert "not tried: no canary &lt;holds&gt; it" in page


def test_a_page_without_doors_says_nothing_of_them():
    assert "Doors between branches" not in page_html(critical())


def test_it_goes_into_the_summary_and_the_days():
    evening = round_summary(Round.EVENING).model_copy(update={"branch_isolation": MATRIX})
    assert Summary.model_validate_json(evening.to_json()).branch_isolation == MATRIX
    assert daily_summary([evening]).branch_isolation == MATRIX
