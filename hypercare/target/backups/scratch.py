"""Places for restores that are ours alone and are always removed, even after a run that was killed."""

from __future__ import annotations

import errno
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypercare.outcome.signals import MonitorFault

PREFIX = "hypercare_scratch_"
_FORGOTTEN_AFTER = 3600.0  # seconds; no restore lives this long


def scratch_name() -> str:
    """A name for a database that nobody could take for their own, with the time at which it was given."""
    return f"{PREFIX}{int(time.time())}_{secrets.token_hex(4)}"


def is_forgotten(name: str) -> bool:
    """Whether a scratch database was left behind by a run that died."""
    given = name.removeprefix(PREFIX).partition("_")[0]
    return name.startswith(PREFIX) and given.isdigit() and time.time() - int(given) > _FORGOTTEN_AFTER


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
            if time.time() - left.stat().st_mtime > _FORGOTTEN_AFTER:
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix="restore-", dir=home))
    except OSError as error:
        raise our_disk(error) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def our_disk(error: OSError) -> MonitorFault:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    reason = "our own disk has no room for a trial restore" if full else f"our own disk fails us ({error.strerror})"
    return MonitorFault(reason, mend="Give the suite's state folder room for one whole copy of the database.")
