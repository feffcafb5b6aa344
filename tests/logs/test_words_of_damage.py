"""A line wakes somebody for words of damage only where it tells of damage: not where it denies it, nor by a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from hypercare.logs import Logs
from hypercare.target_file.sections.logs import LogSource
from tests.logs.written_logs import FORMS, chance_of, settings_of
from tests.standins.frozen_target import NOON, ago, frozen_target

PLAIN_FORMS: dict[str, Callable[..., str]] = {
    **FORMS,
    "json": lambda at, level, message, _: json.dumps({"at": at.isoformat(), "level": level, "message": message}),
}
MENTIONED = [
    "checked: no disk full", 'product "Disk Full Cleaner" saved', "disk check done: disk full: no",
    "no corruption found", "data corruption check passed", "0 too many connections",
    'order 7: note "out of memory card"', "disk full = false", "backup done, no data loss", "file panic.txt stored",
    "backup is not corrupted", "Prüfung: keine data corruption", "article «Out of Memory» printed",
    "stock of 'No space left on device' sticker is 7",
]  # fmt: skip
TOLD = [
    "disk full while saving 7", "write failed: No space left on device", "kernel: Out of memory: Killed process 7",
    "OSError: [Errno 28] No space left on device: '/srv'", "could not allocate, out of memory",
    "panic: runtime error", "database disk image is malformed", 'cannot save "slip 7": disk full',
    "error 'disk full' while saving", "the disk is full", "Segmentation fault (core dumped)",
    "kernel panic - not syncing", "corruption check failed", "no answer, too many open files",
    "java.lang.OutOfMemoryError: Java heap space", "checksum says data loss",
    'said="disk full" code=7', "the store says: 'disk full'", "no disk full so far\n  MemoryError",
]  # fmt: skip


def criticals(tmp_path: Path, form: str, level: str, message: str) -> int:
    """How many a log of a form has in which one line says this, and many say nothing of the kind."""
    chance, path, write = chance_of(1), tmp_path / "app.log", PLAIN_FORMS[form]
    lines = [
        write(NOON - timedelta(minutes=300 - number), ("INFO", "INFO", "WARNING")[number % 3], "sale saved", chance)
        for number in range(300)
    ]
    lines.insert(150, write(ago(minutes=150), level, message, chance))
    path.write_text("\n".join(lines) + "\n")
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=path, **settings_of(form)),))
    return Logs(target).errors(target.today).critical().count


@pytest.mark.parametrize("form", PLAIN_FORMS)
def test_no_line_of_information_wakes_somebody_by_its_words(tmp_path: Path, form: str) -> None:
    loud = [message for message in MENTIONED if criticals(tmp_path, form, "INFO", message)]
    assert loud == []


@pytest.mark.parametrize("message", TOLD)
def test_a_line_without_a_level_wakes_somebody_where_it_tells_of_damage(tmp_path: Path, message: str) -> None:
    assert criticals(tmp_path, "only when loud", "INFO", message) == 1


@pytest.mark.parametrize("form", ["json", "python", "keyed"])
@pytest.mark.parametrize("message", ["disk full", 'product "Disk Full Cleaner" saved'])
def test_an_error_that_says_so_wakes_somebody_in_any_words(tmp_path: Path, form: str, message: str) -> None:
    assert criticals(tmp_path, form, "ERROR", message) == 1
