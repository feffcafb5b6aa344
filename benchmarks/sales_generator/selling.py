"""The sales of one branch and day: planned whole, then written as far as the clock has come."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import TypeVar

from benchmarks.sales_generator.business import (
    CUSTOMERS_AT_OPENING,
    NEW_CUSTOMER_EACH,
    Business,
    Counter,
    is_studio,
    is_void,
    studio_among,
)
from benchmarks.sales_generator.opening import ACCOUNT_IDS, PRODUCT_IDS, customer_id, customer_line
from benchmarks.sales_generator.rows import NULL, DayClock, Lines, money, seconds
from demo_erp.services.ledger import MONEY_ACCOUNT, RECEIVABLES, REVENUE_ACCOUNT
from demo_erp.services.numbers import numbered, order_prefix, sale_prefix
from demo_erp.traffic.catalogue import RETAIL, STUDIO, Article

LINES_AT_MOST = 4
T = TypeVar("T")
_COUNTS, _COUNT_WEIGHTS = (1, 2, 3, 4), (0.42, 0.73, 0.9, 1.0)
_DISCOUNTS, _DISCOUNT_WEIGHTS = (0, 5, 10, 15, 20), (0.88, 0.92, 0.975, 0.99, 1.0)
_RETAIL_WEIGHTS = tuple(accumulate(article.liking for article in RETAIL))
_STUDIO_WEIGHTS = tuple(accumulate(article.liking for article in STUDIO))
_METHODS = {"retail": ("cash", "card", "transfer"), "studio": ("cash", "card", "transfer")}
_METHOD_WEIGHTS = {"retail": (0.26, 0.97, 1.0), "studio": (0.03, 0.6, 1.0)}
_RECEIVABLE = ACCOUNT_IDS[RECEIVABLES]
_REVENUE = {kind: ACCOUNT_IDS[code] for kind, code in REVENUE_ACCOUNT.items()}
_MONEY = {method: ACCOUNT_IDS[code] for method, code in MONEY_ACCOUNT.items()}
_VOID_REASON = "Returned on the same day"


@dataclass(slots=True)
class Sale:
    """One sale as it is planned; `created`, `final` and `void` are seconds since the day's midnight."""

    counter: Counter
    count: int
    """How many sales the branch had before this one, ever."""
    created: int
    final: int
    void: int | None
    seller: int
    id: int = 0
    number: str = ""
    order_number: str = ""
    cents: int = 0
    garment: str = ""

    @property
    def kind(self) -> str:
        return "studio" if is_studio(self.count) else "retail"


def planned_sales(business: Business, index: int) -> list[Sale]:
    """All sales of a day in the order in which they are entered, with their ids and numbers."""
    sales = [sale for counter in business.counters for sale in _of_branch(business, counter, index)]
    sales.sort(key=lambda sale: (sale.created, sale.counter.place))
    for number, sale in enumerate(sales, start=business.first_sale(index)):
        sale.id = number
    return sales


def _of_branch(business: Business, counter: Counter, index: int) -> list[Sale]:
    day = business.day(index)
    volume = business.volumes[counter.place][index]
    if not volume.sales:
        return []
    opens, closes = map(seconds, counter.profile.hours[day.weekday()])
    chance = Random(f"sales {day} {counter.profile.code}")
    step = (closes - opens - 1500) / volume.sales
    sales = []
    for place in range(volume.sales):
        count = volume.before + place
        created = opens + 300 + int((place + chance.random()) * step)
        final = created + 60 + int(chance.random() * 200)
        void = min(final + 600 + int(chance.random() * 3000), closes + 600) if is_void(count) else None
        seller = counter.sellers[(count * 7 + index) % len(counter.sellers)].id
        sales.append(Sale(counter, count, created, final, void, seller))
    _number(counter, sales, day.year, volume.before_this_year, volume.before)
    return sales


def _number(counter: Counter, sales: list[Sale], year: int, before_this_year: int, before: int) -> None:
    """Numbers are given when a sale becomes final."""
    code = counter.profile.code
    orders = studio_among(before - before_this_year, before)
    for count, sale in enumerate(sorted(sales, key=lambda one: one.final), start=before_this_year + 1):
        sale.number = numbered(sale_prefix(code, year), count)
        if is_studio(sale.count):
            orders += 1
            sale.order_number = numbered(order_prefix(code, year), orders)


