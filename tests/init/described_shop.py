"""A shop whose API describes itself (FastAPI's OpenAPI), and the same schema as GraphQL introspection tells it."""

from __future__ import annotations

from enum import StrEnum
from itertools import count
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel

PASSWORD = "needle-and-thread"


class Credentials(BaseModel):
    email: str
    password: str


class Token(BaseModel):
    access_token: str


class Person(BaseModel):
    email: str
    role: str
    branch_code: str


class Item(BaseModel):
    product_id: int
    quantity: int


class NewOrder(BaseModel):
    customer_id: int
    note: str | None = None
    items: list[Item]


class Status(StrEnum):
    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"


class Line(BaseModel):
    description: str
    quantity: int
    amount: str


class Payment(BaseModel):
    method: str
    amount: str


class Order(BaseModel):
    id: int
    number: str | None
    status: Status
    total: str
    branch: str
    note: str | None
    items: list[Line]
    payments: list[Payment]


class Orders(BaseModel):
    items: list[Order]
    count: int


class Customer(BaseModel):
    id: int
    name: str


class Product(BaseModel):
    id: int
    sku: str
    title: str


class Reason(BaseModel):
    reason: str


def who(request: Request) -> str:
    """Whose session a request carries."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    sessions: dict[str, str] = request.app.state.sessions
    if token not in sessions:
        raise HTTPException(401, "log in first")
    return sessions[token]


Who = Annotated[str, Depends(who)]


def described_shop() -> FastAPI:
    """The application; its people are seller@ and chief@shop.example.com in branch TRN."""
    app = FastAPI()
    orders: dict[int, Order] = {}
    sessions: dict[str, str] = {}
    app.state.sessions = sessions
    numbers = count(1)

    def there(key: int) -> Order:
        if key not in orders:
            raise HTTPException(404, "no such order")
        return orders[key]

    @app.post("/auth/register")
    def register(given: Credentials) -> Token:
        raise HTTPException(403, given.email)

    @app.post("/auth/login")
    def log_in(given: Credentials) -> Token:
        if given.password != PASSWORD or given.email.partition("@")[0] not in {"seller", "chief"}:
            raise HTTPException(401, "wrong name or password")
        token = f"token-{next(numbers):06}"
        sessions[token] = given.email
        return Token(access_token=token)

    @app.post("/auth/logout")
    def log_out(request: Request, person: Who) -> None:
        del person
        sessions.pop(request.headers["authorization"].removeprefix("Bearer "))

    @app.get("/auth/me")
    def me(person: Who) -> Person:
        return Person(email=person, role=person.partition("@")[0], branch_code="TRN")

    @app.get("/customers")
    def customers(person: Who, search: str = "") -> list[Customer]:
        del person
        return [one for one in (Customer(id=7, name="Trial customer"),) if search in one.name]

    @app.get("/products")
    def products(person: Who, q: str = "") -> list[Product]:
        del person
        return [one for one in (Product(id=5, sku="TRN-1", title="Trial cloth"),) if q in one.sku]

    @app.post("/sales-orders", status_code=201)
    def create(given: NewOrder, person: Who) -> Order:
        del person
        if given.customer_id != 7 or any(one.product_id != 5 for one in given.items):
            raise HTTPException(422, "no such customer or product")
        lines = [
            Line(description="Cloth", quantity=one.quantity, amount=f"{one.quantity * 2}.50") for one in given.items
        ]
        total = f"{sum(float(one.amount) for one in lines):.2f}"
        made = Order(
            id=next(numbers), number=None, status=Status.OPEN, total=total, branch="TRN", note=given.note, items=lines,
            payments=[],
        )  # fmt: skip
        orders[made.id] = made
        return made

    @app.get("/sales-orders")
    def listed(person: Who, page: int = 1) -> Orders:
        del person
        return Orders(items=[*reversed(orders.values())][10 * (page - 1) : 10 * page], count=len(orders))

    @app.get("/sales-orders/{order_id}")
    def read(order_id: int, person: Who) -> Order:
        del person
        return there(order_id)

    @app.delete("/sales-orders/{order_id}", status_code=204)
    def delete(order_id: int, person: Who) -> None:
        del person
        if there(order_id).status is not Status.OPEN:
            raise HTTPException(409, "only an open order")
        del orders[order_id]

    @app.post("/sales-orders/{order_id}/pay")
    def pay(order_id: int, given: Payment, person: Who) -> Order:
        del person
        order = there(order_id)
        if order.status is not Status.OPEN or given.amount != order.total:
            raise HTTPException(409, "this cannot be paid")
        order.status, order.number, order.payments = Status.PAID, f"SO-{order.id}", [given]
        return order

    @app.post("/sales-orders/{order_id}/cancel")
    def cancel(order_id: int, given: Reason, person: Who) -> Order:
        order = there(order_id)
        if order.status is not Status.PAID or not given.reason or not person.startswith("chief"):
            raise HTTPException(409, "this cannot be cancelled")
        order.status = Status.CANCELLED
        return order

    @app.get("/purchase-orders")
    def purchases(person: Who) -> Orders:
        raise HTTPException(403, person)

    return app


def _named(name: str, kind: str = "SCALAR") -> dict[str, Any]:
    return {"kind": kind, "name": name, "ofType": None}


def _needed(kind: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "NON_NULL", "name": None, "ofType": kind}


def _list_of(name: str, kind: str = "OBJECT") -> dict[str, Any]:
    return _needed({"kind": "LIST", "name": None, "ofType": _needed(_named(name, kind))})


def _field(name: str, kind: dict[str, Any], **args: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "type": kind, "args": [{"name": arg, "type": one} for arg, one in args.items()]}


_STAGE = _named("Stage", "ENUM")
_ROWS = _list_of("RowInput", "INPUT_OBJECT")
_ID, _TEXT, _WHOLE = _needed(_named("ID")), _needed(_named("String")), _needed(_named("Int"))


def introspected() -> dict[str, Any]:
    """A schema of opticians who call a sale a dossier."""
    objects = {
        "Query": [
            _field("me", _named("Person", "OBJECT")),
            _field("dossiers", _needed(_named("Dossiers", "OBJECT")), after=_named("String")),
            _field("dossier", _named("Dossier", "OBJECT"), id=_ID),
            _field("clients", _list_of("Client"), search=_TEXT),
            _field("articles", _list_of("Article"), search=_TEXT),
        ],
        "Mutation": [
            _field("signIn", _needed(_named("SignIn", "OBJECT")), login=_TEXT, secret=_TEXT),
            _field("openDossier", _named("Dossier", "OBJECT"), clientId=_ID, memo=_named("String"), rows=_ROWS),
            _field("settleDossier", _named("Dossier", "OBJECT"), id=_ID, how=_TEXT, sumCents=_WHOLE),
            _field("dropDossier", _needed(_named("Boolean")), id=_ID),
            _field("cancelDossier", _named("Dossier", "OBJECT"), id=_ID, why=_TEXT),
        ],
        "SignIn": [_field("token", _TEXT), _field("person", _named("Person", "OBJECT"))],
        "Person": [_field("login", _TEXT), _field("job", _TEXT), _field("stores", _list_of("Store"))],
        "Store": [_field("id", _ID), _field("code", _TEXT)],
        "Dossiers": [_field("nodes", _list_of("Dossier")), _field("next", _named("String"))],
        "Dossier": [
            _field("id", _ID), _field("no", _TEXT), _field("stage", _STAGE), _field("sumCents", _WHOLE),
            _field("memo", _TEXT), _field("stores", _list_of("Store")), _field("rows", _list_of("Row")),
        ],
        "Row": [_field("article", _named("Article", "OBJECT")), _field("pieces", _WHOLE), _field("sumCents", _WHOLE)],
        "Article": [_field("id", _ID), _field("sku", _TEXT), _field("label", _TEXT)],
        "Client": [_field("id", _ID), _field("label", _TEXT)],
    }  # fmt: skip
    types: list[dict[str, Any]] = [{"name": name, "kind": "OBJECT", "fields": told} for name, told in objects.items()]
    given = [{"name": "articleId", "type": _ID}, {"name": "pieces", "type": _WHOLE}]
    types.append({"name": "RowInput", "kind": "INPUT_OBJECT", "inputFields": given})
    stages = [{"name": word} for word in ("OPEN", "PAID", "CANCELLED")]
    types.append({"name": "Stage", "kind": "ENUM", "enumValues": stages})
    schema = {"queryType": {"name": "Query"}, "mutationType": {"name": "Mutation"}, "types": types}
    return {"data": {"__schema": schema}}
