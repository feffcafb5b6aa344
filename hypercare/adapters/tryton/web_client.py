"""Tryton's web client (sao) as a client: people log in, see their menu, and read a sale by its own address.

Trial transactions go through the API: the client's forms are drawn from views that every installation changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from hypercare.clients.accounts import password_of
from hypercare.clients.browser_client import BrowserClient
from hypercare.clients.client import LogInRefused, OrderSeen, SaleSeen, SaleToMake, Who
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.business_terms import Channel, SaleState
from hypercare.target_file.config import Account
from hypercare.web.web import Web

if TYPE_CHECKING:
    from playwright.sync_api import Locator

_STATES: dict[str, SaleState] = {
    "draft": "draft",
    "quotation": "draft",
    "confirmed": "final",
    "processing": "final",
    "done": "final",
    "cancelled": "void",
}
_MAIN_PAGES = ("party.party", "product.product", "sale.sale", "production")
_NAME, _PASSWORD = "#login", ".modal.in input[type=password], .modal.show input[type=password]"
_INSIDE = "#user-preferences"
_MOST_LOOKS, _BETWEEN_LOOKS = 8, 1500  # milliseconds
_SAID_NO = {401: "wrong name or password", 403: "wrong name or password", 429: "too many attempts"}
_AMOUNT = re.compile(r"-?[\d.,\s']*\d")


class TrytonWebClient(BrowserClient):
    channel = Channel.WEB

    def __init__(self, web: Web) -> None:
        super().__init__(web.new_page_session())
        address = urlsplit(self.page_session.url)
        # The database's name stands behind the "#".
        self._client = f"{address.scheme}://{address.netloc}{address.path or '/'}"
        self._database = address.fragment.partition("/")[0]

    def log_in(self, account: Account) -> Who:
        reason = self._tried(account.username, password_of(self.page_session.target, account))
        if reason is not None:
            self.page_session.picture("log-in refused")
            raise LogInRefused(
                self.channel, f"{account.username} was not let in: {reason}.", where=self.page_session.url
            )
        # The client shows a person's own words, not their groups; the API tells those.
        return Who(account.username, account.role, account.branch, reported=frozenset())

    def accepts(self, username: str, password: str) -> bool:
        if self._tried(username, password) is not None:
            return False
        self.log_out()
        return True

    def log_out(self) -> None:
        with self.doing("log out"), self.page_session.guard.leaving():
            self.page.locator(f"{_INSIDE} a.dropdown-toggle").first.click()
            self.page.locator(f"{_INSIDE} .dropdown-menu").get_by_text("Logout", exact=True).click()
            self.page.locator(_NAME).wait_for()

    def is_logged_in(self) -> bool:
        self.page_session.go()
        with self.doing("show who is logged in"):
            self.page.locator(f"{_NAME}, {_INSIDE} a").first.wait_for()
        return self._is_inside

    def leave(self) -> None:
        if self._is_inside:
            self.log_out()

    @property
    def _is_inside(self) -> bool:
        # The place for a person's menu is always there; it is filled when somebody is in.
        return bool(self.page.locator(f"{_INSIDE} a").count())

    def pages(self) -> Sequence[str]:
        return [self._address_of(model) for model in _MAIN_PAGES]

    def read_sale(self, key: str) -> SaleSeen | None:
        number = key.rpartition(",")[2]
        self.page_session.go(self._address_of(f"sale.sale/{number}"))
        with self.doing("show a sale"):
            form = self.page.locator("#tabcontent .tab-pane.active, #tabcontent form").first
            form.wait_for()
            total = form.locator("input[name=untaxed_amount]").first
            total.wait_for()
            state = self._settled_state(form)
            if state not in _STATES:
                raise self.refused("show a sale", f"it shows the unknown state {state!r}")
            return SaleSeen(
                key=key,
                number=form.locator("input[name=number]").first.input_value() or None,
                state=_STATES[state],
                total=_amount(total.input_value()),
                reference=form.locator("input[name=reference]").first.input_value() or None,
            )

    def _settled_state(self, form: Locator) -> str:
        """What the client shows once it has stopped drawing: a choice shows its first word until its own is known."""
        shown, before = "", None
        for _ in range(_MOST_LOOKS):
            shown = form.locator("select[name=state]").first.input_value().strip('"')
            if shown and shown == before:
                break
            before = shown
            self.page.wait_for_timeout(_BETWEEN_LOOKS)
        return shown

    def create_sale(self, sale: SaleToMake) -> SaleSeen:
        _through_the_api()

    def finalise_sale(self, key: str, method: str = "cash") -> SaleSeen:
        _through_the_api()

    def undo_sale(self, key: str, reason: str) -> None:
        _through_the_api()

    def sales_listed(self, query: str = "") -> Sequence[SaleSeen]:
        _through_the_api()

    def sales_marked(self, mark: str, customer: str) -> Sequence[SaleSeen]:
        _through_the_api()

    def order_of_sale(self, key: str) -> OrderSeen | None:
        _through_the_api()

    def read_order(self, key: str) -> OrderSeen | None:
        _through_the_api()

    def start_step(self, order: str, step: str) -> OrderSeen:
        _through_the_api()

    def finish_step(self, order: str, step: str) -> OrderSeen:
        _through_the_api()

    def add_cost(self, order: str, amount: Decimal, description: str) -> None:
        _through_the_api()

    def _address_of(self, place: str) -> str:
        # What only differs behind the "#" is no new page to a browser: a word before it makes it one.
        return f"{self._client}?{re.sub(r'[^a-z0-9]', '-', place)}#{self._database}/model/{place}"

    def _tried(self, username: str, password: str) -> str | None:
        """Log in; what the client says against it, None when it lets them in."""
        self.page_session.hide(password)
        self.page_session.go()
        with self.doing("log in"), self.page_session.guard.entering(username, password):
            self.page.locator(_NAME).fill(username)
            status = self._answer_to(self.page.locator(".login-dialog button[type=submit]").click)
            if status not in _SAID_NO:
                password_field = self.page.locator(_PASSWORD).last
                password_field.wait_for()
                password_field.fill(password)
                status = self._answer_to(lambda: password_field.press("Enter"))
            if status not in _SAID_NO:
                self.page.locator(f"{_INSIDE} a").first.wait_for()
        return _SAID_NO.get(status)

    def _answer_to(self, sent: Callable[[], None]) -> int:
        """The status of the server's answer to a step of the log-in: it may say no to the name already."""
        answers = self.page.expect_response(lambda answer: answer.url.endswith("/login"))
        with answers as response, self.page_session.guard.pressing():
            sent()
        return response.value.status


def _amount(text: str) -> Decimal:
    """A number as the client writes it in English: 1,234.50."""
    found = _AMOUNT.search(text)
    try:
        return Decimal((found[0] if found else "").replace(",", "").replace(" ", ""))
    except InvalidOperation:
        raise ValueError(f"{text!r} is no amount") from None


def _through_the_api() -> NoReturn:
    raise NotCovered(
        "Trials in Tryton go through its API: the forms of its web client differ from one installation to another."
    )
