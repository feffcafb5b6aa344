"""A web application that lives by a clock of its own; runs inside a foreign system's own Python."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Travelling:
    """Each request is answered at the time that the clock file tells: {"set_to": instant, "set_at": real instant}."""

    def __init__(self, application: Application, clock: Path) -> None:
        self._application = application
        self._clock = clock
        self._lock = threading.Lock()
        self._face = ""
        self._travel: time_machine.travel | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self._keep_time()
        return self._application(environ, start_response)

    def _keep_time(self) -> None:
        face = self._clock.read_text(encoding="utf-8")
        with self._lock:
            if face == self._face:
                return
            if self._travel is not None:
                self._travel.stop()
            told = json.loads(face)
            passed = datetime.now(UTC) - datetime.fromisoformat(told["set_at"])
            self._travel = time_machine.travel(datetime.fromisoformat(told["set_to"]) + passed, tick=True)
            self._travel.start()
            self._face = face
