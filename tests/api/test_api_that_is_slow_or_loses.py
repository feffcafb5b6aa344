"""Slow, lost on the way and throttled each have words of their own: none of them is an outage of the API."""

from __future__ import annotations

import itertools
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from hypercare.api.api import Api
from hypercare.api.response_times import endpoints_slower_than
from hypercare.http.reachability import Unfinished, unreachable
from hypercare.http.throttling import Throttled, seconds_to_wait
from hypercare.outcome.level import Level
from hypercare.outcome.signals import ChannelDown, MonitorFault, NotCovered
from tests.standins.some_target import some_target

GOOD = {"status": "ok"}
NAMES = ("health", "orders", "stock")


def endpoint(name: str, **more: object) -> dict[str, object]:
    # Only what is made slow has a limit that a busy machine could reach.
    limit = "100ms" if name == "orders" else "20s"
    return {"name": name, "path": f"/{name}", "expect": {"status": "ok"}, "timeout": limit, **more}


@pytest.fixture
def api_with(tmp_path, standin):
    made = []

    def api_with(*names: str, timeout: str = "400ms", **more: object) -> Api:
        for name in names:
            standin.json(f"/{name}", GOOD)
        config = {"url": standin.url, "timeout": timeout, "endpoints": [endpoint(name) for name in names]}
        made.append(Api(some_target(tmp_path, api=config, **more)))
        return made[-1]

    yield api_with
    for api in made:
        api.close()


def drip(whole: bytes, before: bytes = b"", pause: float = 0.05):
    """Bytes one by one, long beyond any patience."""

    def answer(handler) -> None:
        handler.wfile.write(before)
        for place in range(400):
            try:
                handler.wfile.write(whole[place % len(whole) : place % len(whole) + 1])
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(pause)

    return answer


HEAD = b"HTTP/1.1 200 OK\r\n"
DRIPPING = {
    "the status line": drip(b"HTTP/1.1 200 OK" + b"K" * 400),
    "the head": drip(b"X" * 400, HEAD + b"X-Slow: "),
    "the body": drip(b" " * 400, HEAD + b"Content-Length: 1000\r\n\r\n"),
}


@pytest.mark.long
@pytest.mark.parametrize("part", DRIPPING)
@pytest.mark.parametrize("names", [("orders",), NAMES])
def test_an_answer_that_drips_is_slow(api_with, standin, part, names):
    api = api_with(*names)
    standin.answers["/orders"] = DRIPPING[part]
    results = api.check_endpoints()
    slow = results.too_slow()
    assert [result.endpoint.name for result in slow.results] == ["orders"]
    assert (slow.of, results.answering_wrongly().count, results.losses.count) == (len(names), 0, 0)
    assert slow.first == "'orders': its answer had not ended after 0.4 s, where 0.1 s is the limit"


@pytest.mark.parametrize("part", DRIPPING)
def test_what_drips_is_given_up_and_said_to_be_slow(api_with, standin, part):
    api = api_with("orders")
    standin.answers["/orders"] = DRIPPING[part]
    with pytest.raises(Unfinished, match="The API is slow: an answer that had begun did not end within 0"):
        api.send("GET", "/orders", timeout=timedelta(milliseconds=200))


def test_one_that_hangs_is_not_the_whole_api(api_with, standin):
    api = api_with(*NAMES)
    standin.silent("/orders")
    results = api.check_endpoints()
    wrong = results.answering_wrongly()
    assert (wrong.count, wrong.of) == (1, 3)
    assert wrong.first == "'orders' gives no answer: no answer within the time limit"


def test_many_that_hang_end_before_the_check_does(api_with, standin):
    names = [f"e{n}" for n in range(8)]
    api = api_with(*names, timeout="1s", rounds={"check_limit": "5s"})
    for name in names[1:]:
        standin.silent(f"/{name}")
    results = api.check_endpoints()
    assert len(standin.seen) < len(names)
    with pytest.raises(NotCovered, match="no time left"):
        results.require_all_asked()


def losing(standin, every: int, *, keeping: bool = False) -> None:
    """Of all requests, the connection of each `every`-th is closed without an answer; others may be kept open."""
    counter = itertools.count(1)

    def answered(handler) -> None:
        is_lost = next(counter) % every == 0
        handler.close_connection = is_lost or not keeping
        if not is_lost:
            closing = b"" if keeping else b"Connection: close\r\n"
            head = HEAD + b"Content-Type: application/json\r\n" + closing + b"Content-Length: 16\r\n\r\n"
            handler.wfile.write(head + b'{"status": "ok"}')

    for name in NAMES:
        standin.answers[f"/{name}"] = answered


@pytest.mark.parametrize("keeping", [False, True])
@pytest.mark.parametrize(("every", "share", "level"), [(5, "one in five", Level.L2), (2, "one in two", Level.L2)])
def test_some_requests_that_are_lost_are_told_as_a_share(api_with, standin, every, share, level, keeping):
    api = api_with(*NAMES)
    losing(standin, every, keeping=keeping)
    for _ in range(2):  # looked at again, as a check is
        results = api.check_endpoints()
        assert results.answering_wrongly().count == 0
        assert results.losses.of >= 20
        assert (results.losses.share, results.losses.level) == (share, level)
        assert results.losses.how == "it closed the connection without an answer"


def test_where_nothing_is_lost_it_is_left_at_a_few_requests(api_with, standin):
    results = api_with(*NAMES).check_endpoints()
    assert (results.losses.count, len(standin.seen)) == (0, 10)


def test_what_only_reads_is_asked_again_when_it_is_lost(api_with, standin):
    api = api_with(*NAMES)
    losing(standin, 2)
    assert [api.send("GET", "/orders").status for _ in range(6)] == [200] * 6
    with pytest.raises(ChannelDown, match="closed the connection without an answer"):
        for _ in range(2):
            api.send("POST", "/orders", body={})


