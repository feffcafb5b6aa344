"""What Apprise says while it sends: it has no other way of telling why something failed, and it may tell secrets."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

# Of what it says in confidence only this is about the receiver and not about the message.
_REASONS = ("Socket Exception", "Response Details")


@contextmanager
def apprise_words() -> Iterator[list[str]]:
    """Gathers what Apprise says on this thread. Nothing that it says goes anywhere else, on any thread."""
    logger = logging.getLogger("apprise")
    if _KEEPER not in logger.filters:
        logger.setLevel(logging.DEBUG)
        logger.addFilter(_KEEPER)
    said: list[str] = []
    _KEEPER.here.said = said
    try:
        yield said
    finally:
        _KEEPER.here.said = None


def reasons(said: Sequence[str]) -> str:
    """The last words in one line."""
    return " ".join(" ".join(line.split()) for line in said[-3:])


class _Keeper(logging.Filter):
    """Keeps every record from its handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.here = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        said: list[str] | None = getattr(self.here, "said", None)
        words = record.getMessage()
        if said is not None and (record.levelno >= logging.WARNING or words.startswith(_REASONS)):
            said.append(words)
        return False


_KEEPER = _Keeper()
