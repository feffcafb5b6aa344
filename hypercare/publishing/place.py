"""Where reports are put: what every such place can do, and a folder of this machine or one that is mounted here."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol
from uuid import uuid4


class Place(Protocol):
    """Paths are relative to the place, with "/" between their parts. Each method may raise OSError."""

    def read(self, path: str) -> bytes | None:
        """The content of a file; None where there is none."""
        ...

    def put(self, files: Iterable[tuple[Path, str]]) -> None:
        """Copy files of this machine there, several at a time where the place can. Whoever opens one meanwhile sees it
        whole, as it was or as it is."""
        ...

    def folders(self, below: str = "") -> list[str]:
        """The names of the folders right in the place, or in a folder of it; none where that is not there yet."""
        ...

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all that is in it; it may be gone already."""
        ...


class LocalFolder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, path: str) -> bytes | None:
        try:
            return (self._root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def put(self, files: Iterable[tuple[Path, str]]) -> None:
        for source, path in files:
            target = self._root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{uuid4().hex[:8]}-{target.name}"[:200])
            try:
                shutil.copyfile(source, beside)
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)

    def folders(self, below: str = "") -> list[str]:
        with contextlib.suppress(FileNotFoundError):
            return sorted(one.name for one in (self._root / below).iterdir() if one.is_dir() and not one.is_symlink())
        return []

    def remove(self, path: str) -> None:
        target = self._root / path
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
