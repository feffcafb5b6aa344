"""Where the report generator is: beside the checks in the repository, else in a folder of the user's own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from hypercare.shipped import FOLDER, GENERATOR_FILES

_LIMIT_S = 300
_PROGRAM = Path("node_modules", "allure", "cli.js")


def generator_program(project: Path = FOLDER) -> Path | None:
    """The program that makes Allure's pages; None where it was never installed."""
    places = (project, _own_folder())
    return next((place / _PROGRAM for place in places if (place / _PROGRAM).is_file()), None)


def install_generator() -> str:
    """Install the locked version into the user's own folder, unless there is one.

    Returns:
        an empty string, or in one line why it could not be installed.
    """
    if generator_program() is not None:
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "Node.js with npm is not installed"
    folder = _own_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in GENERATOR_FILES:
            shutil.copy(file, folder)
        quiet = ("--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--silent")
        done = subprocess.run([npm, "ci", *quiet], cwd=folder, capture_output=True, text=True, timeout=_LIMIT_S)
    except OSError as error:
        return f"{folder} cannot be written: {error.strerror}"
    except subprocess.TimeoutExpired:
        return f"npm did not end within {_LIMIT_S} s"
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        return f"npm ended with {done.returncode}: {lines[0] if lines else 'it said nothing'}"
    return ""


def _own_folder() -> Path:
    """One for each version of the lock file, so that two versions of the program do not take turns."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    locked = hashlib.sha256(b"".join(file.read_bytes() for file in GENERATOR_FILES)).hexdigest()
    return Path(cache) / "hypercare" / f"report-generator-{locked[:12]}"
