"""Systems that mutants are let look at: a healthy one, and one for each fault, each laid out when it is first asked."""

from __future__ import annotations

import fcntl
import shutil
from dataclasses import dataclass
from pathlib import Path

from faultlab.catalogue import fault_named
from faultlab.fault import END_OF_DAY
from faultlab.injecting import inject
from faultlab.proving.prepared_day import PreparedDay

HEALTHY = ""


@dataclass(frozen=True)
class PreparedSystems:
    """Nobody changes a system by looking at it, so several processes share each. `folder` grows by 35 MB a system."""

    day: PreparedDay
    folder: Path

    def target_file(self, fault: str) -> Path:
        """The target file of a system with this fault in it; of a healthy one for HEALTHY."""
        place = self.folder / (fault or "healthy")
        place.mkdir(parents=True, exist_ok=True)
        with (place / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            ready = place / "ready"
            if not ready.exists():
                shutil.rmtree(place / "state", ignore_errors=True)
                at = fault_named(fault).at if fault else END_OF_DAY
                target_file = self.day.copy(at, place / "state")
                if fault:
                    inject(fault_named(fault), target_file)
                ready.write_text(target_file.name, encoding="utf-8")
        return place / "state" / ready.read_text(encoding="utf-8")
