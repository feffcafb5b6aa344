"""The business on the eve of go-live: branches, hours, people, catalogue, accounts, customers, first shifts."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from demo_erp.business_time import local_instant
from demo_erp.errors import SetupProblem
from demo_erp.schema import (
    Branch,
    Customer,
    LedgerAccount,
    OpeningHours,
    Product,
    Shift,
    TrafficPosition,
    User,
)
from demo_erp.security import hash_password
from demo_erp.services.ledger import ACCOUNTS
from demo_erp.state import State
from demo_erp.traffic.apply_routine import shift_rows
from demo_erp.traffic.branches import ALL_BRANCHES, TRAINING_ROOM
from demo_erp.traffic.catalogue import ALL_ARTICLES
from demo_erp.traffic.customers import TRAINING_CUSTOMER, Customers
from demo_erp.traffic.directory import Directory
from demo_erp.traffic.people import PEOPLE, CheckAccount, Person, check_accounts
from demo_erp.traffic.rota import ROTA_DAYS_AHEAD, Rota

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is taken for another one


def open_business(state: State) -> None:
    """Fill a new database (tables made) and write the accounts file, readable by its owner only.

    Raises SetupProblem when the database holds a business already.
    """
    accounts: list[Person | CheckAccount] = [*PEOPLE, *check_accounts()]
    passwords = {account.username: _new_password() for account in accounts}
    eve = local_instant(state.settings.go_live - timedelta(days=1), time(12), state.timezone)
    with state.database.connection(writes=True) as connection:
        if connection.scalar(select(func.count()).select_from(Branch)):
            raise SetupProblem("the database holds a business already; choose an empty one")
        _insert(connection, Branch, _branches())
        branch_ids = dict(connection.execute(select(Branch.code, Branch.id)).all())
        _insert(connection, OpeningHours, _hours(branch_ids))
        _insert(connection, User, _users(accounts, passwords, branch_ids, eve))
        _insert(connection, Product, _products())
        _insert(connection, LedgerAccount, ({"code": c, "name": n, "kind": k} for c, n, k in ACCOUNTS))
        _insert(connection, Customer, _customers(state, branch_ids, eve))
        _insert(connection, Shift, _shifts(state, Directory(connection)))
        connection.execute(insert(TrafficPosition).values(id=1, day=state.settings.go_live, events_done=0))
        _write_accounts(state.accounts_file, accounts, passwords)


def _insert(connection: Connection, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    connection.execute(insert(table), list(rows))


def _branches() -> Iterator[dict[str, Any]]:
    for branch in ALL_BRANCHES:
        yield {
            "code": branch.code,
            "name": branch.name,
            "city": branch.city,
            "active": True,
            "training": branch.training,
        }


def _hours(branch_ids: dict[str, int]) -> Iterator[dict[str, Any]]:
    for branch in ALL_BRANCHES:
        for weekday, (opens, closes) in branch.hours.items():
            yield {"branch_id": branch_ids[branch.code], "weekday": weekday, "opens": opens, "closes": closes}


def _users(
    accounts: list[Person | CheckAccount], passwords: dict[str, str], branch_ids: dict[str, int], eve: datetime
) -> Iterator[dict[str, Any]]:
    for account in accounts:
        yield {
            "username": account.username,
            "full_name": account.full_name,
            "role": account.role,
            "branch_id": branch_ids[account.branch.code] if account.branch else None,
            "password_hash": hash_password(passwords[account.username]),
            "active": True,
            "failed_logins": 0,
            "locked_until": None,
            "created_at": eve,
        }


def _products() -> Iterator[dict[str, Any]]:
    for article in ALL_ARTICLES:
        yield {
            "sku": article.sku,
            "name": article.name,
            "category": article.category,
            "kind": article.kind,
            "unit_price": article.price,
            "active": True,
        }


def _customers(state: State, branch_ids: dict[str, int], eve: datetime) -> Iterator[dict[str, Any]]:
    training = branch_ids[TRAINING_ROOM.code]
    yield {"branch_id": training, "name": TRAINING_CUSTOMER, "phone": "", "created_at": eve}
    customers = Customers(state.settings.seed, state.settings.go_live)
    for branch in ALL_BRANCHES:
        for buyer in customers.at_opening(branch):
            yield {
                "branch_id": branch_ids[branch.code],
                "name": buyer.name,
                "phone": buyer.phone,
                "created_at": eve,
            }


def _shifts(state: State, directory: Directory) -> Iterator[dict[str, Any]]:
    """The days before ROTA_DAYS_AHEAD; each later day is published when it comes within sight."""
    rota = Rota(state.timezone)
    for ahead in range(ROTA_DAYS_AHEAD):
        yield from shift_rows(rota, directory, state.settings.go_live + timedelta(days=ahead))


def _new_password() -> str:
    """Three groups of four, easy to read out; from the system's own randomness, never from the seed."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def _write_accounts(path: Path, accounts: list[Person | CheckAccount], passwords: dict[str, str]) -> None:
    listed = [
        {
            "username": account.username,
            "password": passwords[account.username],
            "role": account.role,
            "branch": account.branch.code if account.branch else None,
            "kind": "check" if isinstance(account, CheckAccount) else "person",
        }
        for account in accounts
    ]
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(listed, file, indent=1)
        file.write("\n")
