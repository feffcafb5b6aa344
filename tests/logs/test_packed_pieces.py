"""Rotated pieces are found under the names that rotations give them, and read however they are packed."""

from __future__ import annotations

import bz2
import errno
import gzip
import json
import lzma
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hypercare import packed_files
from hypercare.doctor.files import try_logs
from hypercare.logs import Logs
from hypercare.outcome.signals import MonitorFault, NotCovered
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.target import Target
from tests.logs.json_memory import JsonMemory
from tests.standins.frozen_target import NOON, ago, frozen_target


def zstd() -> Any:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    return None


ZSTD = zstd()
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda content: ZSTD.compress(content),
}
ENDINGS = [
    pytest.param(
        ending,
        marks=pytest.mark.skipif(ending == ".zst" and ZSTD is None, reason="zstd is not installed on this machine"),
    )
    for ending in PACKERS
]
ROTATED = [
    "app.log.1", "app.log.37", "app.log-20260115", "app.log-20260115-1768435200", "app-20260115.log",
    "app.2026-01-15.log", "app-2026-01-15-3.log", "app.log.2026-01-15_13-45-00", "app.log.2026-01-15-07",
]  # fmt: skip


def line(at: datetime, level: str = "INFO", message: str = "sale saved") -> str:
    return json.dumps({"at": at.isoformat(), "level": level, "message": message}) + "\n"


def quiet(count: int, until: datetime = NOON) -> str:
    return "".join(line(until - timedelta(seconds=count - number)) for number in range(count))


def target_of(log: Path, folder: Path) -> Target:
    return frozen_target(folder, logs=(LogSource(name="app", path=log),))


def criticals(log: Path, folder: Path, memory: JsonMemory | None = None) -> int:
    target = target_of(log, folder)
    errors = Logs(target, memory).errors(target.today)
    errors.require_understood()
    return errors.critical().count


