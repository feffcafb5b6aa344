"""The gateway's server: it passes every request through a spoil, and ends when it is no longer wanted."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from faultlab.gateway.passing import Answer, Request, Spoil

_OWN_HEADERS = {
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "transfer-encoding",
}
_LOOK_S = 0.2
# A system that is being restarted is not gone.
_GONE_AFTER = 50


class Gateway:
    """Stands on a free port of loopback before `system`, an origin as in "http://127.0.0.1:8000".

    With `encrypting` it speaks TLS to whoever asks, and the system is told so.
    """

    def __init__(self, system: str, spoil: Spoil, encrypting: ssl.SSLContext | None = None) -> None:
        self._spoil = spoil
        self._scheme = "http" if encrypting is None else "https"
        # Each request on a connection of its own: one that was kept may be closed by the system at that very moment.
        fresh = httpx.Limits(max_keepalive_connections=0)
        # What stands behind it may be a gateway with a certificate of the lab's own.
        self._client = httpx.Client(
            base_url=system, trust_env=False, timeout=60, follow_redirects=False, limits=fresh, verify=False
        )
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if encrypting is not None:
            # Hands are shaken when the first byte is read: in a thread of its own, so that nobody waits for another.
            self._server.socket = encrypting.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.url = f"{self._scheme}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._client.close()

    def stand_while(self, wanted: Path) -> None:
        """Until the file is taken away, or the system has not answered for a while."""
        unanswered = 0
        while wanted.exists() and unanswered < _GONE_AFTER:
            time.sleep(_LOOK_S)
            unanswered = 0 if self._is_there() else unanswered + 1
        self.stop()

    def answer(self, request: Request) -> Answer | None:
        return self._spoil(request, self._ask)

    def _ask(self, request: Request) -> Answer:
        # The system makes its own addresses of the host that it was asked for, so that goes along.
        headers = {name: value for name, value in request.headers.items() if name not in _OWN_HEADERS}
        if self._scheme == "https":
            headers["x-forwarded-proto"] = self._scheme
        seen = self._client.request(request.method, request.target, content=request.body, headers=headers)
        self._client.cookies.clear()
        told = tuple((name, value) for name, value in seen.headers.multi_items() if name.lower() not in _OWN_HEADERS)
        return Answer(seen.status_code, told, seen.content)

    def _is_there(self) -> bool:
        parts = urlsplit(str(self._client.base_url))
        try:
            socket.create_connection((parts.hostname or "", parts.port or 80), timeout=1).close()
        except OSError:
            return False
        return True


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else the body waits 40 ms for the acknowledgement of its head

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                answer = gateway.answer(Request(self.command, self.path, headers, body))
                if answer is None:
                    self.close_connection = True
                else:
                    self._give(answer)
            except (OSError, httpx.HTTPError):
                self.close_connection = True

        do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - the library's names

        def _give(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers:
                if name.lower() not in {"date", "server"}:
                    self.send_header(name, value)
            has_body = answer.status not in {204, 304}
            if has_body:
                self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if has_body and self.command != "HEAD":
                self.wfile.write(answer.body if answer.cut_at is None else answer.body[: answer.cut_at])
            if answer.cut_at is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler
