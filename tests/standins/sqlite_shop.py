"""A small live SQLite shop and a backup of it."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = datetime.now(UTC)
ROWS = 120


def shop(path: Path, *, older_by: timedelta = timedelta(0)) -> Path:
    """A shop with a sale each minute up to three hours ago; `older_by` leaves out the youngest of them."""
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE branches (id INTEGER PRIMARY KEY, code TEXT NOT NULL); INSERT INTO branches VALUES (1, 'HAR');"
        "CREATE TABLE sales (id INTEGER PRIMARY KEY, total NUMERIC NOT NULL, created_at DATETIME NOT NULL);"
    )
    first = NOW - timedelta(hours=3, minutes=ROWS)
    times = [first + timedelta(minutes=number) for number in range(ROWS)]
    connection.executemany(
        "INSERT INTO sales (total, created_at) VALUES (1, ?)",
        [(f"{at:%Y-%m-%d %H:%M:%S}",) for at in times if at < NOW - older_by],
    )
    connection.commit()
    connection.close()
    return path


def manifest(name: str, size: int, **more: object) -> bytes:
    """A manifest of a backup that was taken half an hour ago."""
    taken = (NOW - timedelta(minutes=30)).isoformat()
    stated = {"file": name, "started_at": taken, "finished_at": taken, "bytes": size, "tables": {"sales": ROWS}}
    return json.dumps({**stated, **more}).encode()
