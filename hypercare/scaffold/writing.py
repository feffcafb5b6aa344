"""Files that are written all or none, and never over what somebody has put there."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from itertools import count
from pathlib import Path, PurePosixPath


def is_there(path: Path) -> bool:
    """Whether something has this name, a link to nowhere too."""
    return path.exists() or path.is_symlink()


def changed(folder: Path, files: Mapping[PurePosixPath, str]) -> dict[PurePosixPath, str]:
    """Those that are not there word for word already."""
    return {place: text for place, text in files.items() if not _has(folder / place, text)}


def write_all(folder: Path, files: Mapping[PurePosixPath, str]) -> dict[PurePosixPath, PurePosixPath]:
    """Write files, and tell under which names is kept what was in their places.

    Raises:
        OSError: it cannot be done; all is as it was.
    """
    backups = {}
    with ExitStack() as undo:
        parts = {place: _written_beside(folder / place, text, undo) for place, text in files.items()}
        for place, part in parts.items():
            path = folder / place
            if is_there(path):
                before = _free(path.with_name(f"{path.name}.before"))
                path.rename(before)
                undo.callback(before.rename, path)
                backups[place] = place.with_name(before.name)
            part.rename(path)
            undo.callback(path.unlink)
        undo.pop_all()
    return backups


def _written_beside(path: Path, text: str, undo: ExitStack) -> Path:
    missing = [one for one in (path.parent, *path.parent.parents) if not is_there(one)]
    for one in reversed(missing):
        one.mkdir()
        undo.callback(one.rmdir)
    part = _free(path.with_name(f".{path.name}.part"))
    undo.callback(part.unlink, missing_ok=True)
    part.write_text(text, encoding="utf-8")
    return part


def _free(path: Path) -> Path:
    """This name, or with the first number that nothing has."""
    numbered = (path.with_name(f"{path.name}.{number}") for number in count(2))
    return path if not is_there(path) else next(one for one in numbered if not is_there(one))


def _has(path: Path, text: str) -> bool:
    try:
        return path.is_file() and path.read_bytes() == text.encode()
    except OSError:
        return False
