"""Answers, actions and the sign-off of people, in the next round's report and in the day's."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hypercare.commands.annotations import action, attest, sign_off
from hypercare.commands.incident_updates import ack
from hypercare.commands.report import report

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.server

CHECKS = """
@pytest.mark.item("errors.fix-plan")
def test_owner():
    raise AwaitingPerson("Who takes it?")

@pytest.mark.item("verify.costs")
def test_costs():
    expect(False, "A cost is negative.", count=1)
"""
CLOCK = '{"set_to": "2026-01-15T16:05:00+00:00", "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}'


@pytest.fixture(autouse=True)
def nothing_is_printed(monkeypatch):
    """Neither Allure nor a browser has a part in this, and both are slow."""
    monkeypatch.setenv("HYPERCARE_NODE", "/bin/false")
    for module in ("hypercare.suite.publishing", "hypercare.commands.report"):
        monkeypatch.setattr(f"{module}.browser_for_printing", lambda: None)


@pytest.fixture
def evening(project):
    """An evening round in which a question waits and a check fails; five past five by the target's clock."""
    clock = project.path / "clock.json"
    clock.write_text(CLOCK)
    project.target.write_text(project.target.read_text().replace("[rounds]", f'clock = "{clock}"\n\n[rounds]'))
    project.checks(CHECKS)
    look_again(project)
    return project


def look_again(project):
    project.run("--round", "evening", "--as-of", "2026-01-15T17:00", "--reports", str(project.reports))


def say(project, command, *arguments):
    of_project = ["--project", str(project.path)] if command in {attest, report} else []
    of_target = ["--target", str(project.target), "--reports", str(project.reports)]
    done = CliRunner().invoke(command, [*arguments, *of_project, *of_target], standalone_mode=False)
    assert done.exception is None, done.output
    return done.output


def summary_of(project):
    return json.loads((project.reports / "latest" / "summary.json").read_text())


def item_of(summary, item):
    return next(one for one in summary["items"] if one["id"] == item)


@pytest.mark.long
def test_an_answer_is_in_the_next_round(evening):
    assert item_of(summary_of(evening), "errors.fix-plan")["outcome"] == "awaiting"
    say(evening, attest, "errors.fix-plan", "--by", "Mara", "--answer", "Ben, until noon")
    look_again(evening)
    item = item_of(summary_of(evening), "errors.fix-plan")
    assert (item["outcome"], item["answer"], item["answered_by"]) == ("passed", "Ben, until noon", "Mara")


def test_the_report_of_the_day_has_what_was_said_after_its_last_round(evening):
    say(evening, attest, "errors.fix-plan", "--by", "Mara", "--answer", "Ben, until noon")
    say(evening, action, "corrected the cost", "--by", "Ben", "--incident", "1")
    say(evening, ack, "1", "--by", "Ben", "--note", "on it")
    say(evening, sign_off, "--by", "The owner", "--note", "read")
    page = Path(say(evening, report).splitlines()[-1])
    summary = summary_of(evening)
    assert page == evening.reports / "2026-01-15" / "day" / "index.html"
    assert (evening.reports / "latest").resolve() == page.parent
    assert (summary["round"], item_of(summary, "errors.fix-plan")["answer"]) == ("daily", "Ben, until noon")
    assert summary["counts"]["awaiting"] == 0
    assert [(one["by"], one["note"], one["incident"]) for one in summary["actions"]] == [
        ("Ben", "corrected the cost", "1")
    ]
    assert summary["incidents"][0]["acknowledged_by"] == "Ben"
    assert summary["review"] == {"by": "The owner", "at": "2026-01-15T17:05:00+01:00", "note": "read"}
    text, markdown = page.read_text(), (page.parent / "daily.md").read_text()
    assert all(words in text for words in ("Ben, until noon", "corrected the cost", "acknowledged by Ben: on it"))
    assert "**Reviewed by**: The owner" in markdown
    assert "17:05 Ben: corrected the cost" in markdown


@pytest.mark.long
def test_the_report_of_a_past_day_does_not_become_the_latest(evening):
    clock = evening.path / "clock.json"
    clock.write_text(CLOCK.replace("15T16", "17T16"))
    evening.run("--round", "evening", "--as-of", "2026-01-17T17:00", "--reports", str(evening.reports))
    say(evening, attest, "errors.fix-plan", "--by", "Mara", "--answer", "late", "--day", "2026-01-15")
    page = Path(say(evening, report, "--day", "2026-01-15").splitlines()[-1])
    assert page.is_file()
    assert (evening.reports / "latest").resolve() == evening.reports / "2026-01-17" / "day"


def test_a_day_without_rounds_has_no_report(evening):
    of_target = ["--target", str(evening.target), "--reports", str(evening.reports), "--project", str(evening.path)]
    done = CliRunner().invoke(report, ["--day", "2026-01-14", *of_target], standalone_mode=False)
    assert "no round of 2026-01-14 left a report" in str(done.exception)
