"""A web or mobile app that is declared as flows, as a client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, cast

from hypercare.clients.client import LineSeen, OrderSeen, PaymentSeen, SaleSeen, SaleToMake, StepSeen
from hypercare.clients.flow_entry import FlowEntry
from hypercare.clients.flow_steps import NotThere
from hypercare.clients.number_parsing import amount_shown, number_shown
from hypercare.clients.value_mapping import ours, theirs
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import SaleState, StepState
from hypercare.target_file.template import mentions


class FlowClient(FlowEntry):
    """What people do behind the log-in, verb by verb."""

    def create_sale(self, sale: SaleToMake) -> SaleSeen:
        self._declared("create_sale", "a sale is created")
        self._require_undoable("draft", "no trial sale is created")
        lines = [
            {"product": line.product, "quantity": line.quantity, "discount_percent": line.discount_percent}
            for line in sale.lines
        ]
        values = {"customer": sale.customer, "reference": sale.reference, "lines": lines}
        values["kind"] = theirs(self._flows.kinds, sale.kind)
        shown = self._taken("create_sale", values, "create a sale")
        return self._sale_after(shown, shown.get("key"), "create a sale")

    def finalise_sale(self, key: str, method: str = "cash") -> SaleSeen:
        self._declared("finalise_sale", "a sale is made final")
        self._require_undoable("final", "a trial sale is not made final")
        sale = self._there(key, "finalise a sale")
        values = {"key": key, "method": theirs(self._flows.methods, method), "total": sale.total}
        shown = self._taken("finalise_sale", values, "finalise a sale", state=sale.state)
        after = self._sale_after(shown, key, "finalise a sale")
        if after.state != "final":
            raise self.refused("finalise a sale", f"it is {after.state} afterwards")
        return after

    def read_sale(self, key: str) -> SaleSeen | None:
        self._declared("read_sale", "a sale is read")
        try:
            shown = self._taken("read_sale", {"key": key}, "show a sale", may_be_gone=True)
        except NotThere:
            return None
        with self.doing("show a sale"):
            return self._sale({"key": key, **shown})

    def undo_sale(self, key: str, reason: str) -> None:
        sale = self.read_sale(key)
        if sale is None or sale.state == "void":
            return
        if not self._flows.undoes(sale.state):
            why = self._flows.cannot_undo or f"[{self._section}] undo_sale names no way"
            raise self.refused(f"undo a {sale.state} sale", why)
        self._taken("undo_sale", {"key": key, "reason": reason, "total": sale.total}, "undo a sale", state=sale.state)
        if self.alert():
            raise self.refused("undo a sale")

    def sales_listed(self, query: str = "") -> Sequence[SaleSeen]:
        flow = self._declared("list_sales", "sales are listed")
        rows = self._taken("list_sales", {"query": query}, "list sales").get("sales") or []
        with self.doing("list sales"):
            sales = [self._sale(row) for row in rows]
        if query and not any(mentions(step.templates, "query") for step in flow):
            sales = [sale for sale in sales if query in (sale.number or "", sale.key, sale.reference or "")]
        return sales

    def sales_marked(self, mark: str, customer: str) -> Sequence[SaleSeen]:
        standing = [sale for sale in self.sales_listed() if sale.state != "void"]
        whole = [sale if sale.reference else self.read_sale(sale.key) for sale in standing]
        return [sale for sale in whole if sale is not None and (sale.reference or "").startswith(mark)]

    def order_of_sale(self, key: str) -> OrderSeen | None:
        sale = self.read_sale(key)
        return self.read_order(sale.order) if sale is not None and sale.order else None

    def read_order(self, key: str) -> OrderSeen | None:
        self._declared("read_order", "a production order is read")
        try:
            shown = self._taken("read_order", {"order": key, "key": key}, "show a production order", may_be_gone=True)
        except NotThere:
            return None
        with self.doing("show a production order"):
            return self._order(key, shown)

    def start_step(self, order: str, step: str) -> OrderSeen:
        return self._moved("start_step", order, step)

    def finish_step(self, order: str, step: str) -> OrderSeen:
        return self._moved("finish_step", order, step)

    def add_cost(self, order: str, amount: Decimal, description: str) -> None:
        self._declared("add_cost", "a cost is entered")
        self._taken("add_cost", {"order": order, "amount": amount, "description": description}, "enter a cost")
        if self.alert():
            raise self.refused("enter a cost")

    def require_declared(self, verb: str, what: str) -> None:
        method = "sales_listed" if verb == "list_sales" else verb
        if getattr(type(self), method) is not getattr(FlowClient, method):
            return  # written in Python
        if verb == "undo_sale" and self._flows.cannot_undo:
            return  # how far a trial goes then is said where it stops
        self._declared(verb, what)
        if verb in {"start_step", "finish_step"}:
            self._require_steps_read()

    def _require_steps_read(self) -> None:
        """A step that was moved has to be seen to have moved, and a page may know it by a name of its own."""
        if type(self).read_order is not FlowClient.read_order:
            return  # written in Python
        if not any(step.read == "steps" for step in self._declared("read_order", "a production order is read")):
            raise NotCovered(
                f"The target file does not say how the steps of a production order are read in {self.channel.words}.",
                remedy=f'Add {{ read = "steps", ... }} to [[{self._section}.read_order]].',
            )

    def _require_undoable(self, state: SaleState, so: str) -> None:
        if not self._flows.undoes(state):
            why = self._flows.cannot_undo or f"[{self._section}] undo_sale names no way for a {state} sale"
            raise NotCovered(
                f"In {self.channel.words} a {state} sale cannot be undone ({why.rstrip('.')}), so {so}.",
                remedy=f'If there is a way, declare it in [[{self._section}.undo_sale]] with when = "{state}".',
            )

    def _sale_after(self, shown: Mapping[str, Any], key: str | None, doing: str) -> SaleSeen:
        if not key:
            raise self.refused(doing, "the flow reads no key of the sale")
        if "total" not in shown or "state" not in shown:
            return self._there(key, doing)
        with self.doing(doing):
            return self._sale({**shown, "key": key})

    def _there(self, key: str, doing: str) -> SaleSeen:
        sale = self.read_sale(key)
        if sale is None:
            raise self.refused(doing, f"there is no sale of the key {key}")
        return sale

    def _sale(self, shown: Mapping[str, Any]) -> SaleSeen:
        state = ours(self._flows.states, shown.get("state")) or str(shown.get("state") or "").lower()
        if state not in {"draft", "final", "void"}:
            raise ValueError(
                f"a sale in the state {shown.get('state')!r}, which [{self._section}.states] does not name"
            )
        branch = shown.get("branch")
        return SaleSeen(
            key=str(shown.get("key") or ""),
            number=shown.get("number") or None,
            state=cast(SaleState, state),
            total=self._amount(shown.get("total")),
            branch=None if not branch else ours(self._flows.branches, branch) or branch,
            reference=shown.get("reference") or None,
            lines=tuple(
                LineSeen(row.get("description", ""), self._number(row.get("quantity")), self._amount(row.get("amount")))
                for row in shown.get("lines") or ()
            ),
            payments=tuple(
                PaymentSeen(
                    ours(self._flows.methods, row.get("method")) or str(row.get("method", "")).lower(),
                    self._amount(row.get("amount")),
                )
                for row in shown.get("payments") or ()
            ),
            order=shown.get("order") or None,
        )

    def _order(self, key: str, shown: Mapping[str, Any]) -> OrderSeen:
        state = str(shown.get("state") or "")
        progress = shown.get("progress")
        return OrderSeen(
            key=key,
            number=str(shown.get("number") or key),
            state=ours(self._flows.order_states, state) or state.lower(),
            progress=None if progress is None else int(self._number(progress)),
            steps=tuple(self._step(row) for row in shown.get("steps") or ()),
        )

    def _step(self, row: Mapping[str, Any]) -> StepSeen:
        state = ours(self._flows.step_states, row.get("state")) or str(row.get("state") or "").lower()
        if state not in {"waiting", "started", "done"}:
            raise ValueError(f"a step in the state {row.get('state')!r}, unknown to [{self._section}.step_states]")
        return StepSeen(str(row.get("key") or row.get("name")), str(row.get("name")), cast(StepState, state))

    def _moved(self, verb: Literal["start_step", "finish_step"], order: str, step: str) -> OrderSeen:
        doing = f"{verb.partition('_')[0]} a production step"
        self._declared(verb, "a production step is moved")
        self._require_steps_read()
        self._taken(verb, {"order": order, "step": step}, doing)
        if self.alert():
            raise self.refused(doing)
        moved_order = self.read_order(order)
        if moved_order is None:
            raise self.refused(doing, "the order is not there any more")
        return moved_order

    def _amount(self, text: Any) -> Decimal:
        return amount_shown(str(text or ""), self._flows.decimal_mark)

    def _number(self, text: Any) -> Decimal:
        return number_shown(str(text or ""), self._flows.decimal_mark)
