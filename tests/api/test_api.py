"""The API resource against a real server that answers well, badly, slowly or not at all."""

import pytest

from hypercare.api.api import Api
from hypercare.outcome import evidence
from hypercare.outcome.signals import ChannelDown, MonitorFault, NotCovered
from tests.standins.some_target import some_target

HEALTH = {"name": "health", "path": "/health", "expect": {"status": "ok", "items": "<some>"}, "timeout": "300ms"}
GOOD = {"status": "ok", "items": [1]}


@pytest.fixture
def api(tmp_path, standin):
    resource = Api(some_target(tmp_path, api={"url": standin.url, "timeout": "600ms", "endpoints": [HEALTH]}))
    yield resource
    resource.close()


def trouble(api: Api) -> str:
    (result,) = api.check_endpoints().results
    return "; ".join(result.troubles)


def test_a_right_answer_is_no_trouble(api, standin):
    standin.json("/health", GOOD)
    results = api.check_endpoints()
    assert results.answering_wrongly().count == results.too_slow().count == 0
    assert results.answering_wrongly().of == 1


@pytest.mark.parametrize(
    ("status", "media_type", "body", "words"),
    [
        (
            500,
            "application/json",
            '{"error": {"message": "no database"}}',
            "answers 500 where 200 is right (no database)",
        ),
        (200, "application/json", '{"error": {"message": "no database"}}', "answers 200 but says: no database"),
        (200, "application/json", '{"success": false, "message": "later"}', "answers 200 but says: later"),
        (200, "text/html", "<!doctype html><h1>Sorry</h1>", "a web page where JSON is right"),
        (200, "application/json", "<html><body>Log in</body></html>", "a web page where JSON is right"),
        (200, "application/json", "", "something that is not JSON: nothing"),
        (200, "application/json", '{"status": "ok", "items": [1', "not JSON"),
        (200, "application/json", '{"status": "ok", "items": []}', "items is an empty list"),
        (
            200,
            "application/json",
            '{"status": "ok", "items": "1"}',
            "items is '1' where a list that is not empty is right",
        ),
        (200, "application/json", "[]", "status is missing"),
        (302, "text/plain", "", "answers 302"),
    ],
)
def test_a_wrong_answer_is_told(api, standin, status, media_type, body, words):
    standin.answers["/health"] = (status, media_type, body)
    assert words in trouble(api)


def test_a_slow_answer_is_told_apart_from_none(tmp_path, standin):
    api = Api(some_target(tmp_path, api={"url": standin.url, "timeout": "60s", "endpoints": [HEALTH]}))
    standin.slow("/health", 0.4, GOOD)
    results = api.check_endpoints()
    assert results.answering_wrongly().count == 0
    assert results.too_slow().sample[0]["limit"] == 300


def test_no_answer_at_all_is_given_up(api, standin):
    standin.silent("/health")
    with pytest.raises(ChannelDown, match="no answer within the time limit"):
        api.check_endpoints()


def test_a_server_that_is_gone_is_a_way_down(api, standin):
    standin.stop()
    with pytest.raises(ChannelDown, match="nothing listens there") as down:
        api.check_endpoints()
    assert (down.value.way, down.value.address) == ("api", standin.url.removeprefix("http://"))


def test_an_error_is_not_remembered(api, standin):
    standin.answers["/health"] = (500, "text/plain", "")
    assert trouble(api)
    standin.json("/health", GOOD)
    assert not trouble(api)


def test_a_name_that_is_not_resolved_for_now_is_our_own_fault(api, monkeypatch):
    import socket

    def nobody_answers(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", nobody_answers)
    with pytest.raises(MonitorFault, match="own network"):
        api.check_endpoints()


def test_passwords_and_tokens_are_blanked_in_the_evidence(api, standin):
    standin.json("/login", {"token": "t0ken-of-mine", "user": {"username": "anna"}})
    kept = []
    with evidence.collecting(kept.append):
        headers = {"authorization": "Bearer abc.def.ghi"}
        api.send("POST", "/login", body={"username": "anna", "password": "hunter2!"}, headers=headers)
    (exchange,) = kept
    assert "anna" in exchange.body
    assert not any(secret in exchange.body for secret in ("hunter2!", "t0ken-of-mine", "abc.def.ghi"))


GUARDED = {"name": "sales", "path": "/sales", "as_role": "owner", "expect": {"items": "<list>"}}
LOG_IN_PAGE = "<!doctype html><form>Log in</form>"


@pytest.fixture
def guarded(tmp_path, standin):
    resource = Api(some_target(tmp_path, api={"url": standin.url, "endpoints": [GUARDED]}))
    yield resource
    resource.close()


@pytest.mark.parametrize(
    ("status", "media_type", "body", "open_to_all"),
    [
        (200, "application/json", '{"items": []}', True),
        (206, "application/json", "{}", True),
        (200, "application/json", '{"error": {"message": "log in first"}}', False),
        (200, "text/html", LOG_IN_PAGE, False),
        (200, "application/json", "", False),
        (401, "application/json", "{}", False),
        (403, "application/json", "{}", False),
        (404, "application/json", "{}", False),
        (302, "text/plain", "", False),
        (400, "text/plain", "", False),
    ],
)
def test_only_an_answer_that_tells_something_is_an_open_client(guarded, standin, status, media_type, body, open_to_all):
    standin.answers["/sales"] = (status, media_type, body)
    results = guarded.check_endpoints_without_log_in()
    assert bool(results.answering_wrongly().count) is open_to_all
    results.require_all_asked()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_api_too_busy_to_refuse_is_neither_open_nor_closed(guarded, standin, status):
    standin.json("/sales", {"items": [1]}, status)
    results = guarded.check_endpoints_without_log_in()
    assert results.answering_wrongly().count == 0
    with pytest.raises(NotCovered, match=f"sales. It answered {status}"):
        results.require_all_asked()


def test_an_endpoint_nobody_can_ask_is_not_passed(tmp_path, standin):
    standin.json("/health", GOOD)
    guarded = {"name": "sales", "path": "/sales", "as_role": "owner"}
    api = Api(some_target(tmp_path, api={"url": standin.url, "endpoints": [HEALTH, guarded]}))
    results = api.check_endpoints()
    assert results.answering_wrongly().count == 0
    with pytest.raises(NotCovered, match="sales"):
        results.require_all_asked()
    api.close()


def test_without_an_api_nothing_is_covered(tmp_path):
    with pytest.raises(NotCovered):
        Api(some_target(tmp_path)).check_endpoints()
