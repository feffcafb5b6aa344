"""A page is judged by what it holds: an error page with status 200 is down, a page drawn by a script is not."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from hypercare.probing.page_probe import page_answer
from hypercare.uptime.state import State
from tests.probing.probed_pages import DRAWN, FORM, LOG_IN, SCRIPT, page
from tests.standins.http_standin import Standin

APP = (200, "text/javascript", "draw()")
ANALYTICS = '<script src="https://count.example/visitors.js"></script>'
BACK_SOON = page("<h1>We will be back soon</h1>")


def asked(url: str, *, degraded_after: float = 2.0, timeout: float = 2.0, **more):
    limits = {"degraded_after": timedelta(seconds=degraded_after), "timeout": timedelta(seconds=timeout)}
    return page_answer("web", url, **limits, **more)


@pytest.mark.parametrize(
    ("html", "script", "state", "says"),
    [
        pytest.param(LOG_IN, None, State.UP, "", id="a log-in page"),
        pytest.param(LOG_IN + ANALYTICS, None, State.UP, "", id="one that counts its visitors"),
        pytest.param(DRAWN, APP, State.UP, "", id="a page drawn by a script"),
        pytest.param(page(FORM.replace("<button>Log in</button>", "") + SCRIPT), APP, State.UP, "", id="in part"),
        pytest.param(page("<script>location.href = '/app'</script>"), None, State.UP, "", id="it goes elsewhere"),
        pytest.param(DRAWN, (404, "text/plain", ""), State.DOWN, "answers 404", id="its script is gone"),
        pytest.param(DRAWN, (200, "text/html", "<html>"), State.DOWN, "is a web page", id="its script is a page"),
        pytest.param(BACK_SOON, None, State.DOWN, "no field for a password", id="a page that begs for patience"),
        pytest.param(BACK_SOON + ANALYTICS, None, State.DOWN, "no field", id="one that counts its visitors too"),
        pytest.param(page("Fatal error: out of memory" + FORM), None, State.DOWN, "error page", id="an error"),
        pytest.param(page("Fatal error" + SCRIPT), APP, State.DOWN, "error page", id="an error beside a script"),
        pytest.param("", None, State.DOWN, "blank", id="nothing"),
        pytest.param(page("<h1>It works!</h1>"), None, State.DOWN, "no field", id="a server without the system"),
    ],
)
def test_a_page_is_judged_by_its_content(standin: Standin, html: str, script, state: State, says: str) -> None:
    standin.page("/", html)
    if script is not None:
        standin.answers["/assets/app.js"] = script
    answer = asked(f"{standin.url}/")
    assert (answer.state, says in answer.says) == (state, True), answer.says
    assert bool(answer.says) is (state is State.DOWN)


def test_a_server_error_is_down_whatever_the_page_shows(standin: Standin) -> None:
    standin.page("/", LOG_IN, status=503)
    answer = asked(f"{standin.url}/")
    assert answer.state is State.DOWN
    assert "it answers 503" in answer.says


def test_a_redirect_is_followed_and_one_to_a_strange_host_is_not_taken_for_the_page(standin: Standin) -> None:
    standin.redirect("/", "/login")
    standin.page("/login", LOG_IN)
    assert asked(f"{standin.url}/").state is State.UP
    standin.redirect("/", standin.url.replace("127.0.0.1", "localhost") + "/login")
    strange = asked(f"{standin.url}/")
    assert (strange.state, "another host" in strange.says) == (State.DOWN, True)
    assert asked(f"{standin.url}/", hosts=("localhost",)).state is State.UP


def test_a_page_that_leads_on_by_itself_is_followed(standin: Standin) -> None:
    standin.page("/", page("", head='<meta http-equiv="refresh" content="0; url=/login">'))
    standin.page("/login", LOG_IN)
    assert asked(f"{standin.url}/").state is State.UP


def test_a_circle_of_redirects_is_down(standin: Standin) -> None:
    standin.redirect("/", "/")
    assert asked(f"{standin.url}/").state is State.DOWN


def test_a_cookie_that_the_way_there_needs_is_carried_along(standin: Standin) -> None:
    def lead(handler) -> None:
        wanted = "seen=1" in handler.headers.get("cookie", "")
        body = LOG_IN.encode() if wanted else b""
        handler.send_response(200 if wanted else 302)
        if not wanted:
            handler.send_header("set-cookie", "seen=1; Path=/")
            handler.send_header("location", "/")
        handler.send_header("content-type", "text/html")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    standin.answers["/"] = lead
    assert asked(f"{standin.url}/").state is State.UP
    assert [headers.get("Cookie") for _, _, headers in standin.seen] == [None, "seen=1"]
    asked(f"{standin.url}/")
    assert [headers.get("Cookie") for _, _, headers in standin.seen[2:]] == [None, "seen=1"]


def test_slow_is_degraded_and_too_slow_is_down(standin: Standin) -> None:
    standin.page("/", LOG_IN)
    assert asked(f"{standin.url}/", degraded_after=0.0).state is State.DEGRADED
    standin.dripping("/")
    never = asked(f"{standin.url}/", timeout=0.3)
    assert (never.state, "is slow" in never.says) == (State.DOWN, True)


@pytest.mark.server
def test_where_nothing_listens_is_down_at_its_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    answer = asked(f"http://127.0.0.1:{port}/")
    assert (answer.state, answer.address) == (State.DOWN, f"127.0.0.1:{port}")
    assert "connection refused" in answer.says
