"""Commands that end with this process, even when it is killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_GUARD = (sys.executable, "-I", "-S", str(Path(__file__).with_name("until_input_ends.py")))
_STOPS_WITHIN = 15  # seconds; the guard itself kills after ten


def started(
    command: Sequence[object], output: Path, *, environment: Mapping[str, str], at: Path | None = None
) -> subprocess.Popen[bytes]:
    """A command running in the background; what it says is appended to `output`."""
    with output.open("ab") as out:
        return subprocess.Popen(
            [*_GUARD, *map(str, command)],
            cwd=at,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            # An interrupt from the keyboard is for us alone: we end it in our own time.
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run(
    command: Sequence[object],
    output: Path,
    *,
    environment: Mapping[str, str],
    patience: float,
    at: Path | None = None,
) -> int:
    """A command's exit status.

    Raises:
        subprocess.TimeoutExpired: it took longer than `patience` seconds, and was ended.
    """
    process = started(command, output, environment=environment, at=at)
    try:
        return process.wait(patience)
    finally:
        stop(process)
