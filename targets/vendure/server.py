"""Vendure's server with its administration, served from a database on a port of this machine, at a time of its own."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from targets.foreign.mariadb import MariaDB, free_port
from targets.tryton import guarded

INSIDE = Path(__file__).parent / "inside"
_STARTS_WITHIN = 180  # seconds; ten, where nothing else runs
_LIVES_WITHIN = 1800
_WORKS_WITHIN = 120
_AT_WORK = "SELECT COUNT(*) FROM job_record WHERE state IN ('PENDING', 'RUNNING', 'RETRYING')"


class DidNotStart(Exception):
    """The server did not answer in time; the message holds its last words."""


@dataclass
class Server:
    """`facts` is the file of what its people are called; `log` is written by the server itself."""

    software: Path
    mariadb: MariaDB
    database: str
    facts: Path
    log: Path
    port: int
    _life_port: int = field(default_factory=free_port, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TZ": "UTC",
            # It would tell its makers of each installation.
            "VENDURE_DISABLE_TELEMETRY": "true",
            "SHOP_SOFTWARE": str(self.software),
            "SHOP_FACTS": str(self.facts),
            "SHOP_OWNER_PASSWORD": json.loads(self.facts.read_text(encoding="utf-8"))["owner"],
            "SHOP_PORT": str(self.port),
            "SHOP_LIFE_PORT": str(self._life_port),
            "SHOP_DATABASE": self.database,
            "SHOP_DATABASE_PORT": str(self.mariadb.port),
            "SHOP_DATABASE_USER": "shop",
            "SHOP_DATABASE_PASSWORD": self.mariadb.password,
        }

    def start(self, stands: datetime, clock: Path) -> None:
        """Serve it from that instant on, until `stop` or the end of this process; `clock` tells its time.

        Raises:
            DidNotStart: it does not answer.
        """
        own = {"SHOP_STANDS": stands.astimezone(UTC).isoformat(), "SHOP_CLOCK": str(clock)}
        environment = {**os.environ, **self.environment, **own}
        self._process = guarded.started(
            ["node", INSIDE / "serve.js"], self.log, environment=environment, at=self.software
        )
        deadline = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.3)
        self.stop()
        raise DidNotStart(self.log.read_text(encoding="utf-8", errors="replace")[-1500:])

    def live_until(self, moment: datetime) -> None:
        """Let its people work on until then."""
        body = json.dumps({"until": moment.astimezone(UTC).isoformat()}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self._life_port}/", data=body, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=_LIVES_WITHIN):
                pass
        except urllib.error.HTTPError as trouble:
            raise RuntimeError(trouble.read().decode()) from None
        self.wait_for_jobs()

    def wait_for_jobs(self) -> None:
        """Its hours pass in seconds, but its background jobs take what they take."""
        engine = create_engine(self.mariadb.url(self.database))
        deadline = time.monotonic() + _WORKS_WITHIN
        try:
            while time.monotonic() < deadline:
                with engine.connect() as connection:
                    if not connection.execute(text(_AT_WORK)).scalar_one():
                        return
                time.sleep(0.5)
        finally:
            engine.dispose()

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            guarded.stop(process)

    def _answers(self) -> bool:
        # The port by which it is told to live on opens last.
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self._life_port}/", timeout=2)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True
