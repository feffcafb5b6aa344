"""A message for programs: one JSON object, with the plain text in it for those that only show."""

from __future__ import annotations

from typing import Any

from hypercare.notification.forms.plain import plain_with_title
from hypercare.notification.message import Message

SCHEMA = 1


def data(message: Message) -> dict[str, Any]:
    """Keys are only ever added. `key` is the same when a message arrives twice; `data` is as its kind has it."""
    told = message.model_dump(mode="json", exclude={"many", "about"})
    return {"schema": SCHEMA, **told, "text": plain_with_title(message)}
