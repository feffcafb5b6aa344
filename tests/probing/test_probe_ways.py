"""Which ways are probed, and how the API, the phone's app and the database answer."""

from __future__ import annotations

import socket
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.probing.answer import Answer
from hypercare.probing.api_probe import probed_endpoint
from hypercare.probing.database_probe import database_answer
from hypercare.probing.ways import ProbedWay, probed_ways
from hypercare.target_file.config import Endpoint, TargetConfig
from hypercare.target_file.sections.uptime import ProbeSection
from hypercare.target_file.target import Target
from hypercare.uptime.state import State
from tests.probing.probed_pages import LOG_IN
from tests.standins.http_standin import Standin

QUICK, PATIENT = timedelta(seconds=2), timedelta(seconds=2)
HEALTH = {"name": "health", "path": "/health", "expect": {"status": "<ok|degraded>", "database": "up"}}
WELL = {"status": "ok", "database": "up"}


def target(folder: Path, **sections: Any) -> Target:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "Shop"},
            "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08"},
            **sections,
        }
    )
    return Target(config, folder, datetime.now(UTC), only_looks=True)


def ways(of: Target, **settings: Any) -> dict[str, ProbedWay]:
    section = ProbeSection.model_validate({"timeout": "2s", **settings})
    return {way.name: way for way in probed_ways(of, section)}


def test_what_is_configured_is_probed_unless_the_file_names_fewer(tmp_path: Path) -> None:
    every = {
        "web": {"url": "https://erp.example.com/"},
        "api": {"url": "https://erp.example.com:8443/api"},
        "mobile": {"url": "http://127.0.0.1:8000/m"},
        "database": {"url": "postgresql://watch@db.example.com/erp"},
    }
    found = ways(target(tmp_path, **every))
    assert {name: (way.address, way.is_far) for name, way in found.items()} == {
        "web": ("erp.example.com:443", True),
        "api": ("erp.example.com:8443", True),
        "mobile": ("127.0.0.1:8000", False),
        "database": ("db.example.com:5432", True),
    }
    assert list(ways(target(tmp_path, **every), ways=["api"])) == ["api"]
    assert ways(target(tmp_path)) == {}


@pytest.mark.parametrize(
    ("endpoints", "wanted", "found"),
    [
        ([], None, None),
        ([{"name": "sales", "path": "/sales"}], None, "sales"),
        ([{"name": "sales", "path": "/sales"}, HEALTH], None, "health"),
        ([{"name": "sales", "path": "/sales"}, {"name": "alive", "path": "/healthz"}], None, "alive"),
        ([{"name": "health", "path": "/h", "as_role": "owner"}, {"name": "clock", "path": "/c"}], None, "clock"),
        ([{"name": "make", "path": "/make", "method": "POST"}], None, None),
        ([{"name": "sales", "path": "/sales"}, HEALTH], "sales", "sales"),
    ],
)
def test_the_endpoint_that_is_asked(endpoints: list[dict[str, Any]], wanted: str | None, found: str | None) -> None:
    chosen = probed_endpoint(tuple(Endpoint.model_validate(one) for one in endpoints), wanted)
    assert (chosen.name if chosen else None) == found


def test_an_endpoint_that_needs_a_log_in_is_not_asked_every_minute() -> None:
    mine = Endpoint.model_validate({"name": "me", "path": "/me", "as_role": "owner"})
    with pytest.raises(ValueError, match="'me' is none of"):
        probed_endpoint((mine,), "me")


@pytest.mark.parametrize(
    ("value", "status", "state", "says"),
    [
        (WELL, 200, State.UP, ""),
        ({**WELL, "database": "down"}, 200, State.DOWN, "database"),
        (WELL, 500, State.DOWN, "answers 500"),
        ({"error": "no room"}, 200, State.DOWN, "no room"),
    ],
)
def test_the_api_is_judged_as_a_round_judges_it(
    standin: Standin, tmp_path: Path, value: object, status: int, state: State, says: str
) -> None:
    standin.json("/health", value, status)
    answer = ways(target(tmp_path, api={"url": standin.url, "endpoints": [HEALTH]}))["api"].ask()
    assert (answer.state, says in answer.says) == (state, True), answer.says


def test_an_api_of_which_nothing_is_declared_is_down_only_when_that_is_sure(standin: Standin, tmp_path: Path) -> None:
    way = ways(target(tmp_path, api={"url": standin.url}))["api"]
    assert way.ask().state is State.UP  # 404 at its root is an answer
    standin.json("/", {}, 502)
    assert way.ask().state is State.DOWN


def test_an_endpoint_slower_than_its_own_limit_is_degraded(standin: Standin, tmp_path: Path) -> None:
    standin.slow("/health", 0.15, WELL)
    limited = {**HEALTH, "timeout": "100ms"}
    answer = ways(target(tmp_path, api={"url": standin.url, "endpoints": [limited]}))["api"].ask()
    assert (answer.state, "more than 0.1 s" in answer.says) == (State.DEGRADED, True)


def test_the_phones_app_is_up_when_its_page_and_its_handshake_are(standin: Standin, tmp_path: Path) -> None:
    hands = {"name": "handshake", "path": "/hello", "expect": {"supported": True}}
    both = target(tmp_path, mobile={"url": f"{standin.url}/m", "handshake": hands}, api={"url": standin.url})
    way = ways(both)["mobile"]
    standin.page("/m", LOG_IN)
    standin.json("/hello", {"supported": False})
    assert (way.ask().state, "supported" in way.ask().says) == (State.DOWN, True)
    standin.json("/hello", {"supported": True})
    assert way.ask().state is State.UP
    standin.page("/m", "", status=500)
    assert way.ask().state is State.DOWN


def database(folder: Path, url: str) -> Answer:
    return database_answer(target(folder, database={"url": url}), degraded_after=QUICK, timeout=PATIENT)


def test_a_database_that_answers_is_up(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "erp.sqlite").execute("CREATE TABLE sale (id)").connection.close()
    assert database(tmp_path, f"sqlite:///{tmp_path}/erp.sqlite").state is State.UP


def test_a_database_that_is_gone_or_damaged_is_down(tmp_path: Path) -> None:
    missing = database(tmp_path, f"sqlite:///{tmp_path}/erp.sqlite")
    assert (missing.state, "is not there" in missing.says) == (State.DOWN, True)
    (tmp_path / "erp.sqlite").write_bytes(b"no database at all " * 400)
    damaged = database(tmp_path, f"sqlite:///{tmp_path}/erp.sqlite")
    assert (damaged.state, "damaged" in damaged.says) == (State.DOWN, True)


@pytest.mark.server
def test_a_database_server_that_is_not_there_is_down_at_its_address(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    answer = database(tmp_path, f"postgresql://watch@127.0.0.1:{port}/erp")
    assert (answer.state, answer.address) == (State.DOWN, f"127.0.0.1:{port}")


def test_a_secret_that_is_missing_is_our_own_fault(tmp_path: Path) -> None:
    sections = {"url": "postgresql://watch@127.0.0.1/erp", "password": {"env": "NO_SUCH_SECRET"}}
    answer = database_answer(target(tmp_path, database=sections), degraded_after=QUICK, timeout=PATIENT)
    assert (answer.state, "NO_SUCH_SECRET" in answer.says) == (State.UNKNOWN, True)
