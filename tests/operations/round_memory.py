"""A memory from round to round that needs no history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hypercare.history.memory import Memory

# Of the small business.
CANARY = {"branch": "T", "users": ["robot"]}


class Remembering(Memory):
    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, str] = {}

    def recall(self, name: str) -> Mapping[str, Any] | None:
        return json.loads(self.kept[name]) if name in self.kept else None

    def keep(self, name: str, value: Mapping[str, Any], at: datetime) -> None:
        self.kept[name] = json.dumps(value)
