"""Backups in an object store or on another host, through whatever fsspec has a driver for: s3, gs, abfs, sftp, ..."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hypercare.backups.backup import Backup, Unreachable, Unrestorable, is_candidate, newest_first, taken_at
from hypercare.backups.manifest import Manifest, ManifestUnreadable, manifest_of
from hypercare.extras import DRIVERS_OF_STORES, install
from hypercare.outcome.signals import MonitorFault, NotCovered
from hypercare.target_file.secrets import MissingSecret, SecretReference
from hypercare.target_file.sections.backups import BackupsSection

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem  # type: ignore[import-untyped,import-not-found,unused-ignore]

# By what name each driver tells when an object was stored.
_TIMES = ("LastModified", "last_modified", "mtime", "modified", "modify", "updated", "created", "date_time")


class ObjectStore:
    def __init__(self, section: BackupsSection, zone: ZoneInfo, *, clock_is_real: bool) -> None:
        self._section = section
        self._zone = zone
        self._clock_is_real = clock_is_real

    def backups(self) -> list[Backup]:
        with _reaching():
            self._files.invalidate_cache()
            entries = {name.rpartition("/")[2]: info for name, info in self._found("*")}
            chosen = {name.rpartition("/")[2]: name for name, _ in self._found(self._section.pattern)}
            return newest_first(
                [
                    self._backup(name, path, entries)
                    for name, path in chosen.items()
                    if is_candidate(name, self._section.manifest)
                ]
            )

    def fetch(self, backup: Backup, folder: Callable[[], Path]) -> Path:
        place = folder() / "fetched"
        try:
            with _reaching():
                is_folder = self._files.isdir(backup.where)
                self._files.get(backup.where + ("/" if is_folder else ""), str(place), recursive=is_folder)
        except Unreachable as trouble:
            raise Unrestorable(f"it cannot be fetched ({trouble})") from None
        return place

    def still_changes(self, backup: Backup) -> bool:
        """An object appears when it is whole; of files on another host we cannot tell."""
        return False

    @cached_property
    def _place(self) -> tuple[AbstractFileSystem, str]:
        try:
            from fsspec.core import url_to_fs  # type: ignore[import-untyped,import-not-found,unused-ignore]
        except ImportError:
            raise NotCovered(
                "backups in an object store need fsspec, which is not installed here",
                remedy=f"Install it with the driver of the store, for instance: {install('stores')} s3fs",
            ) from None
        options = _resolved(self._section.options)
        try:
            files, root = url_to_fs(self._section.directory, use_listings_cache=False, **options)
        except ImportError as error:
            scheme = self._section.directory.partition("://")[0]
            raise NotCovered(
                f"there is no driver for {scheme}:// here ({error})",
                remedy=f"Install it: pip install {DRIVERS_OF_STORES.get(scheme, 'the fsspec driver of that store')}",
            ) from None
        except (ValueError, TypeError) as error:
            raise MonitorFault(
                f"the address of the backups cannot be understood ({error})",
                remedy="Correct [backups] directory or options.",
            ) from None
        return files, str(root).rstrip("/")

    @property
    def _files(self) -> AbstractFileSystem:
        return self._place[0]

    def _found(self, pattern: str) -> list[tuple[str, Mapping[str, Any]]]:
        files, root = self._place
        if not files.exists(root or "/"):
            raise FileNotFoundError(root)
        found: Mapping[str, Mapping[str, Any]] = files.glob(f"{root}/{pattern}", detail=True)
        return [(name.rstrip("/"), info) for name, info in found.items()]

    def _backup(self, name: str, path: str, entries: Mapping[str, Mapping[str, Any]]) -> Backup:
        info = entries.get(name) or self._files.info(path)
        is_folder = info.get("type") == "directory"
        size = int(self._files.du(path)) if is_folder else int(info.get("size") or 0)
        manifest, trouble = self._manifest(name, path, entries)
        stored = _stored_at(info)
        taken = taken_at(name, manifest, self._zone, stored if self._clock_is_real else None)
        return Backup(name, path, size, manifest, trouble, taken, stored.timestamp() if stored else 0.0)

    def _manifest(self, name: str, path: str, entries: Mapping[str, Any]) -> tuple[Manifest | None, str]:
        suffix = self._section.manifest
        if not suffix:
            return None, ""
        beside = next((one for one in (name + suffix, str(Path(name).with_suffix(suffix))) if one in entries), None)
        if beside is None:
            return None, "its manifest is missing, so it was not finished or something took it away"
        try:
            content: bytes = self._files.cat_file(f"{path.rpartition('/')[0]}/{beside}")
            return manifest_of(content, beside, self._zone), ""
        except ManifestUnreadable as trouble:
            return None, str(trouble)


def _stored_at(info: Mapping[str, Any]) -> datetime | None:
    value = next((info[name] for name in _TIMES if info.get(name) is not None), None)
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _resolved(options: Mapping[str, str | int | bool | SecretReference]) -> dict[str, Any]:
    try:
        return {
            name: value.resolve() if isinstance(value, SecretReference) else value for name, value in options.items()
        }
    except MissingSecret as missing:
        raise MonitorFault(str(missing), remedy="Give the secret that [backups] options names.") from None


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (NotCovered, MonitorFault, Unreachable):
        raise
    except FileNotFoundError:
        raise Unreachable("it is not there") from None
    except Exception as error:  # noqa: BLE001 each driver has errors of its own
        words = (str(error).splitlines() or [""])[0][:200]
        raise Unreachable(f"{words} ({type(error).__name__})" if words else type(error).__name__) from None
