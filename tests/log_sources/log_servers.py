"""Small real servers that answer as Loki and Sentry do, with what a test has put into them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.standins.http_standin import Standin

TOKEN = "kept-secret-4711"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Refusal = tuple[int, str, dict[str, str]]


def send(handler: BaseHTTPRequestHandler, status: int, body: str, headers: dict[str, str] | None = None) -> None:
    content = body.encode()
    handler.send_response(status)
    for name, value in {"content-type": "application/json", **(headers or {})}.items():
        handler.send_header(name, value)
    handler.send_header("content-length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


class _Server:
    def __init__(self, standin: Standin) -> None:
        self.standin = standin
        self.url = standin.url
        self.asked: list[dict[str, str]] = []
        self.refuses: Callable[[int], Refusal | None] = lambda number: None

    def _refused(self, handler: BaseHTTPRequestHandler, asked: dict[str, str]) -> bool:
        self.asked.append(asked)
        refusal = self.refuses(len(self.asked))
        if refusal is None and handler.headers.get("authorization") != f"Bearer {TOKEN}":
            refusal = (401, '{"detail": "Invalid token"}', {})
        if refusal is not None:
            send(handler, *refusal)
        return refusal is not None


def _asked(handler: BaseHTTPRequestHandler) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(handler.path).query).items()}


def nanoseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) * 1000


class LokiServer(_Server):
    """Answers `query_range` for lines of several streams: start included, end not, by the wanted direction and limit.

    As Loki does it refuses more than its largest page and a query over more than 30 days.
    """

    LARGEST_PAGE = 5000

    def __init__(self, standin: Standin) -> None:
        super().__init__(standin)
        self.lines: list[tuple[int, str, dict[str, str]]] = []
        standin.answers["/loki/api/v1/query_range"] = self._answer

    def say(self, at: datetime, line: str, **labels: str) -> None:
        self.lines.append((nanoseconds(at), line, {"app": "erp", **labels}))

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        asked = _asked(handler)
        if self._refused(handler, asked):
            return
        start, end, limit = int(asked["start"]), int(asked["end"]), int(asked["limit"])
        if limit > self.LARGEST_PAGE:
            send(handler, 400, "max entries limit per query exceeded")
            return
        if end - start > 30 * 24 * 3600 * 10**9:
            send(handler, 400, "the query time range exceeds the limit")
            return
        found = sorted((one for one in self.lines if start <= one[0] < end), key=lambda one: -one[0])[:limit]
        streams: dict[str, dict[str, Any]] = {}
        for at, line, labels in found:
            stream = streams.setdefault(json.dumps(labels, sort_keys=True), {"stream": labels, "values": []})
            stream["values"].append([str(at), line])
        data = {"resultType": "streams", "result": list(streams.values()), "stats": {}}
        send(handler, 200, json.dumps({"status": "success", "data": data}))


class SentryServer(_Server):
    """Answers the lists of events and of issues of the project shop/erp, by pages with a cursor in a Link header."""

    def __init__(self, standin: Standin) -> None:
        super().__init__(standin)
        self.events: list[dict[str, Any]] = []
        self.issues: list[dict[str, Any]] = []
        self.tells_of_issues = True
        standin.answers["/api/0/projects/shop/erp/events/"] = lambda handler: self._answer(
            handler, sorted(self.events, key=lambda one: one["dateCreated"], reverse=True), "per_page"
        )
        standin.answers["/api/0/projects/shop/erp/issues/"] = self._of_issues

    def happened(self, at: datetime, title: str, level: str = "error", issue: str = "7", **more: Any) -> None:
        number = len(self.events)
        self.events.append(
            {
                "id": str(number),
                "eventID": f"{number:032x}",
                "groupID": issue,
                "title": title,
                "message": "",
                "dateCreated": at.isoformat().replace("+00:00", "Z"),
                "tags": [{"key": "level", "value": level}, {"key": "environment", "value": "production"}],
                "user": {"id": "3", "username": "lena.vogt", "email": "lena@example.com"},
                "culprit": "shop.sales in finalise",
                **more,
            }
        )

    def has_issue(self, own_id: str, last_seen: datetime, owner: str | None = None) -> None:
        assigned = None if owner is None else {"type": "user", "id": "9", "name": owner, "email": "x@example.com"}
        self.issues.append(
            {
                "id": own_id,
                "shortId": f"ERP-{own_id}",
                "level": "error",
                "status": "unresolved",
                "assignedTo": assigned,
                "lastSeen": last_seen.isoformat().replace("+00:00", "Z"),
            }
        )

    def _of_issues(self, handler: BaseHTTPRequestHandler) -> None:
        if not self.tells_of_issues:
            send(handler, 403, '{"detail": "You do not have permission to perform this action."}')
            return
        self._answer(handler, sorted(self.issues, key=lambda one: one["lastSeen"], reverse=True), "limit")

    def _answer(self, handler: BaseHTTPRequestHandler, rows: list[dict[str, Any]], size: str) -> None:
        asked = _asked(handler)
        if self._refused(handler, asked):
            return
        begin, count = int(asked.get("cursor", "0:0:0").split(":")[1]), min(100, int(asked[size]))
        more = str(begin + count < len(rows)).lower()
        base = f"{self.url}{urlsplit(handler.path).path}"
        link = (
            f'<{base}?cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1", '
            f'<{base}?cursor=0:{begin + count}:0>; rel="next"; results="{more}"; cursor="0:{begin + count}:0"'
        )
        send(handler, 200, json.dumps(rows[begin : begin + count]), {"link": link})
