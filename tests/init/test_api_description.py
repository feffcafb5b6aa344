"""OpenAPI as JSON and YAML, and GraphQL by what introspection answers."""

import json

import pytest

from hypercare.init.api_description import NoDescription, described

OPENAPI = {
    "openapi": "3.0.0",
    "servers": [{"url": "https://shop.example.com/v2"}],
    "components": {"schemas": {"Page": {"type": "object", "properties": {"results": {"type": "array"}}}}},
    "paths": {
        "/health": {"get": {"responses": {"200": {}}}},
        "/orders": {
            "get": {
                "security": [{"bearer": []}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}
                },
            },
            "post": {},
        },
        "/orders/{id}": {"get": {"responses": {"200": {}}}},
        "/wallpapers": {"get": {"responses": {"200": {}}}},
    },
}


def test_openapi_gives_the_endpoints_that_matter(tmp_path):
    file = tmp_path / "api.json"
    file.write_text(json.dumps(OPENAPI))
    api = described(str(file))
    assert api.url == "https://shop.example.com/v2"
    assert [one.path for one in api.endpoints] == ["/health", "/orders"]
    orders = api.endpoints[1]
    assert orders.needs_log_in
    assert orders.expect == {"results": "<list>"}


def test_yaml_is_read_too(tmp_path):
    pytest.importorskip("yaml")
    file = tmp_path / "api.yaml"
    file.write_text("openapi: 3.0.0\nservers: [{url: https://a.example.com}]\npaths: {/ping: {get: {responses: {}}}}\n")
    assert [one.path for one in described(str(file)).endpoints] == ["/ping"]


def test_graphql_gives_its_lists(tmp_path):
    def list_of(name):
        return {"kind": "LIST", "name": None, "ofType": {"kind": "OBJECT", "name": name}}

    fields = [
        {"name": "orders", "args": [], "type": list_of("Order")},
        {
            "name": "order",
            "args": [{"name": "id", "type": {"kind": "NON_NULL"}}],
            "type": {"kind": "OBJECT", "name": "Order"},
        },
    ]
    types = [
        {"name": "Query", "fields": fields},
        {"name": "Order", "fields": [{"name": "id", "args": [], "type": {"kind": "SCALAR", "name": "ID"}}]},
    ]
    file = tmp_path / "schema.json"
    file.write_text(json.dumps({"data": {"__schema": {"queryType": {"name": "Query"}, "types": types}}}))
    api = described(str(file))
    assert [one.name for one in api.endpoints] == ["graphql", "orders"]
    assert api.endpoints[1].body == {"query": "{ orders { id } }"}
    assert api.endpoints[1].expect == {"data.orders": "<list>"}


def test_what_describes_no_api_is_said_in_one_line(tmp_path):
    file = tmp_path / "no.json"
    file.write_text("{}")
    with pytest.raises(NoDescription, match="describes no API"):
        described(str(file))
