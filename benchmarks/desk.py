"""What one check at the desk costs, as a whole process, beside bare pytest with one empty test."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hypercare.adapters.demo.process import EmbeddedSystem

PROJECT = Path(__file__).parent.parent
ROUNDS = 7
CHECKS = {
    "one API check": "tests_health/test_api.py",
    "one database check": "tests_data/test_integrity.py::test_declared_references_lead_somewhere",
    "one log check": "tests_health/test_logs.py",
}


def seconds_of(command: list[str]) -> float:
    """The median wall time of a command that must end with status 0."""
    times = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begun)
    return statistics.median(times[1:])


def main() -> None:
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "test_empty.py"
        empty.write_text("def test_nothing():\n    pass\n", encoding="utf-8")
        bare = seconds_of([*pytest, "-c", "/dev/null", "-p", "no:allure_pytest", "-p", "no:html", str(empty)])
    print(f"{'bare pytest':24} {bare * 1000:7.0f} ms   1.0")
    system = EmbeddedSystem.start()
    try:
        for name, check in CHECKS.items():
            took = seconds_of([*pytest, check, f"--target={system.target_file}"])
            print(f"{name:24} {took * 1000:7.0f} ms  {took / bare:4.1f}")
    finally:
        system.stop()


if __name__ == "__main__":
    main()
