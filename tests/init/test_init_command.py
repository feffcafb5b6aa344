"""`hypercare init` writes a file that loads, on which a round runs, and which says why at each line."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hypercare.commands.init import init
from hypercare.target_file.loading import load_target
from tests.init.accuracy import BUILT, built

PROJECT = Path(__file__).parents[2]


def proposed(tmp_path, name, *more):
    out = tmp_path / "target.toml"
    done = CliRunner().invoke(init, ["--database", built(name, tmp_path), "--out", str(out), "--no-questions", *more])
    assert done.exit_code == 0, done.output
    return out


@pytest.mark.parametrize("name", BUILT)
def test_the_proposed_file_loads(name, tmp_path):
    config = load_target(proposed(tmp_path, name))
    assert config.mapping.sale is not None
    assert config.mapping.sale_line is not None or name == "sakila"
    assert config.target.mode == "observe"


def test_each_column_says_how_sure_and_why(tmp_path):
    text = proposed(tmp_path, "odoo_like").read_text()
    columns = text.split("[mapping.sale.columns]")[1].split("\n\n")[0].strip().splitlines()
    assert all(re.search(r"# \d+ %: \w", line) or line.startswith("# not found") for line in columns), columns


@pytest.mark.server
@pytest.mark.long
def test_a_round_runs_on_the_proposed_file(tmp_path):
    out = proposed(tmp_path, "odoo_like")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--round=midday", "--no-retry"]
    done = subprocess.run(
        [*command, f"--target={out}", f"--reports={tmp_path / 'reports'}"], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode in {0, 1}, done.stdout[-3000:]


def test_a_password_is_not_written_down(tmp_path):
    from hypercare.init.asking import guessed_facts
    from hypercare.init.writing import target_file

    facts = guessed_facts(None, None)
    facts.database_url, facts.needs_password = "postgresql://monitor@db/erp", True
    assert 'password = { env = "HYPERCARE_DATABASE_PASSWORD" }' in target_file(facts, None)


def test_nothing_is_written_into_the_database(tmp_path):
    url = built("chinook", tmp_path)
    file = Path(url.removeprefix("sqlite:///"))
    before = file.read_bytes()
    CliRunner().invoke(init, ["--database", url, "--no-questions"])
    assert file.read_bytes() == before


def test_an_existing_file_is_kept(tmp_path):
    out = proposed(tmp_path, "chinook")
    again = CliRunner().invoke(init, ["--database", f"sqlite:///{tmp_path}/chinook.sqlite", "--out", str(out)])
    assert again.exit_code != 0
    assert "there already" in again.output


def test_forms_of_time_money_and_deletion_are_seen(tmp_path):
    file = tmp_path / "odd.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript("""
            CREATE TABLE orders (id INTEGER PRIMARY KEY, ref TEXT, status TEXT, total_cents INTEGER,
              created INTEGER, deleted_at TEXT);
            CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id INTEGER, qty INTEGER, price_cents INTEGER,
              amount_cents INTEGER);
        """)  # fmt: skip
        for n in range(1, 30):
            at = 1_767_600_000 + 900 * n
            connection.execute(
                "INSERT INTO orders VALUES (?, ?, ?, ?, ?, NULL)", (n, f"O{n}", "PAID", 2000 * n + 150, at)
            )
            connection.execute("INSERT INTO order_items VALUES (?, ?, 2, ?, ?)", (2 * n, n, 1000 * n, 2000 * n))
            connection.execute("INSERT INTO order_items VALUES (?, ?, 1, 150, 150)", (2 * n + 1, n))
    out = tmp_path / "odd.toml"
    done = CliRunner().invoke(init, ["--database", f"sqlite:///{file}", "--out", str(out), "--no-questions"])
    assert done.exit_code == 0, done.output
    sale, line = load_target(out).mapping.sale, load_target(out).mapping.sale_line
    assert sale.columns["total"].column == "total_cents"
    assert sale.columns["total"].money == "cents"
    assert sale.columns["created_at"].time == "seconds"
    assert sale.where == "deleted_at IS NULL"
    assert "PAID" in sale.values["state"]["final"]
    assert line.columns["sale"].column == "order_id"
    found = [line.columns[field].column for field in ("quantity", "unit_price", "amount")]
    assert found == ["qty", "price_cents", "amount_cents"]
