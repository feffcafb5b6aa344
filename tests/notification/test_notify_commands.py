"""`hypercare notify` and `hypercare watch`, as a person runs them."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hypercare.cli import hypercare
from hypercare.history.store import History
from hypercare.notification.notifier import Notifier
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of
from tests.notification.changes import change, incident
from tests.notification.receivers import part_of

HEAD = '[target]\nname = "Corner Shop"\nid = "shop"\n[business]\ntimezone = "Europe/Berlin"\ngo_live = 2026-01-08\n'


@pytest.fixture
def shop(tmp_path):
    class Shop:
        file = tmp_path / "shop.toml"
        reports = tmp_path / "reports"
        history = History(tmp_path / "reports" / "history.sqlite", "shop")

        def has(self, *routes, more=""):
            tables = "".join(f"[[notify]]\n{route}\n" for route in routes)
            self.file.write_text(HEAD + tables + more, encoding="utf-8")

        def run(self, *arguments):
            options = ["--target", str(self.file)]
            if arguments[:2] != ("notify", "test"):
                options += ["--reports", str(self.reports)]
            return CliRunner().invoke(hypercare, [*arguments, *options], standalone_mode=False)

        def tell(self, *changes):
            config = load_target(self.file)
            Notifier(self.history, config).tell(changes, None, clock_of(config))

    shop = Shop()
    yield shop
    shop.history.close()


def route(name, url, more=""):
    return f'name = "{name}"\nurl = "{url}"\n{more}'


def test_a_test_message_goes_out_on_every_route_at_any_hour(shop, web, post_office):
    shop.has(
        route("mail", post_office.address("ops@shop.test"), 'levels = "L3"\nhours = "03:00-03:01"'),
        route("hook", f"{web.url}/secret-path"),
    )
    done = shop.run("notify", "test")
    assert done.return_value == 0
    assert post_office.subjects() == ["Corner Shop: This is a test"]
    assert "Whoever reads this gets incident, digest and monitor messages of L3, 03:00-03:01." in part_of(
        post_office.mails[0], "plain"
    )
    assert web.messages()[0]["kind"] == "test"
    assert done.output.splitlines()[0].startswith("ok    mail: sent to E-Mail at 127.0.0.1; ")
    assert "secret-path" not in done.output


def test_what_does_not_arrive_and_what_nobody_would_hear_of_is_said(shop, web):
    web.status = 404
    shop.has(route("hook", web.url, 'levels = ["L1", "L2"]'))
    done = shop.run("notify", "test", "--route", "hook")
    assert done.return_value == 1
    assert done.output.splitlines() == [
        "FAIL  hook: the receiver answered 404 Not Found",
        "Nobody is told of L3 incidents (critical): no [[notify]] route takes them.",
    ]


@pytest.mark.parametrize(
    ("routes", "arguments", "words"),
    [
        ([], [], "the target file has no [[notify]] route, so nobody is told anything"),
        ([route("a", "mailto://shop.test")], ["--route", "b"], "there is no route 'b'; there are: a"),
    ],
)
def test_a_route_that_is_not_there_is_one_clear_line(shop, routes, arguments, words):
    shop.has(*routes)
    assert str(shop.run("notify", "test", *arguments).exception) == words


def test_what_waits_is_listed_and_can_be_sent_at_once(shop, web):
    shop.has(route("hook", web.url))
    assert shop.run("notify", "waiting").output == "No message is waiting.\n"
    shop.tell(change())
    assert (
        "hook: L2 technical: The shop's page 12 does not answer.; not tried yet" in shop.run("notify", "waiting").output
    )
    web.status = 500
    listed = shop.run("notify", "waiting", "--send")
    assert (listed.return_value, "1 attempts" in listed.output) == (1, True)
    assert "(the receiver answered 500 Internal Server Error)" in listed.output
    web.status = 200
    assert shop.run("notify", "waiting", "--send").output == "No message is waiting.\n"
    assert len(web.requests) == 2


def test_watching_once_tells_what_waits_and_ends_with_what_is_amiss(shop, web):
    shop.has(route("hook", web.url), more=f'[heartbeat]\nwatch_url = "{web.url}/beat"\n')
    done = shop.run("watch", "--once")
    assert (done.return_value, "no round of Corner Shop is in" in done.output) == (1, True)
    now = clock_of(load_target(shop.file))
    shop.history.begin_round("1", "morning", now.date(), now, now)
    shop.history.finish_round("1", now, "healthy")
    assert shop.run("watch", "--once").return_value == 0
    shop.tell(change(), change(event=2, one=incident(13)))
    done = shop.run("watch", "--once")
    assert done.return_value == 0
    assert "told hook: Incident 13: L2 technical: The shop's page 13 does not answer." in done.output
    assert web.paths().count("/beat") == 3
    shop.tell(change(event=3))
    web.status = 500
    done = shop.run("watch", "--once")
    assert done.return_value == 3
    assert "messages do not arrive at hook: the receiver answered 500 Internal Server Error" in done.output


def test_a_history_that_cannot_be_used_is_told_without_it(shop, web):
    shop.has(route("hook", f"{web.url}/hook"), more=f'[heartbeat]\nwatch_url = "{web.url}/beat"\n')
    shop.reports.mkdir()
    (shop.reports / "history.sqlite").write_text("this is no database, but a text that is long enough to be read")
    done = shop.run("watch", "--once")
    assert done.return_value == 3
    assert "history" in done.output
    assert web.paths() == ["/hook", "/beat/fail"]
    assert web.messages()[0]["title"] == "The watch cannot use its history"


@pytest.mark.long
def test_a_watch_goes_on_until_it_is_stopped(shop, web):
    shop.has(route("hook", web.url))
    shop.tell(change())
    command = [Path(sys.executable).with_name("hypercare"), "watch", "--every", "1s"]
    options = ["--target", shop.file, "--reports", shop.reports]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            web.wait_for(1)
            shop.tell(change(event=2, one=incident(13)))
            web.wait_for(2)
        finally:
            process.send_signal(signal.SIGTERM)
        said, _ = process.communicate()
    assert process.returncode == 0
    assert [said.count(f"told hook: Incident {number}: L2 technical: ") for number in (12, 13)] == [1, 1]


def test_a_pause_that_is_none_is_refused(shop):
    shop.has()
    assert "--every" in str(shop.run("watch", "--every", "often").exception)
