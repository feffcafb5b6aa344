"""Who runs a round: the machine and the process, and whether that process is still there."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Runner:
    """`machine` is for people. `process` is "place number started": the place is where numbers of processes mean
    the same (a boot of one kernel, one namespace), `started` tells a number from its next owner."""

    machine: str
    process: str


def this_runner() -> Runner:
    number = os.getpid()
    return Runner(socket.gethostname(), f"{_place()} {number} {_started(number)}")


def is_running(process: str | None) -> bool | None:
    """Whether a process is there; None where only its own machine could say."""
    place, _, rest = (process or "").partition(" ")
    number, _, started = rest.partition(" ")
    if place != _place() or not number.isdecimal():
        return None
    return _is_there(int(number)) and _started(int(number)) == started


def _place() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return socket.gethostname().replace(" ", "-")


def _started(number: int) -> str:
    """In ticks since the machine started, where the system tells; a zombie has ended."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "ended" if fields[0] in {"Z", "X"} else fields[19]


def _is_there(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
