"""Three rounds of a day in observe: nothing arrives at the API but what only reads, log-ins and log-outs."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hypercare.clients.client import LineToSell, SaleToMake
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Task
from tests.adapters import shop_targets
from tests.adapters.serving import served
from tests.adapters.small_shop import SmallShop
from tests.adapters.small_shop_api import ShopApi
from tests.adapters.trying import ground_of

pytestmark = pytest.mark.server

PROJECT = Path(__file__).parents[2]
EVERYTHING = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
DECLARED = (
    shop_targets.REST
    + """
[[api.endpoints]]
name = "search"
method = "POST"
path = "/api/search"
body = { text = "veil" }
as_role = "clerk"
expect = { hits = "<list>" }

[[api.branch_lists]]
name = "search by branch"
path = "/api/search"
body = { store = "{branch}" }
branch = "hits[].store"
"""
)


class Counted:
    """The shop's API, with what arrives at it counted, and addresses beside it that nobody may touch."""

    def __init__(self) -> None:
        self.arrived: Counter[tuple[str, str]] = Counter()
        self.shop = SmallShop()
        self._routes = ShopApi(self.shop).routes

    @property
    def routes(self) -> list[Route]:
        watched = [self._watched(route) for route in self._routes]
        search = Route("/api/search", self._search, methods=["POST"])
        return [search, *watched, Route("/{path:path}", self._trap, methods=EVERYTHING)]

    def _watched(self, route: Route) -> Route:
        async def endpoint(request: Request) -> Response:
            self._note(request)
            return await route.endpoint(request)

        return Route(route.path, endpoint, methods=list(route.methods or ()))

    async def _search(self, request: Request) -> Response:
        self._note(request)
        known = request.headers.get("authorization", "").removeprefix("Bearer ") in self.shop.sessions
        return JSONResponse({"hits": []}) if known else JSONResponse({}, 401)

    async def _trap(self, request: Request) -> Response:
        self._note(request)
        return JSONResponse({}, 404)

    def _note(self, request: Request) -> None:
        self.arrived[request.method, request.url.path] += 1


@pytest.fixture
def counted(tmp_path):
    """The counted shop, and the file of a target that is only observed."""
    api = Counted()
    with served(api.routes) as url:
        path = shop_targets.write_target(tmp_path, url, DECLARED)
        path.write_text(path.read_text().replace('mode = "transact"', 'mode = "observe"'))
        yield api, path


@pytest.mark.long
@pytest.mark.parametrize("round_of_day", ["morning", "midday", "evening"])
@pytest.mark.timeout(900)
def test_a_round_leaves_no_trace(counted, round_of_day):
    api, path = counted
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--round", round_of_day]
    files = ["--target", str(path), "--reports", str(path.parent / "reports")]
    ran = subprocess.run([*command, *files], cwd=PROJECT, capture_output=True, text=True, timeout=600)
    assert ran.returncode in {0, 1}, ran.stdout + ran.stderr
    wrote = {asked for asked in api.arrived if asked[0] not in {"GET", "HEAD"}}
    assert wrote <= {("POST", "/api/session"), ("DELETE", "/api/session"), ("POST", "/api/search")}
    # Else a round that never asks would pass: in the morning every endpoint and every log-in is tried.
    asked_for = {("GET", "/api/orders"), ("GET", "/api/whoami"), *wrote} if round_of_day == "morning" else set()
    assert asked_for <= set(api.arrived)
    assert not api.shop.orders


def test_no_verb_that_writes_is_sent_whoever_asks_for_it(counted):
    api, path = counted
    with ground_of(path) as ground, ground.client_for(Task.SELL) as client:
        sale = SaleToMake("stock", "Test client O'Hara", (LineToSell("TST-RET"),), "hypercare-x")
        writing = [
            lambda: client.create_sale(sale),
            lambda: client.finalise_sale("1"),
            lambda: client.undo_sale("1", "trial"),
            lambda: client.start_step("1", "1"),
            lambda: client.finish_step("1", "1"),
            lambda: client.add_cost("1", 1, "thread"),
        ]
        for write in writing:
            with pytest.raises(NotCovered, match="only observed"):
                write()
    assert {method for method, at in api.arrived if at != "/api/session"} <= {"GET"}
