"""What a check took in of its sources is heard by whoever listens, and by nobody afterwards."""

from __future__ import annotations

from hypercare.outcome.intake import Intake, listening, took_in


def test_what_was_taken_in_is_heard() -> None:
    with listening() as heard:
        took_in("app.log", "lines", 60, 12, {"with a time": 12})
    assert list(heard.values()) == [Intake("app.log", "lines", 60, 12, {"with a time": 12})]


def test_all_was_understood_where_nothing_else_is_said() -> None:
    assert took_in("sales", "rows", 7).understood == 7


def test_the_last_word_on_a_source_counts() -> None:
    with listening() as heard:
        took_in("app.log", "lines", 60, 12)
        took_in("app.log", "lines", 61, 13)
    assert [intake.read for intake in heard.values()] == [61]


def test_who_listens_inside_hears_only_the_inside() -> None:
    with listening() as outer:
        took_in("a", "rows", 1)
        with listening() as inner:
            took_in("b", "rows", 1)
        took_in("c", "rows", 1)
    assert [source for source, _ in inner] == ["b"]
    assert [source for source, _ in outer] == ["a", "b", "c"]
