"""Somebody between an adapter and its system, who passes on what is said until told to make trouble."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx

from hypercare.conformance.ground import Ground
from hypercare.http.reaching import is_loopback
from hypercare.outcome.signals import NotCovered

_CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
_OWN_HEADERS = {"host", "connection", "content-length", "transfer-encoding", "content-encoding", "keep-alive"}
_LONGEST_HANG_S = 20.0


class FaultProxy:
    """`answers` is (status, media type, body) given to everybody in place of the system's; `hangs` gives none at all;
    `swallows_next_change` passes the next change on and keeps its answer."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._system = f"{parts.scheme}://{parts.netloc}"
        # Each request on a connection of its own: one that was kept may be closed by the system at that very moment.
        fresh = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(trust_env=not is_loopback(url), timeout=30, follow_redirects=False, limits=fresh)
        self.answers: tuple[int, str, str] | None = None
        self.hangs = False
        self.swallows_next_change = False
        self._gone = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}{parts.path}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @classmethod
    @contextmanager
    def before(cls, ground: Ground) -> Iterator[FaultProxy]:
        """Raises NotCovered when there is no API to stand before."""
        api = ground.target.config.api
        if api is None:
            raise NotCovered("No API is configured.", remedy="Add [api] url to the target file.")
        fault_proxy = cls(api.url)
        try:
            yield fault_proxy
        finally:
            fault_proxy.stop()

    def stop(self) -> None:
        self._gone.set()
        self._server.shutdown()
        self._server.server_close()
        self._client.close()

    def passed_on(self, handler: BaseHTTPRequestHandler) -> None:
        content = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        if self.hangs:
            self._hang()
            return
        if self.answers is not None:
            status, media_type, body = self.answers
            _send(handler, status, {"content-type": media_type}, body.encode())
            return
        headers = [(name, value) for name, value in handler.headers.items() if name.lower() not in _OWN_HEADERS]
        response = self._client.request(handler.command, self._system + handler.path, content=content, headers=headers)
        self._client.cookies.clear()
        if self.swallows_next_change and handler.command in _CHANGES:
            self.swallows_next_change = False
            handler.close_connection = True
            return
        told = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _OWN_HEADERS]
        _send(handler, response.status_code, told, response.content)

    def _hang(self) -> None:
        until = time.monotonic() + _LONGEST_HANG_S
        while not self._gone.wait(0.2) and time.monotonic() < until:
            pass


def _handler(fault_proxy: FaultProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else the body waits 40 ms for the acknowledgement of its head

        def do_GET(self) -> None:
            try:
                fault_proxy.passed_on(self)
            except (OSError, httpx.HTTPError):
                self.close_connection = True

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names are the library's

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _send(
    handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str] | list[tuple[str, str]], content: bytes
) -> None:
    handler.send_response(status)
    for name, value in headers.items() if isinstance(headers, dict) else headers:
        handler.send_header(name, value)
    if status not in {204, 304}:
        handler.send_header("content-length", str(len(content)))
    handler.end_headers()
    if status not in {204, 304}:
        handler.wfile.write(content)
