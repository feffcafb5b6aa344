"""A round on trial publishes apart, remembers nothing, opens no incident and tells nobody."""

from __future__ import annotations

import json
import sqlite3
import sys

import pytest

from hypercare.cli import main
from tests.notification.receivers import web_receiver

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

RED = '@pytest.mark.item("health.web")\ndef test_it():\n    expect(False, "The web app shows an error page.")\n'
GREEN = '@pytest.mark.item("health.web")\ndef test_it():\n    pass\n'


@pytest.fixture(autouse=True)
def _ten_in_the_morning(project, monkeypatch):
    monkeypatch.setenv("HYPERCARE_BROWSER", "none")
    monkeypatch.setenv("HYPERCARE_NODE", "none")
    face = {"set_to": "2026-01-15T09:00:00+00:00", "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}
    (project.path / "clock.json").write_text(json.dumps(face))
    text = project.target.read_text()
    project.target.write_text(text.replace("go_live = 2026-01-08", 'go_live = 2026-01-08\nclock = "clock.json"'))


def run(project, *more):
    return project.run("--round", "morning", "--reports", str(project.reports), *more)


def ask(project, question):
    with sqlite3.connect(project.reports / "history.sqlite") as history:
        rows = history.execute(question).fetchall()
    history.close()
    return rows


def test_its_report_lies_apart_and_says_so(project):
    project.checks(RED)
    result = run(project, "--rehearse")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["Rehearsed: nothing is remembered*", "Report: *rehearsal/latest/index.html"])
    summary = json.loads((project.reports / "rehearsal" / "latest" / "summary.json").read_text())
    assert (summary["rehearsed"], summary["incidents"]) == (True, [])
    assert next(item for item in summary["items"] if item["id"] == "health.web")["outcome"] == "failed"
    assert not (project.reports / "latest").exists()
    assert not (project.reports / "history.sqlite").exists()


def test_nobody_is_told_and_no_sign_of_life_is_given(project):
    project.checks(RED)
    with web_receiver() as web:
        routes = f'\n[[notify]]\nname = "hook"\nurl = "{web.url}/hook"\n\n[heartbeat]\nurl = "{web.url}/beat"\n'
        project.target.write_text(project.target.read_text() + routes)
        run(project, "--rehearse")
        assert web.paths() == []


def test_what_was_remembered_before_stays_as_it_was(project):
    project.checks(GREEN)
    assert run(project).ret == 0
    everything = (
        "SELECT (SELECT count(*) FROM rounds), (SELECT count(*) FROM results), (SELECT count(*) FROM incidents)"
    )
    before = ask(project, everything), (project.reports / "latest").readlink()
    project.checks(RED)
    assert run(project, "--rehearse").ret == 1
    assert (ask(project, everything), (project.reports / "latest").readlink()) == before


def test_it_goes_with_a_round(project):
    project.checks(GREEN)
    result = project.run("--rehearse")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --rehearse goes with --round*"])


def say(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["hypercare", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    out = capsys.readouterr()
    return ended.value.code or 0, out.out, out.err


@pytest.mark.long
def test_what_a_wrong_mapping_left_behind_can_be_forgotten(project, monkeypatch, capsys):
    project.checks(GREEN)
    run(project, "--as-of", "2026-01-14T09:00")
    project.checks(RED)
    run(project)
    assert ask(project, "SELECT count(*) FROM incidents") == [(1,)]
    of_target = ["--target", project.target, "--reports", project.reports]
    since = ["history", "forget", "--since", "2026-01-15T10:00"]
    ask(project, "SELECT 1")
    with sqlite3.connect(project.reports / "history.sqlite") as history:
        history.execute("UPDATE rounds SET started = as_of")
    history.close()
    capsys.readouterr()
    status, out, _ = say(monkeypatch, capsys, *since, *of_target)
    assert (status, out.startswith("This would forget 1 round, 1 incident and")) == (0, True)
    assert f"history forget --since 2026-01-15T10:00 --yes --target {project.target}" in out
    assert ask(project, "SELECT count(*) FROM incidents") == [(1,)]
    status, out, _ = say(monkeypatch, capsys, *since, "--yes", *of_target)
    assert (status, out.startswith("Forgotten: 1 round, 1 incident and")) == (0, True)
    counts = "SELECT (SELECT count(*) FROM rounds), (SELECT count(*) FROM incidents), (SELECT count(*) FROM results)"
    assert ask(project, counts) == [(1, 0, 1)]
    project.checks(RED)
    run(project)
    assert ask(project, "SELECT count(*) FROM incidents") == [(1,)]


@pytest.mark.long
@pytest.mark.parametrize(("since", "problem"), [("soon", "'soon' is neither"), ("2026-02-01", "is still to come")])
def test_what_cannot_be_forgotten_is_said_in_one_line(project, monkeypatch, capsys, since, problem):
    project.checks(GREEN)
    run(project)
    capsys.readouterr()
    words = ["history", "forget", "--since", since, "--target", project.target, "--reports", project.reports]
    status, _, err = say(monkeypatch, capsys, *words)
    assert (status, err.count("\n")) == (4, 1)
    assert problem in err
