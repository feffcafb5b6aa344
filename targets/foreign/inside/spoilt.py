"""What goes wrong between people and an application; runs inside a foreign system's own Python.

The file of rules is read at each request: [{"path": pattern, "status": 500}, {"path": pattern, "seconds": 18}, ...].
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]


class Spoilt:
    """`status` answers so instead of the application, `seconds` waits, `replace` changes an answer's text by pattern,
    `stale_hours` leaves out what is newer of the `results` of a JSON answer."""

    def __init__(self, application: Application, rules: Path) -> None:
        self._application = application
        self._rules = rules

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        rules = json.loads(self._rules.read_text(encoding="utf-8")) if self._rules.exists() else []
        for rule in rules:
            if not re.search(rule["path"], environ.get("PATH_INFO", "")):
                continue
            time.sleep(rule.get("seconds", 0))
            if "status" in rule:
                start_response(f"{rule['status']} Spoilt", [("Content-Type", "text/html"), *_more(rule)])
                return [b"<h1>Something went wrong</h1>"]
            if "replace" in rule or "stale_hours" in rule:
                return self._changed(rule, environ, start_response)
        return self._application(environ, start_response)

    def _changed(
        self, rule: dict[str, Any], environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        started: list[Any] = []
        body = b"".join(self._application(environ, lambda *words: started.append(words)))
        status, headers = started[0][:2]
        if ("Content-Encoding", "gzip") in headers:
            body = gzip.decompress(body)
        if status.startswith("200"):
            body = _text_changed(rule, body.decode()).encode()
        remaining = [one for one in headers if one[0].lower() not in {"content-length", "content-encoding", "etag"}]
        start_response(status, [*remaining, ("Content-Length", str(len(body)))])
        return [body]


def _more(rule: dict[str, Any]) -> Headers:
    return [("Retry-After", "60")] if rule["status"] == 429 else []


def _text_changed(rule: dict[str, Any], text: str) -> str:
    if "stale_hours" in rule:
        answer = json.loads(text)
        newest = datetime.now(UTC) - timedelta(hours=rule["stale_hours"])
        answer["results"] = [one for one in answer["results"] if datetime.fromisoformat(one["datetime"]) < newest]
        return json.dumps(answer)
    pattern, by = rule["replace"]
    return re.sub(pattern, by, text)
