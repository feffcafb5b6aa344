"""A round publishes its reports as the target file says, before people are told; and trouble with that is only said."""

import time

import pytest

from hypercare.suite import finishing, handing_out
from tests.notification.receivers import web_receiver

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.server

RED = '@pytest.mark.item("health.web")\ndef test_it():\n    expect(False, "The web app shows an error page.")\n'
GREEN = '@pytest.mark.item("health.web")\ndef test_it():\n    pass\n'


def run(project, *more):
    return project.run("--round", "morning", "--as-of", "2026-01-15T09:00", "--reports", str(project.reports), *more)


def publish_to(project, text):
    project.target.write_text(f"{project.target.read_text()}\n[publish]\n{text}\n")


@pytest.mark.parametrize(("check", "status"), [(GREEN, 0), (RED, 1)])
def test_the_page_of_the_day_and_the_index_are_where_it_says(project, check, status):
    project.checks(check)
    publish_to(project, 'url = "there"\nlink = "https://reports.test/shop/"')
    result = run(project)
    assert result.ret == status
    there = project.path / "there"
    page = (there / "2026-01-15" / "day" / "index.html").read_text()
    assert page == (project.reports / "2026-01-15" / "day" / "index.html").read_text()
    assert "2026-01-15/day/index.html" in (there / "index.html").read_text()
    assert (there / "2026-01-15" / "day" / "runbook" / "health.web.html").is_file()
    result.stdout.fnmatch_lines(["Published, * files copied: https://reports.test/shop/latest/"])


def test_what_is_added_later_is_published_too(project, monkeypatch):
    def write_allure(_summary, _sources, folder, **_):
        folder.mkdir()
        (folder / "index.html").write_text("all checks")
        return ""

    monkeypatch.setattr("hypercare.reports.later_pages.write_allure", write_allure)
    project.checks(GREEN)
    publish_to(project, 'url = "there"')
    run(project)
    allure = project.path / "there" / "2026-01-15" / "day" / "allure" / "index.html"
    assert allure.read_text() == "all checks"


def test_when_people_are_told_the_page_that_the_message_leads_to_is_there(project, monkeypatch):
    there = []
    page = project.path / "there" / "latest" / "index.html"
    tell_people = finishing.tell_people
    monkeypatch.setattr(finishing, "tell_people", lambda *of: there.append(page.is_file()) or tell_people(*of))
    project.checks(RED)
    with web_receiver() as web:
        publish_to(project, 'url = "there"\nlink = "https://reports.test/shop/"')
        route = f'\n[[notify]]\nname = "hook"\nurl = "{web.url}/hook"\nkinds = ["incident"]\n'
        project.target.write_text(project.target.read_text() + route)
        run(project)
        links = [message["link"] for message in web.messages()]
    assert (there, links) == ([True], ["https://reports.test/shop/latest/"])


@pytest.mark.parametrize(("check", "status"), [(GREEN, 0), (RED, 1)])
@pytest.mark.parametrize(
    ("place", "says"),
    [
        ('url = "/dev/null/reports"', "*The reports are not published: *cannot be published to /dev/null/reports*"),
        ('url = { env = "NO_SUCH_VARIABLE" }', "*The reports are not published: *NO_SUCH_VARIABLE is not set*"),
        ('url = "nowhere://host/x"', "*The reports are not published: *nowhere*"),
    ],
)
def test_what_cannot_be_published_is_said_and_leaves_the_status(project, check, status, place, says):
    project.checks(check)
    publish_to(project, place)
    result = run(project)
    assert result.ret == status
    result.stdout.fnmatch_lines([says])
    assert (project.reports / "latest" / "index.html").is_file()


def test_a_place_that_does_not_answer_holds_nobody_up_beyond_the_limit(project, monkeypatch):
    begun = []

    def hangs(*_, **__):
        begun.append(time.monotonic())
        time.sleep(30)

    monkeypatch.setattr(handing_out, "publish_as_configured", hangs)
    project.checks(GREEN)
    publish_to(project, 'url = "there"\nlimit = "200ms"')
    result = run(project)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["The reports are still being published after 0.2 s."])
    result.stdout.fnmatch_lines(["The reports are not published: the place that [[]publish[]] names does not answer."])
    assert len(begun) == 1


def test_what_breaks_in_it_is_named_and_leaves_the_status(project, monkeypatch):
    def breaks(*_, **__):
        raise ValueError("an answer of an unknown shape")

    monkeypatch.setattr(handing_out, "publish_as_configured", breaks)
    project.checks(GREEN)
    publish_to(project, 'url = "there"')
    result = run(project)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["The reports are not published: ValueError: an answer of an unknown shape"])


def test_a_rehearsal_publishes_nothing(project):
    project.checks(GREEN)
    publish_to(project, 'url = "there"')
    run(project, "--rehearse")
    assert not (project.path / "there").exists()
    assert (project.reports / "rehearsal" / "index.html").is_file()
