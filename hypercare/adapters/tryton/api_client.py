"""Tryton's JSON-RPC as a client. The key of a sale is "sale.sale,12", as Tryton itself refers to records.

A trial sale stops at the quotation, which is a draft in the suite's words: once confirmed, Tryton lets nobody take a
sale back (its cancellation is refused), so finalising one would leave it behind for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any, NoReturn

from hypercare.adapters.tryton.rpc import Session, day, decimal
from hypercare.api.api import Api
from hypercare.clients.accounts import password_of
from hypercare.clients.client import (
    LineSeen,
    LogInRefused,
    OrderSeen,
    SaleSeen,
    SaleToMake,
    StepSeen,
    SystemRefused,
    Who,
    canary_is_gone,
)
from hypercare.outcome.signals import NotCovered, Signal
from hypercare.target_file.business_terms import Channel, SaleState, StepState
from hypercare.target_file.config import Account

_SALE = "sale.sale"
_SALE_FIELDS = ("number", "state", "untaxed_amount", "company.rec_name", "reference", "lines")
_LINE_FIELDS = ("rec_name", "description", "quantity", "amount", "type")
_SALE_STATES: Mapping[str, SaleState] = {
    "draft": "draft",
    "quotation": "draft",
    "confirmed": "final",
    "processing": "final",
    "done": "final",
    "cancelled": "void",
}
_NOBODYS = 0
_STEP_STATES: Mapping[str, StepState] = {"running": "started", "finished": "done", "done": "done"}


class TrytonApiClient:
    """JSON-RPC in one person's session."""

    channel = Channel.API

    def __init__(self, api: Api) -> None:
        self._api = api
        self._session = Session(api)

    def headers(self) -> Mapping[str, str]:
        return self._session.headers()

    def log_in(self, account: Account) -> Who:
        self._session.log_in(account.username, password_of(self._api.target, account))
        return self._who(account)

    def accepts(self, username: str, password: str) -> bool:
        try:
            self._session.log_in(username, password)
        except LogInRefused:
            return False
        self.log_out()
        self._session.forget()
        return True

    def log_out(self) -> None:
        self._session.log_out()

    def session_outlives_log_out(self) -> bool:
        self.log_out()
        outlives = self.is_logged_in()
        if not outlives:
            self._session.forget()
        return outlives

    def is_logged_in(self) -> bool:
        return self._session.is_taken()

    def create_sale(self, sale: SaleToMake) -> SaleSeen:
        doing = "create a sale"
        party = self._one("party.party", sale.customer, "name", ["addresses"])
        defaults = self._session.call(
            _SALE, "default_get", ["company", "currency", "warehouse"], False, doing="begin a sale"
        )
        lines = [self._line(line.product, line.quantity, line.discount_percent) for line in sale.lines]
        address = next(iter(party["addresses"]), None)
        wish = {
            "party": party["id"],
            "invoice_address": address,
            "shipment_address": address,
            "currency": defaults.get("currency"),
            "warehouse": defaults.get("warehouse"),
            "reference": sale.reference,
            "sale_date": day(self._api.target.calendar.date_of(self._api.target.now())),
            "lines": [["create", lines]],
        }
        numbers = self._session.call(_SALE, "create", [wish], doing=doing)
        self._session.call(_SALE, "quote", numbers, doing="quote a sale")
        return self._shown(int(numbers[0]), doing)

    def finalise_sale(self, key: str, method: str = "cash") -> SaleSeen:
        raise NotCovered(
            "A sale that Tryton has confirmed cannot be taken back, so a trial sale stops at its quotation.",
            remedy="Nothing to mend: that a confirmed sale stands is how Tryton is meant.",
        )

    def read_sale(self, key: str) -> SaleSeen | None:
        found = self._session.found(_SALE, [["id", "=", _number(key)]], _SALE_FIELDS, doing="show a sale")
        return self._sale(found[0], self._lines(found[0])) if found else None

    def undo_sale(self, key: str, reason: str) -> None:
        sale = self.read_sale(key)
        if sale is None or sale.state == "void":
            return
        if sale.state == "final":
            raise SystemRefused(
                self.channel, "A confirmed sale cannot be taken back in Tryton.", where=f"sale {sale.number or key}"
            )
        number = _number(key)
        self._session.call(_SALE, "cancel", [number], doing="cancel a sale")
        self._session.call(_SALE, "delete", [number], doing="delete a cancelled sale")

    def sales_listed(self, query: str = "") -> Sequence[SaleSeen]:
        domain = [["rec_name", "ilike", f"%{query}%"]] if query else []
        rows = self._session.found(_SALE, domain, _SALE_FIELDS, doing="list sales")
        return [self._sale(row) for row in rows]

    def sales_marked(self, mark: str, customer: str) -> Sequence[SaleSeen]:
        domain = [["reference", "like", f"{mark}%"], ["state", "not in", ["cancelled"]]]
        rows = self._session.found(_SALE, domain, _SALE_FIELDS, doing="find trial sales")
        return [self._sale(row) for row in rows]

    def order_of_sale(self, key: str) -> OrderSeen | None:
        lines = self._session.found(
            "sale.line", [["sale", "=", _number(key)]], ["id"], doing="show the lines of a sale"
        )
        origins = [f"sale.line,{line['id']}" for line in lines]
        orders = self._session.found(
            "production", [["origin", "in", origins]], ["id"], doing="find the production of a sale"
        )
        return self.read_order(str(orders[-1]["id"])) if orders else None

    def read_order(self, key: str) -> OrderSeen | None:
        doing = "show a production"
        fields = ["number", "state", "company.rec_name"]
        found = self._session.found("production", [["id", "=", _number(key)]], fields, doing=doing)
        if not found:
            return None
        works = self._session.call(
            "production.work",
            "search_read",
            [["production", "=", _number(key)]],
            0,
            200,
            [["sequence", "ASC"], ["id", "ASC"]],
            ["operation.rec_name", "state"],
            doing=doing,
        )
        return OrderSeen(
            key=key,
            number=str(found[0]["number"]),
            state=str(found[0]["state"]),
            progress=None,
            steps=tuple(
                StepSeen(
                    f"production.work,{work['id']}",
                    _rec_name(work, "operation"),
                    _STEP_STATES.get(work["state"], "waiting"),
                )
                for work in works
            ),
            branch=_rec_name(found[0], "company") or None,
        )

    def start_step(self, order: str, step: str) -> OrderSeen:
        return self._moved(order, step, "start")

    def finish_step(self, order: str, step: str) -> OrderSeen:
        return self._moved(order, step, "stop")

    def add_cost(self, order: str, amount: Decimal, description: str) -> None:
        raise NotCovered("Tryton has no costs that people enter: it works them out from moves and cycles.")

    def close(self) -> None:
        if self._session.is_open:
            with suppress(Signal):
                self.log_out()
            self._session.forget()

    def _who(self, account: Account) -> Who:
        """A person of Tryton has several roles (access groups): the one that is asked for, if it is among them."""
        doing = "say who is logged in"
        context = self._session.context
        groups = [str(one) for one in self._names("res.group", context.get("groups") or ())]
        role = account.role if account.role in groups else next(iter(groups), "none")
        company = context.get("company")
        branch = self._names("company.company", [company]) if company else []
        me = self._session.call("res.user", "read", [self._session.user], ["login", "companies"], doing=doing)[0]
        # Who belongs to several branches belongs to none of them.
        return Who(str(me["login"]), role, branch[0] if branch and len(me["companies"]) < 2 else None)

    def _names(self, model: str, numbers: Sequence[int]) -> list[str]:
        if not numbers:
            return []
        rows = self._session.call(model, "read", list(numbers), ["rec_name"], doing="say who is logged in")
        return [str(row["rec_name"]) for row in rows]

    def _line(self, code: str, quantity: Decimal, discount: Decimal) -> dict[str, Any]:
        product = self._one("product.product", code, "code", ["default_uom", "list_price_used"])
        price = Decimal(product.get("list_price_used") or 0) * (100 - discount) / 100
        return {
            "type": "line",
            "product": product["id"],
            "quantity": float(quantity),
            "unit": product["default_uom"],
            "unit_price": decimal(price.quantize(Decimal("0.0001"))),
        }

    def _one(self, model: str, value: str, field: str, fields: Sequence[str]) -> dict[str, Any]:
        found = self._session.found(model, [[field, "=", value]], fields, doing=f"find {value!r}", most=1)
        if found:
            return found[0]
        if self._session.found(model, [], ["id"], doing=f"list {model}", most=1):
            raise canary_is_gone(value)
        raise SystemRefused(self.channel, f"The API was asked for {model} and knows none at all.", where=model)

    def _shown(self, number: int, doing: str) -> SaleSeen:
        sale = self.read_sale(f"{_SALE},{number}")
        if sale is None:
            _gone(doing)
        return sale

    def _lines(self, row: Mapping[str, Any]) -> tuple[LineSeen, ...]:
        numbers = list(row.get("lines") or ())
        if not numbers:
            return ()
        lines = self._session.call("sale.line", "read", numbers, list(_LINE_FIELDS), doing="show the lines of a sale")
        return tuple(
            LineSeen(str(one["rec_name"]), Decimal(str(one["quantity"])), _cents(one["amount"]))
            for one in lines
            if one.get("type") == "line"
        )

    def _sale(self, row: Mapping[str, Any], lines: tuple[LineSeen, ...] = ()) -> SaleSeen:
        state = _SALE_STATES.get(str(row.get("state")))
        if state is None:
            raise SystemRefused(self.channel, f"The API shows a sale in the unknown state {row.get('state')!r}.")
        return SaleSeen(
            key=f"{_SALE},{row['id']}",
            number=row.get("number"),
            state=state,
            total=_cents(row.get("untaxed_amount")),
            branch=_rec_name(row, "company") or None,
            reference=row.get("reference"),
            lines=lines,
        )

    def _moved(self, order: str, step: str, button: str) -> OrderSeen:
        self._session.call("production.work", button, [_number(step)], doing=f"{button} a production step")
        moved_order = self.read_order(order)
        if moved_order is None:
            _gone("show the production whose step it moved")
        return moved_order


def _gone(doing: str) -> NoReturn:
    raise SystemRefused(Channel.API, f"The API was asked to {doing} and then could not show it.")


def _number(key: str) -> int:
    """The id in a key; one that no record has for what is no key of Tryton's."""
    written = key.rpartition(",")[2]
    return int(written) if written.isdecimal() and len(written) < 10 else _NOBODYS


def _rec_name(row: Mapping[str, Any], field: str) -> str:
    """What Tryton calls the record that a field leads to: it comes beside the field, under its name and a dot."""
    beside = row.get(f"{field}.")
    return str(beside.get("rec_name") or "") if isinstance(beside, Mapping) else ""


def _cents(value: Any) -> Decimal:
    return Decimal(str(value if value is not None else 0)).quantize(Decimal("0.01"))
