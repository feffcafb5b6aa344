"""Running the programs that make and restore backups: bounded in time, and with their secrets in the environment."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypercare.outcome.signals import MonitorFault, NotCovered


@dataclass(frozen=True)
class Ran:
    """How a program ended: its status, what it wrote, and what it complained of."""

    status: int
    output: bytes
    complaint: str


def program(*names: str, remedy: str) -> str:
    """The first of the programs that is installed.

    Raises:
        NotCovered: none of them is.
    """
    found = next((place for name in names if (place := shutil.which(name)) is not None), None)
    if found is None:
        raise NotCovered(f"{' or '.join(names)} is not installed here", remedy=remedy)
    return found


def run(
    words: Sequence[str],
    timeout: timedelta,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    source: Path | None = None,
    into: Path | None = None,
) -> Ran:
    """Run a program to its end. `source` is what it reads, `into` where its output goes instead of into memory.

    Raises:
        MonitorFault: it does not end within that time.
    """
    with (
        (source or Path(os.devnull)).open("rb") as stdin_file,
        tempfile.TemporaryFile() if into is None else into.open("w+b") as output,
        tempfile.TemporaryFile() as complaint,
    ):
        try:
            ended = subprocess.run(
                words,
                stdin=stdin_file,
                stdout=output,
                stderr=complaint,
                env={**os.environ, **(environment or {})},
                cwd=folder,
                timeout=timeout.total_seconds(),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _late(words[0], timeout) from None
        complaint.seek(0)
        output.seek(0)
        complaint_text = complaint.read(100_000).decode("utf-8", "replace").strip()
        return Ran(ended.returncode, b"" if into is not None else output.read(), complaint_text)


def feed(
    words: Sequence[str], lines: Iterable[bytes], timeout: timedelta, *, environment: Mapping[str, str] | None = None
) -> Ran:
    """Run a program that reads `lines`; what it writes is dropped.

    Raises:
        MonitorFault: it does not end within that time.
    """
    with tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaint,
            env={**os.environ, **(environment or {})},
        )
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(timeout.total_seconds(), end)
        timer.start()
        try:
            _write(process, lines)
        finally:
            # Whatever was raised on the way, the program does not outlive this.
            if process.stdin is not None and not process.stdin.closed:
                process.kill()
            process.wait()
            timer.cancel()
        if late.is_set():
            raise _late(words[0], timeout)
        complaint.seek(0)
        return Ran(process.returncode, b"", complaint.read(100_000).decode("utf-8", "replace").strip())


def _write(process: subprocess.Popen[bytes], lines: Iterable[bytes]) -> None:
    assert process.stdin is not None
    try:
        for line in lines:
            process.stdin.write(line)
        process.stdin.close()
    except BrokenPipeError:
        # It ended early, and its own words will say why.
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def parsed_json(output: bytes) -> Any:
    """The JSON that a program wrote; None when it is none."""
    try:
        return json.loads(output)
    except ValueError:
        return None


def _late(name: str, timeout: timedelta) -> MonitorFault:
    return MonitorFault(
        f"{Path(name).name} did not end within {timeout.total_seconds():.0f} s",
        remedy="Raise [rounds] check_limit, so that a whole restore fits into it.",
    )
