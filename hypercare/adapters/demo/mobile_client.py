"""The embedded system's mobile app as a client: people log in and see their work. Trials go through the others."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn, cast

from hypercare.adapters.demo.entry import DemoEntry
from hypercare.clients.client import OrderSeen, SaleSeen, SaleToMake, Who
from hypercare.mobile.phone import Phone
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel, SaleState
from hypercare.target_file.config import Account

_MOST_READ = 5


class DemoMobileClient(DemoEntry):
    channel = Channel.MOBILE

    def __init__(self, phone: Phone) -> None:
        super().__init__(phone.new_page_session())

    def log_in(self, account: Account) -> Who:
        self.enter(account)
        with self.doing("show who is logged in"):
            username = self.page.locator("body").get_attribute("data-username")
        # The phone shows neither role nor branch; the other clients tell those.
        return Who(username or account.username, account.role, account.branch, reported=frozenset({"username"}))

    def create_sale(self, sale: SaleToMake) -> SaleSeen:
        _other_clients()

    def finalise_sale(self, key: str, method: str = "cash") -> SaleSeen:
        _other_clients()

    def read_sale(self, key: str) -> SaleSeen | None:
        if self.page_session.go(f"sales/{key}").status == 404:
            return None
        with self.doing("show a sale"):
            shown = self.page.locator("#sale")
            state = cast(SaleState, shown.get_attribute("data-state"))
            total = Decimal(shown.get_attribute("data-total") or "0")
            return SaleSeen(key, shown.get_attribute("data-number") or None, state, total)

    def undo_sale(self, key: str, reason: str) -> None:
        _other_clients()

    def sales_listed(self, query: str = "") -> Sequence[SaleSeen]:
        """One's own: the phone shows nobody another's work, and has no search."""
        if query:
            raise NotCovered("The phone has no search.")
        self.page_session.go("sales")
        with self.doing("list sales"):
            keys = [row.get_attribute("data-sale-id") or "" for row in self.page.locator("li[data-sale-id]").all()]
        read = [self.read_sale(key) for key in keys[:_MOST_READ]]
        return [sale for sale in read if sale is not None]

    def sales_marked(self, mark: str, customer: str) -> Sequence[SaleSeen]:
        _other_clients()

    def order_of_sale(self, key: str) -> OrderSeen | None:
        _other_clients()

    def read_order(self, key: str) -> OrderSeen | None:
        _other_clients()

    def start_step(self, order: str, step: str) -> OrderSeen:
        _other_clients()

    def finish_step(self, order: str, step: str) -> OrderSeen:
        _other_clients()

    def add_cost(self, order: str, amount: Decimal, description: str) -> None:
        _other_clients()


def _other_clients() -> NoReturn:
    raise NotCovered("Trial transactions go through the web app and the API, not the phone.")
