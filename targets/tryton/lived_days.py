"""The days of a Tryton one after the other, each as its evening left it, by a clock of the business's own.

Nothing is served: it is what database and logs tell, round by round, with what the rounds before remember.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from targets.tryton.log_lines import days_of_requests
from targets.tryton.prepared import Prepared, day_of
from targets.tryton.system import target_text


@dataclass(frozen=True)
class LivedDays:
    """`prepared` keeps its days; `name` is that of the one database that is each of them in turn."""

    prepared: Prepared
    name: str
    folder: Path

    def evening_of(self, number: int) -> Path:
        """The target file of the system as it stands on the evening of day `number`."""
        engine, now = self.prepared.engine, self.prepared.last - timedelta(days=self._days - number)
        engine.drop(self.name)
        engine.copy(day_of(self.prepared, number), self.name)
        engine.execute(self.name, ["UPDATE company_company SET timezone = 'Etc/UTC'"])
        clock, log, target_file = (self.folder / name for name in ("clock.json", "trytond.log", "target.toml"))
        face = {"set_to": now.isoformat(), "set_at": datetime.now(UTC).isoformat(), "rate": 1}
        clock.write_text(json.dumps(face), encoding="utf-8")
        log.write_text("".join(days_of_requests(now - timedelta(minutes=2), number - 1)), encoding="utf-8")
        target_file.write_text(self._target_file(log), encoding="utf-8")
        return target_file

    @property
    def _days(self) -> int:
        return (self.prepared.last.date() - self.prepared.first).days + 1

    def _target_file(self, log: Path) -> str:
        text = target_text(
            self.prepared,
            mode="observe",
            zone="Etc/UTC",
            go_live=self.prepared.first,
            server="http://127.0.0.1:9",
            database=self.name,
            log=log,
            backups=self.folder,
        )
        return text.replace("[business]", '[business]\nclock = "clock.json"', 1)
