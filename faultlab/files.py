"""Files of the embedded system as the lab spoils them: logs, backups, the database's own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from faultlab.originals import Originals
from faultlab.problem import LabProblem


class Files:
    """Every change is noted in the originals before it is made."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals

    def append(self, path: Path, what: bytes) -> None:
        """Add to the end of a file that others go on writing."""
        self._originals.note("file appended", path=str(path), bytes=what, start=path.stat().st_size)
        with path.open("ab") as file:
            file.write(what)

    def overwrite(self, path: Path, start: int, what: bytes) -> None:
        """Change bytes in the middle of a file."""
        with path.open("r+b") as file:
            file.seek(start)
            self._originals.note("file bytes", path=str(path), start=start, bytes=file.read(len(what)))
            file.seek(start)
            file.write(what)

    def spoil(self, path: Path) -> None:
        """Keep the original, so that anything may now be done to the file, or to the folder."""
        self._originals.note("file kept", path=str(path), name=self._originals.keep(path))

    def make(self, path: Path) -> None:
        """Note a file that is about to be made where none was."""
        self._originals.note("file made", path=str(path))

    def mount(self, folder: Path, size: int) -> None:
        """Mount a disk of so many bytes there. Raises LabProblem when this machine does not let it be."""
        self._originals.note("file disk", path=str(folder))
        _mount(folder, size)

    def change_mode(self, path: Path, mode: int) -> None:
        self._originals.note("file mode", path=str(path), mode=path.stat().st_mode & 0o7777)
        path.chmod(mode)

    def undo(self, kind: str, change: Mapping[str, Any]) -> None:
        path = Path(change["path"])
        match kind:
            case "file appended":
                _cut_out(path, change["bytes"], change["start"])
            case "file bytes":
                with path.open("r+b") as file:
                    file.seek(change["start"])
                    file.write(change["bytes"])
            case "file kept":
                _remove(path)
                original = self._originals.folder / change["name"]
                if original.is_dir():
                    shutil.copytree(original, path)
                else:
                    shutil.copy2(original, path)
            case "file made":
                _remove(path)
            case "file disk":
                _unmount(path)
            case "file mode":
                path.chmod(change["mode"])


def _cut_out(path: Path, what: bytes, start: int) -> None:
    """Take lines out again, wherever they stand by now; what others wrote behind them stays."""
    body = path.read_bytes()
    at = body.find(what, max(0, start - len(what)))
    at = body.find(what) if at < 0 else at
    if at >= 0:
        path.write_bytes(body[:at] + body[at + len(what) :])


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _mount(folder: Path, size: int) -> None:
    """A disk of so many bytes. Raises LabProblem when this machine does not let it be mounted."""
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))


def _unmount(folder: Path) -> None:
    if folder.is_mount():
        _run("umount", str(folder))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    if done.returncode:
        raise LabProblem(
            f"{command[0]} does not work here: {done.stderr.strip().splitlines()[-1:] or 'no reason given'}"
        )
