"""What a check remembers from round to round; at the desk it opens no history unless a check asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypercare.history.store import History


class Memory:
    """Small pieces of JSON in the history, which is opened when first needed; without one nothing is remembered.

    One that `only_recalls` is of a look at the desk, which changes nothing that a round will see.
    """

    def __init__(self, history: Callable[[], History] | None = None, *, only_recalls: bool = False) -> None:
        self._history = history
        self._only_recalls = only_recalls

    def recall(self, name: str) -> Any:
        """What was kept last; None where nothing ever was."""
        if self._history is None or (self._only_recalls and not self._history().is_there):
            return None
        from hypercare.history.watermarks import watermark

        mark = watermark(self._history(), name)
        return None if mark is None else json.loads(mark.value)

    def keep(self, name: str, value: Any, at: datetime) -> None:
        """Keep it as of `at`; what was kept later stays, when an instant of the past is looked at again."""
        if self._history is None or self._only_recalls:
            return
        from hypercare.history.watermarks import put_watermark, watermark

        mark = watermark(self._history(), name)
        if mark is None or mark.at <= at:
            put_watermark(self._history(), name, json.dumps(value, sort_keys=True), at)
