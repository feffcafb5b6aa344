"""Somebody between an adapter and its system, who passes on what is said until told to make trouble."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from hypercare.conformance.ground import Ground
from hypercare.http.reachability import is_loopback
from hypercare.http.reverse_proxy import Answer, Ask, Request, ReverseProxy
from hypercare.outcome.signals import NotCovered

_CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
_LONGEST_HANG_S = 20.0


class FaultProxy(ReverseProxy):
    """`answers` is (status, media type, body) given to everybody in place of the system's; `hangs` gives none at all;
    `swallows_next_change` passes the next change on and keeps its answer."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.answers: tuple[int, str, str] | None = None
        self.hangs = False
        self.swallows_next_change = False
        self._gone = threading.Event()
        system = f"{parts.scheme}://{parts.netloc}"
        super().__init__(system, self._trouble, by_its_name=True, trust_env=not is_loopback(url), timeout=30)
        self.url += parts.path

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
        super().stop()

    def _trouble(self, request: Request, ask: Ask) -> Answer | None:
        if self.hangs:
            self._gone.wait(_LONGEST_HANG_S)
            return None
        if self.answers is not None:
            status, media_type, body = self.answers
            return Answer(status, (("content-type", media_type),), body.encode())
        answer = ask(request)
        if self.swallows_next_change and request.method in _CHANGES:
            self.swallows_next_change = False
            return None
        return answer
