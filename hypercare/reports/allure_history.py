"""Allure's history: each result once, however often the report of its day is made again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

_SAME = ("fullName", "start", "stop")


def without_results_of(results: Sequence[Path], history: Path, into: Path) -> None:
    """Copy Allure's history but for the results in the folders `results`, which a report is made of.

    An earlier report of the same day added them; one of which nothing else is left goes with them. A line that cannot
    be read is left out, since Allure would make no report with it.

    Raises:
        OSError: a file cannot be read or written.
    """
    in_report = {_identity(result) for folder in results for result in _results(folder)}
    with into.open("w", encoding="utf-8") as copy:
        for point in _points(history):
            found = point["testResults"]
            others = {key: result for key, result in found.items() if _identity(result) not in in_report}
            if others or not found:
                copy.write(json.dumps({**point, "testResults": others}) + "\n")


def has_points(history: Path) -> bool:
    return any(True for _ in _points(history))


def replace_history(history: Path, made: Path, as_of: datetime) -> None:
    """Put what Allure made of the copy in place of its history, in one step; what it added is of the instant `as_of`.

    Raises:
        OSError: it cannot be written.
    """
    history.parent.mkdir(parents=True, exist_ok=True)
    beside = history.with_name(f".{history.name}-{uuid4().hex[:8]}")
    try:
        beside.write_text(_newest_of(made.read_text(encoding="utf-8"), as_of), encoding="utf-8")
        beside.replace(history)
    finally:
        beside.unlink(missing_ok=True)


def _newest_of(lines: str, as_of: datetime) -> str:
    """Allure dates a report by when it was made; a day's report may be made long after, and more than once."""
    # Nothing else ends a line there: texts hold other signs that Python takes for ends of lines.
    *earlier, last = lines.removesuffix("\n").split("\n")
    try:
        dated = json.dumps({**json.loads(last), "timestamp": round(as_of.timestamp() * 1000)})
    except (ValueError, TypeError):
        return lines
    return "\n".join([*earlier, dated]) + "\n"


def _results(folder: Path) -> Iterator[dict[str, Any]]:
    for file in folder.glob("*-result.json"):
        yield json.loads(file.read_text(encoding="utf-8"))


def _points(history: Path) -> Iterator[dict[str, Any]]:
    if not history.is_file():
        return
    with history.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                point = json.loads(line)
            except ValueError:
                continue
            if isinstance(point, dict) and isinstance(point.get("testResults"), dict):
                yield point


def _identity(result: dict[str, Any]) -> tuple[object, ...]:
    return tuple(result.get(name) for name in _SAME)
