"""Shapes that a plain API has not: a cart filled line by line, parts at addresses of their own, a form with a token,
states that are made of other things, records of several branches, lists that go on by offset or by link."""

import itertools
from decimal import Decimal

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.routing import Route

from hypercare.clients.client import LineToSell, SaleToMake, SystemRefused
from hypercare.outcome.signals import CheckFailed, NotCovered
from hypercare.target_file.business_terms import Task
from tests.adapters import shop_targets
from tests.adapters.serving import served
from tests.adapters.trying import ground_of

pytestmark = pytest.mark.server

DECLARED = """
[rest]
money = "text"
branches = { HAR = 7, OLD = 8, TST = 99 }
headers = { "X-Tenant" = "north" }

[rest.log_in]
kind = "form"
path = "/login"
before = { path = "/login", find = { csrf = 'name="csrf" value="([^"]+)"' } }
form = { user = "{username}", pass = "{password}", csrf = "{csrf}" }
refused_text = "Wrong"

[rest.who]
path = "/me"
username = "user"

[rest.lookup.article_id]
path = "/articles/{product}"
value = "number"

[rest.sale]
key = "ref"
number = "invoice.no"
state = "(gone_at && 'void') || (invoice && 'final') || 'draft'"
total = "sum"
branch = "stores[].id"
reference = "tags.note"
lines = "positions"
line = { description = "what", quantity = "count", amount = "price" }

[[rest.create_sale]]
path = "/carts"
body = { tags = { note = "{reference}" } }
keep = { cart = "ref" }

[[rest.create_sale]]
each = "line"
path = "/carts/{cart}/positions"
body = { article = "{article_id}", count = "{quantity:text}" }

[[rest.create_sale]]
path = "/carts/{cart}"

[[rest.create_sale]]
path = "/carts/{cart}/positions"
answer = "items"
into = "positions"

[rest.finalise_sale]
method = "PUT"
path = "/carts/{key}/invoice"
gives = "nothing"
status = 202

[[rest.read_sale]]
path = "/carts/{key}"

[[rest.read_sale]]
path = "/carts/{key}/positions"
answer = "items"
into = "positions"

[rest.undo_sale]
method = "DELETE"
path = "/carts/{key}"

[rest.list_sales]
path = "/carts"
gives = "key"
pages = PAGES
answer = "refs"
"""
OFFSET = '{ by = "offset" }\nquery = { from = "{offset}" }'
LINK = '{ by = "link", next = "onward" }'


