"""Secrets never leave; personal data leaves masked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_network
from urllib.parse import urlsplit

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
        self._secrets: frozenset[str] = frozenset()
        self._compiled: tuple[frozenset[str], re.Pattern[str] | None] = (self._secrets, None)

    def learn(self, secrets: Iterable[str]) -> None:
        fresh = frozenset(secret for secret in secrets if len(secret) >= _SHORTEST_SECRET) - self._secrets
        if fresh:
            self._secrets |= fresh
            if self is not ALL_SECRETS:
                ALL_SECRETS.learn(fresh)

    def text(self, text: str) -> str:
        pattern = self._pattern()
        if pattern is not None:
            text = pattern.sub(_HIDDEN, text)
        text = _CREDENTIAL_IN_ADDRESS.sub(rf"\g<scheme>\g<user>:{_HIDDEN}@", text)
        return _BEARER.sub(rf"\1 {_HIDDEN}", text)

    def row(self, row: Mapping[str, object], *, shows_networks: bool = False) -> dict[str, object]:
        """The cells as they may leave; with `shows_networks` addresses of machines are told, since they are needed."""
        return {column: self._cell(column, value, shows_networks) for column, value in row.items()}

    def _cell(self, column: str, value: object, shows_networks: bool) -> object:
        if isinstance(value, str | bytes) and value and _SECRET_COLUMN.search(column):
            return _HIDDEN
        if not isinstance(value, str):
            return value
        if self.mask_personal_data and _PERSONAL.search(column) and not (shows_networks and is_network_address(value)):
            return masked(value)
        return self.text(value)

    def _pattern(self) -> re.Pattern[str] | None:
        # Kept with the secrets that it is of: another thread may learn some meanwhile.
        secrets = self._secrets
        if self._compiled[0] is not secrets:
            longest_first = sorted(secrets, key=len, reverse=True)
            self._compiled = (secrets, re.compile("|".join(map(re.escape, longest_first))))
        return self._compiled[1]


ALL_SECRETS = Redactor()
"""Knows what any redactor of this process has learned, and every reference that was resolved: for the own log."""


def masked(value: str) -> str:
    """ "Anna Keller" becomes "A. K."; enough to tell two apart, too little to know one."""
    return " ".join(f"{word[0]}." for word in value.split() if word)


def is_network_address(value: str) -> bool:
    """Whether it is the address of a machine or of a network, not of where somebody lives."""
    try:
        ip_network(value.strip(), strict=False)
    except ValueError:
        return False
    return True


def bare_address(url: str) -> str:
    """An address without what may be a secret or a person's in it: of its query only the names are left."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.partition("?")[0]
    names = "&".join(f"{part.partition('=')[0]}=…" if "=" in part else "…" for part in parts.query.split("&") if part)
    place = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    return f"{place}?{names}" if names else place
