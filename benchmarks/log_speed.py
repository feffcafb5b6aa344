"""What reading a large log costs, first and a second time, beside grep: ratios of processor time, and the memory.

python benchmarks/log_speed.py [MEGABYTES [FOLDER]]
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from log_lines import json_line, plain_line, write_log

from hypercare.history.memory import Memory
from hypercare.history.store import History
from hypercare.log_levels.level_words import Vocabulary
from hypercare.logs import Logs
from hypercare.logs.searching import is_fast
from hypercare.target_file.config import TargetConfig, TargetSection
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target

TIMES = 5
_NEW = 1 << 20  # bytes that are written between two readings
_LEVEL = {"json": '"level": "ERROR"', "plain": " ERROR "}
_FORMS = {"json": json_line, "plain": plain_line}


def looked_at(log: Path, form: str, history: Path) -> dict[str, float]:
    """Read a log as a round of its own does: how many errors of seven days, processor seconds, megabytes."""
    config = TargetConfig(
        target=TargetSection(name="measured"),
        business=BusinessSection(timezone="UTC", go_live="2026-01-08"),
        logs=(LogSource(name="app", path=log, format="json" if form == "json" else "text"),),
    )
    target = Target(config, history.parent, datetime.now(UTC))
    store = History(history, "measured")
    begun = process_time()
    errors = Logs(target, Memory(lambda: store)).errors(target.since_last_round)
    days = sum(group.days for group in errors.groups)
    taken = process_time() - begun
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": taken, "megabytes": largest, "kinds": len(errors.groups), "days": days}


def of_a_child(command: Sequence[str], language: str = "C") -> tuple[float, str]:
    """The processor seconds of a command, user and system, and what it prints."""
    environment = {**os.environ, "LC_ALL": language}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def in_a_process(log: Path, form: str, history: Path) -> dict[str, float]:
    _, printed = of_a_child([sys.executable, __file__, "--look", str(log), form, str(history)])
    answer: dict[str, float] = json.loads(printed)
    return answer


def measure(form: str, size: int, folder: Path) -> None:
    """Print one line for each of grep's ways and of ours."""
    log, words = folder / f"{form}.log", folder / "words"
    lines = write_log(log, size, _FORMS[form])
    words.write_bytes(b"\n".join(Vocabulary().signs("utf-8")))
    greps = {
        "grep -F of one level": ("C", ["grep", "-cF", _LEVEL[form], str(log)]),
        "grep -E of three words": ("C", ["grep", "-cE", "ERROR|CRITICAL|FATAL", str(log)]),
        "grep -iE of all words": ("C.UTF-8", ["grep", "-ciE", "-f", str(words), str(log)]),
    }
    print(f"{form}: {lines:,} lines, {log.stat().st_size / 1e6:,.0f} MB, {'with' if is_fast() else 'without'} RE2")
    of_greps = {
        name: statistics.median(of_a_child(command, language)[0] for _ in range(TIMES))
        for name, (language, command) in greps.items()
    }
    for name, seconds in of_greps.items():
        print(f"  {name:24} {seconds:7.2f} s")
    first, second = [], []
    for number in range(TIMES):
        history = folder / f"history-{form}-{number}.db"
        first.append(in_a_process(log, form, history))
        with log.open("ab") as file:
            file.write(_tail_of(log, folder))
        second.append(in_a_process(log, form, history))
    for name, answers in (("first reading", first), ("second reading", second)):
        seconds = sorted(answer["seconds"] for answer in answers)
        middle = seconds[TIMES // 2]
        memory = max(answer["megabytes"] for answer in answers)
        ratios = ", ".join(f"{middle / of_one:.2f} x {one}" for one, of_one in of_greps.items())
        print(f"  {name:24} {middle:7.2f} s ({seconds[0]:.2f} to {seconds[-1]:.2f}), {memory:.0f} MB: {ratios}")


def _tail_of(log: Path, folder: Path) -> bytes:
    """Lines of right now, in the form of those of the log."""
    more = folder / "more"
    write_log(more, _NEW, _FORMS[log.stem], begin=datetime.now(UTC) - timedelta(minutes=1))
    return more.read_bytes()


def main() -> None:
    if sys.argv[1:2] == ["--look"]:
        print(json.dumps(looked_at(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))))
        return
    size = int(sys.argv[1] if len(sys.argv) > 1 else 1000) * 1_000_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        for form in _FORMS:
            measure(form, size, Path(folder))


if __name__ == "__main__":
    main()