@pytest.mark.parametrize("name", ROTATED)
@pytest.mark.parametrize("ending", ["", *ENDINGS])
def test_pieces_are_found_by_the_names_of_rotations(log: Path, tmp_path: Path, name: str, ending: str) -> None:
    older = (quiet(50, ago(minutes=90)) + line(ago(minutes=89), "CRITICAL", "before the rotation")).encode()
    log.with_name(name + ending).write_bytes(PACKERS[ending](older) if ending else older)
    log.write_text(quiet(10))
    assert criticals(log, tmp_path) == 1


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_a_damaged_pack_still_gives_is_read(log: Path, tmp_path: Path, ending: str) -> None:
    critical = line(ago(minutes=95), "CRITICAL", "before the damage")
    chance = os.urandom(400_000).hex()  # so that there is much to cut
    content = PACKERS[ending]((critical + quiet(200, ago(minutes=90)) + line(ago(minutes=89), message=chance)).encode())
    if ending == ".bz2":
        content = PACKERS[ending](critical.encode()) + content  # which gives whole streams alone
    log.with_name(f"app.log.1{ending}").write_bytes(content[: len(content) * 2 // 3])
    log.write_text(quiet(10))
    assert criticals(log, tmp_path) == 1


@pytest.mark.parametrize("ending", ENDINGS)
def test_little_of_a_pack_is_held_at_once(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"app.log.1{ending}"
    path.write_bytes(PACKERS[ending](b"0" * (32 << 20)))
    with path.open("rb") as file:
        sizes = [len(part) for part in packed_files.parts_of(file, ending)]
    assert (sum(sizes), max(sizes) <= 1 << 20) == (32 << 20, True)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_piece_is_known_again_however_it_was_rotated(
    log: Path, tmp_path: Path, ending: str, bytes_read: Callable[[], int]
) -> None:
    memory = JsonMemory()
    log.write_text(quiet(3000, ago(minutes=60)) + line(ago(minutes=59), "CRITICAL", "down"))
    assert criticals(log, tmp_path, memory) == 1
    with log.open("a") as file:
        file.write(line(ago(minutes=40), "CRITICAL", "down"))
    log.with_name(f"app-20260115.log{ending}").write_bytes(PACKERS[ending](log.read_bytes()))
    log.write_text(line(ago(minutes=5), "CRITICAL", "down"))
    bytes_read()
    assert criticals(log, tmp_path, memory) == 3
    assert bytes_read() < 1000
    log.with_name(f"app-20260115.log{ending}").rename(log.with_name(f"app.log.2{ending}"))
    assert criticals(log, tmp_path, memory) == 3


def test_a_log_that_is_copied_and_cut_is_known_again(log: Path, tmp_path: Path, bytes_read: Callable[[], int]) -> None:
    memory = JsonMemory()
    log.write_text(quiet(3000, ago(minutes=60)) + line(ago(minutes=59), "CRITICAL", "down"))
    assert criticals(log, tmp_path, memory) == 1
    shutil.copyfile(log, log.with_name("app.log-20260115"))
    os.truncate(log, 0)
    with log.open("a") as file:
        file.write(line(ago(minutes=5), "CRITICAL", "down"))
    bytes_read()
    assert criticals(log, tmp_path, memory) == 2
    assert bytes_read() < 1000


MAKES_A_COPY: dict[str, Callable[[Path], object]] = {
    "copied, not yet cut": lambda log: shutil.copyfile(log, log.with_name("app.log.1")),
    "copied in part": lambda log: log.with_name("app.log.1").write_bytes(log.read_bytes()[:9000]),
    "packed, not yet removed": lambda log: (
        shutil.copyfile(log, log.with_name("app.log.1")),
        log.with_name("app.log.1.gz").write_bytes(gzip.compress(log.read_bytes())),
        log.write_text(line(ago(minutes=1))),
    ),
    "packed in part": lambda log: (
        shutil.copyfile(log, log.with_name("app.log.1")),
        log.with_name("app.log.1.gz").write_bytes(gzip.compress(log.read_bytes())[:10]),
        log.write_text(line(ago(minutes=1))),
    ),
}


@pytest.mark.parametrize("way", MAKES_A_COPY)
def test_what_a_rotation_copies_at_this_moment_counts_once(log: Path, tmp_path: Path, way: str) -> None:
    log.write_text(line(ago(minutes=61), "CRITICAL", "down") + quiet(300, ago(minutes=60)))
    MAKES_A_COPY[way](log)
    assert criticals(log, tmp_path) == 1


def test_a_packed_piece_of_an_older_rotation_is_read_beside_one_of_its_name(log: Path, tmp_path: Path) -> None:
    log.with_name("app.log.1").write_text(line(ago(minutes=30), "CRITICAL", "down"))
    log.with_name("app.log.1.gz").write_bytes(gzip.compress(line(ago(minutes=60), "CRITICAL", "down").encode()))
    log.write_text(quiet(10))
    assert criticals(log, tmp_path) == 2


@pytest.fixture
def without_zstd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_files, "_MODULES", {**packed_files._MODULES, ".zst": ("nothing_of_this_name",)})


@pytest.mark.usefixtures("without_zstd")
def test_what_nothing_here_unpacks_is_not_covered_in_one_line(log: Path, tmp_path: Path) -> None:
    log.with_name("app.log.1.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    os.utime(log.with_name("app.log.1.zst"), (ago(hours=1).timestamp(),) * 2)
    log.write_text(quiet(100) + line(ago(minutes=1), "CRITICAL", "down"))
    target = target_of(log, tmp_path)
    errors = Logs(target).errors(target.today)
    assert errors.critical().count == 1
    with pytest.raises(NotCovered) as gap:
        errors.require_understood()
    assert "app.log.1.zst" in gap.value.reason
    assert "\n" not in gap.value.reason
    assert 'pip install "hypercare[logs]"' in gap.value.remedy


@pytest.mark.usefixtures("without_zstd")
def test_what_nothing_here_unpacks_does_not_matter_once_it_is_old(log: Path, tmp_path: Path) -> None:
    old = log.with_name("app.log.9.zst")
    old.write_bytes(b"\x28\xb5\x2f\xfd")
    os.utime(old, (ago(days=30).timestamp(),) * 2)
    log.write_text(quiet(100))
    assert criticals(log, tmp_path) == 0


@pytest.mark.usefixtures("without_zstd")
def test_requests_of_what_nothing_here_unpacks_are_not_covered_either(log: Path, tmp_path: Path) -> None:
    access = '10.0.0.7 - ada [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET /sales/7 HTTP/1.1" 200 512 "-" "-" 0.120\n'
    log.write_text("".join(access.format(at=ago(minutes=number)) for number in range(60, 0, -1)))
    log.with_name("app.log.1.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    os.utime(log.with_name("app.log.1.zst"), (ago(minutes=61).timestamp(),) * 2)
    target = frozen_target(tmp_path, logs=(LogSource(name="app", path=log, format="access", holds="access"),))
    with pytest.raises(NotCovered, match=r"app\.log\.1\.zst"):
        Logs(target).failed_requests(target.today)


@pytest.mark.usefixtures("without_zstd")
def test_the_doctor_says_what_nothing_here_unpacks(log: Path, tmp_path: Path) -> None:
    log.with_name("app.log.1.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    os.utime(log.with_name("app.log.1.zst"), (ago(hours=1).timestamp(),) * 2)
    log.write_text(quiet(100))
    (attempt,) = try_logs(target_of(log, tmp_path))
    assert "app.log.1.zst" in str(attempt)


def test_no_room_to_unpack_is_our_own_fault(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def writelines(self, parts: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    log.with_name("app.log.1.gz").write_bytes(gzip.compress(quiet(10, ago(minutes=90)).encode()))
    log.write_text(quiet(10))
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    with pytest.raises(MonitorFault, match="no space left on device"):
        criticals(log, tmp_path)
