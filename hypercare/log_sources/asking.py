"""Asking a server of logs over HTTP: JSON answers, bounded in time and size, with a token that is never shown."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from hypercare.http.certificate import trusting
from hypercare.http.deadline import deadline_of
from hypercare.http.reachability import address_of, is_loopback, unreachable
from hypercare.log_sources.protocol import SourceRefused, SourceUnreadable
from hypercare.outcome.signals import ChannelDown, MonitorFault
from hypercare.target_file.secrets import MissingSecret, SecretReference

_LOG = logging.getLogger(__name__)
_LARGEST_ANSWER = 64 << 20
_LONGEST_WAIT = 5.0  # seconds; a round has no time for more
_SHOWN = 160
_TOO_MANY = 429


@dataclass(frozen=True)
class Answer:
    """`next_cursor` is what a Link header names for the page behind this one; empty where there is none."""

    content: Any
    next_cursor: str = ""


class LogServer:
    """One server. It is asked only to read, and never followed to where it redirects, as the token would go along."""

    def __init__(
        self,
        kind: str,
        url: str,
        token: SecretReference | None,
        timeout: timedelta,
        headers: Mapping[str, str] | None = None,
        *,
        user: str | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self.where = f"{kind} at {address_of(url)}"
        self._token = token
        self._user = user
        self._seconds = timeout.total_seconds()
        self._headers = dict(headers or {})

    def get(self, path: str, parameters: Mapping[str, str | int]) -> Answer:
        """The JSON that stands at a path.

        Raises:
            SourceUnreadable: no whole answer came in time, or one that is none.
            SourceRefused: it lets us not in, cannot say this, or takes no more requests from us.
            MonitorFault: the token is missing, or our own network is down.
        """
        response, body = self._sent(path, parameters)
        if response.status_code in {_TOO_MANY, 503} and (pause := _pause(response)) is not None:
            time.sleep(pause)
            response, body = self._sent(path, parameters)
        self._require_answered(response, body)
        try:
            content = json.loads(body)
        except ValueError:
            raise SourceUnreadable(self.where, "what it answers is not JSON") from None
        link = response.links.get("next", {})
        return Answer(content, link.get("cursor", "") if link.get("results", "true") == "true" else "")

    def _sent(self, path: str, parameters: Mapping[str, str | int]) -> tuple[httpx.Response, bytes]:
        url = self._url + path
        headers = {"accept": "application/json", "user-agent": "hypercare", **self._headers}
        auth = None
        if self._token is not None:
            secret = self._secret(self._token)
            auth = httpx.BasicAuth(self._user, secret) if self._user else None
            headers |= {} if auth else {"authorization": f"Bearer {secret}"}
        started = time.perf_counter()
        try:
            with httpx.Client(
                verify=trusting() if url.startswith("https") else False,
                trust_env=not is_loopback(url),
                follow_redirects=False,
                timeout=self._seconds,
            ) as client:
                deadline_of(client).begin(self._seconds)
                with client.stream("GET", url, params=dict(parameters), headers=headers, auth=auth) as response:
                    return response, self._body(response)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            try:
                unreachable("logs", url, error)
            except ChannelDown as down:
                raise SourceUnreadable(self.where, down.finding.detail or "it does not answer") from None
        finally:
            _LOG.debug("%s: asked for %s, %.0f ms", self.where, path, (time.perf_counter() - started) * 1000)

    def _body(self, response: httpx.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > _LARGEST_ANSWER:
                raise SourceUnreadable(self.where, f"one answer is larger than {_LARGEST_ANSWER >> 20} MB")
            parts.append(part)
        return b"".join(parts)

    @staticmethod
    def _secret(token: SecretReference) -> str:
        try:
            return token.resolve()
        except MissingSecret as missing:
            raise MonitorFault(str(missing), remedy="Give the secret that [[logs]] token names.") from None

    def _require_answered(self, response: httpx.Response, body: bytes) -> None:
        status = response.status_code
        if status == 200:
            return
        if status in {401, 403}:
            wanted = "the token it is given" if self._token else "whoever names no token"
            raise SourceRefused(
                f"{self.where} refuses {wanted} (status {status}).",
                "Give a token that may read there as [[logs]] token.",
            )
        if status == _TOO_MANY:
            raise SourceRefused(
                f"{self.where} takes no more requests from us for now (status {status}).",
                "Let the suite through its rate limit, or ask for less of it (a narrower query).",
            )
        if 300 <= status < 400:
            raise SourceRefused(f"{self.where} leads elsewhere (status {status}).", "Name its address as it is now.")
        if status >= 500:
            raise SourceUnreadable(self.where, f"it answers with status {status}")
        words = " ".join(body[:2000].decode("utf-8", "replace").split())[:_SHOWN]
        raise SourceRefused(
            f"{self.where} cannot say what it is asked (status {status}{f': {words}' if words else ''}).",
            "Correct address, names and query of that [[logs]] entry.",
        )


def _pause(response: httpx.Response) -> float | None:
    """How long it asks us to wait; None where it says nothing, or more than a round can wait."""
    stated = response.headers.get("retry-after", "").strip()
    return float(stated) if stated.isdigit() and float(stated) <= _LONGEST_WAIT else None
