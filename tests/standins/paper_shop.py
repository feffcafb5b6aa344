"""A shop on paper with one client, whose every failing a test can switch on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hypercare.clients.client import LogInRefused, PaymentSeen, SaleSeen, SaleToMake, SystemRefused, Who
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel
from hypercare.target_file.config import Account


@dataclass
class PaperShop:
    """A way in, and the shop behind it. `failings` are the names of verbs that are refused."""

    branch: str = "TRN"
    failings: set[str] = field(default_factory=set)
    answer_is_lost: bool = False
    pretends_to_undo: bool = False
    sales: dict[str, SaleSeen] = field(default_factory=dict)
    known_as: dict[str, Who] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    channel: Channel = Channel.API
    inside: str = ""
    checks_passwords: bool = True
    locks_at_once: bool = False
    log_ins: list[str] = field(default_factory=list)

    @contextmanager
    def client(self, account: Account | None = None) -> Iterator[PaperClient]:
        client = PaperClient(self)
        if account is not None:
            client.log_in(account)
        yield client

    @property
    def standing(self) -> list[SaleSeen]:
        return [sale for sale in self.sales.values() if sale.state != "void"]


class PaperClient:
    def __init__(self, shop: PaperShop) -> None:
        self.shop = shop
        self.channel = shop.channel

    def log_in(self, account: Account) -> Who:
        if account.username in self.shop.locked:
            raise LogInRefused(self.channel, f"{account.username} was not let in: locked.", status=423)
        if account.username in self.shop.unknown:
            raise NotCovered(f"Whether {account.username} is in is not known.")
        self.shop.inside = account.username
        self.shop.log_ins.append(account.username)
        return self.shop.known_as.get(account.username, Who(account.username, account.role, account.branch))

    def accepts(self, username: str, password: str) -> bool:
        self.shop.log_ins.append(f"{username} wrongly")
        if self.shop.locks_at_once:
            self.shop.locked.add(username)
        return not self.shop.checks_passwords

    def create_sale(self, sale: SaleToMake) -> SaleSeen:
        self._may("create")
        key = str(len(self.shop.sales) + 1)
        made = SaleSeen(key, None, "draft", Decimal("49.90"), self.shop.branch, sale.reference)
        self.shop.sales[key] = made
        if self.shop.answer_is_lost:
            raise SystemRefused(self.channel, "The answer never came.")
        return made

    def finalise_sale(self, key: str, method: str = "cash") -> SaleSeen:
        self._may("finalise")
        sale = self.shop.sales[key]
        paid = (PaymentSeen(method, sale.total),)
        self.shop.sales[key] = replace(sale, number=f"TRN-{key}", state="final", payments=paid)
        return self.shop.sales[key]

    def read_sale(self, key: str) -> SaleSeen | None:
        return self.shop.sales.get(key)

    def undo_sale(self, key: str, reason: str) -> None:
        self._may("undo")
        if self.shop.pretends_to_undo or key not in self.shop.sales:
            return
        if self.shop.sales[key].state == "draft":
            del self.shop.sales[key]
        else:
            self.shop.sales[key] = replace(self.shop.sales[key], state="void")

    def sales_listed(self, query: str = "") -> Sequence[SaleSeen]:
        return [sale for sale in self.shop.sales.values() if query in (sale.number or "")]

    def sales_marked(self, mark: str, customer: str) -> Sequence[SaleSeen]:
        return [sale for sale in self.shop.standing if (sale.reference or "").startswith(mark)]

    def close(self) -> None:
        pass

    def _may(self, verb: str) -> None:
        if verb in self.shop.failings:
            raise SystemRefused(self.channel, f"The shop was asked to {verb} and answered 500.", status=500)

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"nobody should ask for {name}")
