"""What kind of backup a file or folder is, by its first bytes: names may lie."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zlib
from enum import StrEnum
from pathlib import Path

_HEAD = 8192


class BackupKind(StrEnum):
    SQLITE = "an SQLite database"
    POSTGRESQL_ARCHIVE = "a PostgreSQL archive"
    POSTGRESQL_SCRIPT = "a PostgreSQL script"
    MYSQL_SCRIPT = "a MySQL script"
    PACKED = "a packed file"
    BUNDLE = "an archive or folder of files"
    ENCRYPTED = "encrypted"
    SERVER_FILES = "the files of a whole server"
    OTHER_ENGINE = "a backup that only its own engine reads"
    UNKNOWN = "of no kind that we know"


DATABASE_KINDS = {
    BackupKind.SQLITE,
    BackupKind.POSTGRESQL_ARCHIVE,
    BackupKind.POSTGRESQL_SCRIPT,
    BackupKind.MYSQL_SCRIPT,
}
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18")
_ENCRYPTED = (b"age-encryption.org/v1", b"-----BEGIN AGE", b"-----BEGIN PGP MESSAGE", b"Salted__")
# An OpenPGP message begins with a session key, for a public key (version 3) or for a passphrase (versions 4 to 6).
_OPENPGP = re.compile(rb"\x85..\x03|\x84.\x03|\x8c.[\x04-\x06]|[\xc1\xc3].[\x03-\x06]", re.DOTALL)
_OTHER_ENGINE = (b"TAPE\x00\x00", b"\x03\x00\x01\x02EXPORT:", b"EXPORT:V")
_MYSQL = re.compile(rb"(?i)(?:mysql|mariadb) dump|DROP TABLE IF EXISTS `|CREATE TABLE (?:IF NOT EXISTS )?`")
_POSTGRESQL = re.compile(rb"PostgreSQL database (?:cluster )?dump|^SET statement_timeout = 0;", re.MULTILINE)
_OF_A_SERVER = (
    "PG_VERSION",
    "backup_label",
    "xtrabackup_checkpoints",
    "mariadb_backup_checkpoints",
    "ibdata1",
    "metadata",
)


def kind_of(path: Path) -> BackupKind:
    """The kind of a file or folder.

    Raises:
        OSError: it cannot be read.
    """
    if path.is_dir():
        return _kind_of_folder(path)
    with path.open("rb") as file:
        return kind_by(file.read(_HEAD))


def _kind_of_folder(path: Path) -> BackupKind:
    if (path / "toc.dat").is_file():
        return BackupKind.POSTGRESQL_ARCHIVE
    if any((path / name).is_file() for name in _OF_A_SERVER):
        return BackupKind.SERVER_FILES
    return BackupKind.BUNDLE if any(path.iterdir()) else BackupKind.UNKNOWN


def kind_by(head: bytes) -> BackupKind:
    """The kind of a file that begins like this."""
    if head.startswith(b"SQLite format 3\x00"):
        return BackupKind.SQLITE
    if head.startswith(b"PGDMP") or (head[257:262] == b"ustar" and head.startswith(b"toc.dat")):
        return BackupKind.POSTGRESQL_ARCHIVE
    if head.startswith(_PACKED):
        return BackupKind.PACKED
    if head[257:262] == b"ustar" or head.startswith(b"PK\x03\x04"):
        return BackupKind.BUNDLE
    if head.startswith(_ENCRYPTED) or _OPENPGP.match(head):
        return BackupKind.ENCRYPTED
    if head.startswith(_OTHER_ENGINE):
        return BackupKind.OTHER_ENGINE
    if _POSTGRESQL.search(head):
        return BackupKind.POSTGRESQL_SCRIPT
    return BackupKind.MYSQL_SCRIPT if _MYSQL.search(head) else BackupKind.UNKNOWN


def kind_within(path: Path) -> BackupKind:
    """The kind of what a packed file holds, by a look at its beginning; of any other file its own kind."""
    kind = kind_of(path)
    if kind is not BackupKind.PACKED:
        return kind
    opener = opener_of(path)
    if opener is None:
        return kind
    try:
        with opener(path, "rb") as packed:
            return kind_by(packed.read(_HEAD))
    except (EOFError, zlib.error, lzma.LZMAError, OSError):
        return kind


def opener_of(path: Path) -> type[gzip.GzipFile] | type[bz2.BZ2File] | type[lzma.LZMAFile] | None:
    """What opens a packed file; None where it takes a program of its own."""
    with path.open("rb") as file:
        head = file.read(6)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile
    if head.startswith(b"BZh"):
        return bz2.BZ2File
    return lzma.LZMAFile if head.startswith(b"\xfd7zXZ") else None
