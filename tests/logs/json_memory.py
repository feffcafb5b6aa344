"""What rounds remember of logs, kept in the form in which a history stores it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any


class JsonMemory:
    """As `hypercare.history.memory.Memory`, without a history."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def recall(self, name: str) -> Any:
        return json.loads(self.values[name]) if name in self.values else None

    def keep(self, name: str, value: Any, at: datetime) -> None:
        self.values[name] = json.dumps(value)
