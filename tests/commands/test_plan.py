"""`hypercare plan` tells of the day or the days that are meant, as text, data or files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hypercare.commands.plan import plan

TARGET = """
[target]
name = "Studio"
[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
clock = "clock.json"
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "clock.json").write_text(
        json.dumps({"set_to": "2026-01-10T09:00:00+01:00", "set_at": "2026-01-01T00:00:00+00:00", "rate": 0})
    )
    (tmp_path / "target.toml").write_text(TARGET)
    return tmp_path / "target.toml"


def told(target: Path, *words: str) -> Result:
    return CliRunner().invoke(
        plan, ["--target", str(target), "--project", str(target.parent), *words], standalone_mode=False
    )


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ((), ["2026-01-10"]),
        (("--day", "4"), ["2026-01-11"]),
        (("--date", "2026-03-29"), ["2026-03-29"]),
        (("--day", "0"), ["2026-01-07"]),
    ],
)
def test_one_day_is_told(target: Path, words: tuple[str, ...], days: list[str]) -> None:
    done = told(target, *words, "--json")
    assert done.exit_code == 0, done.output
    assert [one["date"] for one in json.loads(done.output)] == days


def test_weeks_are_told_in_short_and_a_day_in_full(target: Path) -> None:
    weeks, day = told(target, "--weeks", "2").output, told(target).output
    assert weeks.count("Morning round: ") == 14
    assert "health.web" not in weeks
    assert "health.web" in day


def test_files_are_written_for_people_and_their_calendars(target: Path, tmp_path: Path) -> None:
    done = told(target, "--weeks", "1", "--page", str(tmp_path / "new" / "pages"))
    assert done.exit_code == 0, done.output
    page, calendar = (tmp_path / "new" / "pages" / name for name in ("plan.html", "plan.ics"))
    assert done.output.splitlines() == [str(page), str(calendar)]
    assert "Saturday 10 January 2026" in page.read_text(encoding="utf-8")
    assert calendar.read_bytes().count(b"BEGIN:VEVENT") == 21


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--day", "4", "--date", "2026-01-10"), "keep one"),
        (("--day", "99999999"), "there is no day 99999999"),
        (("--weeks", "0"), "0 is not in the range"),
        (("--date", "soon"), "does not match the format"),
    ],
)
def test_what_names_no_day_is_one_line(target: Path, words: tuple[str, ...], says: str) -> None:
    done = told(target, *words)
    assert says in str(done.exception)


def test_a_folder_that_cannot_be_written_is_one_line(target: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = told(target, "--page", str(tmp_path / "file" / "pages"))
    assert "cannot be written" in str(done.exception)
