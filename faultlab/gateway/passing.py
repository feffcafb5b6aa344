"""What passes through the gateway: requests of people and programs, and the system's answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """`path` is without the query; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> Mapping[str, list[str]]:
        return parse_qs(urlsplit(self.target).query)

    def goes_to(self, pattern: str, *methods: str) -> bool:
        """Whether its whole path matches; of any method when none is named."""
        return (not methods or self.method in methods) and re.fullmatch(pattern, self.path) is not None

    def sent_to(self, target: str, method: str | None = None) -> Request:
        """The same request for another place."""
        return replace(self, target=target, method=method or self.method)


@dataclass(frozen=True)
class Answer:
    """`cut_at` ends the connection after so many bytes of the body, although more were announced."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut_at: int | None = None

    @classmethod
    def of_json(cls, value: object, status: int = 200) -> Answer:
        return cls(status, (("content-type", "application/json"),), json.dumps(value).encode())

    @classmethod
    def of_page(cls, html: str, status: int = 200) -> Answer:
        return cls(status, (("content-type", "text/html; charset=utf-8"),), html.encode())

    @classmethod
    def of_redirect(cls, to: str) -> Answer:
        return cls(303, (("location", to),))

    @property
    def media_type(self) -> str:
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body's value. Raises ValueError when it is no JSON."""
        return json.loads(self.body)

    def with_text(self, text: str) -> Answer:
        return replace(self, body=text.encode())

    def with_json(self, value: object) -> Answer:
        return replace(self, body=json.dumps(value).encode())

    def with_header(self, name: str, value: str | None) -> Answer:
        """With this header in place of its like; without it when the value is None."""
        others = tuple((one, said) for one, said in self.headers if one.lower() != name.lower())
        return replace(self, headers=others if value is None else (*others, (name, value)))


Ask = Callable[[Request], Answer]
# What a fault makes of a request: it may ask the system, once, several times or not at all. None hangs up.
Spoil = Callable[[Request, Ask], Answer | None]
