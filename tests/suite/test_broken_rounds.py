"""A round that breaks off is told by the next one, with what it had seen."""

import json
import sqlite3

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

TWO = '@pytest.mark.item("health.web")\ndef test_one():\n    pass\n@pytest.mark.item("health.api")\ndef test_two():\n'
GREEN, DYING = TWO + "    pass\n", TWO + "    import os\n    os._exit(9)\n"


@pytest.fixture(autouse=True)
def _without_the_slow_reports(monkeypatch):
    monkeypatch.setenv("HYPERCARE_BROWSER", "none")
    monkeypatch.setenv("HYPERCARE_NODE", "none")


def run(project, as_of="2026-01-15T10:00", name="morning"):
    return project.run("--round", name, "--as-of", as_of, "--reports", str(project.reports))


def break_off(project):
    """A round whose process ends in the middle of its second check."""
    project.checks(DYING)
    words = ["--round", "morning", "--as-of", "2026-01-15T09:00", "--reports", str(project.reports)]
    result = project.pytester.runpytest_subprocess(*words, "--target", str(project.target))
    assert result.ret == 9
    project.checks(GREEN)


def summary_of(project):
    return json.loads((project.reports / "latest" / "summary.json").read_text())


def ask(project, question):
    with sqlite3.connect(project.reports / "history.sqlite") as history:
        rows = history.execute(question).fetchall()
    history.close()
    return rows


@pytest.mark.long
def test_the_next_round_says_which_one_broke_off_when_and_how_far_it_came(project):
    break_off(project)
    result = run(project)
    (told,) = summary_of(project)["broken_rounds"]
    assert (told["round"], told["as_of"]) == ("morning", "2026-01-15T09:00:00+01:00")
    assert (told["ended"], told["expected"]) == (1, 2)
    result.stdout.fnmatch_lines(["The morning round of 15 Jan 09:00 on * broke off * when 1 of 2 checks had ended."])
    for page in ("index.html", "daily.md"):
        assert "when 1 of 2 checks had ended" in (project.reports / "latest" / page).read_text()
    run(project, as_of="2026-01-15T10:30")
    assert summary_of(project)["broken_rounds"] == []
    assert list((project.reports).glob(".work/*")) == []


@pytest.mark.long
def test_a_round_that_broke_off_is_not_the_last_one_that_was_looked_at(project):
    break_off(project)
    run(project)
    (finished,) = ask(project, "SELECT as_of FROM rounds WHERE finished IS NOT NULL")
    assert finished == ("2026-01-15T09:00:00.000000+00:00",)


@pytest.mark.long
def test_what_it_had_not_written_into_the_history_any_more_is_written_by_the_next(project):
    break_off(project)
    with sqlite3.connect(project.reports / "history.sqlite") as history:
        history.execute("DELETE FROM results")
        history.execute("DELETE FROM rounds")
    history.close()
    (left,) = project.reports.glob(".work/*/results.jsonl")
    left.write_text(left.read_text() + '{"nodeid": "torn when the power fa')
    run(project)
    assert ask(project, "SELECT item FROM results JOIN rounds ON rounds.id = round_id WHERE finished IS NULL") == [
        ("health.web",)
    ]
    assert [one["ended"] for one in summary_of(project)["broken_rounds"]] == [1]


@pytest.mark.long
def test_a_round_that_never_began_is_told_as_well(project):
    project.checks(GREEN)
    run(project, as_of="2026-01-15T09:00")
    result = run(project, as_of="2026-01-16T09:00")
    assert [one["round"] for one in summary_of(project)["missed_rounds"]] == ["midday", "evening"]
    result.stdout.fnmatch_lines(["2 rounds did not happen: midday and evening of 15 Jan."])


def test_a_round_with_nothing_to_run_is_none(project):
    result = project.run("--round", "weekly", "--reports", str(project.reports))
    assert result.ret == 5
    assert ask(project, "SELECT COUNT(*) FROM rounds") == [(0,)]
