"""The own log of a round tells afterwards what it did, in whichever of its processes."""

import re
import textwrap

import pytest

from tests.notification.receivers import web_receiver

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

RED = '@pytest.mark.item("health.web")\ndef test_it():\n    expect(False, "The web app shows an error page.")\n'
GREEN = '@pytest.mark.item("health.web")\ndef test_it():\n    pass\n'
GAP = (
    '@pytest.mark.item("health.api")\ndef test_gap():\n    raise NotCovered("No API is there.", remedy="Add [api].")\n'
)
BROKEN = '@pytest.mark.item("health.logs")\ndef test_broken():\n    raise KeyError("price")\n'
NAP = '@pytest.mark.item("health.web")\ndef test_nap():\n    import time\n    time.sleep(30)\n'


@pytest.fixture(autouse=True)
def reports_of_little_work(monkeypatch):
    """Neither printed nor turned into Allure's pages: the log is looked at, and both take their time."""
    monkeypatch.setattr("hypercare.suite.publishing.browser_for_printing", lambda: None)
    monkeypatch.setattr("hypercare.reports.later_pages.write_allure", lambda *_, **__: "it is not wanted here")


@pytest.fixture
def log(project):
    return project.path / "own.log"


def run(project, log, *more):
    words = ("--round", "morning", "--as-of", "2026-01-15T09:00", "--reports", str(project.reports))
    return project.run(*words, "--hypercare-log", str(log), *more)


def add(project, more):
    project.target.write_text(project.target.read_text() + textwrap.dedent(more))


def messages(log):
    """Logger, process and message of every line."""
    return [re.fullmatch(r"\S+ [A-Z]+ (\S+) \[(\d+)\] (.*)", line).groups() for line in lines_of(log)]


def lines_of(log):
    return [line for line in log.read_text().splitlines() if not line.startswith("    ")]


def said(log, logger):
    return [message for name, _, message in messages(log) if name == f"hypercare.{logger}"]


def test_it_tells_the_start_each_check_and_the_end(project, log):
    project.checks(RED + GAP + BROKEN)
    assert run(project, log).ret == 1
    (start,) = said(log, "suite.starting")
    assert re.fullmatch(
        r"Morning round \(\w+\) of Corner Shop begins as of 2026-01-15T08:00:00\+00:00: \d\d items, .*", start
    )
    assert said(log, "suite.recording") == ["3 checks collected"]
    checks, (end,) = said(log, "suite.performing"), said(log, "suite.finishing")
    told = [re.sub(r"\d+\.\d+ s", "? s", line) for line in checks]
    where = "test_checks.py::"
    assert told == [
        f"{where}test_it failed at L3 after ? s, looked at 2 times (health.web): The web app shows an error page.",
        f"{where}test_gap not covered after ? s (health.api): No API is there. Add [api].",
        f"{where}test_broken monitor fault after ? s (health.logs): The check itself broke: KeyError: 'price'",
    ]
    assert re.fullmatch(r"the round ends with status 1 after \d+\.\d s: 1 failed, 1 not covered, 1 monitor fault", end)
    assert "KeyError" in "".join(line for line in log.read_text().splitlines() if line.startswith("    "))

    assert "allure/index.html is left out of the report: it is not wanted here" in said(log, "reports.later_pages")


def test_it_tells_what_was_read_opened_and_published(project, log):
    project.checks(GREEN)
    run(project, log)
    assert said(log, "target_file.loading")[0] == f"target file {project.target} read: Corner Shop, by the adapter none"
    assert re.fullmatch(
        rf"history {project.reports}/history.sqlite of the target \S+ opened in \d+ ms", said(log, "history.store")[0]
    )
    assert "history held for writing for" in said(log, "history.store")[1]
    assert f"report published: {project.reports}/2026-01-15/morning" in said(log, "reports.folder")


def test_it_tells_of_incidents_and_of_who_was_told(project, log):
    with web_receiver() as web:
        add(project, f'\n[heartbeat]\nurl = "{web.url}/beat"\n[[notify]]\nname = "hook"\nurl = "{web.url}/hook"\n')
        project.checks(RED)
        run(project, log)
        project.checks(GREEN)
        run(project, log)
    assert said(log, "escalation.incidents") == [
        f"incident 1 {became} at L3: The web app shows an error page." for became in ("opened", "held", "resolved")
    ]
    assert said(log, "notification.outbox")[0].startswith("to be told, incident:1:")
    assert any(re.match(r"sent to hook in \d+ ms: L3 critical", line) for line in said(log, "notification.delivery"))
    assert said(log, "notification.heartbeat")[0] == "heartbeat: start"


def test_it_tells_what_did_not_arrive_and_what_is_done_about_it(project, log):
    with web_receiver() as web:
        web.status = 500
        add(project, f'\n[[notify]]\nname = "hook"\nurl = "{web.url}/hook"\n')
        project.checks(RED)
        run(project, log)
    failed = [line for line in said(log, "notification.delivery") if line.startswith("not sent to hook")]
    assert re.match(r"not sent to hook, tried again from \S+ on: .*the receiver answered 500", failed[0])


@pytest.mark.long
def test_workers_write_into_the_same_file(project, log):
    project.checks(GREEN + GAP)
    run(project, log, "-n", "2")
    checks = {process for name, process, text in messages(log) if "passed" in text or "not covered" in text}
    (controller,) = {process for name, process, _ in messages(log) if name == "hypercare.suite.starting"}
    assert checks
    assert controller not in {process for name, process, _ in messages(log) if name == "hypercare.suite.running"}
    assert said(log, "suite.finishing")[-1].startswith("the round ends with status 0")


@pytest.mark.long
def test_the_watchdog_s_end_of_a_round_is_told(project, log):
    project.target.write_text(
        project.target.read_text().replace("[rounds]", '[rounds]\nlimit = "1s"\ncheck_limit = "20s"')
    )
    project.checks(NAP.replace("30", "2") + GAP)
    run(project, log)
    assert said(log, "suite.watchdog") == ["the round's time limit is over: it is to stop after the check in flight"]


@pytest.mark.long
def test_a_round_that_hangs_is_ended_and_says_so_before(project, log):
    project.target.write_text(
        project.target.read_text().replace("[rounds]", '[rounds]\nlimit = "1s"\ncheck_limit = "1s"')
    )
    project.checks(
        NAP.replace("time.sleep(30)", "import signal; signal.alarm(0); signal.setitimer(0, 0); time.sleep(90)")
    )
    project.run = lambda *words: project.pytester.runpytest_subprocess(*words, "--target", str(project.target))
    assert run(project, log).ret == 3
    assert said(log, "suite.watchdog")[-1].endswith("its process is ended now")
