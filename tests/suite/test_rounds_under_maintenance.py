"""A round while somebody works on the system says so, judges nothing of it, opens no incident and wakes nobody."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime

import pytest

from hypercare.history.opening import open_history
from hypercare.maintenance.announcements import Announcement, announce
from hypercare.target_file.loading import load_target
from tests.notification.receivers import web_receiver

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

RED = """
@pytest.fixture
def web():
    return None
@pytest.fixture
def phone():
    return None
@pytest.mark.item("health.web")
def test_web(web):
    expect(False, "The web app shows an error page.")
@pytest.mark.item("health.mobile")
def test_phone(phone):
    expect(False, "The phone shows nothing.")
@pytest.mark.item("users.active")
def test_of_a_branch():
    raise CheckFailed(Finding(sentence="Nobody works in North.", branches=("North",)))
@pytest.mark.item("data.corruption")
def test_of_two_branches():
    raise CheckFailed(Finding(sentence="Damaged.", branches=("North", "South")))
"""
WHOLE: dict[str, tuple[str, ...]] = {}


@pytest.fixture(autouse=True)
def _without_the_slow_reports(monkeypatch):
    monkeypatch.setenv("HYPERCARE_BROWSER", "none")
    monkeypatch.setenv("HYPERCARE_NODE", "none")


@pytest.fixture(autouse=True)
def _ten_in_the_morning(project):
    face = {"set_to": "2026-01-15T09:00:00+00:00", "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}
    (project.path / "clock.json").write_text(json.dumps(face))
    text = project.target.read_text()
    project.target.write_text(text.replace("go_live = 2026-01-08", 'go_live = 2026-01-08\nclock = "clock.json"'))


def work_on(project, **more):
    start, until = datetime(2026, 1, 15, 8, tzinfo=UTC), datetime(2026, 1, 15, 13, tzinfo=UTC)
    history = open_history(load_target(project.target), project.reports)
    announce(history, Announcement("new server", "Anna", start, until, **more))
    history.close()


def run(project):
    project.checks(RED)
    result = project.run("--round", "morning", "--as-of", "2026-01-15T10:00", "--reports", str(project.reports))
    summary = json.loads((project.reports / "latest" / "summary.json").read_text())
    return result, summary


def outcomes(summary):
    items = {item["id"]: item["outcome"] for item in summary["items"]}
    return [items[one] for one in ("health.web", "health.mobile", "users.active", "data.corruption")]


@pytest.mark.long
@pytest.mark.parametrize(
    ("more", "ended"),
    [
        (WHOLE, ["not covered"] * 4),
        ({"ways": ("web",)}, ["not covered", "failed", "failed", "failed"]),
        ({"ways": ("mobile", "web")}, ["not covered", "not covered", "failed", "failed"]),
        ({"branches": ("North",)}, ["failed", "failed", "not covered", "failed"]),
    ],
)
def test_what_is_under_maintenance_is_not_judged(project, more, ended):
    work_on(project, **more)
    _, summary = run(project)
    assert outcomes(summary) == ended


def test_it_says_until_when_who_and_why_and_opens_no_incident(project):
    work_on(project)
    result, summary = run(project)
    (web,) = (item for item in summary["items"] if item["id"] == "health.web")
    assert web["sentence"] == "Not looked at: under maintenance until 14:00 (by Anna: new server)."
    assert summary["maintenance"][0]["words"] == "The system is under maintenance until 14:00 (by Anna: new server)"
    assert "under maintenance until 14:00" in (project.reports / "latest" / "index.html").read_text()
    assert (summary["incidents"], summary["status"], result.ret) == ([], "unknown", 0)
    with sqlite3.connect(project.reports / "history.sqlite") as history:
        assert history.execute("SELECT count(*) FROM incidents").fetchone() == (0,)
    history.close()


@pytest.mark.long
def test_nobody_is_messaged(project):
    with web_receiver() as web:
        file = project.target.read_text()
        project.target.write_text(f'{file}\n[[notify]]\nname = "hook"\nurl = "{web.url}/hook"\n')
        work_on(project)
        run(project)
        assert web.messages() == []


def test_a_window_of_the_target_file_counts_as_well(project):
    file = project.target.read_text()
    project.target.write_text(f'{file}\n[[maintenance]]\nname = "updates"\nat = "09:30"\nlasts = "1h"\n')
    _, summary = run(project)
    assert outcomes(summary) == ["not covered"] * 4
    assert "until 10:30 (updates)" in summary["maintenance"][0]["words"]


TRIALS = """
@pytest.fixture
def synthetic():
    class Trials:
        def clean_up(self):
            open("cleaned-up", "w").close()
    return Trials()
@pytest.mark.usefixtures("earlier_trials_undone")
@pytest.mark.item("health.web")
def test_leftovers():
    pass
"""


@pytest.mark.long
@pytest.mark.parametrize(("announced", "outcome"), [(True, "not covered"), (False, "passed")])
def test_what_earlier_trials_left_is_not_undone_meanwhile(project, announced, outcome):
    if announced:
        work_on(project)
    project.checks(TRIALS)
    project.run("--round", "morning", "--as-of", "2026-01-15T10:00", "--reports", str(project.reports))
    summary = json.loads((project.reports / "latest" / "summary.json").read_text())
    assert {item["id"]: item["outcome"] for item in summary["items"]}["health.web"] == outcome
    assert (project.path / "cleaned-up").exists() is not announced
