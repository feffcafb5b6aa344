"""A target file whose ways lie on a stand-in server, and whose clock a test sets."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.probing.probed_pages import LOG_IN
from tests.standins.http_standin import Standin

NOON = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)  # 12:00 in Berlin
FILE = """[target]
name = "Rosewood"
id = "rosewood"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
clock = "clock.json"

[web]
url = "{url}/"

[api]
url = "{url}/api"
endpoints = [{{ name = "health", path = "/health", expect = {{ status = "ok" }} }}]

[probe]
name = "north"
retry_after = "10ms"
timeout = "2s"
"""


class Business:
    """`arguments` are those that every command needs."""

    def __init__(self, folder: Path, standin: Standin, more: str = "") -> None:
        self.folder = folder
        self.standin = standin
        self.file = folder / "target.toml"
        self.file.write_text(FILE.format(url=standin.url) + more, encoding="utf-8")
        self.arguments = ["--target", str(self.file), "--reports", str(folder / "reports")]
        self.set_clock(NOON)
        self.works()

    def set_clock(self, instant: datetime, rate: float = 0.0) -> None:
        face = {"set_to": instant.isoformat(), "set_at": datetime.now(UTC).isoformat(), "rate": rate}
        (self.folder / "clock.json").write_text(json.dumps(face), encoding="utf-8")

    def minute(self, number: float) -> None:
        self.set_clock(NOON + timedelta(minutes=number))

    def works(self) -> None:
        self.standin.page("/", LOG_IN)
        self.standin.json("/api/health", {"status": "ok"})

    def fails(self) -> None:
        self.standin.page("/", LOG_IN, status=503)
