"""One page fetched without a browser: redirects followed, time and size bounded."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx

from hypercare.http.certificate import trusting
from hypercare.http.deadline import deadline_of
from hypercare.http.exchange import PROBE_AGENT
from hypercare.http.reachability import is_loopback
from hypercare.outcome.redaction import bare_address

_LOG = logging.getLogger(__name__)
_LARGEST = 3_000_000
_MOST_HOPS = 8
TROUBLES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError)


@dataclass(frozen=True)
class Fetched:
    """`hops` are the addresses that led elsewhere, the first asked for first; `seconds` is until the last byte."""

    address: str
    status: int
    text: str
    media_type: str
    seconds: float
    hops: tuple[str, ...] = ()


class Fetcher:
    """A client for one look: nothing is kept open, and no cookie known, from one look to the next."""

    def __init__(self, url: str, timeout: timedelta) -> None:
        self._deadline = time.perf_counter() + timeout.total_seconds()
        self._timeout = timeout.total_seconds()
        self._client = httpx.Client(
            # Loading the certificates of the world takes time that a plain address does not need.
            verify=trusting() if not url.startswith("http://") or not is_loopback(url) else False,
            trust_env=not is_loopback(url),
            headers={"user-agent": PROBE_AGENT, "accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
            timeout=self._timeout,
        )
        self._whole = deadline_of(self._client)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def page(self, url: str) -> Fetched:
        """The page at an address, wherever that leads.

        Raises:
            any of TROUBLES: no answer, or none in time.
        """
        started = time.perf_counter()
        hops: list[str] = []
        request = self._client.build_request("GET", url)
        while True:
            response = self._sent(request)
            try:
                if response.next_request is None:
                    text = b"".join(self._bounded(response)).decode(response.encoding or "utf-8", errors="replace")
                    return _fetched(response, text, time.perf_counter() - started, hops)
            finally:
                response.close()
            hops.append(str(request.url))
            if len(hops) > _MOST_HOPS:
                raise httpx.TooManyRedirects("it redirects in a circle", request=request)
            request = response.next_request

    def status_of(self, url: str) -> tuple[int, str]:
        """The status and the media type of what lies at an address; its body is not read.

        Raises:
            any of TROUBLES: no answer, or none in time.
        """
        response = self._sent(self._client.build_request("GET", url))
        response.close()
        return response.status_code, _media_type(response)

    def _sent(self, request: httpx.Request) -> httpx.Response:
        left = self._deadline - time.perf_counter()
        if left <= 0:
            raise httpx.ReadTimeout("no answer within the time limit", request=request)
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), left)
        self._whole.begin(left)
        started, came = time.perf_counter(), "no answer"
        try:
            response = self._client.send(request, stream=True)
            came = str(response.status_code)
            return response
        finally:
            took = (time.perf_counter() - started) * 1000
            _LOG.debug("%s %s: %s in %.0f ms", request.method, bare_address(str(request.url)), came, took)

    @property
    def has_begun(self) -> bool:
        """Whether some of the last answer came."""
        return self._whole.has_begun

    def _bounded(self, response: httpx.Response) -> Iterator[bytes]:
        size = 0
        for piece in response.iter_bytes():
            size += len(piece)
            yield piece
            if size > _LARGEST:
                return


def _fetched(response: httpx.Response, text: str, seconds: float, hops: list[str]) -> Fetched:
    return Fetched(str(response.url), response.status_code, text, _media_type(response), seconds, tuple(hops))


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
