"""The gateway passes on everything but what it is to spoil, and is gone when the fault is taken out."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from faultlab.gateway.leading import lead, take_away
from faultlab.gateway.serving import Gateway
from faultlab.gateway.spoiling import (
    answer_lost,
    asked_elsewhere,
    cut_short,
    hung_up,
    instead,
    json_changed,
    slowed,
    text_changed,
)
from hypercare.http.reverse_proxy import Answer, Request, Spoil

pytestmark = pytest.mark.server


@pytest.fixture
def system():
    """A system that answers with what it was asked; `seen` are the requests that reached it."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else the body waits 40 ms for the acknowledgement of its head

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            seen.append(f"{self.command} {self.path}")
            text = f'{{"path": "{self.path}", "sent": "{body.decode()}", "host": "{self.headers["host"]}"}}'.encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("set-cookie", "one=1")
            self.send_header("set-cookie", "two=2")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_GET  # noqa: N815 - the name is the library's

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


@pytest.fixture
def through(system):
    """A client of a gateway with the given spoil."""
    opened: list[Gateway] = []

    def client(spoil: Spoil) -> httpx.Client:
        gateway = Gateway(system[0], spoil)
        opened.append(gateway)
        return httpx.Client(base_url=gateway.url, trust_env=False, timeout=None)

    yield client
    for gateway in opened:
        gateway.stop()


def test_what_is_not_spoilt_passes_as_it_is(through, system) -> None:
    client = through(instead("/elsewhere", Answer(500)))
    answer = client.post("/sales?day=1", content="hello")
    assert answer.json() == {"path": "/sales?day=1", "sent": "hello", "host": client.base_url.netloc.decode()}
    assert answer.headers.get_list("set-cookie") == ["one=1", "two=2"]
    assert system[1] == ["POST /sales?day=1"]


def test_an_answer_in_place_of_the_systems_never_asks_it(through, system) -> None:
    client = through(instead("/sales", Answer.of_page("<h1>Back soon</h1>", 503), "GET"))
    assert (client.get("/sales").status_code, client.get("/sales").text) == (503, "<h1>Back soon</h1>")
    assert system[1] == []
    assert client.post("/sales").status_code == 200


def test_a_value_is_changed_on_its_way(through) -> None:
    client = through(json_changed("/sales/.*", lambda sale: {**sale, "sent": "more"}))
    assert client.get("/sales/1").json()["sent"] == "more"
    assert client.get("/costs/1").json()["sent"] == ""


def test_a_text_is_changed_on_its_way(through) -> None:
    assert "elsewhere" in through(text_changed("/sales", "/sales", "/elsewhere")).get("/sales").text


def test_another_request_is_made_in_place_of_the_one_that_came(through, system) -> None:
    client = through(asked_elsewhere("/sales/1/void", lambda request: "/sales/1", "GET"))
    assert client.post("/sales/1/void").json()["path"] == "/sales/1"
    assert system[1] == ["GET /sales/1"]


def test_a_lost_answer_is_to_a_request_that_was_done(through, system) -> None:
    with pytest.raises(httpx.TransportError):
        through(answer_lost("/sales", "POST")).post("/sales")
    assert system[1] == ["POST /sales"]


def test_hanging_up_asks_nobody(through, system) -> None:
    with pytest.raises(httpx.TransportError):
        through(hung_up("/sales")).get("/sales")
    assert system[1] == []


def test_an_answer_breaks_off_in_the_middle(through) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        through(cut_short("/sales")).get("/sales")


def test_only_every_so_many_are_late(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("faultlab.gateway.spoiling.time.sleep", waited.append)
    spoil = slowed("/sales", 2.0, every=3)
    for _ in range(7):
        spoil(Request("GET", "/sales"), lambda _: Answer(200))
    spoil(Request("GET", "/costs"), lambda _: Answer(200))
    assert waited == [2.0, 2.0, 2.0]


def test_a_target_file_is_led_to_the_gateway_and_back(tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    before = (
        '[web]\nurl = "http://127.0.0.1:80/"\n[api]\nurl = "http://127.0.0.1:80/api"\n# http://127.0.0.1:80 was it\n'
    )
    target.write_text(before, encoding="utf-8")
    lead(target, "http://127.0.0.1:80", "http://127.0.0.1:9")
    assert target.read_text(encoding="utf-8").count('"http://127.0.0.1:9') == 2
    take_away(target, "http://127.0.0.1:80", "http://127.0.0.1:9", tmp_path / "wanted")
    assert target.read_text(encoding="utf-8") == before
