"""Mounting a disk of a given size, as far as this machine lets it be."""

from __future__ import annotations

import subprocess
from pathlib import Path

from faultlab.problem import LabProblem


def mount(folder: Path, size: int) -> None:
    """A disk of so many bytes. Raises LabProblem when this machine does not let it be mounted."""
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))


def unmount(folder: Path) -> None:
    if folder.is_mount():
        _run("umount", str(folder))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    if done.returncode:
        raise LabProblem(
            f"{command[0]} does not work here: {done.stderr.strip().splitlines()[-1:] or 'no reason given'}"
        )
