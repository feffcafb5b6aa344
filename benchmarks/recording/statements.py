"""A plug-in for pytest that records every statement of a session: `-p benchmarks.recording.statements`."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

VARIABLE = "HYPERCARE_RECORDED_STATEMENTS"
_OF_TRANSACTIONS = {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"}
_RECORDED: list[tuple[str, Any]] = []
_ADDRESSES: list[str] = []


def _after(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
    if statement.split()[0].upper() in _OF_TRANSACTIONS:
        return
    _RECORDED.append((statement, parameters))
    _ADDRESSES.append(connection.engine.url.render_as_string(hide_password=False))


def pytest_configure() -> None:
    event.listen(Engine, "after_cursor_execute", _after)


def pytest_unconfigure() -> None:
    """Those to the target, which are most, and not those to the history."""
    address = max(set(_ADDRESSES), key=_ADDRESSES.count)
    own = [one for one, where in zip(_RECORDED, _ADDRESSES, strict=True) if where == address]
    file = Path(os.environ[VARIABLE])
    file.write_bytes(pickle.dumps((address, own)))
    file.with_suffix(".json").write_text(json.dumps({"asked": len(own)}), encoding="utf-8")
