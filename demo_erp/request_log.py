"""Around every request: a trace id, a line in the access log, an answer even to what nobody foresaw."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo_erp.dependencies import SAFE_METHODS, channel_of
from demo_erp.logs import access_record
from demo_erp.state import State

TRACE_HEADER = "X-Trace-Id"
_GOOD_TRACE_ID = re.compile(r"[0-9A-Za-z-]{8,32}")

Answer = Callable[[Request, int, str, str], Response]


class RequestLog:
    """Surrounds the application; ``answer`` makes an error answer of (request, status, code, message)."""

    def __init__(self, app: ASGIApp, *, state: State, answer: Answer) -> None:
        self.app = app
        self.state = state
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        scope["trace_id"] = _trace_id(request)
        scope["channel"] = channel_of(scope["path"])
        sent = _Sent(send, scope["trace_id"])
        started = time.perf_counter()
        try:
            if _from_another_site(scope["method"], request.headers):
                refusal = self.answer(request, 403, "not_allowed", "this request comes from another site")
                await refusal(scope, receive, sent)
            else:
                await self._guarded(request, scope, receive, sent)
        finally:
            self._record(scope, sent, (time.perf_counter() - started) * 1000)

    async def _guarded(self, request: Request, scope: Scope, receive: Receive, sent: _Sent) -> None:
        try:
            await self.app(scope, receive, sent)
        except asyncio.CancelledError:  # the server is stopping and waits no longer for this request
            if sent.status is None:
                await self.answer(request, 503, "stopping", "the system is being stopped")(scope, receive, sent)
        except Exception as problem:  # the last line of defence: whatever it is, it is logged and answered
            self.state.logs.app(
                "ERROR",
                "demo_erp.application",
                f"{scope['method']} {scope['path']} failed: {type(problem).__name__}",
                trace_id=scope["trace_id"],
                user=scope.get("username"),
                branch=scope.get("branch"),
                exception=problem,
            )
            if sent.status is not None:
                raise  # half an answer has gone out already: only closing the connection is honest
            message = "something went wrong on our side; tell support the trace id"
            await self.answer(request, 500, "internal_error", message)(scope, receive, sent)

    def _record(self, scope: Scope, sent: _Sent, duration_ms: float) -> None:
        record = access_record(
            self.state.clock.now(),
            method=scope["method"],
            path=scope["path"],
            route=route_template(scope),
            status=sent.status or 499,  # 499: the client went away before there was an answer
            duration_ms=duration_ms,
            channel=scope["channel"],
            user=scope.get("username"),
            trace_id=scope["trace_id"],
            size=sent.size,
        )
        self.state.logs.access_lines.append([record])


class _Sent:
    """Passes an answer on, with the trace id added, and remembers its status and size."""

    def __init__(self, send: Send, trace_id: str) -> None:
        self._send = send
        self._trace_id = trace_id
        self.status: int | None = None
        self.size = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[TRACE_HEADER] = self._trace_id
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
        await self._send(message)


def route_template(scope: Scope) -> str:
    """The path with its parameters unnamed, such as "/api/v1/sales/{sale_id}"; "" when nothing matched."""
    route = scope.get("route")
    if route is None:
        return str(scope["path"]) if scope.get("endpoint") and not scope.get("path_params") else ""
    if isinstance(route, Mount):
        return route.path
    own = str(getattr(route, "path_format", getattr(route, "path", ""))).strip("/").split("/")
    requested = str(scope["path"]).strip("/").split("/")
    # A route of an included router knows only its own part; what stands before it has no parameters.
    return "/" + "/".join(requested[: max(0, len(requested) - len(own))] + own)


def _trace_id(request: Request) -> str:
    trace_id = request.headers.get(TRACE_HEADER, "")
    return trace_id if _GOOD_TRACE_ID.fullmatch(trace_id) else uuid.uuid4().hex


def _from_another_site(method: str, headers: Headers) -> bool:
    """Whether a browser says that another site makes it change something here. Other clients say nothing."""
    if method in SAFE_METHODS or headers.get("authorization", "").lower().startswith("bearer "):
        return False
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")
