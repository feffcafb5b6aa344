"""Real receivers on the loopback: a mail server and a web server that keep what they are sent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class MailReceiver:
    """Mails in the order in which they came. While `refuses` is set, it takes none."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refuses: str | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            return self.refuses
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"

    def address(self, to: str) -> str:
        return f"mailto://127.0.0.1:{self.port}/?from=hypercare@shop.test&to={to}"

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


def part_of(mail: EmailMessage, kind: str) -> str:
    """The text of a mail's "plain" or "html" part."""
    part = mail.get_body(preferencelist=(kind,))
    assert part is not None
    return str(part.get_content())


@contextmanager
def mail_receiver() -> Iterator[MailReceiver]:
    receiver = MailReceiver(free_port())
    controller = Controller(receiver, hostname="127.0.0.1", port=receiver.port)
    controller.start()
    try:
        yield receiver
    finally:
        controller.stop()


class WebReceiver:
    """Requests in the order in which they came; it answers with `status`, once `held` is set free."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.status = 200
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.held = threading.Event()
        self.held.set()
        self.arrived = threading.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.requests]

    def messages(self) -> list[dict[str, Any]]:
        """The bodies that are JSON, in order."""
        return [json.loads(body) for _, _, _, body in self.requests if body.startswith(b"{")]

    def wait_for(self, number: int) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.requests) >= number)

    def took(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        with self.arrived:
            self.requests.append((method, path, headers, body))
            self.arrived.notify_all()


@contextmanager
def web_receiver() -> Iterator[WebReceiver]:
    receiver = WebReceiver(0)

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True  # else the body waits 40 ms for the acknowledgement of its head

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            receiver.took(self.command, self.path, dict(self.headers), body)
            receiver.held.wait()
            self.send_response(receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.held.set()
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
