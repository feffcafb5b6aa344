"""What a check took in of its sources is heard by whoever listens, and by nobody afterwards."""

from __future__ import annotations

import pytest

from hypercare.outcome.intake import (
    Intake,
    in_words,
    listening,
    looked_at_nothing,
    not_understood,
    together,
    took_in,
)


def test_what_was_taken_in_is_heard() -> None:
    with listening() as heard:
        took_in("app.log", "lines", 60, 12, {"with a time": 12})
    assert list(heard.values()) == [Intake("app.log", "lines", 60, 12, {"with a time": 12})]


def test_all_was_understood_where_nothing_else_is_said() -> None:
    assert took_in("sales", "rows", 7).understood == 7


@pytest.mark.parametrize("looks", [(60, 61), (61, 60)])
def test_of_several_looks_at_a_source_the_one_that_took_in_most_counts(looks) -> None:
    with listening() as heard:
        for read in looks:
            took_in("app.log", "lines", read, 12)
    assert [intake.read for intake in heard.values()] == [61]


def test_who_listens_inside_hears_only_the_inside() -> None:
    with listening() as outer:
        took_in("a", "rows", 1)
        with listening() as inner:
            took_in("b", "rows", 1)
        took_in("c", "rows", 1)
    assert [source for source, _ in inner] == ["b"]
    assert [source for source, _ in outer] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("taken_in", "reason"),
    [
        ([("access.log", "lines", 60, 0)], "None of the 60 lines of access.log are understood."),
        ([("access.log", "lines", 1, 0)], "None of the 1 lines of access.log is understood."),
        ([("access.log", "lines", 60, 0), ("app.log", "lines", 5, 1)], ""),
        (
            [("access.log", "lines", 60, 0), ("sales", "rows", 5, 5)],
            "None of the 60 lines of access.log are understood.",
        ),
        ([("access.log", "lines", 0, 0)], ""),
        ([], ""),
    ],
)
def test_only_where_nothing_of_a_kind_is_understood_nothing_was_looked_at(taken_in, reason) -> None:
    assert not_understood(Intake(*one) for one in taken_in) == reason


def test_what_was_taken_in_reads_as_a_sentence() -> None:
    looked_at = [
        Intake("app.log", "lines", 60, 58, {"with a time": 58}).as_dict(),
        Intake("sales", "rows", 1, 1).as_dict(),
        Intake("costs", "rows", 0, 0).as_dict(),
    ]
    assert in_words(looked_at) == "60 lines of app.log, 58 understood (58 with a time); 1 row of sales; 0 rows of costs"
    assert in_words(looked_at, most=1) == "60 lines of app.log, 58 understood (58 with a time); 2 more sources"


def test_of_several_checks_the_one_that_took_in_more_of_a_source_counts() -> None:
    two = [Intake("sales", "rows", 0, 0).as_dict(), Intake("sales", "rows", 7, 7).as_dict()]
    assert [one["read"] for one in together(two)] == [7]
    assert looked_at_nothing(two[:1])
    assert not looked_at_nothing(two)
    assert not looked_at_nothing([])
