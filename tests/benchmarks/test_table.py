"""What a row of the benchmark's table says of what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.parts.packages import run_time_packages
from benchmarks.table.results import Results
from benchmarks.table.row import Pairs, Row, paired


@pytest.mark.parametrize(
    ("ratio", "limits", "verdict"),
    [
        (1.2, {"at_most": 1.3}, "reached"),
        (1.4, {"at_most": 1.3}, "missed"),
        (120.0, {"at_least": 100.0}, "reached"),
        (20.0, {"at_least": 100.0}, "missed"),
        (None, {"at_most": 1.3}, "not measured"),
        (3.0, {}, "told"),
    ],
)
def test_a_row_is_held_against_its_goal(ratio: float | None, limits: dict[str, float], verdict: str) -> None:
    assert Row("work", "beside", "goal", "figures", ratio, **limits).verdict == verdict  # type: ignore[arg-type]


def test_pairs_take_turns_and_the_first_of_each_does_not_count() -> None:
    asked: list[str] = []
    times = iter((9.0, 9.0, 3.0, 1.0, 2.0, 4.0))

    def one(name: str) -> float:
        asked.append(name)
        return next(times)

    found = paired(lambda: one("ours"), lambda: one("theirs"), 2)
    assert asked == ["ours", "theirs", "ours", "theirs", "theirs", "ours"]
    assert found == Pairs((3.0, 4.0), (1.0, 2.0))
    assert found.ratio == 2.5
    assert found.spread == "2.00 to 3.00 of 2 pairs"


def test_a_part_measured_again_replaces_its_rows_only(tmp_path: Path) -> None:
    page = tmp_path / "results.md"
    for part, figures in (("Logs", "old"), ("Packages", "kept"), ("Logs", "new")):
        Results(tmp_path, page).keep(part, [Row("work", "", "", figures)], "Python")
    text = page.read_text(encoding="utf-8")
    assert "new" in text
    assert "kept" in text
    assert "old" not in text


def test_what_was_measured_on_another_machine_stays(tmp_path: Path) -> None:
    """Whose rows lie in no file of this one."""
    page = tmp_path / "results.md"
    Results(tmp_path / "other", page).keep("Logs", [Row("work", "", "", "theirs", note="a note")], "Python")
    Results(tmp_path / "this", page).keep("Packages", [Row("work", "", "", "ours")], "Python")
    both = page.read_text(encoding="utf-8")
    assert "theirs" in both and "- work: a note" in both and "ours" in both
    Results(tmp_path / "this", page).keep("Packages", [Row("work", "", "", "ours")], "Python")
    assert page.read_text(encoding="utf-8").count("## ") == 2
    Results(tmp_path / "this", page).keep("Logs", [Row("work", "", "", "newer")], "Python")
    assert "theirs" not in page.read_text(encoding="utf-8")


def test_run_time_packages_are_those_that_are_needed_without_extras() -> None:
    found = run_time_packages("hypercare")
    assert {"hypercare", "pytest", "sqlalchemy"} <= found.keys()
    assert "ruff" not in found


@pytest.mark.parametrize(("ratio", "is_told"), [(1.1, False), (1.9, True), (None, True)])
def test_a_row_that_misses_its_goal_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ratio: float | None, is_told: bool
) -> None:
    reasons = tmp_path / "reasons.toml"
    reasons.write_text('[[reason]]\nrow = "^one check"\nwhy = "Most of it is spent on imports."\n', encoding="utf-8")
    monkeypatch.setattr("benchmarks.table.results.REASONS", reasons)
    page = tmp_path / "results.md"
    rows = [
        Row("one check at the desk", "", "", "", ratio, at_most=1.3),
        Row("another check", "", "", "", 9, at_most=1),
    ]
    Results(tmp_path, page).keep("Desk", rows, "Python")
    text = page.read_text(encoding="utf-8")
    assert text.count("Most of it is spent on imports.") == is_told
