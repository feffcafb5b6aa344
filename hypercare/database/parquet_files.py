"""Which Parquet files an export of a database is made of, and how old they are: a file or a folder of files a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from hypercare.database.schemas import TableName
from hypercare.extras import install
from hypercare.outcome.signals import NotCovered

_SUFFIX = ".parquet"
# By what name each driver tells when a file was stored.
_TIMES = ("LastModified", "last_modified", "mtime", "modified", "updated", "created")


@dataclass(frozen=True)
class ExportedTable:
    """`written` is when the newest of its files was."""

    files: tuple[str, ...]
    written: datetime


@dataclass(frozen=True)
class ExportedFiles:
    """The tables of an export by their names; `file_system` reads them where they are not on this machine."""

    tables: Mapping[TableName, ExportedTable]
    file_system: Any = None


def exported_files(place: str) -> ExportedFiles:
    """What lies at a folder or address: NAME.parquet, SCHEMA.NAME.parquet, or files below a folder of such a name.

    Raises:
        NotCovered: nothing of the kind is there, or it cannot be reached.
    """
    file_system = None
    try:
        if "://" in place:
            file_system, found = _elsewhere(place)
        else:
            found = list(_here(Path(place)))
    except (OSError, ValueError, KeyError) as error:
        raise NotCovered(
            f"The export at {place} cannot be reached ({type(error).__name__}).",
            remedy="See whether it is made and where, or leave out [database] scan_from.",
        ) from None
    if not found:
        raise NotCovered(
            f"There is no Parquet file at {place}.",
            remedy="Export a file or a folder of files a table there, or leave out [database] scan_from.",
        )
    return ExportedFiles(_by_table(found), file_system)


def _here(folder: Path) -> Iterator[tuple[PurePosixPath, str, datetime]]:
    """Each file by its place in the folder, its whole name, and when it was written."""
    for file in sorted(folder.rglob(f"*{_SUFFIX}")):
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        yield PurePosixPath(file.relative_to(folder).as_posix()), str(file), written


def _elsewhere(place: str) -> tuple[Any, list[tuple[PurePosixPath, str, datetime]]]:
    try:
        from fsspec.core import url_to_fs  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise NotCovered(
            "an export in an object store needs fsspec, which is not installed here",
            remedy=f"Install it with the driver of the store, for instance: {install('stores')} s3fs",
        ) from None
    files, root = url_to_fs(place, use_listings_cache=False)
    found = []
    for name, info in sorted(files.find(root, detail=True).items()):
        written = _written(info)
        if name.endswith(_SUFFIX) and written is not None:
            inside = name.removeprefix(root).strip("/")
            found.append((PurePosixPath(inside), files.unstrip_protocol(name), written))
    return files, found


def _written(info: Mapping[str, Any]) -> datetime | None:
    for name in _TIMES:
        value = info.get(name)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            with suppress(ValueError):
                value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
    return None


def _by_table(found: list[tuple[PurePosixPath, str, datetime]]) -> Mapping[TableName, ExportedTable]:
    files: dict[TableName, list[tuple[str, datetime]]] = {}
    for inside, file, written in found:
        schema, _, name = inside.parts[0].removesuffix(_SUFFIX).rpartition(".")
        files.setdefault(TableName(schema or None, name), []).append((file, written))
    return {
        table: ExportedTable(tuple(file for file, _ in parts), max(written for _, written in parts))
        for table, parts in files.items()
    }
