"""Certificates of an authority that this machine trusts and no browser knows of: their keys are told to the browser."""

from __future__ import annotations

import base64
import hashlib
import socket
import ssl
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from hypercare.browser.certificate_key import key_of
from hypercare.http.certificate import refuse_proxied, trusting
from hypercare.http.reachability import address_of
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig

_WITHIN = timedelta(seconds=5)


def keys_only_known_here(config: TargetConfig) -> Sequence[str]:
    """Of the target's encrypted addresses, each once: SHA-256 of the key, base64, as Chromium takes it.

    Where a certificate does not hold, or a browser knows its authority, nothing is told: the browser judges by itself.
    """
    urls = (way.url for way in (config.web, config.mobile, config.api) if way is not None)
    origins = {address_of(url): url for url in urls if urlsplit(url).scheme == "https"}
    keys = (_key_only_known_here(url) for url in origins.values())
    return sorted({key for key in keys if key is not None})


def _key_only_known_here(url: str) -> str | None:
    try:
        refuse_proxied(url)
        shown = _shown(url, trusting())
    except (NotCovered, OSError):
        return None
    try:
        _shown(url, _as_browsers_trust())
    except ssl.SSLCertVerificationError:
        key = key_of(shown)
        return None if key is None else base64.b64encode(hashlib.sha256(key).digest()).decode()
    except OSError:
        return None
    return None


def _shown(url: str, context: ssl.SSLContext) -> bytes:
    host, _, port = address_of(url).rpartition(":")
    with (
        socket.create_connection((host, int(port)), timeout=_WITHIN.total_seconds()) as plain,
        context.wrap_socket(plain, server_hostname=host) as encrypted,
    ):
        return encrypted.getpeercert(binary_form=True) or b""


def _as_browsers_trust() -> ssl.SSLContext:
    import certifi

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certifi.where())
    return context
