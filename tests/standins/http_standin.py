"""A small real web server on loopback whose every answer a test decides."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Standin:
    """`answers` maps a path to (status, media type, body), or to a function of the request's handler."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else the body waits 40 ms for the acknowledgement of its head

            def do_GET(self) -> None:
                standin._answer(self)

            do_POST = do_GET  # noqa: N815 - the name is the library's

            def log_message(self, *_: object) -> None:
                pass

        self._stopped = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def json(self, path: str, value: object, status: int = 200) -> None:
        self.answers[path] = (status, "application/json", json.dumps(value))

    def page(self, path: str, html: str, status: int = 200) -> None:
        self.answers[path] = (status, "text/html; charset=utf-8", html)

    def redirect(self, path: str, to: str) -> None:
        def led(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("location", to)
            handler.send_header("content-length", "0")
            handler.end_headers()

        self.answers[path] = led

    def slow(self, path: str, seconds: float, value: object) -> None:
        def late(handler: BaseHTTPRequestHandler) -> None:
            time.sleep(seconds)
            _send(handler, 200, "application/json", json.dumps(value))

        self.answers[path] = late

    def silent(self, path: str) -> None:
        """An answer that never comes: whoever asks comes back by giving up, or not at all."""
        self.answers[path] = lambda _: self._stopped.wait()

    def dripping(self, path: str) -> None:
        """An answer that never ends: a byte now and then."""

        def drip(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("content-type", "application/json")
            handler.send_header("content-length", "1000")
            handler.end_headers()
            for _ in range(1000):
                try:
                    handler.wfile.write(b" ")
                    handler.wfile.flush()
                except OSError:
                    return
                time.sleep(0.05)

        self.answers[path] = drip

    def stop(self) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length") or 0)
        handler.rfile.read(length)
        path = handler.path.partition("?")[0]
        self.seen.append((handler.command, handler.path, dict(handler.headers)))
        answer: tuple[int, str, str] | Callable[[BaseHTTPRequestHandler], None] = self.answers.get(
            path, (404, "text/plain", "not here")
        )
        # Whoever asked may have given up by now, which is what a test of patience is about: no word of it on stderr.
        with suppress(ConnectionError):
            if callable(answer):
                answer(handler)
            else:
                _send(handler, *answer)


def _send(handler: BaseHTTPRequestHandler, status: int, media_type: str, body: str) -> None:
    content = body.encode()
    handler.send_response(status)
    handler.send_header("content-type", media_type)
    handler.send_header("content-length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
