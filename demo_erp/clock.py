"""The business's own clock: it can be set, stopped and set going again, and everything takes its time from it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo_erp.errors import SetupProblem


class Clock:
    """A clock kept in a file, so that the server and the commands beside it see the same time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file_mark: tuple[int, int] | None = None
        self._set_to = self._set_at = datetime.fromtimestamp(0, UTC)
        self._rate = 1.0

    def now(self) -> datetime:
        """The present instant of the business, aware, in UTC."""
        self._refresh()
        return self._set_to + (_real_now() - self._set_at) * self._rate

    @property
    def rate(self) -> float:
        """Business seconds a real second; 0 while the clock stands still."""
        self._refresh()
        return self._rate

    def set(self, to: datetime, rate: float = 1.0) -> None:
        """Set the clock to an aware instant, running at ``rate``; readers see the old setting or the new one."""
        if to.tzinfo is None:
            raise ValueError("the clock is set to an aware instant")
        setting = {
            "set_to": to.astimezone(UTC).isoformat(),
            "set_at": _real_now().isoformat(),
            "rate": rate,
        }
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        draft.write_text(json.dumps(setting) + "\n", encoding="utf-8")
        draft.replace(self.path)

    def wait_for(self, instant: datetime) -> timedelta:
        """How much real time will pass until ``instant``; negative when it is past."""
        rate = self.rate
        return (instant - self.now()) / rate if rate else timedelta.max

    def _refresh(self) -> None:
        try:
            status = self.path.stat()
            mark = (status.st_mtime_ns, status.st_ino)
            if mark == self._file_mark:
                return
            setting = json.loads(self.path.read_text(encoding="utf-8"))
            self._set_to = datetime.fromisoformat(setting["set_to"])
            self._set_at = datetime.fromisoformat(setting["set_at"])
            self._rate = float(setting["rate"])
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise SetupProblem(f"the clock {self.path} cannot be read: {problem}") from problem
        self._file_mark = mark


def _real_now() -> datetime:
    return datetime.now(UTC)
