"""A round tells people what it found, and gives a sign of life; whoever cannot be reached changes nothing else."""

import pytest

from tests.notification.receivers import web_receiver

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

GREEN = '@pytest.mark.item("health.web")\ndef test_it():\n    pass\n'
RED = '@pytest.mark.item("health.web")\ndef test_it():\n    expect(False, "The web app shows an error page.")\n'


@pytest.fixture
def web():
    with web_receiver() as receiver:
        yield receiver


def run(project, web, *, more="", arguments=()):
    beat = f'\n[heartbeat]\nurl = "{web.url}/beat"\n'
    project.target.write_text(project.target.read_text() + beat + more)
    return project.run("--round", "morning", "--reports", str(project.reports), *arguments)


def route(web, **settings):
    lines = [f'{name} = "{value}"' for name, value in {"name": "hook", "url": f"{web.url}/hook", **settings}.items()]
    return "\n[[notify]]\n" + "\n".join(lines) + "\n"


def beats(web):
    """Each once, though a service that says no is asked twice."""
    return list(dict.fromkeys(path for path in web.paths() if path.startswith("/beat")))


@pytest.mark.long
def test_what_a_dead_receiver_did_not_take_the_next_round_sends_and_nothing_twice(project, web):
    project.checks(RED)
    web.status = 500
    result = run(project, web, more=route(web) + '\n[messages]\nretry_after = "1ms"\n')
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        ["Messages did not arrive at hook and are tried again later: the receiver answered 500*"]
    )
    assert (project.reports / "latest" / "summary.json").exists()
    assert beats(web) == ["/beat/start", "/beat"]
    web.status, web.requests = 200, []
    project.run("--round", "morning", "--reports", str(project.reports))
    kinds = [(message["kind"], message["title"].partition(":")[0]) for message in web.messages()]
    assert kinds == [("incident", "L3 critical"), ("digest", kinds[1][1])]
    assert kinds[1][1].startswith("Morning round, day ")
    assert web.messages()[0]["data"]["sentence"] == "The web app shows an error page."
    assert beats(web) == ["/beat/start", "/beat"]


def test_messages_that_are_given_up_are_our_own_fault_and_the_heartbeat_says_so(project, web):
    project.checks(GREEN)
    web.status = 500
    result = run(project, web, more=route(web) + "\n[messages]\nattempts = 1\n")
    assert result.ret == 3
    result.stdout.fnmatch_lines(["hypercare: messages to hook are given up"])
    assert beats(web) == ["/beat/start", "/beat/fail"]


def test_a_round_that_cannot_begin_is_said_too(project, web):
    project.checks(GREEN)
    project.reports.write_text("a file where the folder should be")
    assert run(project, web, more=route(web)).ret == 3
    assert beats(web) == ["/beat/start", "/beat/fail"]
    assert [message["title"] for message in web.messages()] == ["The morning round could not begin"]


def test_a_round_whose_history_breaks_on_the_way_tells_what_it_saw_all_the_same(project, web):
    breaks = f"    history = sqlite3.connect({str(project.reports / 'history.sqlite')!r})\n"
    breaks += "    history.execute('DROP TABLE IF EXISTS incident_events')\n    history.close()\n"
    project.checks("import sqlite3\n" + RED.replace("    expect", breaks + "    expect"))
    assert run(project, web, more=route(web)).ret == 1
    (message,) = web.messages()
    assert (message["kind"], message["level"]) == ("monitor", "L3")
    assert message["title"] == "The morning round could not be recorded"
    assert "It saw fail:\n- L3: The web app shows an error page." in message["text"]


def test_a_check_at_the_desk_tells_nobody(project, web):
    project.checks(RED)
    project.target.write_text(project.target.read_text() + route(web))
    assert project.run().ret == 1
    assert web.requests == []


def test_a_secret_that_is_not_there_is_said_before_anything_is_looked_at(project, web, monkeypatch):
    monkeypatch.delenv("SHOP_MAIL", raising=False)
    project.checks(GREEN)
    result = run(project, web, more='\n[[notify]]\nname = "mail"\nurl = { env = "SHOP_MAIL" }\n')
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*the address of the route 'mail' is missing: the environment variable SHOP_MAIL*"])
