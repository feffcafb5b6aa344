"""A proxy that ends TLS and passes all that it hears on, as stands before `hypercare serve` where others reach it."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress


class TlsProxy:
    """Listens on a free port of this machine; `lead_to` says where what it hears goes."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._to = 0

    def lead_to(self, port: int) -> None:
        self._to = port
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                heard, _ = self._listening.accept()
                threading.Thread(target=self._pass_on, args=(heard,), daemon=True).start()

    def _pass_on(self, heard: socket.socket) -> None:
        with (
            suppress(OSError),
            self._context.wrap_socket(heard, server_side=True) as outside,
            socket.create_connection(("127.0.0.1", self._to)) as inside,
        ):
            back = threading.Thread(target=_copy, args=(inside, outside), daemon=True)
            back.start()
            _copy(outside, inside)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
