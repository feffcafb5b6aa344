"""What a process cost with all that it started and waited for."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BYTECODE = Path(__file__).resolve().parents[2] / ".cache" / "bench" / "bytecode"


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time (user and system), wall time, the exit status and what was printed."""

    cpu_s: float
    wall_s: float
    status: int
    output: str


def spent_by(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    statuses: Sequence[int] = (0,),
) -> Spent:
    """Run a command to its end. Raises RuntimeError when it ends with another status than is allowed."""
    before, begun = _children(), time.monotonic()
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment_with(environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    spent = Spent(_children() - before, time.monotonic() - begun, done.returncode, done.stdout)
    if done.returncode not in statuses:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return spent


def environment_with(more: Mapping[str, str]) -> dict[str, str]:
    """Ours, but with bytecode kept as on people's machines, which are not told to write none; in a place of its own."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**ours, "PYTHONPYCACHEPREFIX": str(BYTECODE), **more}


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def tree_seconds(root: int) -> float:
    """Processor time of a server's first process and all below it, those that ended included."""
    ticks = os.sysconf("SC_CLK_TCK")
    return sum(_ticks(one) for one in below(root)) / ticks


def below(root: int) -> list[int]:
    """A process and all that it started, and they, as far as they run."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            words = _words(int(folder.name))
            if words:
                children.setdefault(int(words[1]), []).append(int(folder.name))
    found, left = [], [root]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def _ticks(process: int) -> int:
    """User and system, its own and of the children that it has waited for."""
    words = _words(process)
    return sum(map(int, words[11:15])) if words else 0


def _words(process: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; none when it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []
