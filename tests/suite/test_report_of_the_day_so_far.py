"""After every round the report of its day so far is what `latest` shows, wherever the other rounds ran."""

import json
import sqlite3
import zlib
from contextlib import closing

import pytest

from hypercare.suite import publishing

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.server

CHECKS = """
@pytest.mark.item("health.web")
def test_morning():
    pass

@pytest.mark.item("ops.sales")
def test_midday():
    pass

@pytest.mark.item("verify.costs")
def test_evening():
    expect(False, "A cost is negative.", count=1)
"""
HOURS = {"morning": "09:00", "midday": "12:00", "evening": "17:00"}


def hold(project, name, *more, reports=None):
    place = reports or project.reports
    return project.run("--round", name, "--as-of", f"2026-01-15T{HOURS[name]}", "--reports", str(place), *more)


def summary_of(reports, folder="latest"):
    return json.loads((reports / folder / "summary.json").read_text())


def outcomes(summary):
    return {item["id"]: item["outcome"] for item in summary["items"] if item["outcome"] != "not covered"}


@pytest.fixture
def shop(project):
    project.checks(CHECKS)
    return project


def test_the_morning_is_one_round_of_three_and_the_others_are_still_to_come(shop):
    hold(shop, "morning")
    assert (shop.reports / "latest").resolve() == shop.reports / "2026-01-15" / "day"
    summary = summary_of(shop.reports)
    assert summary["round"] == "daily"
    assert [(one["round"], one["ran"]) for one in summary["rounds"]] == [
        ("morning", True),
        ("midday", False),
        ("evening", False),
    ]
    page = (shop.reports / "latest" / "index.html").read_text()
    assert "still to come, 12:00" in page and "still to come, 17:00" in page
    assert summary_of(shop.reports, "2026-01-15/morning")["round"] == "morning"


def test_after_the_evening_the_whole_day_is_shown(shop):
    for name in HOURS:
        hold(shop, name)
    summary = summary_of(shop.reports)
    assert outcomes(summary) == {"health.web": "passed", "ops.sales": "passed", "verify.costs": "failed"}
    assert all(one["ran"] for one in summary["rounds"])
    page = (shop.reports / "latest" / "index.html").read_text()
    assert "A cost is negative." in page and "still to come" not in page
    days = sorted(path.name for path in (shop.reports / "2026-01-15").iterdir())
    assert days == ["day", "evening", "index.html", "midday", "morning"]


def test_a_round_that_was_left_out_is_not_still_to_come(shop):
    hold(shop, "evening")
    page = (shop.reports / "latest" / "index.html").read_text()
    assert "not run, 09:00" in page and "still to come" not in page
    assert "Can we trade?" in page and "All is well" not in page


def test_a_summary_that_another_version_wrote_otherwise_is_read_from_the_rounds_folder(shop):
    hold(shop, "morning")
    with closing(sqlite3.connect(shop.reports / "history.sqlite")) as history, history:
        history.execute("update summaries set content = ?", [zlib.compress(b'{"round": "morning"}')])
    hold(shop, "evening")
    assert outcomes(summary_of(shop.reports)) == {"health.web": "passed", "verify.costs": "failed"}


def test_a_round_of_another_target_in_the_same_folder_is_none_of_the_day(shop):
    hold(shop, "morning")
    shop.target.write_text(shop.target.read_text().replace("Corner Shop", "Another shop"))
    hold(shop, "evening")
    assert [one["round"] for one in summary_of(shop.reports)["rounds"] if one["ran"]] == ["evening"]


def test_a_look_back_on_an_earlier_day_leaves_latest_where_it_is(shop):
    hold(shop, "morning")
    result = shop.run("--round", "morning", "--as-of", "2026-01-14T09:00", "--reports", str(shop.reports))
    assert summary_of(shop.reports)["as_of"].startswith("2026-01-15")
    result.stdout.fnmatch_lines([f"Report: {shop.reports}/2026-01-14/day/index.html"])
    assert summary_of(shop.reports, "2026-01-14/day")["round"] == "daily"


@pytest.mark.parametrize(("clock", "is_as_it_is_now"), [("2026-01-15T08:05", True), ("2026-01-16T08:05", False)])
def test_the_incidents_of_a_day_that_is_over_stand_as_its_rounds_told_them(shop, monkeypatch, clock, is_as_it_is_now):
    asked = []
    summary = publishing.DayReport.summary
    monkeypatch.setattr(publishing.DayReport, "summary", lambda *of: asked.append(of[-1]) or summary(*of))
    file = shop.path / "clock.json"
    file.write_text(f'{{"set_to": "{clock}:00+00:00", "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}}')
    shop.target.write_text(shop.target.read_text().replace("[rounds]", f'clock = "{file}"\n\n[rounds]'))
    hold(shop, "morning")
    assert [now is not None for now in asked] == [is_as_it_is_now]


def test_machines_that_share_a_history_tell_of_the_same_day(shop):
    shop.target.write_text(shop.target.read_text() + f'\n[history]\nurl = "sqlite:///{shop.path}/shared.sqlite"\n')
    hold(shop, "morning", reports=shop.path / "first machine")
    hold(shop, "evening", reports=shop.path / "second machine")
    assert outcomes(summary_of(shop.path / "first machine")) == {"health.web": "passed"}
    assert outcomes(summary_of(shop.path / "second machine")) == {"health.web": "passed", "verify.costs": "failed"}


@pytest.mark.long
def test_some_items_looked_at_again_replace_those_items_alone(shop):
    hold(shop, "evening")
    whole = len(summary_of(shop.reports)["items"])
    shop.checks(CHECKS.replace("expect(False", "expect(True"))
    hold(shop, "evening", "--item", "verify.costs")
    summary = summary_of(shop.reports)
    assert outcomes(summary) == {"verify.costs": "passed"}
    assert len(summary["items"]) == whole
    assert [one["round"] for one in summary["rounds"] if one["ran"]] == ["evening"]


@pytest.mark.long
def test_a_round_held_again_replaces_the_one_before_whole(shop):
    hold(shop, "evening")
    shop.checks('@pytest.mark.item("verify.branches")\ndef test_branches():\n    pass\n')
    hold(shop, "evening")
    assert outcomes(summary_of(shop.reports)) == {"verify.branches": "passed"}


def test_a_day_whose_report_cannot_be_made_leaves_that_of_the_round(shop, monkeypatch):
    def breaks(*_, **__):
        raise OSError("no room")

    monkeypatch.setattr(publishing.DayReport, "publish", breaks)
    assert hold(shop, "morning").ret == 0
    assert (shop.reports / "latest").resolve() == shop.reports / "2026-01-15" / "morning"


@pytest.mark.long
def test_a_rehearsal_has_no_day(shop):
    hold(shop, "morning", "--rehearse")
    assert not (shop.reports / "2026-01-15" / "day").exists()
