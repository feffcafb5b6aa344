"""Whatever brings a message to its receiver."""

from __future__ import annotations

from typing import Protocol

from hypercare.notification.message import Message


class Unsent(Exception):
    """The receiver did not take a message; the words are one line and hold no secret."""


class Sender(Protocol):
    @property
    def shown(self) -> str:
        """Where it leads, without its secrets."""

    def send(self, message: Message) -> None:
        """Bring the message there. Raises Unsent."""