class Carts:
    """Everybody is in the same shop; what is asked without the tenant's header is refused."""

    def __init__(self):
        self.carts, self.numbers, self.let_in = {}, itertools.count(1), set()

    @property
    def routes(self):
        return [
            Route("/login", self.page, methods=["GET"]),
            Route("/login", self.enter, methods=["POST"]),
            Route("/me", self.me),
            Route("/articles/{code}", self.article),
            Route("/carts", self.all, methods=["GET"]),
            Route("/carts", self.open, methods=["POST"]),
            Route("/carts/{ref}", self.one, methods=["GET", "DELETE"]),
            Route("/carts/{ref}/positions", self.positions, methods=["GET", "POST"]),
            Route("/carts/{ref}/invoice", self.invoice, methods=["PUT"]),
        ]

    async def page(self, request: Request):
        response = HTMLResponse('<form><input name="csrf" value="t0ken"></form>')
        response.set_cookie("csrf", "t0ken")
        return response

    async def enter(self, request: Request):
        form = await request.form()
        assert form["csrf"] == request.cookies["csrf"] == "t0ken"
        if form["pass"] != shop_targets.PASSWORD:
            return HTMLResponse("Wrong name or password")
        response = RedirectResponse("/", 303)
        response.set_cookie("who", form["user"])
        return response

    async def me(self, request: Request):
        return (
            JSONResponse({"user": request.cookies["who"]}) if "who" in request.cookies else RedirectResponse("/login")
        )

    async def article(self, request: Request):
        known = request.path_params["code"] == "TST-RET"
        return JSONResponse({"number": 4}) if known else JSONResponse({}, 404)

    async def all(self, request: Request):
        assert request.headers["x-tenant"] == "north"
        start = int(request.query_params.get("from", 0))
        refs = [{"ref": ref} for ref in reversed(self.carts)][start : start + 2]
        return JSONResponse({"refs": refs, "onward": f"/carts?from={start + 2}" if len(refs) == 2 else None})

    async def open(self, request: Request):
        ref = f"C{next(self.numbers)}"
        self.carts[ref] = {"ref": ref, "stores": [{"id": 1}, {"id": 99}], "items": [], "sum": "0.00"}
        self.carts[ref] |= {"tags": (await request.json())["tags"]}
        return JSONResponse(self.carts[ref], 201)

    async def one(self, request: Request):
        cart = self.carts.get(request.path_params["ref"])
        if cart is None:
            return JSONResponse({}, 410)
        if request.method == "DELETE":
            cart["gone_at"] = "now"
        return JSONResponse({key: value for key, value in cart.items() if key != "items"})

    async def positions(self, request: Request):
        cart = self.carts[request.path_params["ref"]]
        if request.method == "POST":
            sent = await request.json()
            price = Decimal("4.15") * int(sent["count"])
            cart["items"].append({"what": sent["article"], "count": sent["count"], "price": str(price)})
            cart["sum"] = str(sum(Decimal(item["price"]) for item in cart["items"]))
        return JSONResponse({"items": cart["items"]})

    async def invoice(self, request: Request):
        self.carts[request.path_params["ref"]]["invoice"] = {"no": 77}
        return JSONResponse({}, 202)


@pytest.fixture(params=[OFFSET, LINK], ids=["offset", "link"])
def ground(request, tmp_path):
    shop = Carts()
    with served(shop.routes) as url:
        path = shop_targets.write_target(tmp_path, url, DECLARED.replace("PAGES", request.param))
        with ground_of(path) as made:
            yield made


SALE = SaleToMake("stock", "", (LineToSell("TST-RET"), LineToSell("TST-RET", Decimal(3))), "hypercare-x")


def test_all_verbs_work(ground):
    with ground.client_for(Task.SELL) as client:
        made = [client.create_sale(SALE) for _ in range(5)]
        first = made[0]
        assert (first.total, first.branch, first.state, first.number) == (Decimal("16.60"), "TST", "draft", None)
        assert [line.quantity for line in first.lines] == [1, 3]
        final = client.finalise_sale(first.key)
        assert (final.state, final.number, final.reference) == ("final", "77", "hypercare-x")
        assert [sale.key for sale in client.sales_listed()] == ["C5", "C4", "C3", "C2", "C1"]
        assert [sale.key for sale in client.sales_listed("77")] == ["C1"]
        client.undo_sale(first.key, "trial")
        assert client.read_sale(first.key).state == "void"
        assert len(client.sales_marked("hypercare-", "")) == 4
        assert client.read_sale("C99") is None


def test_a_wrong_password_is_a_clear_no(ground):
    with ground.client() as client:
        assert not client.accepts("clerk.tst", "wrong")
        assert not client.is_logged_in()


def test_what_the_canary_names_but_is_gone_is_nobody_s_trouble(ground):
    with ground.client_for(Task.SELL) as client, pytest.raises(NotCovered, match=r"'TST-OLD'.* is not there any more"):
        client.create_sale(SaleToMake("stock", "", (LineToSell("TST-OLD"),), "hypercare-y"))


def test_finalising_what_is_not_there_is_refused(ground):
    with ground.client_for(Task.SELL) as client, pytest.raises(SystemRefused):
        client.finalise_sale("C99")
    with (
        ground.client_for(Task.SELL) as client,
        pytest.raises(NotCovered, match=r"\[rest.add_cost\]|a cost is entered"),
    ):
        client.add_cost("1", Decimal(1), "x")
    assert issubclass(SystemRefused, CheckFailed)
