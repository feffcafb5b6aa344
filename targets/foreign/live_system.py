"""A foreign system that is served and lives on between the rounds, by a clock of its own."""

from __future__ import annotations

import json
import os
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from targets.foreign.copy import Copy
from targets.foreign.served import Served
from targets.tryton import guarded

BACKED_UP_AT = time(1, 30)
_PATIENCE = 900  # seconds for some hours of its life


class DidNotLive(Exception):
    """Its people could not work; the message holds the last words."""


class LiveSystem(ABC):
    """`facts` is the file that the scripts inside it read; `environment` is that of its processes."""

    def __init__(self, copy: Copy, served: Served, facts: Path, environment: Mapping[str, str]) -> None:
        self.copy = copy
        self.served = served
        self._facts = facts
        self._environment = {**os.environ, **environment}
        self.now = copy.last

    def live_until(self, moment: datetime) -> None:
        """People work, and each night a backup is made; its clock goes on from the moment.

        Raises:
            DidNotLive: they could not.
        """
        for night in self._nights_before(moment):
            self._work_until(night)
            self.back_up(f"{self.copy.local(night):%Y%m%d-%H%M%S}")
        self._work_until(moment)
        self.served.set_clock(moment)
        self.now = moment

    @abstractmethod
    def back_up(self, stamp: str) -> None:
        """Leave a backup in the folder of backups, as a nightly job does."""

    def close(self) -> None:
        self.served.stop()

    def _nights_before(self, moment: datetime) -> list[datetime]:
        day, nights = self.copy.local(self.now).date(), []
        while True:
            day += timedelta(days=1)
            night = datetime.combine(day, BACKED_UP_AT, self.copy.local(self.now).tzinfo)
            if night > moment:
                return nights
            nights.append(night)

    def _work_until(self, moment: datetime) -> None:
        facts = json.loads(self._facts.read_text(encoding="utf-8"))
        facts["last"] = moment.astimezone(UTC).isoformat()
        self._facts.write_text(json.dumps(facts), encoding="utf-8")
        output_file = self.copy.folder / "living.out"
        command = [str(self.served.python), str(self.served.inside / "fill.py"), str(self._facts)]
        try:
            status = guarded.run(command, output_file, environment=self._environment, patience=_PATIENCE)
        except subprocess.TimeoutExpired:
            raise DidNotLive(f"it did not live until {moment} within {_PATIENCE} s") from None
        if status:
            raise DidNotLive(output_file.read_text(encoding="utf-8", errors="replace")[-1500:])
