"""Places for restores that are ours alone and are always removed, even after a run that was killed."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from hypercare.outcome.signals import MonitorFault

PREFIX = "hypercare_scratch_"
_FORGOTTEN_AFTER = 3600.0  # seconds; no restore lives this long


def scratch_name() -> str:
    """A name for a database that nobody could take for their own: when it was given, where, and by which process."""
    return f"{PREFIX}{_mark()}_{secrets.token_hex(4)}"


def is_forgotten(name: str) -> bool:
    """Whether a scratch database was left behind by a run that died."""
    return name.startswith(PREFIX) and _has_died(name.removeprefix(PREFIX))


def _mark() -> str:
    return f"{int(time.time())}_{_here()}_{os.getpid()}"


def _has_died(mark: str) -> bool:
    """Whether what bears the mark is old, or of a process of this machine that is no more."""
    created, host, process, *_ = [*mark.split("_"), "", "", ""]
    if not created.isdigit():
        return False
    if time.time() - int(created) > _FORGOTTEN_AFTER:
        return True
    return host == _here() and process.isdigit() and not _is_alive(int(process))


@cache
def _here() -> str:
    """This machine since it was started, and this container on it: elsewhere the same number is another process."""
    parts = [socket.gethostname()]
    for place in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        path = Path(place)
        try:
            parts.append(str(path.readlink()) if path.is_symlink() else path.read_text(encoding="ascii"))
        except OSError:
            parts.append("")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def scratch_folder(state: Path) -> Iterator[Path]:
    """A folder under the suite's own state that is gone afterwards. Also sweeps what a killed run left.

    Raises:
        MonitorFault: our own disk does not let us.
    """
    home = state / "scratch"
    try:
        home.mkdir(parents=True, exist_ok=True)
        for left in home.iterdir():
            if time.time() - left.stat().st_mtime > _FORGOTTEN_AFTER or _has_died(left.name.removeprefix("restore-")):
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=f"restore-{_mark()}_", dir=home))
    except OSError as error:
        raise our_disk(error) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def our_disk(error: OSError) -> MonitorFault:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    reason = "our own disk has no room for a trial restore" if full else f"our own disk fails us ({error.strerror})"
    return MonitorFault(reason, remedy="Give the suite's state folder room for one whole copy of the database.")
