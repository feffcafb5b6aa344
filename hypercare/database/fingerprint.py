"""A fingerprint of rows whatever their order: each engine hashes a row by its own means and adds the hashes up."""

from __future__ import annotations

import sqlite3
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

_SQLITE_NAME = "hypercare_fingerprint"
_KNOWS_HASHES_OF_ROWS = (14,)
# Stands for null, lest "a, null" and "null, a" be one; and between two values, lest "ab, c" and "a, bc" be.
_NULL, _NEXT = "\x02", "\x1f"
_NULL_BYTE, _NEXT_BYTE = _NULL.encode(), _NEXT.encode()
KNOWN_TO = frozenset({"sqlite", "postgresql", "mysql", "mariadb", "duckdb"})
"""The engines that can say it."""


class Fingerprint(GenericFunction[str]):
    """Of the rows of a group, by these columns, as text; the same for the same rows in another order."""

    name = _SQLITE_NAME
    identifier = _SQLITE_NAME
    inherit_cache = True
    type = String()


def fingerprint(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    return Fingerprint(*columns)


@compiles(Fingerprint, "postgresql")
def _on_postgresql(element: Fingerprint, compiler: Any, **options: Any) -> str:
    texts = [f"COALESCE(CAST({compiler.process(one, **options)} AS TEXT), '{_NULL}')" for one in element.clauses]
    joined = f" || '{_NEXT}' || ".join(texts)
    return f"CAST(SUM(hashtextextended({joined}, 0)) AS TEXT)"


@compiles(Fingerprint, "mysql")
@compiles(Fingerprint, "mariadb")
def _on_mysql(element: Fingerprint, compiler: Any, **options: Any) -> str:
    texts = [f"COALESCE(CAST({compiler.process(one, **options)} AS CHAR), '{_NULL}')" for one in element.clauses]
    row = f"CONCAT_WS('{_NEXT}', {', '.join(texts)})"
    # Two sums of 32 bits that do not follow from each other.
    return f"CONCAT(SUM(CRC32({row})), ':', SUM(CRC32(CONCAT('{_NEXT}', REVERSE({row})))))"


@compiles(Fingerprint, "duckdb")
def _on_duckdb(element: Fingerprint, compiler: Any, **options: Any) -> str:
    texts = [f"COALESCE(CAST({compiler.process(one, **options)} AS VARCHAR), '{_NULL}')" for one in element.clauses]
    joined = f" || '{_NEXT}' || ".join(texts)
    # Its own hash of values may be another in its next version.
    return f"CAST(SUM(md5_number_lower({joined})) AS VARCHAR)"


@compiles(Fingerprint, "sqlite")
def _on_sqlite(element: Fingerprint, compiler: Any, **options: Any) -> str:
    # As bytes: SQLite checks no encoding, and Python would refuse text of another.
    texts = [f"CAST({compiler.process(one, **options)} AS BLOB)" for one in element.clauses]
    values = [f"COALESCE({one}, x'{_NULL_BYTE.hex()}')" for one in texts]
    return f"{_SQLITE_NAME}({', '.join(values)})"


class QuickFingerprint(Fingerprint):
    """The same at a third of the price, where the engine hashes values as they are and need not write them out.

    The columns must be of types that it hashes (`ColumnType.is_hashed`). Another version of the engine may hash
    otherwise, so it is for what is merely asked again where it is another.
    """

    name = "hypercare_quick_fingerprint"
    identifier = "hypercare_quick_fingerprint"
    inherit_cache = True


def quick_fingerprint(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    return QuickFingerprint(*columns)


# After those of what it is derived from, which it falls back to on other engines.
@compiles(QuickFingerprint, "postgresql")
def _quick_on_postgresql(element: QuickFingerprint, compiler: Any, **options: Any) -> str:
    version = getattr(compiler.dialect, "server_version_info", None) or (0,)
    if version < _KNOWS_HASHES_OF_ROWS:
        return _on_postgresql(element, compiler, **options)
    row = ", ".join(compiler.process(one, **options) for one in element.clauses)
    return f"CAST(SUM(hash_record_extended(ROW({row}), 0)) AS TEXT)"


class _OfRows:
    """SQLite's own part: it has no hash, so the rows are handed to us one by one inside the engine."""

    def __init__(self) -> None:
        self._sum = 0

    def step(self, *values: bytes) -> None:
        self._sum += crc32(_NEXT_BYTE.join(values))

    def finalize(self) -> str:
        return str(self._sum)


def teach_sqlite(connection: sqlite3.Connection) -> None:
    """Let a connection of SQLite say a fingerprint."""
    connection.create_aggregate(_SQLITE_NAME, -1, _OfRows)  # type: ignore[arg-type]
