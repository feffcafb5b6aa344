"""The embedded system's API as a client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn
from urllib.parse import urlencode

from hypercare.api.api import Api
from hypercare.clients.accounts import password_of
from hypercare.clients.client import (
    LineSeen,
    LogInRefused,
    OrderSeen,
    PaymentSeen,
    SaleSeen,
    SaleToMake,
    StepSeen,
    SystemRefused,
    Who,
    canary_is_gone,
)
from hypercare.http.exchange import Exchange, short
from hypercare.http.throttling import require_not_throttled
from hypercare.outcome.signals import Signal
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.config import Account

THEIR_KINDS = {"stock": "retail", "made_to_order": "studio"}
_SAID_NO = {401, 403, 423}


class DemoApiClient:
    """Bearer log-in; money comes as text."""

    channel = Channel.API

    def __init__(self, api: Api) -> None:
        self._api = api
        self._token: str | None = None

    def headers(self) -> Mapping[str, str]:
        return {"authorization": f"Bearer {self._token}"} if self._token else {}

    def log_in(self, account: Account) -> Who:
        exchange = self._post_credentials(account.username, password_of(self._api.target, account))
        if exchange.status in _SAID_NO:
            raise LogInRefused(
                self.channel,
                f"{account.username} was not let in: {exchange.error_in_body or exchange.status}.",
                status=exchange.status,
                where=exchange.url,
            )
        body = self._object(exchange, f"log {account.username} in", 200)
        token = body.get("token")
        if not isinstance(token, str) or not token:
            self._refuse(exchange, f"log {account.username} in", "gave no token")
        self._token = token
        self._api.target.redactor.learn([token])
        # The log-in's own words are not enough: who the session belongs to is what counts.
        return self._who(self._get("/me", "say who is logged in"))

    def accepts(self, username: str, password: str) -> bool:
        exchange = self._post_credentials(username, password)
        if exchange.status in _SAID_NO:
            return False
        body = self._object(exchange, "answer a wrong password", 200)
        accepted = bool(body.get("token"))
        if accepted:
            self._token = str(body["token"])
            self._api.target.redactor.learn([self._token])
            self.log_out()
        return accepted

    def log_out(self) -> None:
        exchange = self._send("POST", "/auth/logout")
        if exchange.status not in {200, 204, 401}:
            self._refuse(exchange, "log out")

    def session_outlives_log_out(self) -> bool:
        self.log_out()
        outlives = self.is_logged_in()
        if not outlives:
            self._token = None
        return outlives

    def is_logged_in(self) -> bool:
        exchange = self._send("GET", "/me")
        if exchange.status == 401:
            return False
        self._object(exchange, "say who is logged in", 200)
        return True

    def create_sale(self, sale: SaleToMake) -> SaleSeen:
        body = {
            "customer_id": self._customer(sale.customer),
            "kind": THEIR_KINDS[sale.kind],
            "note": sale.reference,
            "client_reference": sale.reference,
            "lines": [
                {
                    "product_id": self._product(line.product),
                    "quantity": str(line.quantity),
                    "discount_percent": str(line.discount_percent),
                }
                for line in sale.lines
            ],
        }
        return self._sale(self._send("POST", "/sales", body), "create a sale", 201)

    def finalise_sale(self, key: str, method: str = "cash") -> SaleSeen:
        total = self._sale(self._send("GET", f"/sales/{key}"), "show a sale").total
        payments = {"payments": [{"method": method, "amount": str(total)}]}
        return self._sale(self._send("POST", f"/sales/{key}/finalise", payments), "finalise a sale")

    def read_sale(self, key: str) -> SaleSeen | None:
        exchange = self._send("GET", f"/sales/{key}")
        return None if exchange.status == 404 else self._sale(exchange, "show a sale")

    def undo_sale(self, key: str, reason: str) -> None:
        sale = self.read_sale(key)
        if sale is None or sale.state == "void":
            return
        if sale.state == "draft":
            exchange = self._send("DELETE", f"/sales/{key}")
            if exchange.status not in {200, 204, 404}:
                self._refuse(exchange, "delete a draft")
        else:
            self._sale(self._send("POST", f"/sales/{key}/void", {"reason": reason}), "void a sale")

    def sales_listed(self, query: str = "") -> Sequence[SaleSeen]:
        return [_sale_of(item) for item in self._items("/sales", {"q": query, "limit": 100}, "list sales")]

    def sales_marked(self, mark: str, customer: str) -> Sequence[SaleSeen]:
        # The list does not show the reference, so each sale that stands is read.
        listed = [
            item
            for state in ("draft", "final")
            for item in self._items("/sales", {"q": customer, "state": state, "limit": 100}, "list sales")
        ]
        read = [self.read_sale(str(item["id"])) for item in listed]
        return [sale for sale in read if sale is not None and (sale.reference or "").startswith(mark)]

    def order_of_sale(self, key: str) -> OrderSeen | None:
        sale = self.read_sale(key)
        return self.read_order(sale.order) if sale is not None and sale.order else None

    def read_order(self, key: str) -> OrderSeen | None:
        exchange = self._send("GET", f"/production/orders/{key}")
        if exchange.status == 404:
            return None
        return _order_of(self._object(exchange, "show a production order", 200))

    def start_step(self, order: str, step: str) -> OrderSeen:
        return self._moved(order, step, "start")

    def finish_step(self, order: str, step: str) -> OrderSeen:
        return self._moved(order, step, "finish")

    def add_cost(self, order: str, amount: Decimal, description: str) -> None:
        body = {"kind": "material", "amount": str(amount), "description": description}
        self._object(self._send("POST", f"/production/orders/{order}/costs", body), "enter a cost", 201)

    def close(self) -> None:
        if self._token:
            with suppress(Signal):
                self.log_out()
            self._token = None

    def _post_credentials(self, username: str, password: str) -> Exchange:
        body = {"username": username, "password": password}
        exchange = self._api.send("POST", "/auth/login", body=body, name="log-in", is_harmless=True)
        require_not_throttled(exchange)
        return exchange

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Exchange:
        exchange = self._api.send(method, path, body=body, headers=self.headers())
        require_not_throttled(exchange)
        return exchange

    def _get(self, path: str, doing: str) -> dict[str, Any]:
        return self._object(self._send("GET", path), doing, 200)

    def _items(self, path: str, query: Mapping[str, object], doing: str) -> list[dict[str, Any]]:
        exchange = self._send("GET", f"{path}?{urlencode(query)}")
        items = self._object(exchange, doing, 200).get("items")
        if not isinstance(items, list):
            self._refuse(exchange, doing, "sent no list of items")
        return items

    def _moved(self, order: str, step: str, verb: str) -> OrderSeen:
        exchange = self._send("POST", f"/production/steps/{step}/{verb}")
        self._object(exchange, f"{verb} a production step", 200)
        moved_order = self.read_order(order)
        if moved_order is None:
            self._refuse(exchange, f"show the order whose step it let {verb}")
        return moved_order

    def _customer(self, name: str) -> int:
        return self._number_of("/customers", name, "name")

    def _product(self, sku: str) -> int:
        return self._number_of("/products", sku, "sku")

    def _number_of(self, path: str, value: str, field: str) -> int:
        for item in self._items(path, {"q": value}, f"find {value!r}"):
            if item.get(field) == value:
                return int(item["id"])
        if self._items(path, {}, f"list {path.strip('/')}"):
            raise canary_is_gone(value)
        raise SystemRefused(self.channel, f"The API was asked for {path.strip('/')} and knows none at all.", where=path)

    def _who(self, user: Mapping[str, Any]) -> Who:
        return Who(str(user.get("username")), str(user.get("role")), user.get("branch"))

    def _sale(self, exchange: Exchange, doing: str, status: int = 200) -> SaleSeen:
        record = self._object(exchange, doing, status)
        try:
            return _sale_of(record)
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            self._refuse(exchange, doing, f"sent a sale without a proper {error}")

    def _object(self, exchange: Exchange, doing: str, status: int) -> dict[str, Any]:
        if exchange.status != status or exchange.error_in_body or not isinstance(exchange.json, dict):
            self._refuse(exchange, doing)
        answer: dict[str, Any] = exchange.json
        return answer

    def _refuse(self, exchange: Exchange, doing: str, what: str = "") -> NoReturn:
        reason = exchange.error_in_body or ("a web page" if exchange.looks_like_a_page else short(exchange.text, 80))
        what = what or f"answered {exchange.status}" + (f" ({reason})" if reason else "")
        raise SystemRefused(
            self.channel,
            f"The API was asked to {doing} and {what}.",
            status=exchange.status,
            where=f"{exchange.method} {exchange.url}",
            detail=f"trace id {exchange.headers['x-trace-id']}" if "x-trace-id" in exchange.headers else "",
        )


def _sale_of(record: Mapping[str, Any]) -> SaleSeen:
    order = record.get("production_order_id")
    return SaleSeen(
        key=str(record["id"]),
        number=record["number"],
        state=record["state"],
        total=Decimal(record["total"]),
        branch=record["branch"],
        reference=record.get("client_reference") or record.get("note"),
        lines=tuple(
            LineSeen(line["description"], Decimal(line["quantity"]), Decimal(line["amount"]))
            for line in record.get("lines", ())
        ),
        payments=tuple(PaymentSeen(paid["method"], Decimal(paid["amount"])) for paid in record.get("payments", ())),
        order=None if order is None else str(order),
    )


def _order_of(record: Mapping[str, Any]) -> OrderSeen:
    return OrderSeen(
        key=str(record["id"]),
        number=record["number"],
        state=record["state"],
        progress=record["progress_percent"],
        branch=record["branch"],
        steps=tuple(StepSeen(str(step["id"]), step["name"], step["state"]) for step in record["steps"]),
    )
