"""A time by which an answer must be whole. Time limits for each piece alone would let a head or body drip for ever."""

from __future__ import annotations

import math
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx


class Deadline:
    """Of the request under way. `has_begun`: some of the answer came; `is_fresh`: it had to connect first."""

    def __init__(self) -> None:
        self._at = math.inf
        self.has_begun = False
        self.is_fresh = False

    def begin(self, seconds: float) -> None:
        self._at = time.perf_counter() + seconds
        self.has_begun = self.is_fresh = False

    def left(self, timeout: float | None, when_over: type[Exception]) -> float:
        left = self._at - time.perf_counter()
        if left <= 0:
            raise when_over("the answer did not end within the time limit")
        return left if timeout is None else min(timeout, left)


def deadline_of(client: httpx.Client) -> Deadline:
    """Put a deadline over whatever this client sends; it sends one request at a time."""
    deadline = Deadline()
    for transport in (client._transport, *client._mounts.values()):
        # Neither library offers a time limit for a whole exchange; the backend is what every byte passes through.
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend, deadline)
    return deadline


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend, deadline: Deadline) -> None:
        self._backend = backend
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        self._deadline.is_fresh = True
        return _Stream(self._backend.connect_tcp(host, port, left, local_address, socket_options), self._deadline)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        self._deadline.is_fresh = True
        return _Stream(self._backend.connect_unix_socket(path, left, socket_options), self._deadline)

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        read = self._stream.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))
        self._deadline.has_begun = self._deadline.has_begun or bool(read)
        return read

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
