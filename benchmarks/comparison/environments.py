"""The other tools, each installed by its ordinary means into an environment of its own under .cache."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accounting.processes import Spent, spent_by
from benchmarks.table.shops import CACHE

HERE = Path(__file__).parent
INSTALL_WITHIN_S = 900


@dataclass(frozen=True)
class Tool:
    """`script` is run by the tool's own Python."""

    name: str
    packages: tuple[str, ...]
    module: str
    script: str

    @property
    def python(self) -> Path:
        return CACHE / "environments" / self.module / "bin" / "python"

    def install(self) -> str:
        """Its version; empty where the registries do not have it or cannot be reached."""
        if not self.python.exists():
            subprocess.run([sys.executable, "-m", "venv", self.python.parents[1]], check=True)
        asked = f"import importlib.metadata as m; print(m.version('{self.packages[0].split('=')[0]}'))"
        ready = subprocess.run([self.python, "-c", asked], capture_output=True, text=True, check=False)
        if ready.returncode:
            pip: list[str | Path] = [
                self.python,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                *self.packages,
            ]
            try:
                subprocess.run(pip, check=True, capture_output=True, timeout=INSTALL_WITHIN_S)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
                return ""
            ready = subprocess.run([self.python, "-c", asked], capture_output=True, text=True, check=False)
        return ready.stdout.strip()

    def run(self, connection: Mapping[str, object], checks: Mapping[str, str]) -> tuple[Spent, Sequence[str]]:
        """What it cost as a whole process, and which checks it saw fail."""
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump({"connection": dict(connection), "checks": dict(checks)}, file)
            file.flush()
            spent = spent_by([self.python, HERE / self.script, file.name])
        found = json.loads(spent.output[spent.output.rindex('{"failed"') :].splitlines()[0])
        if found["checks"] != len(checks):
            raise RuntimeError(f"{self.name} ran {found['checks']} of {len(checks)} checks:\n{spent.output[-2000:]}")
        return spent, found["failed"]


SODA = Tool("Soda", ("soda-core-postgres==3.5.*", "setuptools<80"), "soda", "with_soda.py")
GREAT_EXPECTATIONS = Tool(
    "Great Expectations",
    ("great_expectations==1.*", "psycopg2-binary", "sqlalchemy<2.1"),
    "great_expectations",
    "with_great_expectations.py",
)
TOOLS = (SODA, GREAT_EXPECTATIONS)
