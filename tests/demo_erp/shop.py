"""A small business in a state folder of its own, and the ways in through its doors."""

from __future__ import annotations

import json
import shutil
import sqlite3
import warnings
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from demo_erp.application import create_app
from demo_erp.state import State
from demo_erp.traffic import live_until
from tests.demo_erp.lived_business import day_number, local, new_business

with warnings.catch_warnings():
    # It only warns that a successor of httpx is on its way.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

API = "/api/v1"
ADDRESS = "http://127.0.0.1"
NOW = local(day_number(2), "15:00")  # a Friday afternoon, every branch open
BRANCHES = ("HAR", "OLD", "GAR", "NOR", "TRN")


class Shop:
    """One business served in this process. Its clock stands still unless it is moved."""

    def __init__(self, folder: Path) -> None:
        self.state = State.open(folder)
        self.app = create_app(self.state)

    @cached_property
    def passwords(self) -> dict[str, str]:
        accounts = json.loads(self.state.accounts_file.read_text(encoding="utf-8"))
        return {account["username"]: account["password"] for account in accounts}

    def visitor(self, **headers: str) -> TestClient:
        """Somebody who has not logged in."""
        return TestClient(self.app, base_url=ADDRESS, headers=headers, follow_redirects=False)

    def log_in(self, username: str, password: str | None = None) -> Any:
        """The answer of the API's log-in."""
        given = {"username": username, "password": password or self.passwords[username]}
        return self.visitor().post(f"{API}/auth/login", json=given)

    def api(self, username: str) -> TestClient:
        """A program that has logged in at the API; paths are meant from its root."""
        token = self.log_in(username).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        return TestClient(self.app, base_url=ADDRESS + API, headers=headers)

    def browser(self, username: str, prefix: str = "") -> TestClient:
        """Somebody who has logged in at the web app, or on the phone with the prefix "/m"."""
        browser = self.visitor()
        browser.post(f"{prefix}/login", data={"username": username, "password": self.passwords[username]})
        return browser

    def pass_time(self, **how_much: float) -> None:
        self.state.clock.set(self.state.clock.now() + timedelta(**how_much), rate=0.0)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query finds, with the plain driver."""
        with sqlite3.connect(self.state.folder / "erp.sqlite") as connection:
            found = connection.execute(sql, values).fetchall()
        connection.close()
        return found

    def value(self, sql: str, *values: Any) -> Any:
        return self.rows(sql, *values)[0][0]

    def log(self, name: str) -> list[dict[str, Any]]:
        """The lines of a log, oldest first, without those that were rotated away."""
        text = (self.state.folder / "logs" / f"{name}.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def branch_id(self, code: str) -> int:
        return self.value("SELECT id FROM branches WHERE code = ?", code)

    def a_customer(self, code: str) -> int:
        return self.value("SELECT min(id) FROM customers WHERE branch_id = ?", self.branch_id(code))

    def a_product(self, kind: str = "retail", training: bool = False) -> tuple[int, str]:
        """Id and unit price, as the API writes it."""
        sign = "=" if training else "<>"
        query = f"SELECT id, unit_price FROM products WHERE kind = ? AND category {sign} 'training' ORDER BY id LIMIT 1"
        product_id, price = self.rows(query, kind)[0]
        return product_id, f"{price:.2f}"

    def draft(self, seller: TestClient, code: str, kind: str = "retail") -> Mapping[str, Any]:
        """A new draft with one line, entered by somebody who may."""
        product_id, _price = self.a_product(kind, training=code == "TRN")
        sale = {"customer_id": self.a_customer(code), "kind": kind, "lines": [{"product_id": product_id}]}
        return seller.post("/sales", json=sale).json()

    def final(self, seller: TestClient, code: str, kind: str = "retail", method: str = "card") -> Mapping[str, Any]:
        """A sale that has just been paid."""
        draft = self.draft(seller, code, kind)
        payments = {"payments": [{"method": method, "amount": draft["total"]}]}
        return seller.post(f"/sales/{draft['id']}/finalise", json=payments).json()


def prepare(folder: Path) -> Path:
    """A business on the afternoon of its second day, with something of everything in every branch."""
    state = new_business(folder)
    live_until(state, NOW)
    state.clock.set(NOW, rate=0.0)
    state.database.dispose()
    shop = Shop(folder)
    seller, worker = shop.api("check.trn.sales"), shop.api("check.trn.production")
    order = shop.final(seller, "TRN", "studio")["production_order_id"]
    worker.post(f"/production/orders/{order}/costs", json={"kind": "material", "amount": "12.00"})
    worker.post("/issues", json={"title": "The scissors are blunt"})
    return folder


def copied(prepared: Path, to: Path) -> Shop:
    shutil.copytree(prepared, to)
    return Shop(to)
