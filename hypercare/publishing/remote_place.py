"""A place on another machine or in an object store, through whatever fsspec has a driver for: s3, gs, sftp, webdav."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hypercare.extras import DRIVERS_OF_STORES, install
from hypercare.publishing.problem import PublishProblem

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem  # type: ignore[import-untyped,import-not-found,unused-ignore]

# Here an object appears when all of it is there, and nothing can be renamed in one step.
_OBJECT_STORES = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "oss", "r2", "memory"}
_WEBDAV = {"webdav", "dav"}


class RemotePlace:
    def __init__(self, address: str, options: Mapping[str, Any]) -> None:
        """Raises PublishProblem: fsspec or the driver of that kind of place is not installed, or it is no address."""
        scheme = address.partition("://")[0]
        try:
            from fsspec.core import url_to_fs  # type: ignore[import-untyped,import-not-found,unused-ignore]
        except ImportError:
            raise PublishProblem(
                f"to publish to {scheme}:// needs fsspec, which is not installed here: {install('publish')}"
            ) from None
        try:
            self._files: AbstractFileSystem
            self._files, root = url_to_fs(address, **_as_driver_takes_it(scheme, options))
        except ImportError:
            driver = DRIVERS_OF_STORES.get(scheme, "its fsspec driver")
            raise PublishProblem(f"there is no driver for {scheme}:// here: pip install {driver}") from None
        except (ValueError, TypeError) as error:
            raise PublishProblem(f"the address of the place cannot be understood: {_in_a_line(error)}") from None
        except Exception as error:  # noqa: BLE001 - each driver has errors of its own
            raise PublishProblem(f"{scheme}:// cannot be reached: {_in_a_line(error)}") from None
        # What this process listed before may have changed since.
        self._files.invalidate_cache()
        self._root = str(root).rstrip("/")
        self._puts_whole = scheme in _OBJECT_STORES
        self._is_webdav = scheme in _WEBDAV
        self._made: set[str] = set()

    def read(self, path: str) -> bytes | None:
        with _as_os_errors():
            try:
                content: bytes = self._files.cat_file(self._at(path))
                return content
            except FileNotFoundError:
                return None
            except Exception:
                # Some drivers have an error of their own for what is not there.
                if self._files.exists(self._at(path)):
                    raise
                return None

    def put(self, files: Iterable[tuple[Path, str]]) -> None:
        with _as_os_errors():
            if self._puts_whole:
                pairs = [(str(source), self._at(path)) for source, path in files]
                if pairs:
                    # Drivers that can have several on their way at a time.
                    self._files.put([source for source, _ in pairs], [target for _, target in pairs])
                return
            for source, path in files:
                self._put_beside(source, self._at(path))

    def folders(self, below: str = "") -> list[str]:
        folder = (self._at(below) if below else self._root) or "/"
        with _as_os_errors():
            try:
                found = self._files.ls(folder, detail=True)
            except FileNotFoundError:
                return []
            except Exception:
                if self._files.exists(folder):
                    raise
                return []
        return sorted(
            str(one["name"]).rstrip("/").rpartition("/")[2] for one in found if one.get("type") == "directory"
        )

    def remove(self, path: str) -> None:
        with _as_os_errors():
            target = self._at(path)
            if self._files.exists(target):
                self._files.rm(target, recursive=bool(self._files.isdir(target)))

    def _put_beside(self, source: Path, target: str) -> None:
        """Written under another name and renamed, since a reader would see it grow."""
        folder, _, name = target.rpartition("/")
        if folder and folder not in self._made:
            self._files.makedirs(folder, exist_ok=True)
            self._made.add(folder)
        beside = f"{folder}/new-{uuid4().hex[:8]}-{name}"
        try:
            self._files.put_file(str(source), beside)
            self._rename(beside, target)
        except BaseException:
            with contextlib.suppress(Exception):
                self._files.rm_file(beside)
            raise

    def _rename(self, beside: str, target: str) -> None:
        if self._is_webdav:
            # Its driver copies where others rename, and a reader would see the copy grow.
            self._files.client.move(beside, target, overwrite=True)
            return
        try:
            self._files.mv(beside, target)
        except Exception:
            # Servers that do not rename over what is there.
            if not (self._files.exists(beside) and self._files.exists(target)):
                raise
            self._files.rm_file(target)
            self._files.mv(beside, target)

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}" if self._root else path


def _as_driver_takes_it(scheme: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """A target file has no pairs: who logs in to WebDAV is said as `username` and `password`, as of other places."""
    taken = dict(options)
    if scheme in _WEBDAV and {"username", "password"} <= taken.keys():
        taken["auth"] = (taken.pop("username"), taken.pop("password"))
    return taken


@contextlib.contextmanager
def _as_os_errors() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - each driver has errors of its own
        raise OSError(f"{_in_a_line(error)} ({type(error).__name__})") from None


def _in_a_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
