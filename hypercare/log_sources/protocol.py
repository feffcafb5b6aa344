"""What a log that is no file can be asked for. A new kind of log is one module that does this, and a section for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Entry:
    """One record as it was fetched.

    `id` is its own within the source, `place` where somebody finds it again ("row 4711"). `fields` are by the names
    under which a line of JSON would have them (level, message, logger, trace_id, owner ...). `order` grows with each
    entry that arrives, whatever time it states; None where nothing does.
    """

    at: datetime
    id: str
    place: str
    fields: Mapping[str, Any]
    order: int | None = None


@dataclass(frozen=True)
class Since:
    """From an instant on; `after` is a place in the order of arrival behind which all of that lies, if one is known."""

    at: datetime
    after: int | None = None


class SourceUnreadable(Exception):
    """A source cannot be read at all, as it is down or its answers are none; `reason` is a few plain words."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class SourceRefused(Exception):
    """A source is there and does not answer us: that is about our access, and says nothing of the target."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class EntrySource(Protocol):
    @property
    def where(self) -> str:
        """What it is called in a finding: "Loki at logs.example.com:3100", "table system_errors"."""

    def entries(self, since: Since) -> Iterator[Entry]:
        """What there is since then, the newest first; whoever asks may stop early. Some may be older.

        Raises:
            SourceUnreadable: it is down, or its answers are none.
            SourceRefused: it lets us not in, or takes no more requests from us.
        """


class Remembering(Protocol):
    """A memory of small pieces of JSON, be it in a history or for a session only."""

    def recall(self, name: str) -> Any:
        """What was last put under a name; None where nothing was."""

    def keep(self, name: str, value: Any, at: datetime) -> None:
        """Put a value under a name as of an instant."""
