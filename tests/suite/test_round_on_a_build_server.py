"""A round that GitHub or GitLab runs tells them how it ended; elsewhere it says nothing of the kind."""

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.server

RED = '@pytest.mark.item("health.web")\ndef test_it():\n    expect(False, "It says\\n::warning::no.", count=1)\n'
VARIABLES = ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITLAB_CI")


@pytest.fixture
def shop(project, monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    project.checks(RED)
    return project


def run(project):
    return project.run("--round", "morning", "--as-of", "2026-01-15T09:00", "--reports", str(project.reports))


def commands(result):
    return [line for line in result.outlines if line.startswith("::")]


def test_github_shows_the_verdict_and_an_annotation(shop, monkeypatch):
    file = shop.path / "step.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    result = run(shop)
    assert result.ret == 1
    assert len(commands(result)) == 1 and commands(result)[0].startswith("::error title=L3 ")
    assert "## Critical: act now" in file.read_text()


def test_gitlab_finds_its_reports_under_names_that_stay(shop, monkeypatch):
    monkeypatch.setenv("GITLAB_CI", "true")
    result = run(shop)
    assert result.ret == 1 and commands(result) == []
    assert "<testsuite" in (shop.reports / "ci" / "junit.xml").read_text()
    assert "hypercare_status{" in (shop.reports / "ci" / "metrics.txt").read_text()


def test_elsewhere_nothing_of_it_is_written(shop):
    assert commands(run(shop)) == []
    assert not (shop.reports / "ci").exists()


def test_a_summary_that_cannot_be_written_is_said_and_leaves_the_status(shop, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(shop.path))
    result = run(shop)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["The build server could not be told: *"])
