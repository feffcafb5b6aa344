"""On a terminal a round shows which check runs, and its closing lines fit a screen; a pipe gets all of it."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

GREEN = '@pytest.mark.item("health.web")\ndef test_it():\n    pass\n'
RED = '@pytest.mark.item("health.web")\ndef test_red():\n    expect(False, "The web app shows an error page.")\n'
THREE_REASONS = """
@pytest.mark.item("health.web", "health.api")
@pytest.mark.parametrize("n", range(3))
def test_web(n):
    raise NotCovered("sale is not mapped", remedy="Map it.")

@pytest.mark.item("data.corruption")
def test_data():
    raise NotCovered("sale is not mapped", remedy="Map it.")

@pytest.mark.item("health.logs")
def test_logs():
    raise NotCovered("The target file names no logs.")
"""
MANY_REASONS = """
@pytest.mark.item("health.web")
@pytest.mark.parametrize("n", range(40))
def test_web(n):
    raise NotCovered(f"reason {n:02}")
"""
ROUND = ("--round", "morning")


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("_pytest.capture.CaptureIO.isatty", lambda _: True, raising=False)


def output(project, *words: str) -> str:
    return project.run(*words, "--reports", str(project.reports)).stdout.str()


def closing_lines(text: str) -> list[str]:
    _, _, rest = text.partition("also to know")
    return [line for line in re.split(r"[\r\n]+", rest)[1:] if not line.startswith(("-", "="))]


@pytest.mark.usefixtures("on_a_terminal")
def test_a_line_says_which_check_how_many_of_how_many_and_since_when(project):
    project.checks(RED + GREEN)
    shown = re.findall(r"\d+ of \d+.*?, since \d\d:\d\d:\d\d", output(project, *ROUND))
    assert [line[:-8] for line in shown] == [
        "1 of 2: test_checks.py::test_red, since ",
        "2 of 2, 1 failed: test_checks.py::test_it, since ",
    ]


@pytest.mark.usefixtures("on_a_terminal")
def test_the_line_is_wiped_and_pytest_says_the_rest_as_ever(project):
    project.checks(RED + GREEN)
    text = output(project, *ROUND)
    _, _, after = text.rpartition(", since ")
    assert after.splitlines()[0][8:].strip() == ""
    assert "FAILED test_checks.py::test_red" in text
    assert "1 failed, 1 passed" in text
    assert "[100%]" not in text


@pytest.mark.long
@pytest.mark.parametrize("words", [("--item", "health.web"), (*ROUND, "-v"), (*ROUND, "-s")])
@pytest.mark.usefixtures("on_a_terminal")
def test_there_is_no_such_line_at_the_desk_or_where_more_than_dots_was_asked_for(project, words):
    project.checks(GREEN)
    assert ", since " not in output(project, *words)


def test_on_a_pipe_there_is_no_such_line_and_every_check_has_its_own_closing_line(project):
    project.checks(THREE_REASONS)
    text = output(project, *ROUND)
    assert ", since " not in text
    assert "test_checks.py nnnnn" in text
    assert text.count("sale is not mapped. Map it.") == 4


@pytest.mark.usefixtures("on_a_terminal")
def test_closing_lines_are_put_together_by_reason_and_lead_to_the_report(project):
    project.checks(THREE_REASONS)
    first, second, last = closing_lines(output(project, *ROUND))[:3]
    assert first == "NOT COVERED   health.web, health.api, data.corruption (4 checks): sale is not mapped. Map it."
    assert second == "NOT COVERED   health.logs: The target file names no logs."
    assert last.startswith("Each of these 5 stands in the report")
    assert last.endswith("latest/index.html")


@pytest.mark.long
@pytest.mark.usefixtures("on_a_terminal")
def test_however_many_reasons_there_are_they_fit_a_screen(project):
    project.checks(MANY_REASONS)
    lines = closing_lines(output(project, *ROUND))
    told = [line for line in lines if line.startswith("NOT COVERED")]
    assert len(told) == 14
    assert "and 26 checks more, for 26 other reasons" in lines


@pytest.mark.parametrize(("word", "lines"), [("-q", 2), ("-v", 5)])
@pytest.mark.usefixtures("on_a_terminal")
def test_at_the_desk_too_and_verbose_shows_every_check(project, word, lines):
    project.checks(THREE_REASONS)
    told = closing_lines(output(project, "--item", "health.web", "data.corruption", "health.logs", word))
    assert sum(line.startswith("NOT COVERED") for line in told) == lines
    assert ("With -v each of these 5 has a line of its own." in told) == (word == "-q")
