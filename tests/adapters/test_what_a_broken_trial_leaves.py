"""Nothing that a trial began is left unsaid: created in several requests, broken anywhere, or answered with an error in
an answer of status 200."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from hypercare.api.api import Api
from hypercare.clients.accounts import Accounts
from hypercare.outcome.signals import NotCovered, Signal
from hypercare.target_file.business_terms import Task
from hypercare.trials.synthetic import NotUndone, Synthetic
from tests.adapters import shop_targets
from tests.adapters.serving import served
from tests.adapters.trying import target_of

pytestmark = pytest.mark.server

DECLARED = """
[rest]
ERROR

[rest.log_in]
kind = "basic"

[rest.who]
path = "/me"
username = "user"

[rest.sale]
number = "no"
total = "sum"
branch = "shop"
reference = "note"

[[rest.create_sale]]
path = "/orders"
body = { customer = "{customer}" }
keep = { order = "id" }

[[rest.create_sale]]
each = "line"
path = "/orders/{order}/lines"
body = { article = "{product}", count = "{quantity}" }

[[rest.create_sale]]
method = "PATCH"
path = "/orders/{order}"
body = { note = "{reference}" }

[rest.read_sale]
path = "/orders/{key}"
ANSWER

[rest.undo_sale]
method = "DELETE"
path = "/orders/{key}"
gives = "nothing"

