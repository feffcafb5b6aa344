"""What a state means is told by the times of the records in it; what was never deleted is not left out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from hypercare.commands.init import init
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.loading import load_target

TABLES = """
CREATE TABLE client (id INTEGER PRIMARY KEY, name TEXT, created INTEGER, removed INTEGER);
CREATE TABLE invoice (id INTEGER PRIMARY KEY, ref TEXT, client_id INTEGER REFERENCES client, status TEXT,
    grand_total INTEGER, rounding INTEGER, created INTEGER, confirmed INTEGER);
CREATE TABLE invoice_item (id INTEGER PRIMARY KEY, invoice_id INTEGER REFERENCES invoice, qty REAL, unit_price INTEGER,
    line_total INTEGER);
CREATE TABLE repair (id INTEGER PRIMARY KEY, ref TEXT, invoice_id INTEGER REFERENCES invoice, status TEXT,
    created INTEGER, finished INTEGER);
CREATE TABLE repair_task (id INTEGER PRIMARY KEY, repair_id INTEGER REFERENCES repair, pos INTEGER, title TEXT,
    status TEXT, started INTEGER, finished INTEGER);
"""
MARCH = 1_772_400_000_000
MINUTE = 60_000


def proposed(folder: Path, removed: tuple[int | None, ...] = (None,), states: str = "received ready") -> TargetConfig:
    """Forty sales in whole paise, rounded to the rupee, each with a repair; of the last ten none is finished."""
    file, (begun, over) = folder / "bikes.sqlite", states.split()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(TABLES)
        for n in range(1, 41):
            at, lines = MARCH + n * 90 * MINUTE, [(1 + n % 2, 35_030 + 1_017 * n), (1, 99_909)]
            total = sum(int(many * price) for many, price in lines)
            rounding, finished = -(total % 100), None if n > 30 else at + 60 * MINUTE
            connection.execute(
                "INSERT INTO client VALUES (?, ?, ?, ?)", (n, f"Client {n}", at, removed[n % len(removed)])
            )
            invoice = (n, f"INV{n}", n, "CONFIRMED" if n % 3 else "QUOTE", total + rounding, rounding, at, at + MINUTE)
            connection.execute("INSERT INTO invoice VALUES (?, ?, ?, ?, ?, ?, ?, ?)", invoice)
            for many, price in lines:
                item = (n, many, price, int(many * price))
                connection.execute(
                    "INSERT INTO invoice_item(invoice_id, qty, unit_price, line_total) VALUES (?, ?, ?, ?)", item
                )
            repair = (n, f"R{n}", n, begun if finished is None else over, at, finished)
            connection.execute("INSERT INTO repair VALUES (?, ?, ?, ?, ?, ?)", repair)
            for pos, title in enumerate(("inspect", "mend"), start=1):
                task = (n, pos, title, "todo" if finished is None else "done", finished and at, finished)
                connection.execute(
                    "INSERT INTO repair_task(repair_id, pos, title, status, started, finished)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    task,
                )
    out = folder / "target.toml"
    done = CliRunner().invoke(init, ["--database", f"sqlite:///{file}", "--out", str(out), "--no-questions"])
    assert done.exit_code == 0, done.output
    return load_target(out)


@pytest.mark.parametrize("removed", [(None,), (None, None, MARCH)], ids=["nothing deleted", "some deleted, by time"])
def test_rows_that_say_nothing_of_a_deletion_are_there(tmp_path: Path, removed: tuple[int | None, ...]) -> None:
    customer = proposed(tmp_path, removed).mapping.customer
    assert customer is not None
    assert customer.where == "removed IS NULL"


def test_a_flag_of_deletion_that_is_often_left_out_leaves_both_in(tmp_path: Path) -> None:
    customer = proposed(tmp_path, (None, 0, 1)).mapping.customer
    assert customer is not None
    assert customer.where == "(removed IS NULL OR removed IN (0))"


def test_a_state_whose_records_all_have_an_end_is_done(tmp_path: Path) -> None:
    order = proposed(tmp_path).mapping.production_order
    assert order is not None
    assert "ready" in order.values["state"]["done"]
    assert "ready" not in order.values["state"]["open"]


def test_a_state_that_says_done_of_what_has_no_end_is_asked_about(tmp_path: Path) -> None:
    order = proposed(tmp_path, states="closed handed_out").mapping.production_order
    assert order is not None
    assert "closed" not in order.values["state"]["done"]
    assert "handed_out" in order.values["state"]["done"]


def test_what_sums_prove_beside_a_total_is_kept_as_the_total_is(tmp_path: Path) -> None:
    sale = proposed(tmp_path).mapping.sale
    assert sale is not None
    surcharge, total = sale.columns["surcharge"], sale.columns["total"]
    assert (surcharge.column, surcharge.money) == ("rounding", total.money)
