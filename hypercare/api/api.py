"""The `api` resource: requests to the target's API, and the endpoints that the business depends on."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Protocol

import httpx

from hypercare.api.endpoint_round import EndpointRound, patience_with
from hypercare.api.endpoints import EndpointResult, EndpointResults, judged
from hypercare.api.json_shape import Moment
from hypercare.clients.accounts import Accounts
from hypercare.clients.adapters import adapter_named
from hypercare.clients.client import ApiClient, LogInRefused
from hypercare.clients.log_ins import let_in
from hypercare.http.certificate import require_certificate_holds, trusting
from hypercare.http.deadline import Deadline, deadline_of
from hypercare.http.exchange import AGENT, Exchange
from hypercare.http.reachability import is_loopback, unfinished, unreachable
from hypercare.http.throttling import pause_before_asking_again, require_not_throttled
from hypercare.outcome.evidence import attach, is_collecting
from hypercare.outcome.redaction import bare_address
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.config import Account, ApiSection, Endpoint
from hypercare.target_file.target import Target

_LOG = logging.getLogger(__name__)
_LARGEST_BODY = 20_000_000
_AGAIN = 2
_IDLE = 0.3  # seconds
_NOBODY_IS_IN = {301, 302, 303, 307, 401, 403}
_LONGEST_WAITING = 30.0  # seconds in all, for a system that asks us to wait


class ApiAdapter(Protocol):
    """What an adapter promises of the API."""

    def api_client(self, api: Api) -> ApiClient: ...


class Api:
    """One HTTP http a session; nothing is sent before it is asked for."""

    channel = Channel.API

    def __init__(self, target: Target) -> None:
        self.target = target
        self._accounts = Accounts(target)
        self._http: httpx.Client | None = None
        self._deadline = Deadline()
        self._patience_left = _LONGEST_WAITING
        self._answered_at = 0.0
        self.has_lost = False
        self._clients: dict[str, ApiClient] = {}

    @property
    def section(self) -> ApiSection:
        """Raises NotCovered when the target file names no API."""
        if self.target.config.api is None:
            raise NotCovered("No API is configured.", remedy="Add [api] url to the target file.")
        return self.target.config.api

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Raises NotCovered when none is configured."""
        if not self.section.endpoints:
            raise NotCovered(
                "No endpoint that the business depends on is named.", remedy="Add [[api.endpoints]] to the target file."
            )
        return self.section.endpoints

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: timedelta | None = None,
        name: str = "",
        private: bool = False,
        is_harmless: bool = False,
        once_more: bool = True,
        waits: bool = True,
    ) -> Exchange:
        """One request; `path` follows the API's address unless it is a whole address itself.

        `body` is sent as JSON, `form` as a form. What is `private` (a log-in) is never kept as evidence; what
        `is_harmless` may be sent twice, as may what only reads. `once_more` is whether to ask again after a connection
        that broke off, `waits` whether to do so when the answer says to wait.

        Raises:
            ChannelDown: no connection, or no whole answer within the limit.
            MonitorFault: our own network is at fault.
        """
        limit = (timeout or self.section.timeout).total_seconds()
        request = self._ready().build_request(
            method, self._url(path), json=body, data=form, headers=dict(headers or {})
        )
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), limit)
        # What changes nothing may be asked again, as a browser would.
        is_harmless = is_harmless or private or method in {"GET", "HEAD"}
        tries = 1 + (_AGAIN if once_more and is_harmless else 0)
        exchange = self._answered(request, form if body is None else body, limit, tries)
        pause = pause_before_asking_again(exchange) if waits else None
        if pause is not None and pause <= self._patience_left:
            self._patience_left -= pause
            _LOG.info("the API answers %d and asks to wait: asked again in %.1f s", exchange.status, pause)
            time.sleep(pause)
            exchange = self._answered(request, form if body is None else body, limit, tries)
        if is_collecting() and not private:
            attach(f"{name or method + ' ' + path}: HTTP exchange", exchange.as_evidence())
        return exchange

    def client(self, account: Account | None = None) -> _OpenClient:
        """A new client of the adapter, logged in as `account` if given, closed at the end of the block."""
        return _OpenClient(self, account)

    def require_certificate_holds(self) -> None:
        """Raises CheckFailed when its certificate does not hold, or will not for much longer."""
        require_certificate_holds("api", self.section.url, self.section.timeout)

    def check_endpoints(self) -> EndpointResults:
        """Ask every endpoint and judge its answer."""
        return EndpointRound(self).ask_all()

    def check_endpoints_without_log_in(self) -> EndpointResults:
        """Ask every endpoint that wants a log-in without one: none may tell or do anything."""
        return EndpointRound(self).ask_all_without_log_in()

    def _give_up(self) -> None:
        """End the sessions that are kept for endpoints; they are opened anew when they are needed."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def close(self) -> None:
        self._give_up()
        if self._http is not None:
            self._http.close()
            self._http = None

    def check_endpoint(
        self, endpoint: Endpoint, timeout: timedelta | None = None, *, once_more: bool = True
    ) -> EndpointResult:
        """Ask one endpoint and judge its answer.

        Raises:
            Throttled: it takes no more requests from us.
        """
        ask = partial(self.ask, endpoint, timeout=timeout, once_more=once_more)
        exchange = ask(headers=self._headers(endpoint.as_role))
        if exchange.status in _NOBODY_IS_IN and endpoint.as_role and endpoint.status != exchange.status:
            # The session may just have ended, be it by our own log-out at another client; a fresh one tells.
            self._forget(endpoint.as_role)
            exchange = ask(headers=self._headers(endpoint.as_role))
        if endpoint.status != exchange.status:
            require_not_throttled(exchange)
        return EndpointResult(endpoint, exchange, judged(endpoint, exchange, self.moment()))

    def ask(
        self,
        endpoint: Endpoint,
        *,
        headers: Mapping[str, str],
        timeout: timedelta | None = None,
        once_more: bool = True,
    ) -> Exchange:
        """By default for longer than its limit: a slow answer is to be told from none."""
        patience = timeout or patience_with(endpoint, self.section.timeout)
        path = self.moment().filled(endpoint.path)
        return self.send(
            endpoint.method,
            path,
            body=endpoint.body,
            headers=headers,
            timeout=patience,
            name=endpoint.name,
            once_more=once_more,
        )

    def description(self) -> object:
        """What the API says of itself, as it stands.

        Raises NotCovered where the target file does not say where, or nothing is there.
        """
        if self.section.description is None:
            raise NotCovered(
                "Where the API says what it can do is not known.",
                remedy='Name its OpenAPI document: [api] description = "/openapi.json".',
            )
        exchange = self.send("GET", self.section.description, name="description")
        if exchange.status != HTTPStatus.OK or not exchange.is_json:
            raise NotCovered(
                f"The API does not say what it can do: {exchange.status} at {bare_address(exchange.url)}.",
                remedy="Correct [api] description, or leave it out.",
            )
        return exchange.json

    def moment(self) -> Moment:
        now = self.target.now()
        return Moment(now, self.target.calendar.date_of(now).isoformat())

    def new_client(self) -> ApiClient:
        """A client of the adapter with nobody in it."""
        adapter: ApiAdapter = adapter_named(self.target.config.target.adapter)
        return adapter.api_client(self)

    def _headers(self, role: str | None) -> Mapping[str, str]:
        if role is None:
            return {}
        if role not in self._clients:
            self._clients[role] = self._entered_as(role)
            self.target.seats.keeps(self._give_up)
        return self._clients[role].headers()

    def _entered_as(self, role: str) -> ApiClient:
        """A client with anybody of the role in it: that one account is locked is for another check to tell."""
        refused = None
        for account in self._accounts.of(role=role):
            client = self.new_client()
            try:
                let_in(client, account)
            except LogInRefused as error:
                refused = error
            else:
                return client
        reason = "is refused" if refused else "is not configured"
        raise NotCovered(f"An account of the role {role!r} {reason}.", remedy="See [[accounts]] in the target file.")

    def _forget(self, role: str) -> None:
        client = self._clients.pop(role, None)
        if client is not None:
            client.close()

    def _url(self, path: str) -> str:
        if "://" in path:
            return path
        if not path or path.startswith("?"):
            return self.section.url + path  # an API of one address, such as GraphQL, is asked just there
        return self.section.url.rstrip("/") + "/" + path.lstrip("/")

    def _ready(self) -> httpx.Client:
        if self._http is None:
            url = self.section.url
            self._http = httpx.Client(
                # Loading the certificates of the world takes time that a plain address does not need.
                verify=trusting() if url.startswith("https") else False,
                trust_env=not is_loopback(url),
                headers={"accept": "application/json", "user-agent": AGENT},
                follow_redirects=False,
                # Servers close what is idle after some seconds; what is taken up again sooner is still open.
                limits=httpx.Limits(keepalive_expiry=1.0),
                # Several people come in through this one http; each client keeps its own cookies.
                cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            )
            self._deadline = deadline_of(self._http)
        return self._http

    def _answered(self, request: httpx.Request, body: Any, limit: float, tries: int) -> Exchange:
        """Raises what `send` does; a connection that broke off is made anew while there are tries left."""
        http = self._ready()
        while True:
            started = time.perf_counter()
            self._deadline.begin(limit)
            try:
                exchange = self._exchange(http.send(request, stream=True), request, body, started)
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
                _log_request(request, type(error).__name__, time.perf_counter() - started)
                if _broke_off(error):
                    # One that had been idle may be closed just as it is taken up again: that loses nothing.
                    was_idle = not self._deadline.is_fresh and started - self._answered_at > _IDLE
                    tries -= not (was_idle and request.method in {"GET", "HEAD"})
                    self.has_lost = self.has_lost or not was_idle
                    if tries > 0:
                        continue
                if isinstance(error, httpx.ReadTimeout) and self._deadline.has_begun:
                    unfinished("api", str(request.url), time.perf_counter() - started)
                unreachable("api", str(request.url), error)
            self._answered_at = time.perf_counter()
            return exchange

    def _exchange(self, response: httpx.Response, request: httpx.Request, body: Any, started: float) -> Exchange:
        try:
            content = b"".join(_bounded(response))
        finally:
            response.close()
        seconds = time.perf_counter() - started
        _log_request(request, str(response.status_code), seconds)
        text = content.decode(response.encoding or "utf-8", errors="replace")
        answer, is_json = _as_json(text)
        return Exchange(
            method=request.method,
            url=str(request.url),
            status=response.status_code,
            seconds=seconds,
            request_headers=dict(request.headers),
            request_body=body,
            headers=dict(response.headers),
            text=text,
            json=answer,
            is_json=is_json,
            cookies=dict(response.cookies) if "set-cookie" in response.headers else {},
        )


class _OpenClient:
    """A client for the length of a block."""

    def __init__(self, api: Api, account: Account | None) -> None:
        self._api = api
        self._account = account
        self._stack = ExitStack()

    def __enter__(self) -> ApiClient:
        target = self._api.target
        client = self._api.new_client()
        with ExitStack() as stack:
            if self._account is not None:
                stack.enter_context(target.seats.taken(self._account.username, self._api.channel.words))
            stack.callback(client.close)
            if self._account is not None:
                let_in(client, self._account)
            self._stack = stack.pop_all()
        return client

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _log_request(request: httpx.Request, came: str, seconds: float) -> None:
    if _LOG.isEnabledFor(logging.DEBUG):
        _LOG.debug("%s %s: %s in %.0f ms", request.method, bare_address(str(request.url)), came, seconds * 1000)


def _broke_off(error: Exception) -> bool:
    """Whether a connection that stood went away."""
    lost = isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError | httpx.RemoteProtocolError)
    return lost or isinstance(error, ConnectionError)


def _bounded(response: httpx.Response) -> Iterator[bytes]:
    size = 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > _LARGEST_BODY:
            raise NotCovered(
                f"The answer of {response.url} is larger than {_LARGEST_BODY // 1_000_000} MB, and not read further.",
                remedy="Ask for less of it: a page, a day, fewer fields.",
            )
        yield piece


def _as_json(text: str) -> tuple[Any, bool]:
    try:
        return json.loads(text), True
    except ValueError:
        return None, False
