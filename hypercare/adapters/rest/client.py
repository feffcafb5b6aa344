"""A declared system's API as a client."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any, TypeVar

from hypercare.adapters.rest.asking import Answer, Asking, SessionEnded, Steps
from hypercare.adapters.rest.creating import CreatingSteps, is_marked_late
from hypercare.adapters.rest.entry import Entry
from hypercare.adapters.rest.listing import entries, value_looked_up
from hypercare.adapters.rest.reading import Reading
from hypercare.adapters.rest.values import Values
from hypercare.api.api import Api
from hypercare.clients.accounts import password_of
from hypercare.clients.client import Creation, LogInRefused, OrderSeen, SaleSeen, SaleToMake, SystemRefused, Who
from hypercare.clients.value_mapping import theirs
from hypercare.outcome.signals import NotCovered, Signal
from hypercare.target_file.business_terms import Channel, SaleState
from hypercare.target_file.config import Account, Mode
from hypercare.target_file.sections.rest import RestSection
from hypercare.target_file.sections.rest_request import Request
from hypercare.target_file.template import filled, mentions

_MOST = 100
T = TypeVar("T")


class RestClient:
    channel = Channel.API

    def __init__(self, api: Api) -> None:
        rest = api.target.config.rest
        if rest is None:
            raise NotCovered("The target file does not say how the API is worked with.", remedy="Declare it in [rest].")
        self._api = api
        self._rest: RestSection = rest
        self._asking = Asking(api, rest)
        self._entry = Entry(api, rest, self._asking, self._values)
        self._account: Account | None = None
        self._found: dict[tuple[str, str], Any] = {}
        self._reads = False
        self.creation = Creation(is_marked_late(rest.create_sale))

    def headers(self) -> Mapping[str, str]:
        session = self._asking.session
        if not session.is_open:
            return {}
        made = filled({**self._rest.headers, **self._rest.log_in.carry}, self._values({}), self._asking.writing)
        cookie = {"cookie": session.cookie_header} if session.cookies else {}
        return {**{name: str(value) for name, value in made.items()}, **cookie}

    def log_in(self, account: Account) -> Who:
        self._entry.enter(account.username, password_of(self._api.target, account))
        self._account = account
        with self._records("say who is logged in"):
            return self._again(lambda: self._entry.who(account))

    def accepts(self, username: str, password: str) -> bool:
        own = self._asking.session
        try:
            self._entry.enter(username, password)
            accepted = self._entry.is_taken(by_token=True)
            self._entry.close()
        except LogInRefused:
            return False
        finally:
            self._asking.session = own
        return accepted

    def log_out(self) -> None:
        self._entry.leave()

    def session_outlives_log_out(self) -> bool:
        if not self._rest.log_out:
            raise NotCovered("Nothing says how somebody logs out.", remedy="Declare it in [rest.log_out].")
        self.log_out()
        return self.is_logged_in()

    def is_logged_in(self) -> bool:
        return self._entry.is_taken(self._account.role if self._account else None)

    def create_sale(self, sale: SaleToMake) -> SaleSeen:
        self._require_transact()
        requests = self._declared("create_sale", "a sale is created")
        self._require_undoable(self._rest.new_sale, "no trial sale is created")
        lines = [
            {"product": line.product, "quantity": line.quantity, "discount_percent": line.discount_percent}
            for line in sale.lines
        ]
        own = {
            "customer": sale.customer,
            "kind": theirs(self._rest.kinds, sale.kind),
            "reference": sale.reference,
            "lines": lines,
        }
        self.creation.begin()
        steps = CreatingSteps(self._rest, self._reading, self.creation)
        created = self._sale_after(requests, own, "create a sale", steps=steps)
        self.creation.end()
        return created

    def finalise_sale(self, key: str, method: str = "cash") -> SaleSeen:
        self._require_transact()
        sale = self._there(key, "finalise a sale")
        if sale.state == "final" and self._rest.new_sale == "final":
            return sale
        requests = self._declared("finalise_sale", "a sale is made final")
        self._require_undoable("final", "a trial sale is not made final")
        own = {"key": key, "method": theirs(self._rest.methods, method), "total": sale.total}
        finalised = self._sale_after(requests, own, "finalise a sale", key=key, state=sale.state)
        if finalised.state != "final":
            raise self._refused(f"asked to finalise a sale, which is {finalised.state} afterwards")
        return finalised

    def read_sale(self, key: str) -> SaleSeen | None:
        # What broke off in the middle of its creation may have no total yet.
        return self._read(key, may_be_begun=key == self.creation.key)

    def undo_sale(self, key: str, reason: str) -> None:
        self._require_transact()
        sale = self.read_sale(key)
        if sale is None or sale.state == "void":
            return
        requests = self._in_state("undo_sale", sale.state)
        if not requests:
            why = self._rest.cannot_undo or "[rest.undo_sale] names no way"
            raise self._refused(f"to undo a {sale.state} sale, which is not possible there: {why}")
        self._answer(requests, {"key": key, "reason": reason, "total": sale.total}, "undo a sale")

    def sales_listed(self, query: str = "") -> Sequence[SaleSeen]:
        request = self._declared("list_sales", "sales are listed")[0]
        sales = self._listed(request, {"query": query})
        if query and not mentions(request.templates, "query"):
            sales = [sale for sale in sales if query in (sale.number or "", sale.key, sale.reference or "")]
        return sales

    def sales_marked(self, mark: str, customer: str) -> Sequence[SaleSeen]:
        if not self._rest.sale.reference:
            raise NotCovered(
                "The target file does not say where a sale shows its reference, so what a trial left cannot be found.",
                remedy="Say where it stands in [rest.sale] reference.",
            )
        if self._rest.marked_sales:
            sales = self._listed(self._rest.marked_sales[0], {"reference": mark, "customer": customer})
        else:
            sales = self._listed(self._declared("list_sales", "sales are listed")[0], {"query": ""})
        standing = [sale for sale in sales if sale.state != "void"]
        shape = self._rest.sale_in_list or self._rest.sale
        if not shape.reference or any(sale.reference is None for sale in standing):
            # The list does not show the reference, so each sale that stands is read.
            whole = (self._read(one.key, may_be_begun=True) for one in standing)
            standing = [sale for sale in whole if sale is not None]
        return [sale for sale in standing if (sale.reference or "").startswith(mark)]

    def order_of_sale(self, key: str) -> OrderSeen | None:
        if self._rest.order_of_sale:
            return self._order(self._rest.order_of_sale, {"key": key})
        sale = self.read_sale(key)
        return self.read_order(sale.order) if sale is not None and sale.order else None

    def read_order(self, key: str) -> OrderSeen | None:
        return self._order(self._declared("read_order", "a production order is read"), {"order": key, "key": key})

    def start_step(self, order: str, step: str) -> OrderSeen:
        return self._moved("start_step", order, step)

    def finish_step(self, order: str, step: str) -> OrderSeen:
        return self._moved("finish_step", order, step)

    def add_cost(self, order: str, amount: Decimal, description: str) -> None:
        self._require_transact()
        requests = self._declared("add_cost", "a cost is entered")
        self._answer(requests, {"order": order, "amount": amount, "description": description}, "enter a cost")

    def require_declared(self, verb: str, what: str) -> None:
        if verb == "list_sales" and self._rest.marked_sales and not self._rest.list_sales:
            verb = "marked_sales"
        if verb == "undo_sale" and self._rest.cannot_undo:
            return  # how far a trial goes then is said where it stops
        self._declared(verb, what)

    def close(self) -> None:
        with suppress(Signal):
            self._entry.close()

    @property
    def _reading(self) -> Reading:
        return Reading(self._rest, self._asking.writing, self._account.branch if self._account else None)

    def _values(self, own: Mapping[str, Any]) -> Values:
        return Values(self._api.target, self._rest, self._asking.session, self._look_up, own)

    def _look_up(self, name: str, values: Values) -> Any:
        lookup = self._rest.lookup[name]
        sought = repr(
            [filled(template, values, self._asking.writing) for template in (lookup.equals, lookup.templates)]
        )
        if (name, sought) not in self._found:
            self._found[name, sought] = value_looked_up(self._asking, name, lookup, values)
        return self._found[name, sought]

    def _again(self, doing: Callable[[], T]) -> T:
        return self._entry.again(doing)

    def _declared(self, verb: str, what: str) -> tuple[Request, ...]:
        requests: tuple[Request, ...] = getattr(self._rest, verb)
        if not requests:
            raise NotCovered(
                f"The target file does not say how {what} in the API.", remedy=f"Declare it in [rest.{verb}]."
            )
        return requests

    def _in_state(self, verb: str, state: SaleState) -> tuple[Request, ...]:
        requests: tuple[Request, ...] = getattr(self._rest, verb)
        return tuple(request for request in requests if not request.when or state in request.when)

    def _read(self, key: str, *, may_be_begun: bool) -> SaleSeen | None:
        answer = self._answer(self._declared("read_sale", "a sale is read"), {"key": key}, "show a sale")
        if answer.is_gone:
            return None
        if answer.record in (None, [], {}):
            self._require_reading(answer)
            return None
        with self._records("show a sale", answer):
            sale = self._reading.sale(answer.record, may_be_begun=may_be_begun)
        self._reads = True
        return sale

    def _require_reading(self, answer: Answer) -> None:
        """An empty answer shows that a sale is gone only where others are shown: it may be the rights, or the path."""
        if self._reads:
            return
        if self._rest.list_sales:
            listed = self._listed(self._rest.list_sales[0], {"query": ""})[:1]
            read = self._declared("read_sale", "a sale is read")
            for sale in listed:
                another = self._answer(read, {"key": sale.key}, "show a sale")
                self._reads = another.record not in (None, [], {})
        if not self._reads:
            self._asking.refuse(answer.exchange, "show a sale", "sent nothing, as it does of every other")

    def _require_transact(self) -> None:
        """Whoever asks: where one only looks, nothing is sent that writes."""
        if self._api.target.config.target.mode is not Mode.TRANSACT:
            raise NotCovered(
                "The target is only observed, so nothing is written into it.",
                remedy='Set [target] mode = "transact" once a canary branch, customer and product are kept for it.',
            )

    def _require_undoable(self, state: SaleState, so: str) -> None:
        """What could not be undone is not tried."""
        if not self._rest.undoes(state):
            why = self._rest.cannot_undo or f"[rest.undo_sale] names no way for a {state} sale"
            raise NotCovered(
                f"In this system a {state} sale cannot be undone ({why.rstrip('.')}), so {so}.",
                remedy=f'If there is a way, declare it in [[rest.undo_sale]] with when = "{state}".',
            )

    def _answer(
        self, requests: Sequence[Request], own: Mapping[str, Any], doing: str, steps: Steps | None = None
    ) -> Answer:
        return self._again(lambda: self._asking.in_turn(requests, self._values(own), doing, steps))

    def _sale_after(
        self,
        requests: Sequence[Request],
        own: Mapping[str, Any],
        doing: str,
        *,
        key: str | None = None,
        state: SaleState | None = None,
        steps: Steps | None = None,
    ) -> SaleSeen:
        """The sale that a verb leaves behind: as its answer shows it, else as it is read."""
        chosen = [request for request in requests if state is None or not request.when or state in request.when]
        if not chosen:
            raise self._refused(f"to {doing}, for which nothing is declared while it is {state}")
        answer = self._answer(chosen, own, doing, steps)
        if answer.is_gone:
            self._asking.refuse(answer.exchange, doing)
        gives = next((request.gives for request in reversed(chosen) if not request.into), "sale")
        with self._records(doing, answer):
            if gives == "sale":
                return self._reading.sale(answer.record)
            found = key or (self.creation.key if gives == "nothing" else None) or self._reading.key(answer.record)
        return self._there(found, doing)

    def _there(self, key: str, doing: str) -> SaleSeen:
        sale = self.read_sale(key)
        if sale is None:
            raise self._refused(f"to {doing} and knows none of the key {key}")
        return sale

    def _listed(self, request: Request, own: Mapping[str, Any]) -> list[SaleSeen]:
        doing = "list sales"
        rows = self._again(lambda: entries(self._asking, request, self._values(own), doing, most=_MOST))
        if request.gives == "key":
            keys = [self._reading.key(row) for row in rows]
            return [sale for key in keys if (sale := self.read_sale(key)) is not None]
        with self._records(doing):
            return [self._reading.sale(row, self._rest.sale_in_list, may_be_begun=True) for row in rows]

    def _order(self, requests: Sequence[Request], own: Mapping[str, Any]) -> OrderSeen | None:
        doing = "show a production order"
        answer = self._answer(requests, own, doing)
        if answer.is_gone or answer.record in (None, [], {}):
            return None
        with self._records(doing, answer):
            return self._reading.order(answer.record)

    def _moved(self, verb: str, order: str, step: str) -> OrderSeen:
        self._require_transact()
        doing = f"{verb.partition('_')[0]} a production step"
        answer = self._answer(self._declared(verb, "a production step is moved"), {"order": order, "step": step}, doing)
        if answer.is_gone:
            self._asking.refuse(answer.exchange, doing)
        moved_order = self.read_order(order)
        if moved_order is None:
            raise self._refused(f"to {doing}, and the order is not there any more")
        return moved_order

    @contextmanager
    def _records(self, doing: str, answer: Answer | None = None) -> Iterator[None]:
        """Turn a record that cannot be understood into the system's refusal."""
        try:
            yield
        except (ValueError, ArithmeticError) as error:
            if answer is not None:
                self._asking.refuse(answer.exchange, doing, f"sent {error}")
            raise self._refused(f"to {doing} and sent {error}") from None
        except SessionEnded as ended:
            self._asking.refuse(ended.exchange, ended.doing)

    def _refused(self, what: str) -> SystemRefused:
        return SystemRefused(
            self.channel, f"The API was asked {what.removeprefix('asked ')}.", where=self._api.section.url
        )
