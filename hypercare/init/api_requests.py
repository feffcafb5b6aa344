"""One request of [rest] from an operation, with what is put into it."""

from __future__ import annotations

from typing import Any

from hypercare.init.api_operations import Operation, Part
from hypercare.init.api_parts import record_of
from hypercare.init.graphql_operations import graphql_query

# Why a table stays a comment.
SOMEBODY_HAS_TO_SAY = "somebody has to say {}"


def is_key(part: Part) -> bool:
    return part.name.lower().endswith("id") or part.name in {"key", "uuid"}


def request_for(operation: Operation, values: dict[str, Any], key: str = "") -> dict[str, Any]:
    """The request itself; `key` takes the place of the address's only placeholder."""
    if operation.is_graphql:
        for one in operation.parameters:
            if key and is_key(one):
                values = {one.name: key, **values}
        graphql_request: dict[str, Any] = {"graphql": graphql_query(operation, list(values))}
        return {**graphql_request, "variables": values} if values else graphql_request
    path = operation.path
    for name in operation.keys:
        path = path.replace(f"{{{name}}}", key)
    request: dict[str, Any] = {"path": path}
    body_values = {name: value for name, value in values.items() if not _in_query(operation, name)}
    if operation.method != ("POST" if body_values else "GET"):
        request["method"] = operation.method
    if body_values:
        request["form" if any(one.place == "form" for one in operation.parameters) else "body"] = body_values
    query_values = {name: value for name, value in values.items() if _in_query(operation, name)}
    return {**request, "query": query_values} if query_values else request


def _in_query(operation: Operation, name: str) -> bool:
    return any(one.name == name and one.place == "query" for one in operation.parameters)


def answer_of(operation: Operation) -> dict[str, Any]:
    if operation.is_graphql:
        return {}
    _, where = record_of(operation.answer)
    if where:
        return {"answer": where}
    return {} if operation.answer.parts else {"gives": "key"} if operation.method == "POST" else {}
