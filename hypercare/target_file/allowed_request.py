"""[web] and [mobile] allow: requests that only read although they are sent as those are that write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, field_validator

from hypercare.http.navigation import says_action
from hypercare.target_file.section import Section

_CHANGES = re.compile(r"(^|})\s*(mutation|subscription)\b")
_QUOTED_OR_REMARK = re.compile(r'"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*')


class AllowedRequest(Section):
    """A request that the app's pages make with POST though it only reads: a GraphQL query, a JSON-RPC read.

    `path` is a pattern (*) of its path, or of its whole address where it goes to another host; `says` is a regular
    expression that its body must hold, each call of a batch. GraphQL's mutations and JSON-RPC methods that are named
    after a deed are held back all the same.
    """

    path: str = Field(min_length=2)
    says: str = ""

    @field_validator("says")
    @classmethod
    def _is_a_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"{value!r} is not a regular expression: {error}") from None
        return value

    def covers(self, url: str, body: str) -> bool:
        address = url.partition("?")[0] if "://" in self.path else urlsplit(url).path
        return (
            fnmatchcase(address, self.path)
            and all(re.search(self.says, call) for call in _calls(body))
            and not _changes_something(body)
        )


def _paths_too(value: Any) -> Any:
    return (
        [{"path": one} if isinstance(one, str) else one for one in value] if isinstance(value, list | tuple) else value
    )


AllowedRequests = Annotated[
    tuple[AllowedRequest, ...],
    BeforeValidator(_paths_too, json_schema_input_type=tuple[str | AllowedRequest, ...]),
]


def _changes_something(body: str) -> bool:
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


def _calls(body: str) -> Iterator[str]:
    """The body as it stands, or each call of a batch."""
    parsed = _parsed(body)
    yield from [body] if len(parsed) < 2 else [json.dumps(call, ensure_ascii=False) for call in parsed]


def _parsed(body: str) -> list[Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return [None]
    return parsed if isinstance(parsed, list) and parsed else [parsed]
