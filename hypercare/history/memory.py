"""What a check remembers from round to round: a small piece of JSON under a name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from hypercare.history.store import History
from hypercare.history.watermarks import put_watermark, watermark


class Memory:
    """Kept in the history, which is opened when it is first needed; without one nothing is remembered."""

    def __init__(self, history: Callable[[], History] | None = None) -> None:
        self._history = history

    def recall(self, name: str) -> Mapping[str, Any] | None:
        """What was kept last; None where nothing ever was."""
        mark = None if self._history is None else watermark(self._history(), name)
        return None if mark is None else dict(json.loads(mark.value))

    def keep(self, name: str, value: Mapping[str, Any], at: datetime) -> None:
        """Keep it as of `at`; what was kept later stays, when an instant of the past is looked at again."""
        if self._history is None:
            return
        mark = watermark(self._history(), name)
        if mark is None or mark.at <= at:
            put_watermark(self._history(), name, json.dumps(value, sort_keys=True), at)
