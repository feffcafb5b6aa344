"""The small shop's APIs: REST, the same with errors in answers of status 200, GraphQL and JSON-RPC."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.adapters.small_shop import PASSWORD, Fault, SmallShop, Worker

_ROWS = 4


class ShopApi:
    """`errors_in_200` is whether every answer has status 200 and tells of its fault in the body."""

    def __init__(self, shop: SmallShop, *, errors_in_200: bool = False) -> None:
        self.shop = shop
        self.errors_in_200 = errors_in_200

    @property
    def routes(self) -> list[Route]:
        rest: list[tuple[str, str, Callable[..., Any]]] = [
            ("POST", "/api/session", self._log_in),
            ("DELETE", "/api/session", self._log_out),
            ("GET", "/api/whoami", lambda worker, **_: self._worker(worker)),
            ("GET", "/api/clients", self._clients),
            ("GET", "/api/articles", self._articles),
            ("GET", "/api/orders", self._orders),
            ("POST", "/api/orders", self._open),
            ("GET", "/api/orders/{key}", lambda worker, key, **_: self._order(worker, key)),
            ("DELETE", "/api/orders/{key}", lambda worker, key, **_: self.shop.drop(worker, key)),
            ("POST", "/api/orders/{key}/settle", self._settle),
            ("POST", "/api/orders/{key}/cancel", self._cancel),
            ("GET", "/api/jobs/{number}", lambda worker, number, **_: self._job(worker, number)),
            ("POST", "/api/jobs/{number}/tasks/{task}/{verb}", self._move),
            ("POST", "/api/jobs/{number}/spending", lambda worker, number, **_: self._job(worker, number)),
            ("GET", "/api/health", lambda **_: {"state": "fine"}),
        ]
        made = [Route(path, self._rest(does, path), methods=[method]) for method, path, does in rest]
        return [
            *made,
            Route("/graphql", self._graphql, methods=["POST"]),
            Route("/rpc", self._rpc, methods=["POST"]),
        ]

    def _rest(self, does: Callable[..., Any], path: str) -> Callable[..., Any]:
        is_open = path in {"/api/session", "/api/health"}

        async def answer(request: Request) -> Response:
            body = await _body(request)
            try:
                token = _token(request)
                worker = None if is_open else self._known(request, token)
                told = does(worker=worker, token=token, body=body, query=request.query_params, **request.path_params)
            except Fault as fault:
                if self.errors_in_200:
                    return JSONResponse({"ok": False, "fault": {"code": fault.code, "text": fault.text}})
                return JSONResponse({"fault": {"code": fault.code, "text": fault.text}}, fault.status)
            response = Response(status_code=204) if told is None and not self.errors_in_200 else JSONResponse(told)
            if path == "/api/session" and isinstance(told, dict):
                response.set_cookie("sid", told["jwt"], httponly=True)
            return response

        return answer

    def _known(self, request: Request, token: str | None) -> Worker:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            login, _, secret = base64.b64decode(given).decode().partition(":")
            if secret != PASSWORD or login not in self.shop.workers:
                raise Fault(401, "BAD_LOGIN", "Name or password is wrong")
            return self.shop.workers[login]
        if ":" in request.headers.get("x-api-key", ""):
            login, _, secret = request.headers["x-api-key"].partition(":")
            if secret != PASSWORD or login not in self.shop.workers:
                raise Fault(401, "BAD_KEY", "This key is not known")
            return self.shop.workers[login]
        return self.shop.who(token)

    async def _graphql(self, request: Request) -> Response:
        sent = json.loads(await request.body())
        name = re.search(r"\{\s*(\w+)", sent["query"])
        assert name is not None
        try:
            told = self._does(name[1], sent.get("variables") or {}, _token(request))
        except Fault as fault:
            errors = [{"message": fault.text, "extensions": {"code": fault.code}}]
            return JSONResponse({"data": {name[1]: None}, "errors": errors})
        return JSONResponse({"data": {name[1]: told}})

    async def _rpc(self, request: Request) -> Response:
        sent = json.loads(await request.body())
        try:
            told = self._does(sent["method"], sent["params"] or {}, _token(request))
        except Fault as fault:
            return JSONResponse({"jsonrpc": "2.0", "id": 1, "error": {"code": fault.code, "message": fault.text}})
        return JSONResponse({"jsonrpc": "2.0", "id": 1, "result": told})

    def _does(self, name: str, given: dict[str, Any], token: str | None) -> Any:
        """One call by name, as GraphQL and JSON-RPC make it."""
        if name == "login":
            return self._log_in(body={"login": given["login"], "secret": given["secret"]})
        worker = self.shop.who(token)
        key = given.get("id", "")
        calls: dict[str, Callable[[], Any]] = {
            "logout": lambda: self._log_out(token=token),
            "me": lambda: self._worker(worker),
            "clients": lambda: self._clients(query={"search": given.get("search", "")})["data"],
            "articles": lambda: self._articles(query={"search": given.get("search", "")})["data"],
            "orders": lambda: self._after(worker, given.get("after")),
            "order": lambda: self._order(worker, key)["order"],
            "openOrder": lambda: {"id": self._open(worker=worker, body=given["input"])["order"]["id"]},
            "settleOrder": lambda: self._settle(worker=worker, key=key, body=given)["order"],
            "dropOrder": lambda: self.shop.drop(worker, key),
            "cancelOrder": lambda: self._cancel(worker=worker, key=key, body=given)["order"],
            "job": lambda: self._job(worker, given["number"]),
            "moveTask": lambda: self._move(worker=worker, **given),
        }
        return calls[name]()

    def _log_in(self, body: dict[str, Any], **_: Any) -> dict[str, Any]:
        token = self.shop.log_in(str(body.get("login")), str(body.get("secret")))
        return {"jwt": token, "worker": self._worker(self.shop.sessions[token])}

    def _log_out(self, token: str | None, **_: Any) -> None:
        self.shop.sessions.pop(token or "", None)

    def _worker(self, worker: Worker) -> dict[str, Any]:
        return {"login": worker.login, "job": worker.job, "store": worker.store and {"number": worker.store}}

    def _clients(self, query: Any, **_: Any) -> dict[str, Any]:
        page = int(query.get("page", 1))
        found = [{"id": n, "label": name} for n, name in self.shop.clients.items() if query.get("search", "") in name]
        return {"data": found[(page - 1) * _ROWS : page * _ROWS] if "page" in query else found}

    def _articles(self, query: Any, **_: Any) -> dict[str, Any]:
        found = [{"id": n, **one} for n, one in self.shop.articles.items() if query.get("search", "") in one["code"]]
        return {"data": found}

    def _orders(self, worker: Worker, query: Any, **_: Any) -> dict[str, Any]:
        page, found = int(query.get("page", 1)), self.shop.listed(worker)
        cut = found[(page - 1) * _ROWS : page * _ROWS]
        return {"data": [self.shop.shown(one, whole=False) for one in cut], "total": len(found)}

    def _after(self, worker: Worker, cursor: str | None) -> dict[str, Any]:
        found = self.shop.listed(worker)
        start = int(cursor or 0)
        more = str(start + _ROWS) if start + _ROWS < len(found) else None
        return {"nodes": [self.shop.shown(one) for one in found[start : start + _ROWS]], "next": more}

    def _order(self, worker: Worker, key: str) -> dict[str, Any]:
        return {"order": self.shop.shown(self.shop.order(worker, key))}

    def _open(self, worker: Worker, body: dict[str, Any], **_: Any) -> dict[str, Any]:
        order = self.shop.open(worker, body["client"], body["items"], body["memo"])
        return {"order": self.shop.shown(order)}

    def _settle(self, worker: Worker, key: str, body: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"order": self.shop.shown(self.shop.settle(worker, key, body["how"], body["cents"]))}

    def _cancel(self, worker: Worker, key: str, body: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"order": self.shop.shown(self.shop.cancel(worker, key, body["why"]))}

    def _job(self, worker: Worker, number: Any) -> dict[str, Any]:
        return self.shop.shown_job(self.shop.job(worker, int(number)))

    def _move(self, worker: Worker, number: Any, task: Any, verb: str, **_: Any) -> dict[str, Any]:
        return self.shop.shown_job(self.shop.move(worker, int(number), int(task), verb))


async def _body(request: Request) -> dict[str, Any]:
    content = await request.body()
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(await request.form())
    return json.loads(content) if content else {}


def _token(request: Request) -> str | None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme == "Bearer":
        return given
    if scheme == "Session":
        return base64.b64decode(given).decode().partition(":")[2]
    return request.headers.get("x-api-key") or request.cookies.get("sid")