[rest.list_sales]
path = "/orders"
answer = "all"
"""
PEOPLES = {"id": 1, "no": "1", "sum": 90, "state": "final", "shop": "TST", "note": "for Mrs. Smith"}


class Shop:
    """`breaks_at` is the request of a creation, counted from 1, that goes wrong `how`; `undo` is how undoing goes."""

    def __init__(self, breaks_at: int = 0, how: str = "", undo: str = "") -> None:
        self.orders: dict[int, dict[str, Any]] = {1: dict(PEOPLES)}
        self.numbers, self.steps = itertools.count(2), 0
        self.breaks_at, self.how, self.undo = breaks_at, how, undo

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/me", lambda _: JSONResponse({"user": "clerk.tst"})),
            Route("/orders", self.all, methods=["GET"]),
            Route("/orders", self.open, methods=["POST"]),
            Route("/orders/{id:int}", self.one, methods=["GET"]),
            Route("/orders/{id:int}", self.drop, methods=["DELETE"]),
            Route("/orders/{id:int}", self.change, methods=["PATCH"]),
            Route("/orders/{id:int}/lines", self.change, methods=["POST"]),
        ]

    @property
    def left(self) -> list[int]:
        return [number for number in self.orders if number != 1]

    async def all(self, request: Request) -> Response:
        return JSONResponse({"all": list(self.orders.values())})

    async def one(self, request: Request) -> Response:
        order = self.orders.get(request.path_params["id"])
        if order is None or self.undo == "hides":
            return JSONResponse({}, 404) if self.undo != "hides" else JSONResponse({"errors": [{"message": "denied"}]})
        return JSONResponse(order)

    async def open(self, request: Request) -> Response:
        made = {"id": next(self.numbers), "no": None, "sum": None, "state": "draft", "shop": "TST", "note": None}
        return self._step(lambda: self.orders.update({made["id"]: made}) or made)

    async def change(self, request: Request) -> Response:
        sent = await request.json()
        order = self.orders[request.path_params["id"]]
        told = {"note": sent["note"]} if "note" in sent else {"sum": (order["sum"] or 0) + 5 * sent["count"]}
        return self._step(lambda: order.update(told) or order)

    async def drop(self, request: Request) -> Response:
        if self.undo == "errors":
            return JSONResponse({"data": None, "errors": [{"message": "not yours to delete"}]})
        if self.undo != "hides":
            self.orders.pop(request.path_params["id"], None)
        return JSONResponse({"data": True})

    def _step(self, does: Any) -> Response:
        self.steps += 1
        if self.steps != self.breaks_at:
            return JSONResponse(does())
        if self.how == "refused":
            return JSONResponse({"message": "no"}, 422)
        if self.how == "half an answer":
            does()
            return StreamingResponse(_broken_off(), media_type="application/json")
        if self.how == "done, then broken":
            does()
        return JSONResponse({"message": "broken"}, 500)


async def _broken_off():
    yield b'{"id": '
    raise ConnectionError


@pytest.fixture
def tried(tmp_path):
    """A trial on a shop, and what a later session sweeps: the shop, what was raised, the leftovers."""

    def tried(shop: Shop, *, error: str = "", answer: str = "", declared: str = DECLARED):
        declared = declared.replace("ERROR", error).replace("ANSWER", answer)
        with served(shop.routes) as url:
            target = target_of(shop_targets.write_target(tmp_path, url, declared))
            raised = None
            try:
                _sold(target)
            except Signal as signal:
                raised = signal
            return raised, _swept(target)

    return tried


def _sold(target) -> None:
    api = Api(target)
    synthetic = Synthetic(target, Accounts(target), (api,))
    try:
        with synthetic.accounts.client_for(api, Task.SELL) as client, synthetic.sale(client):
            pass
    finally:
        synthetic.close()
        api.close()


def _swept(target):
    api = Api(target)
    synthetic = Synthetic(target, Accounts(target), (api,))
    try:
        return synthetic.sweep()
    except NotCovered as signal:
        return signal
    finally:
        synthetic.close()
        api.close()


def test_what_is_whole_is_undone(tried):
    shop = Shop()
    raised, swept = tried(shop)
    assert (raised, shop.left, swept.count) == (None, [], 0)


@pytest.mark.long
@pytest.mark.parametrize("how", ["refused", "broken", "done, then broken", "half an answer"])
@pytest.mark.parametrize("step", [2, 3, 4])
def test_what_broke_off_after_its_key_was_known_is_undone(tried, step, how):
    shop = Shop(breaks_at=step, how=how)
    raised, swept = tried(shop)
    assert raised is not None
    assert (shop.left, swept.count) == ([], 0)
    assert 1 in shop.orders


@pytest.mark.parametrize(("how", "told"), [("refused", 0), ("done, then broken", 1), ("broken", 1)])
def test_what_cannot_be_looked_up_counts_as_left(tried, how, told):
    shop = Shop(breaks_at=1, how=how)
    raised, swept = tried(shop)
    assert raised is not None
    assert swept.count == told
    if told:
        assert "whether it stands cannot be looked up" in swept.sample[0]["reason"]
    assert 1 in shop.orders


@pytest.mark.parametrize("error", ["", 'error = "fault.text"', 'error = "data.errors[0]"'])
def test_an_error_in_the_answer_is_one_whatever_else_is_declared(tried, error):
    shop = Shop(undo="errors")
    raised, swept = tried(shop, error=error)
    assert isinstance(raised, NotUndone) and "not yours to delete" in str(raised)
    assert (shop.left, swept.count) == ([2], 1)


def test_a_rule_that_compares_decides_by_itself(tried):
    shop = Shop(undo="errors")
    raised, swept = tried(shop, error="""error = "errors[?message=='broken'] | [0].message" """)
    # The system is said to mean nothing by these; that the sale still stands is seen all the same.
    assert isinstance(raised, NotUndone) and "it is still draft" in str(raised)
    assert swept.count == 1


@pytest.mark.parametrize("answer", ["", 'answer = "order"\ngone_when = "nothing"'])
def test_an_empty_answer_shows_that_it_is_gone_only_where_others_are_shown(tried, answer):
    shop = Shop(undo="hides")
    raised, swept = tried(shop, answer=answer)
    assert raised is not None
    assert (shop.left, swept.count) == ([2], 1)


def test_where_no_sale_shows_its_reference_what_is_left_is_not_covered(tried):
    raised, swept = tried(Shop(), declared=DECLARED.replace('reference = "note"\n', ""))
    assert raised is None
    assert isinstance(swept, NotCovered) and "[rest.sale] reference" in swept.remedy
