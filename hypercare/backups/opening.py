"""From a backup as it is kept to the database's own file in it: decrypted, unpacked, and found among others."""

from __future__ import annotations

import lzma
import shutil
import tarfile
import zipfile
import zlib
from datetime import timedelta
from fnmatch import fnmatch
from pathlib import Path

from hypercare.backups.backup import Unrestorable
from hypercare.backups.kinds import DATABASE_KINDS, BackupKind, kind_of, kind_within, opener_of
from hypercare.backups.program import program, run
from hypercare.backups.repository import first_line
from hypercare.database.scratch import our_disk
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.backups import BackupsSection

_LAYERS = 6  # an encrypted, packed archive of packed files, and then some
_BREAKS_OFF = "it does not unpack: it breaks off or is damaged"
_PROGRAMS = {b"\x28\xb5\x2f\xfd": "zstd", b"\x04\x22\x4d\x18": "lz4"}


def opened(path: Path, folder: Path, section: BackupsSection, live: str, timeout: timedelta) -> tuple[Path, BackupKind]:
    """The file or folder that holds the database, with its kind; `live` is the name of the database that is meant.

    Raises:
        Unrestorable: it cannot be read, decrypted or unpacked, or holds no database.
        NotCovered: it takes a program that is not here.
        MonitorFault: our own disk or time does not suffice.
    """
    for layer in range(_LAYERS):
        kind = _kind_of(path)
        into = folder / f"layer-{layer}"
        if kind in DATABASE_KINDS:
            return path, kind
        if kind is BackupKind.PACKED:
            path = _unpacked(path, into, timeout)
        elif kind is BackupKind.BUNDLE:
            path = _chosen(path if path.is_dir() else _extracted(path, into), section.inside, live)
        elif kind in {BackupKind.ENCRYPTED, BackupKind.UNKNOWN} and section.decrypt and path.is_file():
            path = _decrypted(path, into, section, timeout)
        else:
            return path, kind
    raise Unrestorable("it is packed into itself again and again")


def _kind_of(path: Path) -> BackupKind:
    try:
        kind = kind_of(path)
        if path.is_file() and path.stat().st_size == 0:
            raise Unrestorable("it is empty")
    except OSError as error:
        raise Unrestorable(f"it cannot be read ({(error.strerror or type(error).__name__).lower()})") from None
    return kind


def _unpacked(path: Path, into: Path, timeout: timedelta) -> Path:
    opener = opener_of(path)
    try:
        if opener is None:
            return _unpacked_by_program(path, into, timeout)
        with opener(path, "rb") as packed, into.open("wb") as file:
            shutil.copyfileobj(packed, file, 4 << 20)
    except (EOFError, zlib.error, lzma.LZMAError) as error:
        raise Unrestorable(_BREAKS_OFF, str(error)) from None
    except OSError as error:
        if error.errno is None:
            raise Unrestorable(_BREAKS_OFF, str(error)) from None
        raise our_disk(error) from None
    return into


def _unpacked_by_program(path: Path, into: Path, timeout: timedelta) -> Path:
    with path.open("rb") as file:
        name = _PROGRAMS[file.read(4)]
    ran = run([program(name, remedy=f"Install {name}."), "-d", "-c", "-q"], timeout, source=path, into=into)
    if ran.status != 0:
        raise Unrestorable(_BREAKS_OFF, ran.complaint[:2000])
    return into


def _decrypted(path: Path, into: Path, section: BackupsSection, timeout: timedelta) -> Path:
    name, *words = section.decrypt
    where = program(name, remedy="Correct [backups] decrypt, or install what it names.")
    ran = run([where, *words], timeout, source=path, into=into)
    if ran.status != 0 or not into.stat().st_size:
        raise Unrestorable(
            f"it is encrypted, and the key that we have does not open it ({first_line(ran.complaint)})",
            ran.complaint[:2000],
        )
    return into


def _extracted(path: Path, into: Path) -> Path:
    into.mkdir()
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                archive.extractall(into)
        else:
            with tarfile.open(path) as archive:
                archive.extractall(into, filter="data")
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, RuntimeError, NotImplementedError) as error:
        raise Unrestorable(_BREAKS_OFF, str(error)) from None
    except OSError as error:
        raise our_disk(error) from None
    return into


def _chosen(folder: Path, inside: str, live: str) -> Path:
    """What in a folder is the database: by the pattern, by its kind, by the live one's name, and then by size."""
    whole = [file.parent for file in folder.rglob("toc.dat")]
    files = [file for file in folder.rglob("*") if file.is_file() and not any(one in file.parents for one in whole)]
    meant = [one for one in (*whole, *files) if fnmatch(one.name, Path(inside).name)]
    ranked = sorted(meant, key=lambda one: (_rank(one), live.lower() in one.name.lower(), _size(one)), reverse=True)
    if not ranked or not _rank(ranked[0]):
        _require_no_server(folder)
        raise Unrestorable("there is no database in it")
    return ranked[0]


def _rank(path: Path) -> int:
    kind = kind_within(path)
    if kind in DATABASE_KINDS:
        return 3
    if kind is BackupKind.ENCRYPTED:
        return 2
    return 1 if kind in {BackupKind.PACKED, BackupKind.BUNDLE, BackupKind.OTHER_ENGINE} else 0


def _size(path: Path) -> int:
    return sum(part.stat().st_size for part in (path.iterdir() if path.is_dir() else (path,)))


def _require_no_server(folder: Path) -> None:
    if any(kind_of(one) is BackupKind.SERVER_FILES for one in folder.rglob("*") if one.is_dir()):
        raise not_started()


def not_started() -> NotCovered:
    return NotCovered(
        "the backup is a copy of a whole server's files, which is not started here",
        remedy="Restore it on a host of its own once a week, or make a dump (pg_dump, mariadb-dump) besides.",
    )
