"""Is it our own network? Asked of a witness outside of the target, and only after something did not answer."""

from __future__ import annotations

import socket
from datetime import timedelta

_LONGEST = 3.0  # seconds


def witness_answers(witness: str, timeout: timedelta) -> bool:
    """Whether "host:port" takes a connection."""
    host, _, port = witness.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=min(timeout.total_seconds(), _LONGEST)):
            return True
    except (OSError, ValueError, OverflowError):
        return False
