"""Tryton's own software in a folder of its own: server and modules from PyPI, web client from npm."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from targets.tryton import guarded

SERIES = "8.0.*"
MODULES = (
    "sale_supply_production",
    "production_work",
    "production_routing",
    "sale_point",
    "sale_history",
)
WEB_CLIENT = "tryton-sao@8.0.11"
CACHE = Path(__file__).parents[2] / ".cache" / "tryton"
_PATIENCE = 600  # seconds for one download


class Unobtainable(Exception):
    """The software cannot be had here; the message is one line."""


@dataclass(frozen=True)
class Software:
    """`programs` is the folder of trytond and python, `web_root` what the server serves as its web client."""

    programs: Path
    web_root: Path

    @property
    def python(self) -> Path:
        return self.programs / "python"


def software(cache: Path = CACHE) -> Software:
    """Get it once; whoever comes meanwhile waits.

    Raises:
        Unobtainable: a registry cannot be reached, or a tool is missing.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "software.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        venv, web = cache / "venv", cache / "sao"
        if not (venv / ".ready").exists():
            _server(venv)
            (venv / ".ready").touch()
        if not (web / ".ready").exists():
            _web_client(web)
            (web / ".ready").touch()
    return Software(venv / "bin", web)


def _server(venv: Path) -> None:
    shutil.rmtree(venv, ignore_errors=True)
    _run(sys.executable, "-m", "venv", str(venv), what="a virtual environment for Tryton")
    modules = [f"trytond-{name.replace('_', '-')}=={SERIES}" for name in MODULES]
    packages = [f"trytond[PostgreSQL]=={SERIES}", f"proteus=={SERIES}", *modules, "time-machine"]
    pip = (str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, *packages, what="Tryton's server from PyPI")


def _web_client(web: Path) -> None:
    if shutil.which("npm") is None:
        raise Unobtainable("npm is not installed, so Tryton's web client cannot be had")
    shutil.rmtree(web, ignore_errors=True)
    web.mkdir(parents=True)
    _run("npm", "pack", "--silent", WEB_CLIENT, what="Tryton's web client from npm", at=web)
    archive = next(web.glob("*.tgz"))
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            member.name = member.name.partition("/")[2]
            if member.name:
                packed.extract(member, web, filter="data")
    archive.unlink()
    options = ("--omit=dev", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    _run("npm", "install", *options, what="what Tryton's web client stands on", at=web)
    # It asks for these whether or not anybody made them, and tells the console of each that is missing.
    for name in ("custom.js", "custom.css"):
        (web / name).touch()
    for language in ("en", "en_US"):
        (web / "locale" / f"{language}.json").write_text('{"": {"language": "en"}}', encoding="utf-8")


def _run(*command: str, what: str, at: Path | None = None) -> None:
    environment = {**os.environ, "CI": "1"}
    with tempfile.NamedTemporaryFile() as output:
        words = Path(output.name)
        try:
            status = guarded.run(command, words, environment=environment, patience=_PATIENCE, at=at)
        except subprocess.TimeoutExpired:
            raise Unobtainable(f"{what} did not come within {_PATIENCE} s") from None
        if status:
            lines = [
                line for line in words.read_text(encoding="utf-8", errors="replace").splitlines() if "rror" in line
            ]
            raise Unobtainable(f"{what} cannot be had: {(lines or ['no reason given'])[-1].strip()[:200]}")
