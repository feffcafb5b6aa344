"""Naive times of one database are kept by one clock, and a plan proves nothing about it."""

from __future__ import annotations

import sqlite3
import tomllib
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from hypercare.commands.init import init

TABLES = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, number TEXT, total NUMERIC, created_at TEXT, cancelled_at TEXT);
CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id), amount NUMERIC);
CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, name TEXT);
CREATE TABLE shifts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users(id), starts_at TEXT, ends_at TEXT);
"""


@pytest.mark.parametrize(("hours", "form"), [(8, "local"), (0, "utc")])
def test_what_one_column_proves_holds_for_the_others(tmp_path, hours, form):
    file, now = tmp_path / "books.sqlite", datetime.now(UTC)
    with closing(sqlite3.connect(file)) as books, books:
        books.executescript(TABLES)
        books.execute("INSERT INTO users VALUES (1, 'ana', 'Ana')")
        for n in range(1, 40):
            at = f"{now - timedelta(minutes=11 * n) + timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"
            void = f"{now - timedelta(days=2, minutes=n):%Y-%m-%d %H:%M:%S}" if n % 9 == 0 else None
            books.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", (n, f"O{n}", 3 * n, at, void))
            books.execute("INSERT INTO order_lines VALUES (?, ?, ?)", (n, n, 3 * n))
            shift = [f"{now + timedelta(hours=n % 12 + more):%Y-%m-%d %H:%M:%S}" for more in (0, 8)]
            books.execute("INSERT INTO shifts VALUES (?, 1, ?, ?)", (n, *shift))
    done = CliRunner().invoke(init, ["--database", f"sqlite:///{file}", "--no-questions"])
    assert done.exit_code == 0, done.output
    mapping = tomllib.loads(done.output)["mapping"]
    found = [mapping["sale"]["columns"][name] for name in ("created_at", "voided_at")]
    found.append(mapping["shift"]["columns"]["starts_at"])
    forms = {one["time"] if isinstance(one, dict) and "time" in one else mapping["time"] for one in found}
    assert forms == {form}
