"""A server between people and their system, which passes on what is said but for what it is told to spoil."""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

_OWN_HEADERS = {
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "transfer-encoding",
}
# Each request on a connection of its own: one that was kept may be closed by the system at that very moment.
_FRESH = httpx.Limits(max_keepalive_connections=0)


@dataclass(frozen=True)
class Request:
    """`path` is without the query; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> Mapping[str, list[str]]:
        return parse_qs(urlsplit(self.target).query)

    def goes_to(self, pattern: str, *methods: str) -> bool:
        """Whether its whole path matches; of any method when none is named."""
        return (not methods or self.method in methods) and re.fullmatch(pattern, self.path) is not None

    def sent_to(self, target: str, method: str | None = None) -> Request:
        """The same request for another place."""
        return replace(self, target=target, method=method or self.method)


@dataclass(frozen=True)
class Answer:
    """`cut_at` ends the connection after so many bytes of the body, although more were announced."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut_at: int | None = None

    @classmethod
    def of_json(cls, value: object, status: int = 200) -> Answer:
        return cls(status, (("content-type", "application/json"),), json.dumps(value).encode())

    @classmethod
    def of_page(cls, html: str, status: int = 200) -> Answer:
        return cls(status, (("content-type", "text/html; charset=utf-8"),), html.encode())

    @classmethod
    def of_redirect(cls, to: str) -> Answer:
        return cls(303, (("location", to),))

    @property
    def media_type(self) -> str:
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body's value. Raises ValueError when it is no JSON."""
        return json.loads(self.body)

    def with_text(self, text: str) -> Answer:
        return replace(self, body=text.encode())

    def with_json(self, value: object) -> Answer:
        return replace(self, body=json.dumps(value).encode())

    def with_header(self, name: str, value: str | None) -> Answer:
        """With this header in place of its like; without it when the value is None."""
        others = tuple((one, old_value) for one, old_value in self.headers if one.lower() != name.lower())
        return replace(self, headers=others if value is None else (*others, (name, value)))


Ask = Callable[[Request], Answer]
# What a fault makes of a request: it may ask the system, once, several times or not at all. None hangs up.
Spoil = Callable[[Request, Ask], Answer | None]


class ReverseProxy:
    """Stands on a free port of loopback before `system`, an origin as in "http://127.0.0.1:8000".

    With `encrypting` it speaks TLS to whoever asks, and the system is told so. A system that makes its own addresses of
    the host that it was asked for is asked for this one, unless it has to be asked `by_its_name`. How the system is
    reached (`timeout`, `verify`, `trust_env`) is said as to httpx.Client.
    """

    def __init__(
        self,
        system: str,
        spoil: Spoil,
        encrypting: ssl.SSLContext | None = None,
        *,
        by_its_name: bool = False,
        **reached: Any,
    ) -> None:
        self._spoil = spoil
        self._scheme = "http" if encrypting is None else "https"
        self._left_out = _OWN_HEADERS | ({"host"} if by_its_name else set())
        self._client = httpx.Client(base_url=system, follow_redirects=False, limits=_FRESH, **reached)
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

    def answer(self, request: Request) -> Answer | None:
        return self._spoil(request, self._ask)

    def _ask(self, request: Request) -> Answer:
        headers = {name: value for name, value in request.headers.items() if name not in self._left_out}
        if self._scheme == "https":
            headers["x-forwarded-proto"] = self._scheme
        response = self._client.request(request.method, request.target, content=request.body, headers=headers)
        self._client.cookies.clear()
        headers_kept = tuple(
            (name, value) for name, value in response.headers.multi_items() if name.lower() not in _OWN_HEADERS
        )
        return Answer(response.status_code, headers_kept, response.content)


def _handler(proxy: ReverseProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else the body waits 40 ms for the acknowledgement of its head

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                answer = proxy.answer(Request(self.command, self.path, headers, body))
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
            if has_body and self.command != "HEAD":
                self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if has_body and self.command != "HEAD":
                self.wfile.write(answer.body if answer.cut_at is None else answer.body[: answer.cut_at])
            if answer.cut_at is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler
