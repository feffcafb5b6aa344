"""The database is found in whatever it is packed into, and what left by a run that died is known by its name."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import shutil
import subprocess
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hypercare.backups import Backups
from hypercare.backups.kinds import BackupKind, kind_by
from hypercare.database import scratch as scratch_places
from hypercare.database.scratch import is_forgotten, scratch_folder, scratch_name
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import BackupsSection, DatabaseSection
from tests.standins.frozen_target import frozen_target
from tests.standins.sqlite_shop import NOW, ROWS, manifest, shop

TAKEN = NOW - timedelta(minutes=30)
NAME = f"shop-{TAKEN.astimezone(ZoneInfo('Europe/Berlin')):%Y%m%d-%H%M}"


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return shop(tmp_path / "live.sqlite")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "backups"
    place.mkdir()
    return place


def looking_at(home: Path, live: Path, folder: Path, **section: object) -> Backups:
    target = frozen_target(
        folder,
        now=NOW,
        backups=BackupsSection.model_validate({"directory": str(home), "manifest": "", "at": ("00:00",), **section}),
        database=DatabaseSection(url=f"sqlite:///{live}"),
    )
    return Backups(target)


@pytest.fixture
def backups(home: Path, live: Path, tmp_path: Path) -> Iterator[Backups]:
    looking = looking_at(home, live, tmp_path)
    yield looking
    looking.close()


def attachments(folder: Path) -> Path:
    """Larger than the database, and of no use to it."""
    file = folder / "attachments.tar.gz"
    inner = folder / "letter.pdf"
    inner.write_bytes(os.urandom(60_000))
    with tarfile.open(file, "w:gz") as archive:
        archive.add(inner, arcname="letter.pdf")
    inner.unlink()
    return file


def in_tar(live: Path, home: Path) -> None:
    with tarfile.open(home / f"{NAME}.tar.gz", "w:gz") as archive:
        archive.add(attachments(home.parent), arcname="nightly/attachments.tar.gz")
        archive.add(live, arcname="nightly/live.sqlite")


def in_zip_of_packed_files(live: Path, home: Path) -> None:
    with zipfile.ZipFile(home / f"{NAME}.zip", "w") as archive:
        archive.write(attachments(home.parent), "attachments.tar.gz")
        archive.writestr("db/live.sqlite.gz", gzip.compress(live.read_bytes()))


def in_a_dated_folder(live: Path, home: Path) -> None:
    folder = home / NAME
    folder.mkdir()
    shutil.copy(attachments(home.parent), folder)
    (folder / "live.sqlite.xz").write_bytes(lzma.compress(live.read_bytes()))


def beside_another_database(live: Path, home: Path) -> None:
    folder = home / NAME
    folder.mkdir()
    shop(folder / "archive.sqlite")
    with (folder / "archive.sqlite").open("ab") as file:
        file.write(b"\0" * 4096 * 50)
    shutil.copy(live, folder / "live.sqlite")


def packed_twice(live: Path, home: Path) -> None:
    (home / f"{NAME}.bz2").write_bytes(bz2.compress(gzip.compress(live.read_bytes())))


@pytest.mark.parametrize(
    "pack", [in_tar, in_zip_of_packed_files, in_a_dated_folder, beside_another_database, packed_twice]
)
def test_the_database_is_found_in_it(
    backups: Backups, live: Path, home: Path, pack: Callable[[Path, Path], None]
) -> None:
    pack(live, home)
    assert (backups.damage().count, backups.lacking_live_data().count) == (0, 0)


def test_which_file_is_the_database_can_be_said(live: Path, home: Path, tmp_path: Path) -> None:
    beside_another_database(live, home)
    looking = looking_at(home, live, tmp_path, inside="archive.*")
    shutil.copy(home / NAME / "live.sqlite", tmp_path / "sound.sqlite")
    (home / NAME / "live.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    assert looking.damage().count == 0
    looking.close()


@pytest.mark.engine
@pytest.mark.skipif(shutil.which("zstd") is None, reason="zstd is not installed on this machine: apt-get install zstd")
@pytest.mark.parametrize("is_cut", [False, True])
def test_zstd_is_unpacked_by_its_program(backups: Backups, live: Path, home: Path, is_cut: bool) -> None:
    file = home / f"{NAME}.zst"
    subprocess.run(["zstd", "-q", live, "-o", file], check=True)
    if is_cut:
        os.truncate(file, file.stat().st_size // 2)
    assert backups.damage().count == is_cut


def test_without_the_program_it_is_not_covered(
    backups: Backups, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / f"{NAME}.zst").write_bytes(b"\x28\xb5\x2f\xfd" + b"\0" * 50)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotCovered, match="zstd is not installed here"):
        backups.damage()


@pytest.mark.parametrize("damage", [in_tar, in_zip_of_packed_files], ids=["tar", "zip"])
def test_an_archive_that_breaks_off_is_told(
    backups: Backups, live: Path, home: Path, damage: Callable[[Path, Path], None]
) -> None:
    damage(live, home)
    file = next(home.iterdir())
    os.truncate(file, file.stat().st_size // 2)
    assert backups.damage().count == 1


def test_a_folder_may_hold_its_manifest(live: Path, home: Path, tmp_path: Path) -> None:
    in_a_dated_folder(live, home)
    folder = home / NAME
    size = sum(file.stat().st_size for file in folder.iterdir())
    stated = manifest(NAME, 0, tables={"sales": ROWS + 1})
    (folder / "manifest.json").write_bytes(stated.replace(b'"bytes": 0', b'"bytes": %d' % (size + len(stated) + 5)))
    looking = looking_at(home, live, tmp_path, manifest=".json")
    assert looking.newest.taken_at == TAKEN
    assert looking.other_than_manifest().count == 1
    looking.close()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"SQLite format 3\0", BackupKind.SQLITE),
        (b"PGDMP\x01\x0e", BackupKind.POSTGRESQL_ARCHIVE),
        (b"--\n-- PostgreSQL database dump\n", BackupKind.POSTGRESQL_SCRIPT),
        (b"-- MySQL dump 10.13  Distrib 8.0.36\n", BackupKind.MYSQL_SCRIPT),
        (b"/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19", BackupKind.MYSQL_SCRIPT),
        (b"DROP TABLE IF EXISTS `sales`;\n", BackupKind.MYSQL_SCRIPT),
        (b"\x1f\x8b\x08\0", BackupKind.PACKED),
        (b"age-encryption.org/v1\n-> X25519", BackupKind.ENCRYPTED),
        (b"Salted__12345678", BackupKind.ENCRYPTED),
        (b"-----BEGIN PGP MESSAGE-----\n", BackupKind.ENCRYPTED),
        (b"\x85\x01\x0c\x03" + b"\0" * 8, BackupKind.ENCRYPTED),
        (b"\x8c\x0d\x04\x09\x03\x02", BackupKind.ENCRYPTED),
        (b"TAPE\0\0\x03\0", BackupKind.OTHER_ENGINE),
        (b"hello", BackupKind.UNKNOWN),
    ],
)
def test_a_file_is_known_by_its_beginning(head: bytes, kind: BackupKind) -> None:
    assert kind_by(head) is kind


def dead_process() -> int:
    ended = subprocess.Popen(["true"])
    ended.wait()
    return ended.pid


@pytest.mark.server
def test_a_scratch_database_is_forgotten_once_its_process_is_dead_or_it_is_old() -> None:
    own = scratch_name()
    assert not is_forgotten(own)
    assert is_forgotten(own.replace(f"_{os.getpid()}_", f"_{dead_process()}_"))
    assert not is_forgotten(own.replace(scratch_places._here(), "elsewher").replace(f"_{os.getpid()}_", "_999999999_"))
    assert is_forgotten(f"hypercare_scratch_{int(time.time()) - 4000}_elsewher_1_abcd")
    assert not is_forgotten("hypercare_scratch_of_the_people")
    assert not is_forgotten("shop")


@pytest.mark.server
def test_a_scratch_folder_of_a_dead_process_is_swept(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as own:
        left = own.with_name(own.name.replace(f"_{os.getpid()}_", f"_{dead_process()}_"))
        left.mkdir()
        with scratch_folder(tmp_path):
            assert own.is_dir() and not left.exists()
    assert not list((tmp_path / "scratch").iterdir())
