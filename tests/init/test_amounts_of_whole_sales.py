"""What stands between the lines of a sale and its total is proposed where it makes them all add up, and only there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from hypercare.commands.init import init
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.loading import load_target

TABLES = """
CREATE TABLE belege (id TEXT PRIMARY KEY, nummer TEXT, status TEXT, summe NUMERIC(12,2), rabatt NUMERIC(12,2),
    versand NUMERIC(12,2), erstellt_am TIMESTAMP, abgeschlossen_am TIMESTAMP, storniert_am TIMESTAMP);
CREATE TABLE belegpositionen (id TEXT PRIMARY KEY, beleg_id TEXT REFERENCES belege, menge INTEGER,
    einzelpreis NUMERIC(12,2), betrag NUMERIC(12,2));
"""
STATES = ("abgeschlossen", "abgeschlossen", "offen", "storniert")


def proposed(folder: Path, rabatt: int, versand: int, off_by: Decimal = Decimal(0)) -> TargetConfig:
    """Forty sales; every third has a discount and every fourth is delivered; the total heeds both, but for `off_by`."""
    file = folder / "laden.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(TABLES)
        for number in range(40):
            less = Decimal(rabatt) / 100 * (number + 3) if number % 3 == 0 else Decimal(0)
            more = Decimal(versand) / 100 * (number + 7) if number % 4 == 0 else Decimal(0)
            lines = [(one + 1, Decimal("4.20") + number + one) for one in range(1 + number % 3)]
            total = sum((many * price for many, price in lines), Decimal(0)) - less + more + (off_by if less else 0)
            at = f"2026-03-{1 + number // 2:02} 10:{number:02}:00"
            row = (f"b{number}", f"2026/{number}", STATES[number % 4], str(total), str(less), str(more), at, at, None)
            connection.execute("INSERT INTO belege VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            for place, (many, price) in enumerate(lines):
                line = (f"b{number}p{place}", f"b{number}", many, str(price), str(many * price))
                connection.execute("INSERT INTO belegpositionen VALUES (?, ?, ?, ?, ?)", line)
    out = folder / "target.toml"
    done = CliRunner().invoke(init, ["--database", f"sqlite:///{file}", "--out", str(out), "--no-questions"])
    assert done.exit_code == 0, done.output
    return load_target(out)


@pytest.mark.parametrize(
    ("rabatt", "versand", "fields"),
    [(10, 0, {"discount": "rabatt"}), (-10, 0, {}), (0, 30, {"surcharge": "versand"}), (0, 0, {})],
    ids=["a discount", "a discount with its own sign", "delivery", "neither"],
)
def test_the_amount_by_which_lines_come_to_totals_is_proposed(
    tmp_path: Path, rabatt: int, versand: int, fields: dict[str, str]
) -> None:
    sale = proposed(tmp_path, rabatt, versand).mapping.sale
    assert sale is not None
    assert (sale.table, sale.columns["total"].column) == ("belege", "summe")
    found = {name: spec.column for name, spec in sale.columns.items() if name in ("discount", "surcharge")}
    if rabatt < 0:
        assert set(found.values()) <= {"rabatt"}
    else:
        assert found == fields


def test_an_amount_that_does_not_make_all_add_up_is_not_proposed(tmp_path: Path) -> None:
    sale = proposed(tmp_path, 10, 0, off_by=Decimal("0.37")).mapping.sale
    assert sale is not None
    assert "discount" not in sale.columns
