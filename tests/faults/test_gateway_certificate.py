"""A gateway that is encrypted shows the certificate that was asked for, and tells the system how it was reached."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from faultlab.gateway.certificate import AUTHORITY, Shown, serving
from faultlab.gateway.serving import Gateway

pytestmark = pytest.mark.server


@pytest.fixture
def system() -> Iterator[str]:
    """A system that answers with the scheme under which it was told to be asked."""

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True  # else the body waits 40 ms for the acknowledgement of its head

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(str(self.headers["x-forwarded-proto"]).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked(system: str, tmp_path: Path) -> Callable[[Shown], str]:
    """What the system answers to somebody who trusts the lab's authority."""

    def ask(shown: Shown) -> str:
        gateway = Gateway(system, lambda request, on: on(request), serving(shown, tmp_path))
        trusting = ssl.create_default_context(cafile=tmp_path / AUTHORITY)
        trusting.verify_flags |= ssl.VERIFY_X509_STRICT  # Python's own default from 3.13 on
        try:
            return httpx.get(gateway.url, verify=trusting, trust_env=False).text
        finally:
            gateway.stop()

    return ask


def test_a_certificate_that_holds_is_trusted(asked: Callable[[Shown], str]) -> None:
    assert asked(Shown(timedelta(days=90))) == "https"


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (Shown(-timedelta(days=1)), "certificate has expired"),
        (Shown(timedelta(days=90), address="10.20.1.5"), "address mismatch"),
    ],
)
def test_one_that_does_not_hold_is_refused(asked: Callable[[Shown], str], shown: Shown, says: str) -> None:
    with pytest.raises(httpx.ConnectError, match=says):
        asked(shown)


def test_one_of_the_lab_is_known_to_nobody_else(system: str, tmp_path: Path) -> None:
    gateway = Gateway(system, lambda request, on: on(request), serving(Shown(timedelta(days=90)), tmp_path))
    try:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(gateway.url, trust_env=False)
    finally:
        gateway.stop()