class SalesWriter:
    """Writes the planned sales of one day. `now` is where the day's clock stands, in seconds since midnight."""

    def __init__(self, clock: DayClock, day: str, now: int, lines: Lines) -> None:
        self.clock, self.now, self.lines = clock, now, lines
        self.chance = Random(f"baskets {day}")
        self.random = self.chance.random

    def write(self, sale: Sale) -> None:
        """What there is of the sale by now; the basket is filled in every case, so that the next one is the same."""
        basket = self._basket(sale)
        split, method = self._payment(sale)
        if sale.created > self.now:
            return
        self._customer(sale)
        self._sale(sale)
        self.lines["sale_lines"] += basket
        if sale.final > self.now:
            return
        self._post(sale, 0, NULL, "Sale", sale.final, _RECEIVABLE, _REVENUE[sale.kind], sale.cents)
        paid = [("cash", split), ("card", sale.cents - split)] if split else [(method, sale.cents)]
        for number, (by, cents) in enumerate(paid):
            self._pay(sale, number, by, cents, sale.final, sale.seller)
        if sale.void is not None and sale.void <= self.now:
            self._post(sale, 3, NULL, "Void of", sale.void, _REVENUE[sale.kind], _RECEIVABLE, sale.cents)
            for number, (by, cents) in enumerate(paid):
                self._pay(sale, number + 2, by, -cents, sale.void, sale.counter.manager.id)

    def _basket(self, sale: Sale) -> list[str]:
        wanted = _pick(_COUNTS, _COUNT_WEIGHTS, self.random())
        chosen: dict[str, Article] = {}
        if is_studio(sale.count):
            article = self.chance.choices(STUDIO, cum_weights=_STUDIO_WEIGHTS)[0]
            sale.garment = article.name
            chosen[article.sku] = article
            wanted -= 1
        if wanted:
            for article in self.chance.choices(RETAIL, cum_weights=_RETAIL_WEIGHTS, k=wanted):
                chosen[article.sku] = article
        found, total = [], 0
        for position, article in enumerate(chosen.values(), start=1):
            quantity = 1 if article.most == 1 or self.random() < 0.7 else 2 + int(self.random() * (article.most - 1))
            discount = _pick(_DISCOUNTS, _DISCOUNT_WEIGHTS, self.random())
            cents = (article.cents * quantity * (100 - discount) + 50) // 100
            total += cents
            found.append(
                f"{sale.id * LINES_AT_MOST + position - 1}\t{sale.id}\t{position}\t{PRODUCT_IDS[article.sku]}\t"
                f"{article.name}\t{quantity}.00\t{money(article.cents)}\t{discount}.00\t{money(cents)}"
            )
        sale.cents = total
        return found

    def _payment(self, sale: Sale) -> tuple[int, str]:
        """What part is paid in notes, if any, and else how all of it is."""
        split = 2000 if sale.cents > 8_000 and sale.count % 25 == 3 else 0
        return split, _pick(_METHODS[sale.kind], _METHOD_WEIGHTS[sale.kind], self.random())

    def _customer(self, sale: Sale) -> None:
        if sale.count % NEW_CUSTOMER_EACH == 0:
            number = CUSTOMERS_AT_OPENING + sale.count // NEW_CUSTOMER_EACH
            self.lines["customers"].append(customer_line(sale.counter, number, self.clock(sale.created)))

    def _sale(self, sale: Sale) -> None:
        so_far = CUSTOMERS_AT_OPENING + sale.count // NEW_CUSTOMER_EACH
        customer = customer_id(
            sale.counter, so_far if sale.count % NEW_CUSTOMER_EACH == 0 else sale.count * 37 % so_far
        )
        created, final = self.clock(sale.created), self.clock(sale.final)
        begun = f"{sale.counter.id}\t{customer}\t{sale.kind}"
        entered = f"{money(sale.cents)}\t\tg{sale.id}\t{created}\t{sale.seller}"
        if sale.final > self.now:
            row = f"{sale.id}\t{NULL}\t{begun}\tdraft\t{entered}\t{created}\t{NULL}\t{NULL}\t{NULL}\t{NULL}\t"
        elif sale.void is None or sale.void > self.now:
            ended = f"{final}\t{final}\t{sale.seller}\t{NULL}\t{NULL}\t"
            row = f"{sale.id}\t{sale.number}\t{begun}\tfinal\t{entered}\t{ended}"
        else:
            void = self.clock(sale.void)
            ended = f"{void}\t{final}\t{sale.seller}\t{void}\t{sale.counter.manager.id}\t{_VOID_REASON}"
            row = f"{sale.id}\t{sale.number}\t{begun}\tvoid\t{entered}\t{ended}"
        self.lines["sales"].append(row)

    def _pay(self, sale: Sale, number: int, method: str, cents: int, at: int, by: int) -> None:
        payment = sale.id * 4 + number
        sign = "-" if cents < 0 else ""
        row = f"{payment}\t{sale.id}\t{method}\t{sign}{money(abs(cents))}\t{self.clock(at)}\t{by}"
        self.lines["payments"].append(row)
        accounts = (_MONEY[method], _RECEIVABLE) if cents > 0 else (_RECEIVABLE, _MONEY[method])
        place = number + 1 if number < 2 else number + 2
        words = "Payment" if cents > 0 else "Refund"
        self._post(sale, place, str(payment), words, at, *accounts, abs(cents))

    def _post(
        self, sale: Sale, place: int, payment: str, words: str, at: int, debited: int, credited: int, cents: int
    ) -> None:
        posting, amount = sale.id * 8 + place, money(cents)
        row = f"{posting}\t{sale.id}\t{payment}\t{sale.counter.id}\t{words} {sale.number}\t{self.clock(at)}"
        self.lines["ledger_postings"].append(row)
        self.lines["ledger_entries"] += (
            f"{posting * 2}\t{posting}\t{debited}\t{amount}\t0.00",
            f"{posting * 2 + 1}\t{posting}\t{credited}\t0.00\t{amount}",
        )


def _pick(values: tuple[T, ...], weights: tuple[float, ...], drawn: float) -> T:
    for value, weight in zip(values, weights, strict=True):
        if drawn < weight:
            return value
    return values[-1]
