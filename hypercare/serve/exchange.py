"""A request and its answer, whatever server carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """`path` is decoded, `parts` are the named parts of it; `sender` is the address that it comes from.
    `is_from_elsewhere` is whether a link outside our pages led here, so that the browser kept its session to itself."""

    method: str
    path: str
    sender: str
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    host: str = ""
    origin: str = ""
    is_from_elsewhere: bool = False


@dataclass(frozen=True)
class Answer:
    """`file` is sent in place of `body` where there is one. `cookies` are set, those with an empty value removed."""

    body: bytes = b""
    status: int = 200
    kind: str = HTML
    policy: str = ""
    file: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that is not answered as asked; `title` and `text` are for whoever sent it."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(title)
        self.status, self.title, self.text = status, title, text


def sent_to(path: str, cookies: Mapping[str, str] | None = None) -> Answer:
    """On to another page of ours, by GET."""
    return Answer(status=303, headers={"Location": path}, cookies=cookies or {})


def not_there() -> Refused:
    return Refused(404, "There is no such page", "It may have been removed with the reports of old days.")
