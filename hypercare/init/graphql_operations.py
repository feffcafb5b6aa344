"""The operations of a GraphQL schema, as introspection tells them, and requests for them as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypercare.init.api_operations import Kind, Operation, Part, words_in

INTROSPECTION = (
    "{ __schema { queryType { name } mutationType { name } types { name kind enumValues { name }"
    " possibleTypes { name } inputFields { name type { ...T } }"
    " fields { name args { name type { ...T } } type { ...T } } } } }"
    " fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType"
    " { kind name } } } } }"
)
_KINDS: dict[str, Kind] = {
    "String": "text",
    "ID": "text",
    "Int": "whole",
    "Float": "number",
    "Decimal": "number",
    "Boolean": "flag",
}
_DEEPEST = 3

Types = Mapping[str, Mapping[str, Any]]


def graphql_operations(schema: Mapping[str, Any]) -> list[Operation]:
    """Every field of the query and the mutation type."""
    types: Types = {one["name"]: one for one in schema.get("types") or ()}
    found = []
    for root, method in (("queryType", "query"), ("mutationType", "mutation")):
        name = (schema.get(root) or {}).get("name", "")
        found += [_operation(types, method, one) for one in types.get(name, {}).get("fields") or ()]
    return found


def _operation(types: Types, method: str, one: Mapping[str, Any]) -> Operation:
    parameters = tuple(_part(types, arg["name"], arg.get("type") or {}) for arg in one.get("args") or ())
    answer = _part(types, one["name"], one.get("type") or {})
    about_one = any(arg.name.lower().endswith("id") or arg.name in {"key", "uuid", "number"} for arg in parameters)
    return Operation(method, one["name"], one["name"], words_in(one["name"]), about_one, (), parameters, answer)


def _part(types: Types, name: str, kind: Mapping[str, Any], above: tuple[str, ...] = ()) -> Part:
    """`above` are the types that it stands in: what leads back to one of them (an order's own order) is left out."""
    written, inner, is_list = _written(kind), kind, False
    while inner.get("kind") in {"NON_NULL", "LIST"}:
        is_list = is_list or inner["kind"] == "LIST"
        inner = inner.get("ofType") or {}
    named = types.get(str(inner.get("name")), inner)
    own = str(named.get("name"))
    within = () if len(above) >= _DEEPEST or own in above else _fields(named)
    parts = tuple(_part(types, one["name"], one.get("type") or {}, (*above, own)) for one in within)
    is_record = named.get("kind") in {"OBJECT", "INPUT_OBJECT", "INTERFACE", "UNION"}
    part_kind: Kind = (
        "record"
        if is_record and not (is_list and parts)
        else "list"
        if is_list
        else _KINDS.get(str(inner.get("name")), "unknown")
    )
    words = tuple(one["name"] for one in named.get("enumValues") or ())
    return Part(name, part_kind, kind.get("kind") == "NON_NULL", parts if is_record else (), words, written)


def _fields(named: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What can be asked of a type without a word more; of a union, each of the types that it may be."""
    if named.get("kind") == "UNION":
        return [
            {"name": f"... on {one['name']}", "type": {"kind": "OBJECT", "name": one["name"]}}
            for one in named.get("possibleTypes") or ()
        ]
    return [
        one
        for one in (*(named.get("fields") or ()), *(named.get("inputFields") or ()))
        if not any((arg.get("type") or {}).get("kind") == "NON_NULL" for arg in one.get("args") or ())
    ]


def _written(kind: Mapping[str, Any]) -> str:
    inner = kind.get("ofType") or {}
    if kind.get("kind") == "NON_NULL":
        return f"{_written(inner)}!"
    return f"[{_written(inner)}]" if kind.get("kind") == "LIST" else str(kind.get("name"))


def graphql_query(operation: Operation, args: Sequence[str]) -> str:
    """The text of a request that gives these arguments, each as a variable of its own name."""
    parameters = [one for one in operation.parameters if one.name in args]
    declared = ", ".join(f"${one.name}: {one.written}" for one in parameters)
    passed = ", ".join(f"{one.name}: ${one.name}" for one in parameters)
    head = operation.method + (f"({declared})" if declared else "")
    field = operation.path + (f"({passed})" if passed else "")
    return f"{head} {{ {field}{_selection(operation.answer)} }}"


def _selection(part: Part, depth: int = 0) -> str:
    """What is wanted of an answer: all plain fields, and records within it two deep."""
    if not part.parts:
        return ""
    selected = [
        one.name + _selection(one, depth + 1) for one in part.parts if not (depth >= 2 and one.parts) and _is_told(one)
    ]
    return f" {{ {' '.join(selected)} }}" if selected else " { __typename }"


def _is_told(part: Part) -> bool:
    return bool(part.parts) or part.kind != "record"
