"""A Playwright trace without the secrets that were typed, sent or set as cookies while it was recorded."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, quote_plus

_SHORTEST = 4
_BLANK = b"[secret]"
# Whatever a session is known by, as the recording of the network writes its headers.
_HEADERS = re.compile(rb'("name":"(?:cookie|set-cookie|authorization)","value":")(?:[^"\\]|\\.)*"', re.IGNORECASE)


def scrubbed(path: Path, secrets: Iterable[str]) -> bytes:
    """The trace at `path`, every form in which a secret may stand in it blanked."""
    pattern = _pattern(secrets)
    out = io.BytesIO()
    with zipfile.ZipFile(path) as trace, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as clean:
        for name in trace.namelist():
            content = _HEADERS.sub(rb'\1[secret]"', trace.read(name))
            clean.writestr(name, pattern.sub(_BLANK, content) if pattern else content)
    return out.getvalue()


def _pattern(secrets: Iterable[str]) -> re.Pattern[bytes] | None:
    forms = {
        form.encode()
        for secret in secrets
        if len(secret) >= _SHORTEST
        for form in (secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1])
    }
    return re.compile(b"|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))) if forms else None
