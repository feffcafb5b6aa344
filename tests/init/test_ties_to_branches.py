"""A table that only ties records to branches is proposed as such; other tables between the two are not."""

from __future__ import annotations

import sqlite3
import tomllib
from contextlib import closing

import pytest
from click.testing import CliRunner

from hypercare.commands.init import init
from hypercare.target_file.config import TargetConfig
from tests.init.accuracy import BUILT, built, proposal_for

BOOKS = """
CREATE TABLE store (id INTEGER PRIMARY KEY, code TEXT UNIQUE, name TEXT);
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, created_at TEXT);
CREATE TABLE sale_order (id INTEGER PRIMARY KEY, number TEXT, status TEXT, total NUMERIC, customer_id INTEGER REFERENCES customer, created_at TEXT);
CREATE TABLE sale_order_line (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES sale_order, quantity INTEGER, price NUMERIC, amount NUMERIC);
INSERT INTO store VALUES (1, 'LIS', 'Lisboa'), (2, 'OPO', 'Porto');
INSERT INTO customer VALUES (1, 'Ana', '2026-01-05 09:00:00');
"""  # noqa: E501 - a table on a line
TIES = {
    "declared": "CREATE TABLE sale_order_store (order_id INTEGER REFERENCES sale_order,"
    " store_id INTEGER REFERENCES store, PRIMARY KEY (order_id, store_id))",
    "by name alone": "CREATE TABLE sale_order_store (sale_order_id INTEGER, store_id INTEGER,"
    " UNIQUE (sale_order_id, store_id))",
    "with a number of its own": "CREATE TABLE sale_order_store (id INTEGER PRIMARY KEY,"
    " order_id INTEGER REFERENCES sale_order, store_id INTEGER REFERENCES store)",
}
NO_TIES = {
    "a third thing is tied": "CREATE TABLE delivery (order_id INTEGER REFERENCES sale_order,"
    " store_id INTEGER REFERENCES store, customer_id INTEGER REFERENCES customer)",
    "only one of them": "CREATE TABLE sale_order_note (order_id INTEGER REFERENCES sale_order, words TEXT)",
}


def books(folder, more):
    file = folder / "books.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(BOOKS)
        connection.execute(more)
        table = more.split()[2]
        for n in range(1, 31):
            at = f"2026-01-{1 + n % 28:02} 10:00:00"
            connection.execute("INSERT INTO sale_order VALUES (?, ?, ?, ?, 1, ?)", (n, f"S{n}", "paid", 3 * n, at))
            for line in (2 * n, 2 * n + 1):
                amount = n if line % 2 == 0 else 2 * n
                connection.execute("INSERT INTO sale_order_line VALUES (?, ?, 1, ?, ?)", (line, n, amount, amount))
            if table == "sale_order_store":
                row = (n, 1 + n % 2) if "id INTEGER PRIMARY KEY" not in more else (n, n, 1 + n % 2)
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    return f"sqlite:///{file}"


@pytest.mark.parametrize("how", TIES)
def test_a_table_that_ties_is_proposed(how, tmp_path):
    done = CliRunner().invoke(init, ["--database", books(tmp_path, TIES[how]), "--no-questions"])
    sale = TargetConfig.model_validate(tomllib.loads(done.output)).mapping.sale
    record = "sale_order_id" if how == "by name alone" else "order_id"
    assert sale is not None and sale.branches is not None, done.output
    assert sale.branches.model_dump(exclude_none=True) == {
        "table": "sale_order_store",
        "record": record,
        "branch": "store_id",
    }
    (line,) = (line for line in done.output.splitlines() if line.startswith("branches ="))
    assert "%: it points at sale_order and store" in line


@pytest.mark.parametrize("what", NO_TIES)
def test_what_does_more_than_tie_is_not_proposed(what, tmp_path):
    assert proposal_for(books(tmp_path, NO_TIES[what])).entities["sale"].tie is None


@pytest.mark.parametrize("name", BUILT)
def test_schemas_without_such_tables_get_none(name, tmp_path):
    assert [one.entity for one in proposal_for(built(name, tmp_path)).entities.values() if one.tie] == []
