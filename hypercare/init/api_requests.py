"""One request of [rest] from an operation, with what is put into it."""

from __future__ import annotations

from typing import Any

from hypercare.init.api_operations import Operation, Part
from hypercare.init.api_parts import record_of
from hypercare.init.graphql_operations import asked_as

# Why a table stays a comment.
ASKED = "somebody has to say {}"


def is_key(part: Part) -> bool:
    return part.name.lower().endswith("id") or part.name in {"key", "uuid"}


def request_for(operation: Operation, values: dict[str, Any], key: str = "") -> dict[str, Any]:
    """The request itself; `key` takes the place of the address's only placeholder."""
    if operation.is_graphql:
        for one in operation.given:
            if key and is_key(one):
                values = {one.name: key, **values}
        told: dict[str, Any] = {"graphql": asked_as(operation, list(values))}
        return {**told, "variables": values} if values else told
    path = operation.path
    for name in operation.keys:
        path = path.replace(f"{{{name}}}", key)
    request: dict[str, Any] = {"path": path}
    given = {name: value for name, value in values.items() if not _in_query(operation, name)}
    if operation.method != ("POST" if given else "GET"):
        request["method"] = operation.method
    if given:
        request["form" if any(one.place == "form" for one in operation.given) else "body"] = given
    asked = {name: value for name, value in values.items() if _in_query(operation, name)}
    return {**request, "query": asked} if asked else request


def _in_query(operation: Operation, name: str) -> bool:
    return any(one.name == name and one.place == "query" for one in operation.given)


def answer_of(operation: Operation) -> dict[str, Any]:
    if operation.is_graphql:
        return {}
    _, where = record_of(operation.told)
    if where:
        return {"answer": where}
    return {} if operation.told.parts else {"gives": "key"} if operation.method == "POST" else {}
