"""What the body of a request asks for: the calls of GraphQL and JSON-RPC, and whether they change something."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from hypercare.http.navigation import says_action

_CHANGES = re.compile(r"(^|})\s*(mutation|subscription)\b")
_QUOTED_OR_REMARK = re.compile(r'"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*')


def changes_something(body: str) -> bool:
    """Whether one of the calls is GraphQL's mutation or subscription, or a JSON-RPC method named after a deed."""
    return any(
        (isinstance(call, dict) and (_mutates(call) or _calls_a_deed(call))) or not isinstance(call, dict | str | None)
        for call in _parsed(body)
    )


def _mutates(call: dict[str, Any]) -> bool:
    query, name = call.get("query"), call.get("operationName")
    if isinstance(query, str):
        return bool(_CHANGES.search(_QUOTED_OR_REMARK.sub(" ", query)))
    # Only the name of a query that the server keeps.
    return "extensions" in call and isinstance(name, str) and says_action(name)


def _calls_a_deed(call: dict[str, Any]) -> bool:
    parameters = call.get("params")
    inner = parameters.get("method") if isinstance(parameters, dict) else None
    names = [name for name in (call.get("method"), inner) if isinstance(name, str)]
    return any(says_action(re.split(r"[./]", name)[-1]) for name in names)


def calls_in(body: str) -> Iterator[str]:
    """The body as it stands, or each call of a batch."""
    parsed = _parsed(body)
    yield from [body] if len(parsed) < 2 else [json.dumps(call, ensure_ascii=False) for call in parsed]


def _parsed(body: str) -> list[Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return [None]
    return parsed if isinstance(parsed, list) and parsed else [parsed]
