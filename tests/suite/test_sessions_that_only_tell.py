"""Where pytest runs no check, a round leaves no trace: no report, no history, no message, no folder."""

import sqlite3

import pytest

pytest_plugins = ["pytester"]

GREEN = '@pytest.mark.item("health.web")\ndef test_one():\n    pass\n'
ONLY_TELLING = [
    "--collect-only",
    "--setup-plan",
    "--setup-only",
    "--fixtures",
    "--fixtures-per-test",
    "--markers",
    "--version",
    "--help",
    "--checklist",
]


@pytest.fixture(autouse=True)
def _without_the_slow_reports(monkeypatch):
    monkeypatch.setenv("HYPERCARE_BROWSER", "none")
    monkeypatch.setenv("HYPERCARE_NODE", "none")


def run(project, *more):
    words = ["--round", "morning", "--as-of", "2026-01-15T10:00", "--reports", str(project.reports)]
    return project.run(*words, *more)


@pytest.mark.parametrize("option", ONLY_TELLING)
def test_nothing_is_written(project, option):
    project.checks(GREEN)
    assert run(project, option).ret == 0
    assert not project.reports.exists()


@pytest.mark.parametrize("option", ["--collect-only", "--setup-plan"])
def test_nor_where_a_check_cannot_be_loaded(project, option):
    project.checks("syntax error")
    assert run(project, option).ret == pytest.ExitCode.INTERRUPTED
    assert not project.reports.exists()


@pytest.mark.server
def test_nor_by_the_workers_of_xdist(project):
    project.checks(GREEN)
    words = ["--round", "morning", "--reports", str(project.reports), "--target", str(project.target)]
    result = project.pytester.runpytest_subprocess("-n", "1", "--collect-only", *words)
    assert result.ret in {0, 5}, result.outlines
    assert not project.reports.exists()


@pytest.mark.server
def test_what_a_round_published_before_stays_the_latest(project):
    project.checks(GREEN)
    assert run(project).ret == 0
    latest = (project.reports / "latest").readlink()
    run(project, "--collect-only")
    assert (project.reports / "latest").readlink() == latest
    with sqlite3.connect(project.reports / "history.sqlite") as history:
        assert history.execute("SELECT count(*) FROM rounds").fetchone() == (1,)
    history.close()


def test_a_round_whose_checks_name_an_unknown_item_publishes_nothing(project):
    project.checks('@pytest.mark.item("health.wbe")\ndef test_one():\n    pass\n')
    assert run(project).ret == pytest.ExitCode.USAGE_ERROR
    assert not (project.reports / "latest").exists()
    with sqlite3.connect(project.reports / "history.sqlite") as history:
        assert history.execute("SELECT count(*) FROM rounds").fetchone() == (0,)
    history.close()
