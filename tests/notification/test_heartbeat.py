"""Signs of life to a service elsewhere."""

import pytest

from hypercare.notification.heartbeat import Beat, Heartbeat
from hypercare.target_file.sections.notify import HeartbeatSection


def heartbeat(**settings):
    return Heartbeat.of_rounds(HeartbeatSection.model_validate(settings))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["/uuid/start", "/uuid", "/uuid/fail"]),
        ({"start": "", "fail": ""}, ["/uuid"]),
        (
            {"start": "", "success": "?status=up", "fail": "?status=down"},
            ["/uuid?status=up", "/uuid?status=down"],
        ),
        (
            {"start": "?state=run", "success": "?state=complete"},
            ["/uuid?state=run", "/uuid?state=complete", "/uuid/fail"],
        ),
    ],
)
def test_a_service_is_pinged_as_it_expects(web, settings, expected):
    beats = heartbeat(url=web.url + "/uuid", **settings)
    for which in (Beat.START, Beat.SUCCESS, Beat.FAIL):
        beats.beat(which, "words")
    assert beats.settled() == ""
    assert web.paths() == expected
    assert {body for _, _, _, body in web.requests} == {b"words"}


def test_an_address_with_a_query_keeps_it(web):
    beats = heartbeat(url=web.url + "/push/?token=abc", success="?status=up")
    beats.beat(Beat.SUCCESS)
    beats.settled()
    assert web.paths() == ["/push/?token=abc&status=up"]


def test_a_dead_service_is_told_without_its_address():
    beats = heartbeat(url="http://127.0.0.1:9/secret-uuid", timeout="300ms")
    beats.beat(Beat.START)
    beats.beat(Beat.SUCCESS)
    trouble = beats.settled()
    assert trouble.startswith("the heartbeat did not arrive: ")
    assert "secret" not in trouble


def test_a_beat_does_not_wait_for_its_answer(web):
    web.held.clear()
    beats = heartbeat(url=web.url, timeout="10m")
    beats.beat(Beat.START)
    web.wait_for(1)
    web.held.set()
    assert beats.settled() == ""


def test_a_service_that_hangs_does_not_hold_the_end_up(web):
    web.held.clear()
    beats = heartbeat(url=web.url, timeout="200ms")
    beats.beat(Beat.SUCCESS)
    assert beats.settled() == "the heartbeat did not arrive: no answer in time"


def test_a_service_that_says_no_is_asked_once_more_the_other_way(web):
    web.status = 405
    beats = heartbeat(url=web.url)
    beats.beat(Beat.SUCCESS)
    assert beats.settled() == "the heartbeat did not arrive: the answer was 405 Method Not Allowed"
    assert [method for method, _, _, _ in web.requests] == ["POST", "GET"]


def test_without_an_address_nothing_is_asked():
    for beats in (heartbeat(), Heartbeat.of_rounds(None), Heartbeat.of_watching(None), Heartbeat.of_probing(None)):
        beats.beat(Beat.START)
        assert beats.settled() == ""


def test_an_address_that_is_not_there_is_said(monkeypatch):
    monkeypatch.delenv("SHOP_BEAT", raising=False)
    beats = heartbeat(url={"env": "SHOP_BEAT"})
    beats.beat(Beat.START)
    assert beats.settled() == "the environment variable SHOP_BEAT is not set"
