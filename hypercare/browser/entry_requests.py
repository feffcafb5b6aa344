"""Which of the requests that are sent while somebody logs in or out are the log-in or the log-out themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, urlsplit

from hypercare.http.navigation import acts, says_action

# Where one logs in or out, by the usual names.
_ENTRIES = re.compile(
    r"log[-_]?in|log[-_]?on|sign[-_]?in|signon|session|auth(?!or)|oauth|oidc|openid|token|\bsso\b|saml|\bacs\b|adfs|\bidp\b"
    r"|identity|j_?security_?check|anmeld|einlogg|connexion|entrar|accedi|acceso|inlog|zaloguj|giris|prihlas|credential"
    r"|password|challenge|handshake|csrf|antiforgery",
    re.IGNORECASE,
)
_EXITS = re.compile(
    r"log[-_]?out|log[-_]?off|sign[-_]?out|sign[-_]?off|session|abmeld|auslogg|deconnexion|deconnect|cerrar|salir|\besci\b"
    r"|\bsair\b|afmeld|uitlog|wylog|cikis|logga-?ut|revoke|end-?session",
    re.IGNORECASE,
)
_SHORTEST = 3


@dataclass
class EntryWindow:
    """Open for as long as somebody logs in or out. `pressed` is whether what was typed has been sent off.

    What a page sends besides, as it opens, is no part of it: once the password is on its way, only what goes to an
    address of log-ins still is.
    """

    hosts: frozenset[str]
    entries: re.Pattern[str]
    typed: tuple[tuple[str, ...], ...] = ()
    pressed: bool = False
    _password_sent: bool = False
    _first_sent: bool = False

    @classmethod
    def to_log_in(cls, hosts: frozenset[str], typed: Iterable[str], pressed: bool = False) -> EntryWindow:
        """`typed` are the name and the password, in this order."""
        return cls(hosts, _ENTRIES, tuple(_forms(text) for text in typed if len(text) >= _SHORTEST), pressed)

    @classmethod
    def to_log_out(cls, hosts: frozenset[str]) -> EntryWindow:
        return cls(hosts, _EXITS, pressed=True)

    def lets_out(self, url: str, body: str) -> bool:
        if (urlsplit(url).hostname or "").lower() not in self.hosts:
            return False
        # A page may send what was typed in a form that is not known here; that comes first.
        may_be_it = self.pressed and not (self._first_sent or self._password_sent)
        # To log out is a deed itself.
        may_be_it = may_be_it and (self.entries is _EXITS or not acts(url))
        lets = self._carries_what_was_typed(body) or self._is_known(url) or may_be_it
        self._first_sent |= lets
        return lets

    def _carries_what_was_typed(self, body: str) -> bool:
        if not self.typed or self._password_sent:
            return False
        carried = [any(form in body for form in forms) for forms in self.typed]
        self._password_sent = carried[-1]
        return any(carried)

    def _is_known(self, url: str) -> bool:
        segments = [segment for segment in urlsplit(url).path.split("/") if segment]
        rest = [self.entries.sub(" ", segment) for segment in segments]
        # "sessions/clear" is no log-in.
        return rest != segments and not any(says_action(segment) for segment in rest)


def _forms(text: str) -> tuple[str, ...]:
    """How a text may stand in what is sent."""
    return tuple(dict.fromkeys((text, quote(text), quote(text, safe=""), quote_plus(text), json.dumps(text)[1:-1])))
