"""What is there before the first sale: branches, hours, people, products, accounts and customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.sales_generator.business import CUSTOMERS_AT_OPENING, Business, Counter
from benchmarks.sales_generator.rows import NULL, DayClock, Lines, money
from demo_erp.services.ledger import ACCOUNTS
from demo_erp.traffic.branches import ALL_BRANCHES
from demo_erp.traffic.catalogue import ALL_ARTICLES
from demo_erp.traffic.customers import TRAINING_CUSTOMER
from demo_erp.traffic.people import check_accounts

PRODUCT_IDS = {article.sku: number for number, article in enumerate(ALL_ARTICLES, start=1)}
ACCOUNT_IDS = {code: number for number, (code, _, _) in enumerate(ACCOUNTS, start=1)}
TRAINING_CUSTOMER_ID = 1
_NOBODY_LOGS_IN = "none"


def opening_lines(business: Business) -> Lines:
    """The rows that all days share, and the customers of the first day."""
    eve = DayClock(business.go_live - timedelta(days=1))(12 * 3600)
    training = len(ALL_BRANCHES)
    customers = [f"{TRAINING_CUSTOMER_ID}\t{training}\t{TRAINING_CUSTOMER}\t\t{eve}"]
    customers += [
        customer_line(counter, number, eve) for number in range(CUSTOMERS_AT_OPENING) for counter in business.counters
    ]
    return {
        "branches": [
            f"{number}\t{one.code}\t{one.name}\t{one.city}\t1\t{int(one.training)}"
            for number, one in enumerate(ALL_BRANCHES, start=1)
        ],
        "opening_hours": [
            f"{number}\t{weekday}\t{opens}\t{closes}"
            for number, one in enumerate(ALL_BRANCHES, start=1)
            for weekday, (opens, closes) in one.hours.items()
        ],
        "users": list(_users(business, eve)),
        "products": [
            f"{PRODUCT_IDS[one.sku]}\t{one.sku}\t{one.name}\t{one.category}\t{one.kind}\t{money(one.cents)}\t1"
            for one in ALL_ARTICLES
        ],
        "ledger_accounts": [f"{ACCOUNT_IDS[code]}\t{code}\t{name}\t{kind}" for code, name, kind in ACCOUNTS],
        "traffic_position": [f"1\t{business.go_live}\t0"],
        "customers": customers,
    }


def customer_id(counter: Counter, number: int) -> int:
    """The branches' customers take turns."""
    return 2 + number * 4 + counter.place


def customer_line(counter: Counter, number: int, at: str) -> str:
    one = customer_id(counter, number)
    return f"{one}\t{counter.id}\tCustomer {counter.profile.code} {number}\t+49 30 {one:08d}\t{at}"


def _users(business: Business, eve: str) -> Iterator[str]:
    ids = {branch.code: number for number, branch in enumerate(ALL_BRANCHES, start=1)}
    for user in business.users:
        yield _user(user.id, user.username, user.full_name, user.role, user.branch, eve)
    for number, account in enumerate(check_accounts(), start=len(business.users) + 1):
        branch = ids[account.branch.code] if account.branch else None
        yield _user(number, account.username, account.full_name, account.role, branch, eve)


def _user(number: int, username: str, name: str, role: str, branch: int | None, eve: str) -> str:
    return f"{number}\t{username}\t{name}\t{role}\t{branch or NULL}\t{_NOBODY_LOGS_IN}\t1\t0\t{NULL}\t{eve}"
