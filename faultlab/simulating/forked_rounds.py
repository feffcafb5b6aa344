"""Rounds of a suite that is loaded once: each runs in a process of its own, forked from one that has it at hand.

Forty-two rounds a life would each load the same modules again; loaded once, a round costs what its looks cost. The
report is left to its page and its data: Allure and the printed form take longer than all looks together.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO

PROJECT = Path(__file__).parents[2]
_KNOWN = ("hypercare", "sqlalchemy", "alembic", "pydantic", "jinja2", "httpx", "httpcore", "markupsafe", "anyio")
_BROKEN = 70


class RoundsEnded(RuntimeError):
    """The process that runs the rounds is not there any more."""


class ForkedRounds:
    """Runs rounds on one target, one at a time."""

    def __init__(self, target_file: Path, reports: Path) -> None:
        command = [sys.executable, "-m", "faultlab.simulating.forked_rounds", str(target_file), str(reports)]
        self._process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def run(self, chosen: str, target_file: Path) -> int:
        """The exit status of a round on a target file, which may leave out ways that the first one names.

        Raises:
            RoundsEnded: nobody is there to run it.
        """
        requests, answered = self._process.stdin, self._process.stdout
        assert requests is not None and answered is not None
        try:
            requests.write(json.dumps({"round": chosen, "target": str(target_file)}) + "\n")
            requests.flush()
            line = answered.readline()
        except OSError:
            line = ""
        if not line:
            raise RoundsEnded(f"no {chosen} round: the process that runs rounds ended with {self._process.poll()}")
        return int(json.loads(line))

    def __enter__(self) -> ForkedRounds:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def main() -> int:
    """Read what is asked from standard input, a line of JSON a round, and answer each with its exit status."""
    target_file, reports = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w")
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    _load(target_file, reports)
    for line in sys.stdin:
        request = json.loads(line)
        answers.write(f"{_forked(request, reports, answers)}\n")
        answers.flush()
    return 0


def _load(target_file: str, reports: str) -> None:
    """Everything that a round needs, the checks too, is imported by whoever runs none."""
    import pytest

    pytest.main(["--collect-only", "-q", *_words(target_file, reports)])


def _forked(request: dict[str, str], reports: str, answers: IO[str]) -> int:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        answers.close()
        _run(request, reports, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        loaded = pipe.read()
    _, ended = os.waitpid(child, 0)
    for name in loaded.split():
        if name not in sys.modules:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    return os.waitstatus_to_exitcode(ended)


def _run(request: dict[str, str], reports: str, writing: int) -> None:
    """In the child: the round, and the names of what it had to load besides."""
    import pytest

    status = _BROKEN
    try:
        words = [f"--round={request['round']}", "--no-later-pages", *_words(request["target"], reports)]
        status = int(pytest.main(["-q", *words]))
        os.write(writing, " ".join(name for name in sys.modules if name.split(".")[0] in _KNOWN).encode())
    finally:
        os._exit(status)


def _words(target_file: str, reports: str) -> list[str]:
    return ["-p", "no:cacheprovider", "--no-header", f"--target={target_file}", f"--reports={reports}"]


if __name__ == "__main__":
    sys.exit(main())
