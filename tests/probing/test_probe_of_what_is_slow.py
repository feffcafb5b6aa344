"""A look ends in time however an answer drips, and what is about us alone says nothing of the target."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hypercare.probing.api_probe import endpoint_answer
from hypercare.probing.page_probe import page_answer
from hypercare.target_file.config import Endpoint, TargetConfig
from hypercare.target_file.target import Target
from hypercare.uptime.state import State

pytestmark = pytest.mark.server

PATIENCE = timedelta(milliseconds=300)
PARTS = {
    "the status line": (b"", b"HTTP/1.1 200 OK" + b"K" * 500),
    "the head": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x" * 500),
    "the body": (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b" " * 500),
}


@contextmanager
def answering(at_once: bytes, dripping: bytes = b"") -> Iterator[str]:
    """A server that says the one at once, and the other byte by byte."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    threading.Thread(target=told, args=(connection,), daemon=True).start()

        def told(connection: socket.socket) -> None:
            with suppress(OSError), connection:
                connection.recv(65536)
                connection.sendall(at_once)
                for byte in dripping:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.04)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def looks(url: str):
    config = TargetConfig.model_validate(
        {
            "target": {"name": "probed"},
            "business": {"timezone": "Europe/Berlin", "go_live": "2026-01-08"},
            "api": {"url": url},
        }
    )
    target = Target(config, Path("unused"), datetime.now(UTC))
    endpoint = Endpoint(name="health", path="/health")
    yield endpoint_answer("api", target, endpoint, degraded_after=PATIENCE, timeout=PATIENCE)
    yield page_answer("web", url, degraded_after=PATIENCE, timeout=PATIENCE)


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_what_drips_is_given_up_and_told_as_slow(part: str) -> None:
    with answering(*PARTS[part]) as url:
        for answer in looks(url):
            assert answer.state is State.DOWN
            told = re.search(r"is slow: an answer that had begun did not end within (\d+\.\d) s", answer.says)
            assert told is not None
            assert float(told[1]) >= PATIENCE.total_seconds()


def test_who_is_throttled_does_not_know() -> None:
    with answering(b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n") as url:
        for answer in looks(url):
            assert answer.state is State.UNKNOWN
            assert "takes no more requests from us" in answer.says
