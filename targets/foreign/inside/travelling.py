"""A web application that lives by a clock of its own; runs inside a foreign system's own Python."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine

READ_EVERY = 0.2  # seconds
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Travelling:
    """It is answered at the time that the clock file tells: {"set_to": instant, "set_at": real instant}.

    The file is read beside the requests, so that none of them seems to take the time by which the clock is moved.
    """

    def __init__(self, application: Application, clock: Path) -> None:
        self._application = application
        self._clock = clock
        self._face = ""
        self._travel: time_machine.travel | None = None
        self._keep_time()
        threading.Thread(target=self._follow, daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return self._application(environ, start_response)

    def _follow(self) -> None:
        while True:
            time.sleep(READ_EVERY)
            self._keep_time()

    def _keep_time(self) -> None:
        face = self._clock.read_text(encoding="utf-8")
        if face == self._face:
            return
        if self._travel is not None:
            self._travel.stop()
        setting = json.loads(face)
        passed = datetime.now(UTC) - datetime.fromisoformat(setting["set_at"])
        self._travel = time_machine.travel(datetime.fromisoformat(setting["set_to"]) + passed, tick=True)
        self._travel.start()
        self._face = face
