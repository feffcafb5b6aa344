"""The gateway's server: it passes every request through a spoil, and ends when it is no longer wanted."""

from __future__ import annotations

import socket
import ssl
import time
from pathlib import Path
from urllib.parse import urlsplit

from hypercare.http.reverse_proxy import ReverseProxy, Spoil

_LOOK_S = 0.2
# A system that is being restarted is not gone.
_GONE_AFTER = 50


class Gateway(ReverseProxy):
    """Stands before a system while a fault is in."""

    def __init__(self, system: str, spoil: Spoil, encrypting: ssl.SSLContext | None = None) -> None:
        # What stands behind it may be a gateway with a certificate of the lab's own.
        super().__init__(system, spoil, encrypting, trust_env=False, timeout=60, verify=False)
        self._system = urlsplit(system)

    def serve_while(self, flag_file: Path) -> None:
        """Until the file is taken away, or the system has not answered for a while."""
        unanswered = 0
        while flag_file.exists() and unanswered < _GONE_AFTER:
            time.sleep(_LOOK_S)
            unanswered = 0 if self._is_there() else unanswered + 1
        self.stop()

    def _is_there(self) -> bool:
        try:
            socket.create_connection((self._system.hostname or "", self._system.port or 80), timeout=1).close()
        except OSError:
            return False
        return True
