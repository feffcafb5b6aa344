"""What can be asked of an API, the same for OpenAPI and GraphQL: operations with what they take and what they tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_DEEPEST = 3

Kind = Literal["text", "number", "whole", "flag", "list", "record", "unknown"]
_KINDS: dict[str, Kind] = {
    "string": "text",
    "number": "number",
    "integer": "whole",
    "boolean": "flag",
    "array": "list",
    "object": "record",
}


def parts_of(name: str) -> list[str]:
    """ "openDeal" and "open-deal" are open and deal, in their order."""
    return [word.lower() for word in _WORD.findall(name)]


def words_in(name: str) -> frozenset[str]:
    """ "openDeal" and "open-deal" are open and deal; "log_in" is login as well."""
    words = parts_of(name)
    return frozenset([*words, *("".join(pair) for pair in pairwise(words))])


@dataclass(frozen=True)
class Part:
    """One field that is given or told. `written` is how GraphQL writes its type; `words` are those it may say."""

    name: str
    kind: Kind = "unknown"
    required: bool = False
    parts: tuple[Part, ...] = ()
    words: tuple[str, ...] = ()
    written: str = ""
    place: Literal["body", "query", "form"] = "body"


@dataclass(frozen=True)
class Operation:
    """`path` is the whole address, or the field of GraphQL; `resource` what it is about, `does` the words of
    what it does.

    `about_one` is whether it is asked of one record; `keys` are the placeholders of its address, in their order.
    """

    method: str
    path: str
    resource: str
    does: frozenset[str]
    about_one: bool = False
    keys: tuple[str, ...] = ()
    parameters: tuple[Part, ...] = ()
    answer: Part = Part("")

    @property
    def words(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_graphql(self) -> bool:
        return self.method in {"query", "mutation"}


def operations_of(document: Mapping[str, Any]) -> list[Operation]:
    """The operations of an OpenAPI or Swagger description."""
    return [
        _operation(document, path, method.upper(), operation, verbs)
        for path, verbs in document["paths"].items()
        if isinstance(verbs, dict)
        for method, operation in verbs.items()
        if method in {"get", "post", "put", "patch", "delete"} and isinstance(operation, dict)
    ]


def _operation(
    document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any], verbs: Mapping[str, Any]
) -> Operation:
    segments = [one for one in path.split("/") if one]
    first = next((n for n, one in enumerate(segments) if one.startswith("{")), len(segments))
    after = [one for one in segments[first:] if not one.startswith("{")]
    does = frozenset(word for one in after for word in words_in(one)) | {method.lower()}
    return Operation(
        method,
        path,
        segments[first - 1] if first else "",
        does if after or first < len(segments) else does | words_in(segments[-1] if segments else ""),
        about_one=first < len(segments),
        keys=tuple(one.strip("{}") for one in segments if one.startswith("{")),
        parameters=tuple(_parameters(document, operation, verbs)),
        answer=_answer(document, operation),
    )


def _parameters(document: Mapping[str, Any], operation: Mapping[str, Any], verbs: Mapping[str, Any]) -> Iterator[Part]:
    for one in (*(verbs.get("parameters") or ()), *(operation.get("parameters") or ())):
        parameter = resolved(document, one)
        where, schema = parameter.get("in"), parameter.get("schema") or parameter
        if where == "body":
            yield from _part(document, "", schema).parts
        elif where == "query":
            yield _with(_part(document, parameter.get("name", ""), schema), bool(parameter.get("required")), "query")
        elif where == "formData":
            yield _with(_part(document, parameter.get("name", ""), schema), bool(parameter.get("required")), "form")
    content = resolved(document, operation.get("requestBody") or {}).get("content") or {}
    for media, body in content.items():
        place: Literal["body", "form"] = "body" if "json" in media else "form"
        yield from (_with(one, one.required, place) for one in _part(document, "", body.get("schema") or {}).parts)
        return


def _with(part: Part, required: bool, place: Literal["body", "query", "form"]) -> Part:
    return Part(part.name, part.kind, required, part.parts, part.words, part.written, place)


def _answer(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Part:
    answers = operation.get("responses") or {}
    good: Any = next((answers[one] for one in ("200", 200, "201", 201) if one in answers), {})
    answer = resolved(document, good)
    content = answer.get("content") or {}
    schema = next((one.get("schema") for media, one in content.items() if "json" in media), None)
    return _part(document, "", schema or answer.get("schema") or {})


def _part(document: Mapping[str, Any], name: str, schema: Any, required: bool = False, depth: int = 0) -> Part:
    schema = resolved(document, schema)
    for several in ("allOf", "anyOf", "oneOf"):
        real = [resolved(document, one) for one in schema.get(several) or () if isinstance(one, dict)]
        real = [one for one in real if one.get("type") != "null"]
        if real:
            merged: dict[str, Any] = {key: value for one in real for key, value in one.items()}
            merged["properties"] = {key: value for one in real for key, value in (one.get("properties") or {}).items()}
            schema = {**merged, **{key: value for key, value in schema.items() if key != several}}
            break
    stated = schema.get("type") or ("object" if schema.get("properties") else "")
    stated = next((one for one in stated if one != "null"), "") if isinstance(stated, list) else stated
    kind: Kind = _KINDS.get(str(stated), "unknown")
    inner = resolved(document, schema.get("items") or {}) if kind == "list" else schema
    # A parameter of Swagger has its own "required" where a record names those of its fields.
    stated_needs = inner.get("required")
    needed = set(stated_needs) if isinstance(stated_needs, list) else set()
    fields = (inner.get("properties") or {}) if depth < _DEEPEST else {}
    parts = tuple(_part(document, key, one, key in needed, depth + 1) for key, one in fields.items())
    words = tuple(str(one) for one in schema.get("enum") or () if one is not None)
    return Part(name, kind, required, parts, words)


def resolved(document: Mapping[str, Any], part: Any) -> Mapping[str, Any]:
    """A part of a description, behind its references."""
    for _ in range(5):
        if not isinstance(part, dict) or "$ref" not in part:
            break
        found: Any = document
        for step in str(part["$ref"]).removeprefix("#/").split("/"):
            found = found.get(step.replace("~1", "/"), {}) if isinstance(found, dict) else {}
        part = found
    return part if isinstance(part, dict) else {}
