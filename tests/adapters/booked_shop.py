"""The small shop with books: a database of two weeks' trade, into which everything that is done is written."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.adapters.small_shop import STORES, Order, SmallShop, Worker

_TABLES = """
CREATE TABLE stores (number INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE workers (id INTEGER PRIMARY KEY, login TEXT NOT NULL, name TEXT, job TEXT NOT NULL,
  store INTEGER REFERENCES stores(number));
CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE articles (id INTEGER PRIMARY KEY, code TEXT NOT NULL, label TEXT NOT NULL, price_cents INTEGER NOT NULL);
CREATE TABLE orders (id TEXT PRIMARY KEY, no TEXT, store INTEGER NOT NULL REFERENCES stores(number),
  client INTEGER NOT NULL REFERENCES clients(id), status TEXT NOT NULL, total_cents INTEGER NOT NULL,
  created_at TEXT NOT NULL, created_by INTEGER REFERENCES workers(id), paid_at TEXT, cancelled_at TEXT, memo TEXT);
CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders(id),
  article INTEGER REFERENCES articles(id), qty INTEGER NOT NULL, price_cents INTEGER NOT NULL,
  amount_cents INTEGER NOT NULL);
CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders(id), how TEXT NOT NULL,
  amount_cents INTEGER NOT NULL, paid_at TEXT NOT NULL);
CREATE TABLE vouchers (id INTEGER PRIMARY KEY, code TEXT NOT NULL, client INTEGER NOT NULL REFERENCES clients(id),
  worth_cents INTEGER NOT NULL, left_cents INTEGER NOT NULL, sold_at TEXT NOT NULL);
CREATE INDEX orders_created ON orders(created_at);
"""
DAYS, A_DAY = 14, 6
VOUCHERS, TYPED_WRONGLY = 12, 7


class BookedShop(SmallShop):
    """A small shop whose orders stand in an SQLite file, times in UTC."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        with closing(sqlite3.connect(file)) as books, books:
            books.executescript(_TABLES)
            self._fill(books)

    def open(self, worker: Worker, client: int, items: list[dict[str, Any]], memo: str) -> Order:
        return self._written(super().open(worker, client, items, memo))

    def settle(self, worker: Worker, key: str, how: str, cents: int) -> Order:
        return self._written(super().settle(worker, key, how, cents))

    def cancel(self, worker: Worker, key: str, why: str) -> Order:
        return self._written(super().cancel(worker, key, why))

    def drop(self, worker: Worker, key: str) -> None:
        super().drop(worker, key)
        with closing(sqlite3.connect(self.file)) as books, books:
            for table, column in (("order_lines", "order_id"), ("orders", "id")):
                books.execute(f"DELETE FROM {table} WHERE {column} = ?", (key,))

    def _written(self, order: Order) -> Order:
        with closing(sqlite3.connect(self.file)) as books, books:
            known = books.execute("SELECT 1 FROM orders WHERE id = ?", (order.id,)).fetchone()
            if known is None:
                self._enter(books, order, datetime.now(UTC))
            now = _text(datetime.now(UTC))
            books.execute("UPDATE orders SET status = ?, no = ? WHERE id = ?", (order.status, order.no, order.id))
            if order.status == "PAID":
                books.execute("UPDATE orders SET paid_at = ? WHERE id = ?", (now, order.id))
            if order.status == "CANCELLED":
                books.execute("UPDATE orders SET cancelled_at = ? WHERE id = ?", (now, order.id))
            books.execute("DELETE FROM payments WHERE order_id = ?", (order.id,))
            for one in order.receipts:
                books.execute("INSERT INTO payments VALUES (NULL, ?, ?, ?, ?)", (order.id, *one.values(), now))
        return order

    def _enter(self, books: sqlite3.Connection, order: Order, at: datetime) -> None:
        who = list(self.workers).index(order.by) + 1
        head = (order.id, order.no, order.store, order.client, order.status, order.cents, _text(at), who)
        books.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)", (*head, order.memo))
        articles = {one["label"]: (number, one["cents"]) for number, one in self.articles.items()}
        for row in order.rows:
            number, price = articles[row["text"]]
            line = (order.id, number, row["qty"], price, row["cents"])
            books.execute("INSERT INTO order_lines VALUES (NULL, ?, ?, ?, ?, ?)", line)

    def _fill(self, books: sqlite3.Connection) -> None:
        books.executemany(
            "INSERT INTO stores VALUES (?, ?, ?)", [(n, code, code.title()) for n, code in STORES.items()]
        )
        people = [(n, one.login, one.login, one.job, one.store) for n, one in enumerate(self.workers.values(), 1)]
        books.executemany("INSERT INTO workers VALUES (?, ?, ?, ?, ?)", people)
        books.executemany("INSERT INTO clients VALUES (?, ?)", list(self.clients.items()))
        articles = [(n, one["code"], one["label"], one["cents"]) for n, one in self.articles.items()]
        books.executemany("INSERT INTO articles VALUES (?, ?, ?, ?)", articles)
        chance, now = random.Random(7), datetime.now(UTC).replace(microsecond=0)
        for number in range(DAYS * A_DAY * 2):
            at = now - timedelta(hours=3) - timedelta(days=number // (A_DAY * 2), minutes=29 * (number % (A_DAY * 2)))
            self._sold(books, number, at, chance)
        for number in range(1, VOUCHERS + 1):
            # Each was half used; on one somebody typed a nought too many.
            left = 25000 if number == TYPED_WRONGLY else 2500
            voucher = (number, f"GV-{number:04}", number, 5000, left, _text(now - timedelta(days=number)))
            books.execute("INSERT INTO vouchers VALUES (?, ?, ?, ?, ?, ?)", voucher)

    def _sold(self, books: sqlite3.Connection, number: int, at: datetime, chance: random.Random) -> None:
        store = (7, 8)[number % 2]
        quantity = 1 + number % 5
        row = {"text": "Veil", "qty": quantity, "cents": 1999 * quantity}
        clerk = f"clerk.{STORES[store].lower()}"
        order = Order(1 + number % 30, store, [row], "", clerk, no=f"{store}-{number:04}", status="PAID")
        if number % 17 == 5:
            order.status = "CANCELLED"
        self._enter(books, order, at)
        later = _text(at + timedelta(minutes=4))
        column = "paid_at" if order.status == "PAID" else "cancelled_at"
        books.execute(f"UPDATE orders SET {column} = ? WHERE id = ?", (later, order.id))
        if order.status == "PAID":
            how = chance.choice(["CASH", "CARD"])
            books.execute("INSERT INTO payments VALUES (NULL, ?, ?, ?, ?)", (order.id, how, order.cents, later))


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
