"""A plug-in for pytest that keeps account of every statement of a session: `-p benchmarks.accounting.statements`.

It writes where HYPERCARE_STATEMENTS names a file: {"statements", "server_s", "client_s", "peak_mb", "slowest"}.
"""

from __future__ import annotations

import json
import os
import resource
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from benchmarks.accounting.server_time import ServerTime

VARIABLE = "HYPERCARE_STATEMENTS"
KEPT = 400


class Account:
    """Statements by their text: how often, and what the server spent on them."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = defaultdict(list)
        self.check: dict[str, str] = {}

    def listen(self) -> None:
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)

    def _before(self, connection: Connection, *_: Any) -> None:
        info = connection.info
        if "server_time" not in info:
            info["server_time"] = ServerTime(connection)
        info["spent_before"] = info["server_time"].seconds()

    def _after(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        """Of what is fetched later, only what the server had to do until its first rows is counted here."""
        with suppress(OSError, KeyError):
            spent = connection.info["server_time"].seconds() - connection.info["spent_before"]
            self.spent[statement].append(spent)
            self.check.setdefault(statement, os.environ.get("PYTEST_CURRENT_TEST", "").split(" ")[0])

    def as_json(self) -> dict[str, Any]:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        slowest = sorted(self.spent.items(), key=lambda one: -sum(one[1]))[:KEPT]
        return {
            "statements": sum(len(times) for times in self.spent.values()),
            "server_s": sum(sum(times) for times in self.spent.values()),
            "client_s": usage.ru_utime + usage.ru_stime,
            "peak_mb": _peak_mb(),
            "slowest": [
                {"server_s": sum(times), "times": len(times), "check": self.check[statement], "statement": statement}
                for statement, times in slowest
            ],
        }


def _peak_mb() -> float:
    """Of this program alone: ru_maxrss would hand on what the process had that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


_ACCOUNT = Account()


def pytest_configure() -> None:
    _ACCOUNT.listen()


def pytest_unconfigure() -> None:
    if VARIABLE in os.environ:
        Path(os.environ[VARIABLE]).write_text(json.dumps(_ACCOUNT.as_json(), indent=1), encoding="utf-8")
