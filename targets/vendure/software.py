"""Vendure's own software in a folder of its own, from npm, as its lock file says."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from targets.tryton import guarded

CACHE = Path(__file__).parents[2] / ".cache" / "foreign" / "vendure"
_WANTED = Path(__file__).parent / "software"
_PATIENCE = 900  # seconds for one download


class Unobtainable(Exception):
    """The software cannot be had here; the message is one line."""


def software(cache: Path = CACHE) -> Path:
    """The folder in which its packages lie. Got once; whoever comes meanwhile waits.

    Raises:
        Unobtainable: the registry cannot be reached, or Node.js is missing.
    """
    mark = hashlib.sha256((_WANTED / "package-lock.json").read_bytes()).hexdigest()[:10]
    place = cache / f"software-{mark}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "software.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / ".ready").exists():
            _install(place)
            (place / ".ready").touch()
    return place


def _install(place: Path) -> None:
    if shutil.which("npm") is None:
        raise Unobtainable("npm is not installed, so Vendure cannot be had")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(_WANTED / name, place / name)
    log = place / "npm.log"
    command = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    try:
        status = guarded.run(command, log, environment={**os.environ, "CI": "1"}, patience=_PATIENCE, at=place)
    except subprocess.TimeoutExpired:
        raise Unobtainable(f"Vendure did not come from npm within {_PATIENCE} s") from None
    if status:
        words = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if "rror" in line]
        raise Unobtainable(f"Vendure cannot be had from npm: {(words or ['no reason given'])[-1].strip()[:200]}")
