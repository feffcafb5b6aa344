"""A round of one's own is run, reported and missed like any other."""

import json

import pytest

from hypercare.commands.people import CommandContext
from hypercare.commands.report import publish_day

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

PLAN = """
[[round]]
name = "night"
at = "0 22 * * 1-6"

[[item]]
id = "shop.safe"
section = "Shop"
words = "The safe is shut."
rounds = ["night"]
level = "L2"
"""
CHECK = '@pytest.mark.item("shop.safe")\ndef test_the_safe_is_shut():\n    pass\n'


@pytest.fixture
def nightly(project):
    """A project whose target names a plan with a night round."""
    (project.path / "night.toml").write_text(PLAN)
    project.target.write_text(f'{project.target.read_text()}checklist = "night.toml"\n')
    project.checks(CHECK)
    return project


def run_night(project, day):
    return project.run("--round", "night", "--as-of", f"2026-01-{day}T22:00", "--reports", str(project.reports))


@pytest.mark.long
def test_a_round_of_the_plan_that_the_target_names_is_run_and_the_next_says_which_was_missed(nightly):
    assert run_night(nightly, 15).ret == 0
    assert run_night(nightly, 19).ret == 0
    report = nightly.reports / "2026-01-19" / "night"
    summary = json.loads((report / "summary.json").read_text())
    assert summary["round"] == "night"
    assert [(one["round"], one["due"][:16]) for one in summary["missed_rounds"]] == [
        ("night", "2026-01-16T22:00"),
        ("night", "2026-01-17T22:00"),
    ]
    page = (report / "index.html").read_text()
    assert "Night round" in page
    assert "2 rounds did not happen: night of 16 Jan and night of 17 Jan." in " ".join(page.split())


def test_the_report_of_a_day_has_its_rounds_and_waits_for_no_other(nightly):
    run_night(nightly, 15)
    context = CommandContext(nightly.target, nightly.reports)
    page = publish_day(
        context, context.calendar.date_of(context.now).replace(2026, 1, 15), nightly.path, lambda _: None
    )
    summary = json.loads((page.parent / "summary.json").read_text())
    assert [(one["round"], one["ran"]) for one in summary["rounds"]] == [("night", True)]


@pytest.mark.parametrize(
    ("name", "says"),
    [("nigth", "*no round 'nigth' in the checklist. Did you mean night?"), ("noon", "*no round 'noon' in the*")],
)
def test_a_round_that_the_plan_has_not_is_bad_usage(nightly, name, says):
    result = nightly.run("--round", name, "--reports", str(nightly.reports))
    assert result.ret == 4
    result.stderr.fnmatch_lines([f"ERROR: {says}"])
    assert not nightly.reports.exists()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('due = { night = "22:00" }', "*no round 'night' in the checklist.*"),
        ('due = { evening = "25 o" }', "*'25 o' is no time; write a time*"),
        ('checklist = "nowhere.toml"', "*nowhere.toml cannot be read*"),
    ],
)
def test_hours_of_a_round_that_no_plan_has_are_bad_configuration(project, line, says):
    project.target.write_text(f"{project.target.read_text()}{line}\n")
    project.checks(CHECK.replace("shop.safe", "health.web"))
    result = project.run("--round", "evening", "--reports", str(project.reports))
    assert result.ret == 4
    result.stderr.fnmatch_lines([f"ERROR: {says}"])


def test_the_target_file_says_when_the_rounds_of_its_plan_are_due(nightly):
    nightly.target.write_text(f'{nightly.target.read_text()}due = {{ night = "23:00", weekly = "0 9 * * 1" }}\n')
    schedules = CommandContext(nightly.target, nightly.reports).config.schedules
    assert {name: f"{one.hour:%H:%M}" for name, one in schedules.items()} == {"night": "23:00", "weekly": "09:00"}
