"""A web address that takes messages as JSON: one object, with the plain text in it for those that only show."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from hypercare.notification.forms import plain_with_title
from hypercare.notification.in_language import in_language
from hypercare.notification.message import Message
from hypercare.notification.sender import Unsent

_SECONDS = 10.0
SCHEMA = 1


def needs_certificates(address: str) -> bool:
    """Whether the machine's certificates have to be read, which takes longer than a request without them."""
    return not address.lower().startswith("http://")


class Webhook:
    """Posts each message to one address. `Idempotency-Key` is the same when a message comes twice."""

    def __init__(self, address: str) -> None:
        self._address = address

    @property
    def shown(self) -> str:
        parts = urlsplit(self._address)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname or ''}{port}/..."

    def send(self, message: Message) -> None:
        try:
            headers = {"Idempotency-Key": message.key, "User-Agent": "Hypercare"}
            answer = httpx.post(
                self._address,
                json=data(message),
                headers=headers,
                timeout=_SECONDS,
                verify=needs_certificates(self._address),
            )
        except httpx.TimeoutException:
            raise Unsent(f"no answer within {_SECONDS:.0f} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise Unsent(str(error) or type(error).__name__) from None
        if not answer.is_success:
            raise Unsent(f"the receiver answered {answer.status_code} {answer.reason_phrase}".strip())


def data(message: Message) -> dict[str, Any]:
    """Keys are only ever added. `key` is the same when a message arrives twice; `data` is as its kind has it."""
    fields = message.model_dump(mode="json", exclude={"many", "about"})
    return {"schema": SCHEMA, **fields, "text": plain_with_title(in_language(message))}
