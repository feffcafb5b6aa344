"""The commit that this program was built from: noted by the build, or asked of git in a clone. It is never guessed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypercare.shipped import FOLDER, IS_PACKAGED

UNKNOWN = "unknown"
# Written by the build: see hatch_build.py.
NOTED = Path(__file__).with_name("commit.txt")
_LENGTH = 12
_SECONDS = 5


def commit() -> str:
    """Its first twelve digits, with "+changes" where the files were not as it has them; or "unknown"."""
    if NOTED.is_file():
        return NOTED.read_text(encoding="utf-8").strip() or UNKNOWN
    return UNKNOWN if IS_PACKAGED else commit_of_clone(FOLDER)


def commit_of_clone(folder: Path) -> str:
    """What git says of a folder that is the top of a clone; another repository around it says nothing of us."""
    if not (folder / ".git").exists():
        return UNKNOWN
    head = _git(folder, "rev-parse", "HEAD")
    changes = _git(folder, "status", "--porcelain", "--untracked-files=no")
    if not head or changes is None:
        return UNKNOWN
    return head[:_LENGTH] + ("+changes" if changes else "")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