def test_a_connection_that_the_server_had_closed_meanwhile_loses_nothing(api_with, standin):
    api = api_with("health")
    api.send("GET", "/health")
    for connection in api._http._transport._pool.connections:
        # As if the server closed it at the very moment that it is taken up again.
        connection._connection._network_stream._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        connection._connection.has_expired = lambda: False
    api._answered_at -= 0.8
    assert api.send("GET", "/health", once_more=False).status == 200
    assert not api.has_lost


def throttling(standin, times: float, status: int = 429, after: str | None = "1") -> None:
    counter = itertools.count(1)

    def answered(handler) -> None:
        busy = next(counter) <= times
        handler.send_response(status if busy else 200)
        if busy and after is not None:
            handler.send_header("Retry-After", after)
        body = b"slow down" if busy else b'{"status": "ok"}'
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    standin.answers["/orders"] = answered


@pytest.mark.parametrize(("status", "after"), [(429, "1"), (429, None), (429, "soon"), (503, "1")])
def test_who_is_asked_to_wait_waits_and_asks_again(api_with, standin, monkeypatch, status, after):
    waited = []
    monkeypatch.setattr("hypercare.api.api.time.sleep", waited.append)
    api = api_with(*NAMES)
    throttling(standin, 1, status, after)
    results = api.check_endpoints()
    results.require_all_asked()
    assert (results.answering_wrongly().count, waited) == (0, [1.0])


@pytest.mark.parametrize("after", ["1", "3600", None])
def test_throttled_is_no_finding(api_with, standin, monkeypatch, after):
    monkeypatch.setattr("hypercare.api.api.time.sleep", lambda seconds: None)
    api = api_with(*NAMES)
    throttling(standin, 1000, 429, after)
    results = api.check_endpoints()
    assert (results.answering_wrongly().count, len(results.results)) == (0, 2)
    with pytest.raises(NotCovered, match=r"Not judged: orders\. .*takes no more requests from us") as gap:
        results.require_all_asked()
    assert "rate limit" in gap.value.remedy


def test_what_is_down_for_everybody_is_not_ours(api_with, standin):
    api = api_with(*NAMES)
    standin.answers["/orders"] = (503, "text/plain", "under maintenance")
    wrong = api.check_endpoints().answering_wrongly()
    assert wrong.first == "'orders' answers 503 where 200 is right"


def test_all_the_waiting_is_bounded(api_with, standin, monkeypatch):
    waited = []
    monkeypatch.setattr("hypercare.api.api.time.sleep", waited.append)
    api = api_with("orders")
    throttling(standin, 1000, 429, "4")
    for _ in range(20):
        api.send("GET", "/orders")
    assert 20 < sum(waited) <= 30


@pytest.mark.parametrize(("told", "seconds"), [("7", 7), ("", None), ("soon", None), ("an hour ago", 0)])
def test_how_long_to_wait_is_understood(api_with, standin, told, seconds):
    api = api_with("orders")
    if told == "an hour ago":
        told = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    throttling(standin, 1000, 429, told)
    exchange = api.send("GET", "/orders", waits=False)
    assert seconds_to_wait(exchange) == seconds
    assert str(Throttled.of(exchange)).startswith("GET ")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ReadTimeout("timed out"), "no answer within the time limit"),
        (httpx.ConnectTimeout("timed out"), "no connection within the time limit"),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), "it closed the connection"),
        (
            httpx.RemoteProtocolError("peer closed connection without sending complete message body (incomplete)"),
            "it broke its answer off in the middle",
        ),
        (httpx.RemoteProtocolError("illegal status line: bytearray(b'SSH-2.0')"), "what it answers is not HTTP"),
        (httpx.ReadError(""), "it broke the connection off"),
        (httpx.DecodingError("Error -3 while decompressing data"), "cannot be unpacked"),
        (httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1016)"), "does not speak HTTPS"),
        (httpx.ConnectError("[Errno 113] No route to host"), "no way to it in the network"),
        (ConnectionResetError(104, "Connection reset by peer"), "it broke the connection off"),
        (httpx.UnsupportedProtocol("Request URL has an unsupported protocol 'ftp://'."), "none that can be asked"),
    ],
)
def test_an_error_of_the_connection_is_told_in_words(error, words):
    with pytest.raises(ChannelDown) as down:
        unreachable("api", "http://shop.example/api", error)
    sentence = down.value.finding.sentence
    assert words in sentence
    assert type(error).__name__ not in sentence and "Errno" not in sentence


@pytest.mark.parametrize("error", [httpx.ProxyError("502 Bad Gateway"), httpx.PoolTimeout("")])
def test_our_own_proxy_is_our_own_fault(error):
    with pytest.raises(MonitorFault, match="own network"):
        unreachable("api", "http://shop.example/api", error)


def slow(handler) -> None:
    time.sleep(0.15)
    body = b'{"status": "ok"}'
    handler.wfile.write(HEAD + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@pytest.mark.parametrize(
    ("own", "slower"), [({}, ["orders"]), ({"timeout": "20s"}, []), ({"timeout": "20ms"}, ["orders"])]
)
def test_an_endpoint_may_take_the_time_that_it_was_given(tmp_path, standin, own, slower):
    standin.answers["/orders"] = slow
    endpoints = [{"name": "orders", "path": "/orders", "expect": {"status": "ok"}, **own}]
    api = Api(some_target(tmp_path, api={"url": standin.url, "endpoints": endpoints}))
    found = endpoints_slower_than(api, timedelta(milliseconds=100))
    api.close()
    assert [row["endpoint"] for row in found.sample] == slower
