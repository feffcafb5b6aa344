"""Items of which a question was not put by day, since it would have read too much: the next heavy round takes them.

They are kept beside the target's other state, so it needs nobody to remember them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from hypercare.outcome.result import CheckResult

_FILE = "held-back.json"


def items_held_back(state: Path) -> frozenset[str]:
    """Their ids; none where nothing can be read."""
    with suppress(OSError, ValueError, TypeError):
        return frozenset(map(str, json.loads((state / _FILE).read_text(encoding="utf-8"))))
    return frozenset()


def note_held_back(state: Path, results: Iterable[CheckResult], *, is_heavy: bool) -> None:
    """After a round by day its own are added; after a heavy one, what it looked at is struck off."""
    before, asked = items_held_back(state), list(results)
    if is_heavy:
        now = before - {item for result in asked for item in result.items}
    else:
        now = before | {item for result in asked if result.database_load.get("held_back") for item in result.items}
    if now != before:
        with suppress(OSError):
            (state / _FILE).write_text(json.dumps(sorted(now)), encoding="utf-8")
