"""What makes a page a log-in page that a person can use."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from hypercare.browser.page import PageSeen
from hypercare.http.exchange import short

_ERROR_WORDS = (
    "internal server error",
    "service unavailable",
    "bad gateway",
    "gateway timeout",
    "traceback (most recent call last)",
    "fatal error",
    "stack trace",
    "application error",
)
_LEAST_TEXT = 3


def not_a_log_in_page(page: PageSeen, *, hosts: tuple[str, ...], password_first: bool) -> list[str]:
    """What keeps people from logging in here, in words; none when nothing does.

    `hosts` are those that may be led to besides the one asked; `password_first` is whether the password is asked for
    on the first page already.
    """
    found = []
    if page.status is not None and page.status >= 400:
        found.append(f"it answers {page.status}")
    found += _led_astray(page, hosts)
    if len(page.text) < _LEAST_TEXT:
        found.append("the page is blank")
    else:
        found += _what_is_missing(page, password_first)
    return found


def how_slow(page: PageSeen, timeout: timedelta) -> str:
    """In words, when it took longer than people should wait; empty when it did not."""
    limit = timeout.total_seconds()
    return f"it took {page.seconds:.1f} s to load, more than {limit:g} s" if page.seconds > limit else ""


def _what_is_missing(page: PageSeen, password_first: bool) -> list[str]:
    found = []
    errors = [word for word in _ERROR_WORDS if word in f"{page.title} {page.text}".lower()]
    if errors:
        found.append(f'it shows an error page ("{short(page.text, 60)}")')
    if password_first and not page.has_password:
        found.append("there is no field for a password")
    elif not page.has_field:
        found.append("there is no field to fill in")
    if not page.has_button:
        found.append("there is no button to log in with")
    if not page.title.strip():
        found.append("it has no title")
    return found


def _led_astray(page: PageSeen, hosts: tuple[str, ...]) -> list[str]:
    requested = urlsplit(page.requested_url)
    way = [urlsplit(address) for address in (*page.hops, page.address)]
    found = []
    if requested.scheme == "https" and any(step.scheme == "http" for step in way):
        found.append("it leads from an encrypted page to one that is not")
    allowed = {requested.hostname, *hosts}
    strange = next((step.hostname for step in way if step.hostname not in allowed), None)
    if strange:
        found.append(f"it leads to another host, {strange}")
    return found
