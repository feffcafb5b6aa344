"""What a browser is told of each answer: what it may load and run, and that nothing of it is for others."""

from __future__ import annotations

from collections.abc import Mapping

_UNFRAMED = "frame-ancestors 'none'"
_NOBODY_ELSE = f"base-uri 'none'; {_UNFRAMED}"
# Pages of ours that have forms.
OWN_PAGE = f"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; {_NOBODY_ELSE}"
# Pages of a report: no script, no form, their styles within them.
REPORT_PAGE = f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; {_NOBODY_ELSE}"
# Allure's and pytest's pages are one file with scripts of their own and what the target said. In a sandbox without an
# origin they read no page, send no form and no request.
SCRIPTED_PAGE = (
    "sandbox allow-scripts allow-popups allow-downloads; default-src 'none'; "
    "script-src 'unsafe-inline' 'unsafe-eval' data: blob:; style-src 'unsafe-inline' data: blob:; "
    "img-src data: blob:; font-src data:; media-src data: blob:; connect-src data: blob:; worker-src blob:; "
    # Allure says of itself where it lies.
    f"frame-src data: blob:; form-action 'none'; base-uri 'self'; {_UNFRAMED}"
)
# Whatever is no page: should it be taken for one, it does nothing.
PLAIN_FILE = f"sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; {_NOBODY_ELSE}"
# A sandbox would keep the browser's own reader from showing it.
PAPER = f"default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src data:; {_NOBODY_ELSE}"


def headers(policy: str, *, secure: bool) -> Mapping[str, str]:
    """The headers of every answer; `secure` where it goes over TLS."""
    always = {
        "Content-Security-Policy": policy or OWN_PAGE,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # With no-referrer a browser would not say where a form comes from.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }
    return {**always, "Strict-Transport-Security": "max-age=31536000"} if secure else always
