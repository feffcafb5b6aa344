"""What several tries say together: down when each failed, flaky when they differ, unknown when it was our fault."""

from __future__ import annotations

import errno
import socket
import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from hypercare.probing.answer import Answer, ProbeResult, probe_with_retries
from hypercare.probing.page_probe import unreached
from hypercare.probing.prober import Prober
from hypercare.probing.ways import ProbedWay
from hypercare.target_file.sections.uptime import ProbeSection
from hypercare.uptime.state import State

UP, SLOW = Answer(State.UP, 0.1), Answer(State.DEGRADED, 4.0, "It was slow.")
DOWN, OURS = Answer(State.DOWN, None, "It is gone.", "shop:443"), Answer(State.UNKNOWN, None, "Our cable is out.")
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
GONE = "It is gone."


@pytest.mark.parametrize(
    ("tries", "answers", "expected"),
    [
        (2, [UP], ProbeResult(State.UP, True, 0.1)),
        (2, [SLOW], ProbeResult(State.DEGRADED, True, 4.0, "It was slow.")),
        (2, [DOWN, UP], ProbeResult(State.FLAKY, True, 0.1, GONE)),
        (2, [DOWN, SLOW], ProbeResult(State.FLAKY, True, 4.0, GONE)),
        (2, [DOWN, DOWN], ProbeResult(State.DOWN, True, None, GONE, "shop:443")),
        (1, [DOWN], ProbeResult(State.DOWN, False, None, GONE, "shop:443")),
        (3, [DOWN, DOWN, UP], ProbeResult(State.FLAKY, True, 0.1, GONE)),
        (2, [OURS, OURS], ProbeResult(State.UNKNOWN, True, None, "Our cable is out.")),
        (2, [OURS, UP], ProbeResult(State.UP, True, 0.1)),
        (2, [DOWN, OURS], ProbeResult(State.DOWN, False, None, GONE, "shop:443")),
        (3, [DOWN, OURS, DOWN], ProbeResult(State.DOWN, True, None, GONE, "shop:443")),
    ],
)
def test_what_several_tries_come_to(tries: int, answers: list[Answer], expected: ProbeResult) -> None:
    coming, pauses = iter(answers), []
    assert probe_with_retries(lambda: next(coming), tries, lambda: pauses.append(1)) == expected
    assert len(pauses) == len(answers) - 1
    assert next(coming, None) is None


def prober(ask, *, is_far: bool = False, **settings: object) -> Prober:
    section = ProbeSection.model_validate({"retry_after": "10ms", "timeout": "1s", "name": "north", **settings})
    return Prober([ProbedWay("web", "shop:443", is_far, ask)], section)


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.server
def test_a_failure_is_unknown_when_the_witness_does_not_answer_either() -> None:
    witness = f"127.0.0.1:{closed_port()}"
    seen = prober(lambda: DOWN, is_far=True, witness=witness).probe_all(NOW)
    assert seen[0].sample.state is State.UNKNOWN
    assert witness in seen[0].sample.says
    near = prober(lambda: DOWN, is_far=False, witness=witness).probe_all(NOW)
    assert near[0].sample.state is State.DOWN


@pytest.mark.server
def test_a_failure_is_one_when_the_witness_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        seen = prober(lambda: DOWN, is_far=True, witness=f"127.0.0.1:{server.getsockname()[1]}").probe_all(NOW)
    assert seen[0].sample.state is State.DOWN
    assert seen[0].address == "shop:443"


@pytest.mark.parametrize(
    ("cause", "state"),
    [
        (OSError(errno.ENETUNREACH, "Network is unreachable"), State.UNKNOWN),
        (OSError(errno.EMFILE, "Too many open files"), State.UNKNOWN),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), State.UNKNOWN),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), State.DOWN),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), State.DOWN),
        (TimeoutError("timed out"), State.DOWN),
    ],
)
def test_no_route_at_all_is_our_own_network_and_a_refusal_is_the_targets(cause: OSError, state: State) -> None:
    try:
        raise httpx.ConnectError(str(cause)) from cause
    except httpx.ConnectError as error:
        assert unreached("web", "http://shop.example/", error).state is state


def test_a_sample_tells_what_was_seen_when_and_by_whom() -> None:
    (seen,) = prober(lambda: UP, every="5m").probe_all(NOW)
    sample = seen.sample
    assert (sample.way, sample.prober, sample.at, sample.state) == ("web", "north", NOW, State.UP)
    assert (sample.interval, sample.latency_ms, sample.confirmed) == (timedelta(minutes=5), 100.0, True)


def test_a_prober_that_breaks_says_nothing_of_the_target() -> None:
    (seen,) = prober(lambda: 1 / 0).probe_all(NOW)
    assert seen.sample.state is State.UNKNOWN
    assert "ZeroDivisionError" in seen.sample.says


def test_a_look_that_is_stopped_in_between_leaves_no_sample() -> None:
    hanging = threading.Event()
    stopped = prober(lambda: hanging.wait() and UP)
    threading.Timer(0.2, stopped.stopping.set).start()
    assert stopped.probe_all(NOW) == []
    hanging.set()


def test_ways_are_looked_at_side_by_side() -> None:
    meeting = threading.Barrier(2)

    def ask() -> Answer:
        meeting.wait()
        return UP

    section = ProbeSection(name="north")
    both = Prober([ProbedWay(name, "shop:443", False, ask) for name in ("web", "api")], section)
    assert [one.sample.state for one in both.probe_all(NOW)] == [State.UP, State.UP]
