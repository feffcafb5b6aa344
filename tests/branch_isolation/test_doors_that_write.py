"""Writing verbs are tried on the canary's own record alone, and what came of it is read by its owner."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from hypercare.branch_isolation.bodies import CannotTell, body_for
from hypercare.branch_isolation.canaries import canaries_of
from hypercare.branch_isolation.described_operations import described_operations
from hypercare.branch_isolation.insiders import Insider
from hypercare.branch_isolation.matrix import Matrix
from hypercare.branch_isolation.writing_doors import WritingDoors
from hypercare.http.exchange import Exchange
from hypercare.outcome.doors import Passage
from hypercare.target_file.config import Account

MARK = "hypercare-20260115T093000Z-0000000000"
KEY = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
NOTE = {"requestBody": {"content": {"application/json": {"schema": {"properties": {"note": {"type": "string"}}}}}}}
PAID = {
    "requestBody": {
        "content": {
            "application/json": {"schema": {"properties": {"payments": {"type": "array"}}, "required": ["payments"]}}
        }
    }
}
PATHS = {
    "/bills": {"get": {}, "post": {}},
    "/bills/{bill_id}": {"get": {}, "patch": NOTE, "delete": {}},
    "/bills/{bill_id}/lines": {"post": {}},
    "/bills/{bill_id}/lines/{line_id}": {"delete": {}},
    "/bills/{bill_id}/close": {"post": PAID},
    "/clients/{client_id}": {"get": {}, "delete": {}},
    "/lines/{line_id}": {"delete": {}},
}
DOORS = described_operations({"openapi": "3.1.0", "paths": PATHS}, "")


@dataclass
class Shop:
    """One canary bill of TRN, and a client of the same key that is real. `opened` are the requests that anybody may
    make: "PATCH", "DELETE", "POST lines", "DELETE lines"; `answers` what a request is answered in place of 404."""

    opened: frozenset[str] = frozenset()
    answers: dict[str, int] = field(default_factory=dict)
    does_it: bool = True
    bill: dict[str, Any] | None = None
    written: list[tuple[str, str]] = field(default_factory=list)
    ticks: int = 0

    def __post_init__(self) -> None:
        self.bill = {"id": KEY, "note": MARK, "client_id": 5, "lines": [{"id": 31}]}

    def ask(self, insider: Insider, method: str, path: str, *, body: Any = None, name: str = "") -> Exchange:
        if method == "GET":
            return self._shown(path) if insider.who.branch == "TRN" else _answered(404)
        self.written.append((method, path))
        request = method + (" lines" if "/lines" in path else "")
        if request not in self.opened:
            return _answered(self.answers.get(request, 404))
        if self.does_it:
            self._do(request, body)
        return _answered(200, {})

    def _shown(self, path: str) -> Exchange:
        self.ticks += 1
        if path == f"/bills/{KEY}" and self.bill is not None:
            return _answered(200, {**self.bill, "read_at": self.ticks})
        return _answered(200, {"id": 5, "name": "Real client"}) if path.startswith("/clients") else _answered(404)

    def _do(self, request: str, body: Any) -> None:
        assert self.bill is not None
        if request == "PATCH":
            self.bill["note"] = body["note"]
        elif request == "DELETE":
            self.bill = None
        else:
            self.bill["lines"] = [] if request == "DELETE lines" else [{"id": 31}, {"id": 32}]


def _answered(status: int, body: Any = None) -> Exchange:
    return Exchange("GET", "/", status, 0.0, {}, None, {}, "", body, body is not None)


def insider(branch: str) -> Insider:
    return Insider(Account.model_construct(username=f"check.{branch}", role="sales", branch=branch), SimpleNamespace())


def tried(shop: Shop, has_time: bool = True) -> dict[tuple[str, str], Any]:
    matrix = Matrix("API")
    writes = [("sales", door) for door in DOORS if door.verb.writes and not door.untried]
    for canary in canaries_of(DOORS, shop, insider("TRN"), KEY, MARK):
        WritingDoors(canary, insider("TRN"), shop, matrix, lambda: has_time).try_all(writes, {"sales": insider("HAR")})
    return {(door.entity, door.verb): door for door in matrix.doors()}


def opened(found):
    return {place for place, door in found.items() if door.passage is Passage.OPEN}


@pytest.mark.parametrize(
    ("request_", "place"),
    [
        ("PATCH", ("bills", "change")),
        ("DELETE", ("bills", "delete")),
        ("POST lines", ("lines", "create")),
        ("DELETE lines", ("lines", "delete")),
    ],
)
def test_a_door_that_lets_others_write_is_told(request_, place):
    assert opened(tried(Shop(opened=frozenset({request_})))) == {place}


@pytest.mark.parametrize("status", [401, 403, 404, 303])
def test_a_refusal_is_a_closed_door(status):
    found = tried(Shop(answers={"PATCH": status}))
    assert found[("bills", "change")].passage is Passage.CLOSED


@pytest.mark.parametrize("status", [400, 409, 422, 500])
def test_an_answer_about_something_else_tells_nothing(status):
    found = tried(Shop(answers={"PATCH": status}))
    assert found[("bills", "change")].passage is Passage.NOT_TRIED
    assert f"answered {status}" in found[("bills", "change")].reason


def test_a_yes_that_changes_nothing_is_no_leak():
    assert opened(tried(Shop(opened=frozenset({"PATCH"}), does_it=False))) == set()


def test_nothing_but_the_canary_and_what_stands_in_it_is_ever_written_to():
    shop = Shop()
    tried(shop)
    assert shop.written
    assert all(re.match(rf"/bills/{KEY}(/|$)", path) for _, path in shop.written)


def test_without_time_left_nothing_is_written():
    shop = Shop()
    assert "no time was left" in tried(shop, has_time=False)[("bills", "delete")].reason
    assert not shop.written


def test_after_the_canary_is_gone_nothing_more_is_tried_on_it():
    shop = Shop(opened=frozenset({"DELETE", "DELETE lines"}))
    found = tried(shop)
    deletes = [path for method, path in shop.written if method == "DELETE"]
    assert deletes[-1] == f"/bills/{KEY}" or "gone" in found[("lines", "delete")].reason


def test_what_an_operation_wants_and_nobody_knows_is_not_made_up():
    found = tried(Shop())
    assert "'payments'" in found[("bills", "change")].reason


@pytest.mark.parametrize(
    ("schema", "record", "body"),
    [
        ({"note": {"type": "string"}}, {"note": MARK}, {"note": f"{MARK} (seen)"}),
        ({"note": {"type": "string"}}, {"note": "theirs"}, {}),
        ({"kind": {"type": "string", "enum": ["a", "b"]}}, {}, {"kind": "a"}),
        ({"count": {"type": "integer"}}, {}, {"count": 1}),
        ({"product_id": {"type": "integer"}}, {"lines": [{"product_id": 12}]}, {"product_id": 12}),
        ({"reason": {"type": "string"}}, {}, {"reason": MARK}),
        ({"product_id": {"type": "integer"}}, {}, None),
        ({"payments": {"type": "array"}}, {"payments": []}, None),
    ],
)
def test_a_body_says_what_the_record_says(schema, record, body):
    required = [] if "note" in schema else list(schema)
    content = {"application/json": {"schema": {"properties": schema, "required": required}}}
    paths = {"/bills/{id}/x": {"patch": {"requestBody": {"content": content}}}}
    (door,) = described_operations({"openapi": "3.1.0", "paths": paths}, "")
    if body is None:
        with pytest.raises(CannotTell):
            body_for(door, record, MARK)
    else:
        assert body_for(door, record, MARK) == body
