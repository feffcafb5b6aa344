"""On a terminal `hypercare init` asks what nobody can read from a database; here a real terminal answers."""

from __future__ import annotations

import os
import pty
import select
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.server

PROGRAM = Path(sys.executable).with_name("hypercare")


def books(file):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript("""
            CREATE TABLE orders (id INTEGER PRIMARY KEY, number TEXT, status TEXT, total NUMERIC, created_at TEXT);
            CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id), amount NUMERIC);
        """)
        for n in range(1, 40):
            word = "Paid" if n % 3 else "Wobbling"
            row = (n, f"O{n}", word, 3 * n, f"2026-01-{1 + n % 28:02} 10:00:00")
            connection.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", row)
            connection.execute("INSERT INTO order_lines VALUES (?, ?, ?)", (2 * n, n, n))
            connection.execute("INSERT INTO order_lines VALUES (?, ?, ?)", (2 * n + 1, n, 2 * n))
    return f"sqlite:///{file}"


def answered(arguments, answers):
    """Type each answer when its question stands on the terminal; the status, and all that was written there."""
    mine, theirs = pty.openpty()
    running = subprocess.Popen([str(PROGRAM), "init", *arguments], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said, at = "", 0
    left = list(answers)
    try:
        while True:
            if left and left[0][0] in said[at:]:
                at = said.index(left[0][0], at) + len(left[0][0])
                os.write(mine, f"{left.pop(0)[1]}\n".encode())
            if not select.select([mine], [], [], 0.2)[0]:
                continue
            try:
                read = os.read(mine, 4096)
            except OSError:  # the other side was closed
                break
            if not read:
                break
            said += read.decode()
        return running.wait(), said
    finally:
        running.kill()
        running.wait()
        os.close(mine)


def test_answers_stand_in_the_file_and_wrong_ones_are_asked_again(tmp_path):
    out = tmp_path / "shop.toml"
    status, said = answered(
        ["--database", books(tmp_path / "books.sqlite"), "--out", str(out)],
        [
            ("What is the system called", "Thread & Needle"),
            ("Time zone of the business", "Atlantis/Center"),
            ("there is no time zone", "Europe/Berlin"),
            ("Go-live (YYYY-MM-DD)", "next week"),
            ("is no day", "2026-01-08"),
            ("Currency", "CHF"),
            ("Address of the web app", "https://shop.example.com/"),
            ("says 'Wobbling'", "draft"),
        ],
    )
    assert status == 0, said
    settings = tomllib.loads(out.read_text(encoding="utf-8"))
    assert settings["target"]["name"] == "Thread & Needle"
    assert settings["business"]["timezone"] == "Europe/Berlin"
    assert settings["business"]["go_live"].isoformat() == "2026-01-08"
    assert settings["business"]["currency"] == "CHF"
    assert settings["web"]["url"] == "https://shop.example.com/"
    assert "Wobbling" in settings["mapping"]["sale"]["values"]["state"]["draft"]
    assert "# ? which one" not in out.read_text(encoding="utf-8"), "an answer is no guess any more"
