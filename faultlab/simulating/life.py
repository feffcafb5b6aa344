"""An embedded system that lives as long as it is told to, with its server started and stopped on the way."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from hypercare.adapters.demo.process import EmbeddedSystem, advance, create

_HYPERCARE = ("-c", "from hypercare.cli import main; main()")
_LOOK_LIMIT_S = 120.0
_ROUND_LIMIT_S = 900.0


class Life:
    """`without` are sections of the target file that are left out, so that nothing is looked at by that way.

    `extra` is TOML that is added to it.
    """

    def __init__(self, state: Path, seed: int, *, without: Iterable[str] = (), extra: str = "") -> None:
        create(state, days=1, seed=seed, at="06:00")
        self.state = state
        self.without = tuple(without)
        self._extra = extra
        self._port = 0
        self._system: EmbeddedSystem | None = None
        self.start()

    @property
    def target_file(self) -> Path:
        return self.state / "target.toml"

    def start(self) -> None:
        """Serve it, always at the same address."""
        system = EmbeddedSystem.serve(self.state, port=self._port, arguments=("--frozen", "--no-traffic"))
        self._port = int(system.served["web_url"].split(":")[2].split("/")[0])
        self._system = system
        self._whole = self.target_file.read_text(encoding="utf-8")
        self.name_ways()

    def name_ways(self) -> None:
        """Write the target file anew, with the ways that are to be looked at by now."""
        kept = [part for part in self._whole.split("\n\n") if not part.startswith(self._left_out)]
        self.target_file.write_text("\n\n".join([*kept, self._extra]), encoding="utf-8")

    @property
    def _left_out(self) -> tuple[str, ...]:
        return tuple(f"[{name}]" for name in self.without)

    def stop(self) -> None:
        if self._system is not None:
            self._system.stop()
            self._system = None

    def live_until(self, moment: datetime) -> None:
        """Until this local time, with the traffic of the time in between."""
        advance(self.state, moment.isoformat())

    def look(self, reports: Path) -> None:
        """Let the prober look once, as anybody would."""
        self._run([*_HYPERCARE, "probe"], reports, _LOOK_LIMIT_S)

    def told(self, reports: Path, *words: str) -> str:
        """What a command of hypercare prints."""
        command = [sys.executable, *_HYPERCARE, *words, "--target", str(self.target_file), "--reports", str(reports)]
        return subprocess.run(command, capture_output=True, text=True, timeout=_LOOK_LIMIT_S, check=True).stdout

    def round(self, chosen: str, reports: Path) -> int:
        """Run a round as the schedule would; its exit status."""
        words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", "--round", chosen]
        return self._run(words, reports, _ROUND_LIMIT_S)

    def _run(self, words: list[str], reports: Path, limit: float) -> int:
        command = [sys.executable, *words, "--target", str(self.target_file), "--reports", str(reports)]
        quiet = subprocess.DEVNULL
        return subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=limit, check=False).returncode
