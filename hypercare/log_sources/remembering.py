"""What keeps small pieces of JSON from round to round."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol


class Remembering(Protocol):
    """A memory, be it in a history or for a session only."""

    def recall(self, name: str) -> Any:
        """What was last put under a name; None where nothing was."""

    def keep(self, name: str, value: Any, at: datetime) -> None:
        """Put a value under a name as of an instant."""
