"""A plug-in for pytest that keeps account of every statement of a session: `-p benchmarks.accounting.statements`.

It writes where HYPERCARE_STATEMENTS names a folder, each process of the round a file of its own (tracks are copies of
the first one): {"statements", "server_s", "client_s", "peak_mb", "slowest"}. `account_in` puts them together.
"""

from __future__ import annotations

import json
import os
import resource
from collections import defaultdict
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
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
        slowest = sorted(self.spent.items(), key=lambda one: -sum(one[1]))[:KEPT]
        return {
            "statements": sum(len(times) for times in self.spent.values()),
            "server_s": sum(sum(times) for times in self.spent.values()),
            "client_s": _client_s(),
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


def _client_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


_ACCOUNT = Account()


def account_in(folder: Path) -> dict[str, Any] | None:
    """What all processes of a session wrote, sums of it; the peak of memory is that of the largest. None of nothing."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json")]
    if not found:
        return None
    whole = {name: sum(one[name] for one in found) for name in ("statements", "server_s", "client_s")}
    slowest = sorted((one for some in found for one in some["slowest"]), key=lambda one: -one["server_s"])
    return {**whole, "peak_mb": max(one["peak_mb"] for one in found), "slowest": slowest}


def pytest_configure() -> None:
    _ACCOUNT.listen()
    os.register_at_fork(after_in_child=_begin_anew)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, bool | None, bool | None]:
    """A track ends without a word, so it writes after each of its checks; the round itself once, at its end."""
    result = yield
    if os.getpid() != _FIRST:
        _write()
    return result


def pytest_unconfigure() -> None:
    _write()


_FIRST = os.getpid()


def _begin_anew() -> None:
    _ACCOUNT.spent.clear()
    _ACCOUNT.check.clear()


def _write() -> None:
    if VARIABLE in os.environ:
        file = Path(os.environ[VARIABLE]) / f"{os.getpid()}.json"
        file.write_text(json.dumps(_ACCOUNT.as_json(), indent=1), encoding="utf-8")
