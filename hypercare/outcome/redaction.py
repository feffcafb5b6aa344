"""Secrets never leave; personal data leaves masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_HIDDEN = "[secret]"
_SHORTEST_SECRET = 4
_PERSONAL = re.compile(r"(^|_)(name|full_name|phone|mobile|email|mail|address|street|birthday)($|_)", re.IGNORECASE)
_SECRET_COLUMN = re.compile(
    r"(^|_)(password|passwd|passphrase|pwd|pin|secret|token|credential|salt|hash|otp|(api|private|secret)_?key)s?($|_)",
    re.IGNORECASE,
)
_CREDENTIAL_IN_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?P<user>[^/:@\s]*):(?P<password>[^/@\s]+)@")
_BEARER = re.compile(r"(?i)\b(bearer|basic|session)\s+[a-z0-9._~+/=-]{8,}")


class Redactor:
    """Hides every secret that was ever resolved and cells of columns that hold some; masks those of personal data."""

    def __init__(self, *, mask_personal_data: bool = True) -> None:
        self.mask_personal_data = mask_personal_data
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, secrets: Iterable[str]) -> None:
        self._secrets.update(secret for secret in secrets if len(secret) >= _SHORTEST_SECRET)
        longest_first = sorted(self._secrets, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def text(self, text: str) -> str:
        if self._pattern is not None:
            text = self._pattern.sub(_HIDDEN, text)
        text = _CREDENTIAL_IN_ADDRESS.sub(rf"\g<scheme>\g<user>:{_HIDDEN}@", text)
        return _BEARER.sub(rf"\1 {_HIDDEN}", text)

    def row(self, row: Mapping[str, object]) -> dict[str, object]:
        return {column: self._cell(column, value) for column, value in row.items()}

    def _cell(self, column: str, value: object) -> object:
        if isinstance(value, str | bytes) and value and _SECRET_COLUMN.search(column):
            return _HIDDEN
        if not isinstance(value, str):
            return value
        if self.mask_personal_data and _PERSONAL.search(column):
            return masked(value)
        return self.text(value)


def masked(value: str) -> str:
    """ "Anna Keller" becomes "A. K."; enough to tell two apart, too little to know one."""
    return " ".join(f"{word[0]}." for word in value.split() if word)
