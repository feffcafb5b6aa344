"""What kind of backup a file is, by its first bytes: names may lie."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import shutil
from enum import StrEnum
from pathlib import Path

_HEAD = 8192


class BackupKind(StrEnum):
    SQLITE = "an SQLite database"
    POSTGRESQL_ARCHIVE = "a PostgreSQL archive"
    POSTGRESQL_SCRIPT = "a PostgreSQL script"
    MYSQL_SCRIPT = "a MySQL script"
    PACKED = "a packed file"
    UNKNOWN = "of no kind that we know"


def kind_of(path: Path) -> BackupKind:
    if path.is_dir():
        return BackupKind.POSTGRESQL_ARCHIVE if (path / "toc.dat").is_file() else BackupKind.UNKNOWN
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"SQLite format 3\x00"):
        return BackupKind.SQLITE
    if head.startswith(b"PGDMP") or (head[257:262] == b"ustar" and b"toc.dat" in head[:512]):
        return BackupKind.POSTGRESQL_ARCHIVE
    if head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")):
        return BackupKind.PACKED
    if re.search(rb"(?i)(?:mysql|mariadb) dump", head):
        return BackupKind.MYSQL_SCRIPT
    if re.search(rb"PostgreSQL database (?:cluster )?dump", head):
        return BackupKind.POSTGRESQL_SCRIPT
    return BackupKind.UNKNOWN


def unpack(path: Path, into: Path) -> Path:
    """Unpack a packed file into a folder.

    Raises:
        EOFError, OSError, zlib.error or lzma.LZMAError: it is damaged, or there is no room.
    """
    with path.open("rb") as file:
        head = file.read(3)
    opener = gzip.open if head.startswith(b"\x1f\x8b") else bz2.open if head.startswith(b"BZh") else lzma.open
    plain = into / "unpacked"
    with opener(path, "rb") as packed, plain.open("wb") as file:
        shutil.copyfileobj(packed, file, 4 << 20)
    return plain
