"""Signs of life to a service elsewhere, which raises the alarm when they stay away."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

from hypercare.target_file.secrets import MissingSecret
from hypercare.target_file.sections.notify import Address, HeartbeatSection

_LOG = logging.getLogger(__name__)
_LONGEST_WORDS = 1000
_DID_NOT_ARRIVE = "the heartbeat did not arrive"
_TOO_LATE = "no answer in time"


class Beat(StrEnum):
    START = "start"
    SUCCESS = "success"
    FAIL = "fail"


class Heartbeat:
    """Pings in the background; nothing waits for a dead receiver but `settled`, and that not for long."""

    def __init__(self, section: HeartbeatSection | None, address: Address | None) -> None:
        self._section = section
        self._address = address
        self._running: list[threading.Thread] = []
        self._trouble = ""

    @classmethod
    def of_rounds(cls, section: HeartbeatSection | None) -> Heartbeat:
        return cls(section, section.url if section else None)

    @classmethod
    def of_watching(cls, section: HeartbeatSection | None) -> Heartbeat:
        return cls(section, section.watch_url if section else None)

    @classmethod
    def of_probing(cls, section: HeartbeatSection | None) -> Heartbeat:
        return cls(section, section.probe_url if section else None)

    def beat(self, which: Beat, says: str = "") -> None:
        """Ping; `says` goes along, for whoever looks at the service's log."""
        if self._section is None or self._address is None:
            return
        suffix = str(getattr(self._section, which.value))
        if which is not Beat.SUCCESS and not suffix:
            return
        try:
            address = self._address if isinstance(self._address, str) else self._address.resolve()
        except MissingSecret as error:
            self._trouble = str(error)
            return
        _LOG.info("heartbeat: %s", which.value)
        self._ping(_with_suffix(address.strip(), suffix), says)

    def settled(self) -> str:
        """Wait for what is under way, within the section's limit; what went wrong in words, else nothing."""
        timeout = self._section.timeout.total_seconds() if self._section is not None else 0.0
        for thread in self._running:
            thread.join(timeout)
        hangs = any(thread.is_alive() for thread in self._running)
        trouble = f"{_DID_NOT_ARRIVE}: {_TOO_LATE}" if hangs else self._trouble
        self._running.clear()
        self._trouble = ""
        if trouble:
            _LOG.warning("%s", trouble)
        return trouble

    def _ping(self, address: str, says: str) -> None:
        assert self._section is not None
        seconds = self._section.timeout.total_seconds()
        self._running = before = [thread for thread in self._running if thread.is_alive()]

        def work() -> None:
            # A start that arrives after the end would count as a round that hangs.
            for thread in before:
                thread.join(seconds)
            self._trouble = _requested(address, says, seconds, self._trouble)

        thread = threading.Thread(target=work, name="heartbeat", daemon=True)
        self._running = [*before, thread]
        thread.start()


def _requested(address: str, says: str, seconds: float, before: str) -> str:
    """Ask once more when the first time fails. Returns what went wrong; the address, a secret, is not in it."""
    import httpx

    from hypercare.notification.webhook import needs_certificates

    verify = needs_certificates(address)
    attempts: tuple[Callable[[], httpx.Response], ...] = (
        lambda: httpx.post(address, content=says[:_LONGEST_WORDS].encode(), timeout=seconds / 2, verify=verify),
        lambda: httpx.get(address, timeout=seconds / 2, verify=verify),
    )
    trouble = ""
    for attempt in attempts:
        try:
            answer = attempt()
        except httpx.TimeoutException:
            trouble = _TOO_LATE
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            trouble = type(error).__name__
        else:
            if answer.is_success:
                _LOG.debug("heartbeat arrived: %d", answer.status_code)
                return before
            trouble = f"the answer was {answer.status_code} {answer.reason_phrase}".strip()
    return f"{_DID_NOT_ARRIVE}: {trouble}"


def _with_suffix(address: str, suffix: str) -> str:
    """ "/start" is added to the path, "?status=up" to the query."""
    parts = urlsplit(address)
    if suffix.startswith("?"):
        query = "&".join(part for part in (parts.query, suffix[1:]) if part)
        return urlunsplit(parts._replace(query=query))
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + suffix if suffix else parts.path))
