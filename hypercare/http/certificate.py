"""The certificate of an encrypted address: whether it holds, and for how long."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from hypercare.http.reachability import WORDS, address_of, is_loopback, unreachable
from hypercare.outcome.durations import remaining_duration
from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.signals import CheckFailed, NotCovered

SOON = timedelta(days=14)
NOW_OR_NEVER = timedelta(days=2)
# What OpenSSL says of a chain whose root it does not know; a browser may know it all the same.
_UNKNOWN_ISSUER = {2, 18, 19, 20, 21}


@dataclass(frozen=True)
class Certificate:
    """As an address shows it. `trouble` is why it does not hold, empty when it does; `ends` is None where it does
    not hold at all, and so could not be read."""

    address: str
    ends: datetime | None
    trouble: str = ""
    issuer_is_unknown: bool = False

    def level(self, now: datetime) -> Level | None:
        """None as long as nobody need act."""
        if self.trouble:
            return Level.L2 if self.issuer_is_unknown else Level.L3
        if self.ends is None or self.ends - now >= SOON:
            return None
        return Level.L3 if self.ends - now < NOW_OR_NEVER else Level.L2


def require_certificate_holds(way: str, url: str, timeout: timedelta) -> None:
    """Look at the certificate of an address; one that is not encrypted has none, so that nothing can be wrong with it.

    Raises:
        CheckFailed: it does not hold, or will not for much longer.
        NotCovered: the address is reached through a proxy, so that its certificate is not ours to see.
        ChannelDown: nothing answers there.
    """
    if urlsplit(url).scheme != "https":
        return
    # The certificate is judged by the real clock, which is the one that browsers go by.
    now = datetime.now(UTC)
    certificate = certificate_of(way, url, timeout)
    level = certificate.level(now)
    if level is None:
        return
    raise CheckFailed(
        Finding(
            sentence=f"{WORDS.get(way, way)} stands behind a certificate that {_in_words(certificate, now)}.",
            level=level,
            where=certificate.address,
            sample=({"address": certificate.address, "ends": certificate.ends or "", "trouble": certificate.trouble},),
            next_step="Renew the certificate and have the server load it."
            if not certificate.issuer_is_unknown
            else "Have it issued by somebody whom browsers know; if it is from your own authority, name the file of"
            " its root certificate in SSL_CERT_FILE on the machine that watches.",
            cause=f"certificate-{certificate.address}",
        )
    )


def certificate_of(way: str, url: str, timeout: timedelta) -> Certificate:
    """Shake hands and read it."""
    refuse_proxied(url)
    address = address_of(url)
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=timeout.total_seconds()) as plain:
            try:
                with trusting().wrap_socket(plain, server_hostname=host) as encrypted:
                    return Certificate(address, _end_of(encrypted.getpeercert() or {}))
            except ssl.SSLCertVerificationError as error:
                unknown = error.verify_code in _UNKNOWN_ISSUER
                return Certificate(address, None, f"does not hold: {error.verify_message.rstrip('.')}", unknown)
    except OSError as error:
        unreachable(way, url, error)


def trusting() -> ssl.SSLContext:
    """Whoever this machine, SSL_CERT_FILE or certifi vouches for is trusted: fewer roots would cry wolf."""
    context = ssl.create_default_context()
    # From Python 3.13 on it also asks for what no browser asks for, and what many a company's authority leaves out.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    with suppress(ImportError, OSError):
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _end_of(fields: Mapping[str, Any]) -> datetime | None:
    ends = fields.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None


def _in_words(certificate: Certificate, now: datetime) -> str:
    if certificate.trouble or certificate.ends is None:
        return certificate.trouble
    ends = certificate.ends
    return f"ends in {remaining_duration(ends - now)}, on {ends:%Y-%m-%d} at {ends:%H:%M} UTC"


def refuse_proxied(url: str) -> None:
    """Raises NotCovered when the address is reached through a proxy, whose certificate would be seen."""
    host = urlsplit(url).hostname or ""
    if "https" in getproxies() and not is_loopback(url) and not proxy_bypass(host):
        raise NotCovered(
            f"{host} is reached through a proxy, so its certificate was not looked at.",
            remedy="Watch from a machine that reaches it directly, or name it in NO_PROXY.",
        )
