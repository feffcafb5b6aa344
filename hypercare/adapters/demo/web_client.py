"""The embedded system's web app as a client: found by role and label, read as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, cast

from hypercare.adapters.demo.api_client import THEIR_KINDS
from hypercare.adapters.demo.entry import DemoEntry
from hypercare.clients.client import (
    LineSeen,
    OrderSeen,
    PaymentSeen,
    SaleSeen,
    SaleToMake,
    StepSeen,
    Who,
    canary_is_gone,
)
from hypercare.clients.number_parsing import amount_shown, number_shown
from hypercare.target_file.business_terms import Channel, SaleState, StepState
from hypercare.target_file.config import Account
from hypercare.web.web import Web

if TYPE_CHECKING:
    from playwright.sync_api import Locator

_SALE = re.compile(r"/sales/(\d+)$")
_PLACES = re.compile(r"^(?P<role>.*?)(?: · (?P<branch>.*))?$")


class DemoWebClient(DemoEntry):
    channel = Channel.WEB

    def __init__(self, web: Web) -> None:
        super().__init__(web.new_page_session())

    def log_in(self, account: Account) -> Who:
        self.enter(account)
        with self.doing("show who is logged in"):
            shown = self.page.get_by_role("banner").locator("span:has(> strong)")
            name = shown.get_by_role("strong").inner_text().strip()
            place = _PLACES.match(shown.inner_text().strip().removeprefix(name).strip())
        assert place is not None
        # The page shows the full name, so the user name is the one that was typed.
        return Who(account.username, place["role"].lower(), self._branch_code(place["branch"]))

    def create_sale(self, sale: SaleToMake) -> SaleSeen:
        self.page_session.go("sales/new")
        with self.doing("create a sale"):
            self.page.get_by_role("radio", name=THEIR_KINDS[sale.kind].capitalize()).check()
            for place, line in enumerate(sale.lines, start=1):
                self._enter_line(place, line.product, line.quantity, line.discount_percent)
            self._choose_customer(sale.customer)
            self.page.get_by_role("textbox", name="Note").fill(sale.reference)
            self.page.get_by_role("button", name="Save draft").click()
            self.settle()
        return self._sale_shown("create a sale")

    def finalise_sale(self, key: str, method: str = "cash") -> SaleSeen:
        self.page_session.go(f"sales/{key}")
        with self.doing("finalise a sale"):
            payment = self.page.get_by_role("group", name="Payment 1")
            payment.get_by_label("Method").select_option(method)
            self.page.get_by_role("button", name="Finalise").click()
            self.settle()
        sale = self._sale_shown("finalise a sale")
        if sale.state != "final":
            raise self.refused("finalise a sale", f"it is still shown as {sale.state}")
        return sale

    def read_sale(self, key: str) -> SaleSeen | None:
        return None if self.page_session.go(f"sales/{key}").status == 404 else self._sale_shown("show a sale")

    def undo_sale(self, key: str, reason: str) -> None:
        sale = self.read_sale(key)
        if sale is None or sale.state == "void":
            return
        with self.doing("delete a draft" if sale.state == "draft" else "void a sale"):
            if sale.state == "draft":
                self.page.once("dialog", lambda dialog: dialog.accept())
                self.page.get_by_role("button", name="Delete draft").click()
            else:
                self.page.get_by_label("Reason").fill(reason)
                self.page.get_by_role("button", name="Void", exact=True).click()
            self.settle()

    def sales_listed(self, query: str = "") -> Sequence[SaleSeen]:
        self.page_session.go(f"sales?q={query}" if query else "sales")
        with self.doing("list sales"):
            rows = self.page.get_by_role("region", name="Sales found").locator("tbody tr").all()
            return [self._sale_of_row(row) for row in rows]

    def sales_marked(self, mark: str, customer: str) -> Sequence[SaleSeen]:
        standing = [sale for sale in self.sales_listed(customer) if sale.state != "void"]
        read = [self.read_sale(sale.key) for sale in standing]
        return [sale for sale in read if sale is not None and (sale.reference or "").startswith(mark)]

    def order_of_sale(self, key: str) -> OrderSeen | None:
        sale = self.read_sale(key)
        return self.read_order(sale.order) if sale is not None and sale.order else None

    def read_order(self, key: str) -> OrderSeen | None:
        return None if self.page_session.go(f"production/orders/{key}").status == 404 else self._order_shown(key)

    def start_step(self, order: str, step: str) -> OrderSeen:
        return self._moved(order, step, "Start")

    def finish_step(self, order: str, step: str) -> OrderSeen:
        return self._moved(order, step, "Finish")

    def add_cost(self, order: str, amount: Decimal, description: str) -> None:
        self.page_session.go(f"production/orders/{order}")
        with self.doing("enter a cost"):
            self.page.get_by_label("Amount").fill(str(amount))
            self.page.get_by_label("Description").fill(description)
            self.page.get_by_role("button", name="Enter cost").click()
            self.settle()
        if self.alert():
            raise self.refused("enter a cost")

    def _branch_code(self, name: str | None) -> str | None:
        """The pages name a branch in full; the page of branches gives its code."""
        if not name:
            return None
        self.page_session.go("branches")
        with self.doing("list branches"):
            code = self.page.get_by_role("region", name=name, exact=True).get_attribute("data-branch")
        return code or name

    def _enter_line(self, place: int, product: str, quantity: Decimal, discount: Decimal) -> None:
        line = self.page.get_by_role("group", name=f"Line {place}", exact=True)
        if not line.count():
            self.page.get_by_role("button", name="Add line").click()
        line.get_by_label("Product").wait_for()
        chosen = line.get_by_label("Product").locator(f'option[data-sku="{product}"]')
        if not chosen.count() and line.get_by_label("Product").locator("option[data-sku]").count():
            raise canary_is_gone(product)
        line.get_by_label("Product").select_option(value=chosen.get_attribute("value"))
        line.get_by_label("Quantity").fill(str(quantity))
        line.get_by_label("Discount %").fill(str(discount))

    def _choose_customer(self, name: str) -> None:
        select = self.page.get_by_role("combobox", name="Customer", exact=True)
        option = select.locator("option").filter(has_text=re.compile(rf"^\s*{re.escape(name)}(\s·|\s*$)"))
        if not option.count():
            self.page.get_by_label("Find customer").fill(name)
            option.wait_for(state="attached")
        select.select_option(value=option.first.get_attribute("value"))

    def _sale_shown(self, doing: str) -> SaleSeen:
        at = _SALE.search(self.page.url.partition("?")[0])
        if at is None:
            raise self.refused(doing)
        with self.doing(doing):
            heading = self.page.get_by_role("heading", level=1).inner_text().strip()
            lines = self._table("Lines")
            payments = self._table("Payments")
            order = self.page.get_by_role("link", name="Production order")
            link = order.get_attribute("href") if order.count() else None
            total = lines.locator("tfoot td").first.inner_text()
            return SaleSeen(
                key=at[1],
                number=heading.removeprefix("Sale ") if heading.startswith("Sale ") else None,
                state=self._state_shown(),
                total=amount_shown(total),
                reference=self._note(),
                lines=tuple(_line_of(row) for row in lines.locator("tbody tr:has(td + td)").all()),
                payments=tuple(_payment_of(row) for row in payments.locator("tbody tr").all()),
                order=link.rsplit("/", 1)[-1] if link else None,
            )

    def _table(self, caption: str) -> Locator:
        return self.page.get_by_role("table", name=caption, exact=True)

    def _state_shown(self) -> SaleState:
        word = self.page.get_by_role("region", name="Summary").locator("[data-state]").inner_text()
        return cast(SaleState, word.strip().lower())

    def _note(self) -> str | None:
        note = self.page.get_by_role("region", name="Note")
        return note.locator("p").inner_text().strip() if note.count() else None

    def _sale_of_row(self, row: Locator) -> SaleSeen:
        link = row.get_by_role("link")
        name = link.inner_text().strip()
        return SaleSeen(
            key=(link.get_attribute("href") or "").rsplit("/", 1)[-1],
            number=None if name.startswith("Draft") else name,
            state=cast(SaleState, row.locator("[data-state]").inner_text().strip().lower()),
            total=amount_shown(row.get_by_role("cell").last.inner_text()),
        )

    def _moved(self, order: str, step: str, verb: Literal["Start", "Finish"]) -> OrderSeen:
        doing = f"{verb.lower()} a production step"
        if self.page_session.go(f"production/orders/{order}").status == 404:
            raise self.refused(doing, "there is no such order")
        with self.doing(doing):
            entry = self.page.locator(f'[data-step-id="{step}"]')
            entry.get_by_role("button", name=verb, exact=True).click()
            self.settle()
        if self.alert():
            raise self.refused(doing)
        return self._order_shown(order)

    def _order_shown(self, key: str) -> OrderSeen:
        with self.doing("show a production order"):
            region = self.page.get_by_role("region", name="Steps")
            steps = [
                StepSeen(
                    key=entry.get_attribute("data-step-id") or "",
                    name=entry.get_by_role("heading").inner_text().strip().lower(),
                    state=_step_state(entry),
                )
                for entry in region.get_by_role("listitem").all()
            ]
            summary = self.page.get_by_role("region", name="Summary")
            lead = self.page.get_by_text(re.compile(r"^Order \S+ · ")).inner_text()
            return OrderSeen(
                key=key,
                number=lead.split()[1],
                state=summary.locator("[data-state]").inner_text().strip().lower().replace(" ", "_"),
                progress=int(number_shown(region.get_by_text("% done").inner_text())),
                steps=tuple(steps),
            )


def _step_state(entry: Locator) -> StepState:
    """Told in words below the step's name: "waiting", "started 15 Jan", "done 15 Jan"."""
    return cast(StepState, entry.locator("h3 + p").inner_text().split()[0])


def _line_of(row: Locator) -> LineSeen:
    cells = [text.strip() for text in row.locator("th, td").all_inner_texts()]
    return LineSeen(cells[0], number_shown(cells[1]), amount_shown(cells[4]))


def _payment_of(row: Locator) -> PaymentSeen:
    cells = [text.strip() for text in row.locator("th, td").all_inner_texts()]
    return PaymentSeen(cells[0].lower(), amount_shown(cells[-1]))
