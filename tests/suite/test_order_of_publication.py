"""In which order the end of a round reaches people: the verdict first, what takes its time last."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hypercare.suite import finishing, publishing
from tests.notification.receivers import web_receiver

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

RED = '@pytest.mark.item("health.web")\ndef test_it():\n    expect(False, "The web app shows an error page.")\n'
GREEN = '@pytest.mark.item("health.web")\ndef test_it():\n    pass\n'
FIRST = {"index.html", "summary.json", "metrics.prom", "daily.md", "pytest.html", "junit.xml"}


def run(project, *more):
    return project.run("--round", "morning", "--as-of", "2026-01-15T09:00", "--reports", str(project.reports), *more)


@pytest.fixture
def when_pages_are_added(project, monkeypatch):
    """What has happened by the time at which Allure's pages are begun: a list of what `look` saw."""
    seen = []

    def watch(look):
        def write_allure(*_, **__):
            seen.append(look())
            return "it is only watched"

        monkeypatch.setattr("hypercare.reports.later_pages.write_allure", write_allure)
        return seen

    return watch


@pytest.mark.long
def test_the_verdict_is_published_before_allure_and_the_printed_page_are_begun(project, when_pages_are_added):
    latest = project.reports / "latest"
    project.checks(RED)
    seen = when_pages_are_added(
        lambda: (
            {path.name for path in latest.iterdir()} >= FIRST,
            json.loads((latest / "summary.json").read_text())["status"],
        )
    )
    assert run(project).ret == 1
    assert seen == [(True, "critical")]


@pytest.mark.long
def test_people_are_told_before_them(project, when_pages_are_added):
    project.checks(RED)
    with web_receiver() as web:
        ways = f'\n[heartbeat]\nurl = "{web.url}/beat"\n[[notify]]\nname = "hook"\nurl = "{web.url}/hook"\n'
        project.target.write_text(project.target.read_text() + ways)
        seen = when_pages_are_added(lambda: sorted(set(web.paths())))
        run(project)
    assert seen == [["/beat", "/beat/start", "/hook"]]


def test_the_terminal_says_where_the_report_is_and_then_what_the_process_still_does(project, when_pages_are_added):
    project.checks(GREEN)
    when_pages_are_added(lambda: None)
    lines = run(project).outlines
    report = next(number for number, line in enumerate(lines) if line.startswith("Report: "))
    assert lines[report + 1] == "Its Allure report and its printed page are being added."
    assert "allure/index.html was left out: it is only watched" in lines[report + 2 :]


def test_they_can_be_left_to_the_report_of_the_day(project, when_pages_are_added):
    project.checks(GREEN)
    seen = when_pages_are_added(lambda: None)
    assert run(project, "--no-later-pages").ret == 0
    assert not seen


@pytest.mark.long
@pytest.mark.parametrize(("check", "status"), [(GREEN, 0), (RED, 1)])
def test_what_hangs_then_ends_the_process_with_the_status_of_the_round(project, monkeypatch, check, status):
    project.checks(check)
    ended = []
    monkeypatch.setattr(finishing, "_LIMIT_OF_PAGES_S", 0.05)
    monkeypatch.setattr("hypercare.suite.watchdog.os._exit", ended.append)
    monkeypatch.setattr("hypercare.reports.later_pages.write_allure", lambda *_, **__: wait_for(ended))
    assert run(project).ret == status
    assert ended == [status]


def wait_for(ended):
    for _ in range(1000):
        if ended:
            return "it hung"
        time.sleep(0.01)
    return "nobody ended it"


@pytest.mark.long
@pytest.mark.parametrize(("check", "status"), [(GREEN, 0), (RED, 1)])
def test_what_breaks_then_is_named_and_leaves_the_status_of_the_round(project, monkeypatch, check, status):
    def breaks(*_, **__):
        raise ValueError("a page of an unknown shape")

    project.checks(check)
    monkeypatch.setattr("hypercare.reports.later_pages.write_allure", breaks)
    done = run(project)
    assert done.ret == status
    done.stdout.fnmatch_lines(["*left out: ValueError: a page of an unknown shape"])


HANGS = """
import time
from hypercare.reports import later_pages
from hypercare.suite import finishing
finishing._LIMIT_OF_PAGES_S = 0.2
later_pages.write_allure = lambda *_, **__: time.sleep(60)
"""


@pytest.mark.long
def test_what_was_said_of_the_round_is_kept_when_what_hangs_is_ended(project):
    project.checks(RED)
    conftest = project.path / "conftest.py"
    conftest.write_text(conftest.read_text() + HANGS)
    words = [
        "--round=morning",
        "--as-of=2026-01-15T09:00",
        f"--reports={project.reports}",
        f"--target={project.target}",
    ]
    command = [sys.executable, "-m", "pytest", *words]
    done = subprocess.run(command, cwd=project.path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "The web app shows an error page." in done.stdout
    assert f"Report: {project.reports / 'latest' / 'index.html'}" in done.stdout


class OpenBrowser:
    """A browser that a check has used."""

    error = RuntimeError

    def __init__(self):
        self.printed = []

    def context(self, options):
        self.printed.append(options)
        return Sheet()

    def close(self):
        pass


class Sheet:
    def new_page(self):
        return self

    def set_default_timeout(self, _):
        pass

    def goto(self, *_, **__):
        pass

    def pdf(self, path, **_):
        Path(path).write_bytes(b"%PDF-")

    def close(self):
        pass


def test_the_browser_of_the_checks_prints(project, monkeypatch):
    browser = OpenBrowser()
    monkeypatch.setattr("hypercare.browser.browser.Browser", lambda *_: browser)
    monkeypatch.setattr(publishing, "browser_for_printing", lambda: pytest.fail("a second browser was started"))
    project.checks('@pytest.mark.item("health.web")\ndef test_it(browser):\n    assert browser\n')
    run(project)
    assert len(browser.printed) == 1
    assert (project.reports / "latest" / "daily.pdf").read_bytes() == b"%PDF-"
