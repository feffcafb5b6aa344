"""What checks remember, without a history."""

import json
from typing import Any


class JsonMemory:
    """Keeps everything as text, as the history does."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def recall(self, name: str) -> Any:
        value = self.values.get(name)
        return None if value is None else json.loads(value)

    def keep(self, name: str, value: Any, at: object) -> None:
        self.values[name] = json.dumps(value, sort_keys=True)
