"""What is asked of a GraphQL schema that nobody here wrote is a request that it would take."""

from __future__ import annotations

from typing import Any

from hypercare.init.graphql_operations import graphql_operations, graphql_query

TEXT = {"kind": "SCALAR", "name": "String"}


def a(name: str, kind: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "args": [], "type": kind}


def record(name: str) -> dict[str, Any]:
    return {"kind": "OBJECT", "name": name}


def many(name: str) -> dict[str, Any]:
    return {"kind": "NON_NULL", "name": None, "ofType": {"kind": "LIST", "name": None, "ofType": record(name)}}


SCHEMA = {
    "queryType": {"name": "Query"},
    "mutationType": {"name": "Mutation"},
    "types": [
        {**record("Query"), "fields": [a("order", record("Order"))]},
        {**record("Mutation"), "fields": [a("login", {"kind": "UNION", "name": "LoggedIn"})]},
        {"kind": "UNION", "name": "LoggedIn", "possibleTypes": [{"name": "Me"}, {"name": "Refusal"}]},
        {**record("Me"), "fields": [a("identifier", TEXT), a("orders", many("Order"))]},
        {**record("Refusal"), "fields": [a("message", TEXT)]},
        {
            **record("Order"),
            "fields": [
                a("code", TEXT),
                a("parent", record("Order")),
                a("siblings", many("Order")),
                a("lines", many("Line")),
            ],
        },
        {**record("Line"), "fields": [a("sku", TEXT), a("order", record("Order"))]},
    ],
}


def asked(name: str) -> str:
    (operation,) = (one for one in graphql_operations(SCHEMA) if one.path == name)
    return graphql_query(operation, [])


def test_of_a_union_each_of_its_types_is_asked():
    assert asked("login").startswith("mutation { login { ... on Me { identifier ")
    assert asked("login").endswith("... on Refusal { message } } }")


def test_nothing_is_asked_for_within_itself():
    assert asked("order") == "query { order { code lines { sku } } }"
