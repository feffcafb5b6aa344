"""One HTTP request with its answer, and how it is shown as evidence: without a password or token in it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

_SECRET_HEADERS = {"authorization", "cookie", "set-cookie", "proxy-authorization", "x-api-key"}
_SECRET_WORDS = ("password", "passwd", "token", "secret", "api_key", "apikey", "session")
_LONGEST_SHOWN = 8_000
_WELL = {"ok", "success", "none", "no error"}
BLANK = "[blanked]"
# What a round and a prober call themselves, so that what they ask for is not counted among what people do.
AGENT, PROBE_AGENT = "hypercare", "hypercare-probe"


@dataclass(frozen=True)
class Exchange:
    """`seconds` is from sending to the last byte; `json` is None when the body is not JSON (see `is_json`); `cookies`
    are those that the answer set."""

    method: str
    url: str
    status: int
    seconds: float
    request_headers: Mapping[str, str]
    request_body: Any
    headers: Mapping[str, str]
    text: str
    json: Any
    is_json: bool
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def looks_like_a_page(self) -> bool:
        start = self.text.lstrip()[:200].lower()
        return self.media_type == "text/html" or start.startswith(("<!doctype html", "<html"))

    @property
    def error_in_body(self) -> str | None:
        """What a body that says "error" says, whatever the status is."""
        return self.error_besides(())

    def error_besides(self, decided: Collection[str]) -> str | None:
        """The same, but for the names at the top that somebody else has `decided` on."""
        if not isinstance(self.json, dict):
            return None
        body = {name: value for name, value in self.json.items() if name not in decided}
        for name in ("error", "errors", "exception"):
            if _tells_an_error(body.get(name)):
                return short(_message_of(body[name]))
        if body.get("success") is False or body.get("ok") is False:
            return short(_message_of(body.get("message") or "success is false"))
        return None

    def as_evidence(self) -> str:
        """The whole exchange as text, secrets blanked."""
        lines = [f"{self.method} {self.url}"]
        lines += [f"{name}: {value}" for name, value in blanked_headers(self.request_headers).items()]
        if self.request_body is not None:
            lines += ["", json.dumps(blanked(self.request_body), indent=2, default=str, ensure_ascii=False)]
        lines += ["", f"→ {self.status} in {self.seconds * 1000:.0f} ms"]
        lines += [f"{name}: {value}" for name, value in blanked_headers(self.headers).items()]
        body = json.dumps(blanked(self.json), indent=2, ensure_ascii=False) if self.is_json else self.text
        return "\n".join([*lines, "", body[:_LONGEST_SHOWN]])


def blanked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: BLANK if name.lower() in _SECRET_HEADERS else value for name, value in headers.items()}


def blanked(value: Any) -> Any:
    """A copy in which whatever is named like a secret is blanked, at any depth."""
    if isinstance(value, Mapping):
        return {
            key: BLANK if _is_secret(str(key)) and isinstance(entry, str | int) else blanked(entry)
            for key, entry in value.items()
        }
    if isinstance(value, list | tuple):
        return [blanked(entry) for entry in value]
    return value


def short(text: str, longest: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET_WORDS)


def _tells_an_error(error: Any) -> bool:
    """Some systems send an error of nothing with every answer: {"code": 0, "message": "OK"}."""
    if not isinstance(error, Mapping):
        return bool(error)
    if str(error.get("code", "")) == "0" or str(error.get("message", "")).strip().lower() in _WELL:
        return False
    return any(value not in (None, "", 0, False, [], {}) for value in error.values())


def _message_of(error: Any) -> str:
    if isinstance(error, list) and error:
        error = error[0]
    if isinstance(error, Mapping):
        return str(error.get("message") or error.get("detail") or error.get("code") or dict(error))
    return str(error)
