"""What makes a sale, reads and undoes it is proposed for one kind of record; one logs in as it is declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from hypercare.init.api_operations import operations_of
from hypercare.init.api_verbs import proposed_rest
from hypercare.init.rest_proposal import TableProposal

LINES = {"type": "array", "items": {"type": "object", "properties": {"sku": {}, "quantity": {"type": "integer"}}}}
RECORD = {"id": {"type": "string"}, "state": {"type": "string", "enum": ["draft", "paid"]}, "total": {"type": "number"}}


def given(**properties: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"type": "object", "properties": properties}}}}


def told(**properties: Any) -> dict[str, Any]:
    return {"responses": {"200": given(**properties)}}


def rest(paths: Mapping[str, Any], schemes: tuple[tuple[str, str], ...] = ()) -> dict[str, TableProposal]:
    document = {"openapi": "3.0.0", "paths": paths}
    return {one.name: one for one in proposed_rest(operations_of(document), schemes).tables}


def log_in(**answer: Any) -> dict[str, Any]:
    return {"/login": {"post": {"requestBody": given(username={}, password={}), **told(**answer)}}}


ORDERS = {
    "/orders": {"post": {"requestBody": given(lines=LINES), **told(**RECORD)}},
    "/orders/{id}": {"get": told(**RECORD), "delete": told()},
    "/orders/{id}/pay": {"post": told()},
}


def test_what_undoes_a_draft_order_does_not_undo_an_order() -> None:
    drafts = {"/draft-orders/{id}": {"get": told(**RECORD)}, "/draft-orders/{id}/cancel": {"post": told()}}
    made = rest({**drafts, **ORDERS, **log_in(token={"type": "string"})})
    assert made["read_sale"].settings["path"] == "/orders/{key}"
    assert made["undo_sale"].settings["path"] == "/orders/{key}"


@pytest.mark.parametrize(
    "path", ["/orders/{id}/payments/refund", "/orders/{id}/close-comments", "/orders/{id}/shipments/cancel"]
)
def test_what_acts_on_something_of_the_orders_does_not_act_on_the_order(path: str) -> None:
    paths = {path: {"post": told()}, **{name: verbs for name, verbs in ORDERS.items() if "pay" not in name}}
    made = rest({**paths, **log_in(token={"type": "string"})})
    assert made["undo_sale"].settings["method"] == "DELETE"
    assert "finalise_sale" not in made


@pytest.mark.parametrize("path", ["/orders/{id}/cancel", "/orders/{id}/actions/cancel", "/orders/{id}/cancel-order"])
def test_what_acts_on_the_order_is_found_however_it_is_written(path: str) -> None:
    paths = {name: {verb: one for verb, one in verbs.items() if verb != "delete"} for name, verbs in ORDERS.items()}
    made = rest({**paths, path: {"post": told()}, **log_in(token={"type": "string"})})
    assert made["undo_sale"].settings["path"] == path.replace("{id}", "{key}")


def test_a_token_that_only_renews_is_not_the_one_to_show() -> None:
    made = rest(log_in(refreshToken={"type": "string"}, csrf_token={"type": "string"}, access={"type": "string"}))
    assert made["log_in"].settings["kind"] == "bearer"
    assert made["log_in"].settings["token"] == "access"


def test_a_declared_token_whose_place_is_not_told_is_a_question_and_no_cookie() -> None:
    made = rest(log_in(), schemes=(("bearer", ""),))
    assert made["log_in"].settings["kind"] == "bearer"
    assert "token" in made["log_in"].held_back


def test_without_any_token_a_log_in_leaves_a_cookie() -> None:
    assert rest(log_in())["log_in"].settings["kind"] == "cookie"
