"""A pretix built from PyPI and lived in for two weeks, made once and copied for every use."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from targets.foreign.copy import Copy
from targets.foreign.live_system import LiveSystem
from targets.foreign.served import Served
from targets.tryton import guarded

PACKAGES = ("pretix==2026.8.0", "gunicorn", "whitenoise", "time-machine")
CACHE = Path(__file__).parents[2] / ".cache" / "foreign" / "pretix"
INSIDE = Path(__file__).parent / "inside"
DAYS, ZONE = 13, "Europe/Berlin"
PEOPLE = (
    *tuple(f"{venue}.sales.{name}" for venue in ("north", "south") for name in ("anna", "bert")),
    "north.lead",
    "south.lead",
)
CHECKS = tuple(f"check.{venue}.{role}" for venue in ("north", "south", "training") for role in ("sales", "lead"))
# What it needs to go on: the key of its sessions, and what its people are going to do.
_BESIDE = (".secret", "life.json")
_PATIENCE = 3600
_CONFIGURATION = """[pretix]
instance_name=Kultur Tickets
url=http://127.0.0.1:{port}
datadir={folder}
registration=off
[database]
backend=sqlite3
[locale]
default=en
timezone={zone}
"""


class CouldNotBeMade(Exception):
    """A registry cannot be reached, or a command of pretix failed; the message holds its last words."""


def prepared(cache: Path = CACHE) -> Path:
    """The folder of what was lived in: database, log and facts. Made at the first call, which takes a quarter hour.

    Raises:
        CouldNotBeMade: with the last words of what failed.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = cache / "prepared"
        if not (made / "facts.json").exists():
            _install(cache)
            _live(cache, made)
        return made


def copied(made: Path, folder: Path) -> Copy:
    """A copy with its own log, backups and target file, of which nothing runs."""
    return _laid_out(made, folder, server="http://127.0.0.1:8345", clock="", access="")


def live_system(made: Path, folder: Path) -> LivePretix:
    """A copy that is served and lives on; to be closed.

    Raises:
        DidNotStart: it does not answer.
    """
    environment = {"PRETIX_CONFIG_FILE": str(folder / "pretix.cfg"), "TZ": "UTC"}
    served = Served(made.parent / "venv" / "bin" / "python", INSIDE, folder, "/control/login", environment)
    clock = f'clock = "{served.clock}"'
    copy = _laid_out(made, folder, server=served.address, clock=clock, access=served.access_section)
    (folder / "pretix.cfg").write_text(_CONFIGURATION.format(port=served.port, folder=folder, zone=ZONE))
    for name in (*_BESIDE, "facts.json"):
        shutil.copy2(made / name, folder / name)
    served.set_clock(copy.last)
    served.start()
    return LivePretix(copy, served, folder / "facts.json", environment)


class LivePretix(LiveSystem):
    def back_up(self, stamp: str) -> None:
        _copy_database(self.copy.folder / "db.sqlite3", self.copy.backups / f"pretix-{stamp}.sqlite3")


def _laid_out(made: Path, folder: Path, **running: str) -> Copy:
    facts = json.loads((made / "facts.json").read_text(encoding="utf-8"))
    last = datetime.fromisoformat(facts["last"])
    copy = Copy(folder, f"sqlite:///{folder}/db.sqlite3", last, ZONE, "logs/pretix.log")
    copy.backups.mkdir(parents=True)
    copy.log.parent.mkdir()
    _copy_database(made / "db.sqlite3", folder / "db.sqlite3")
    shutil.copy2(made / "pretix.log", copy.log)
    for days in range(DAYS, -1, -1):
        night = copy.local(last) - timedelta(days=days)
        shutil.copy2(made / "db.sqlite3", copy.backups / f"pretix-{night:%Y%m%d}-013000.sqlite3")
    secret = folder / "secrets.json"
    secret.touch(mode=0o600)
    secret.write_text(json.dumps(facts["passwords"]), encoding="utf-8")
    template = (Path(__file__).parent / "target.toml.template").read_text(encoding="utf-8")
    written = template.format(zone=ZONE, go_live=facts["first"], folder=folder, **running)
    copy.target_file.write_text(written, encoding="utf-8")
    return copy


def _install(cache: Path) -> None:
    venv = cache / "venv"
    if not (venv / ".ready").exists():
        shutil.rmtree(venv, ignore_errors=True)
        _run(cache, sys.executable, "-m", "venv", str(venv))
        _run(cache, str(venv / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *PACKAGES)
        (venv / ".ready").touch()


def _live(cache: Path, made: Path) -> None:
    draft = cache / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "logs").mkdir(parents=True)
    (draft / "pretix.cfg").write_text(_CONFIGURATION.format(port=8345, folder=draft, zone=ZONE), encoding="utf-8")
    last = datetime.now(UTC).replace(hour=16, minute=45, second=0, microsecond=0) - timedelta(days=1)
    passwords = {login: secrets.token_urlsafe(12) for login in (*PEOPLE, *CHECKS)}
    facts = {"passwords": passwords, "zone": ZONE, "last": last.isoformat()}
    facts["first"] = (last.date() - timedelta(days=DAYS)).isoformat()
    facts_file = draft / "facts.json"
    facts_file.touch(mode=0o600)
    facts_file.write_text(json.dumps(facts), encoding="utf-8")
    python = str(cache / "venv" / "bin" / "python")
    _run(cache, python, "-m", "pretix", "migrate")
    _run(cache, python, str(INSIDE / "fill.py"), str(facts_file))
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    _copy_database(draft / "db.sqlite3", made / "db.sqlite3")
    shutil.copy2(draft / "logs" / "pretix.log", made / "pretix.log")
    for name in _BESIDE:
        shutil.copy2(draft / name, made / name)
    shutil.copy2(facts_file, made / "facts.json")


def _copy_database(source: Path, into: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(into)) as other:
        one.backup(other)


def _run(cache: Path, *command: str) -> None:
    log = cache / "making.log"
    environment = {**os.environ, "PRETIX_CONFIG_FILE": str(cache / "draft" / "pretix.cfg"), "TZ": "UTC"}
    try:
        status = guarded.run(command, log, environment=environment, patience=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise CouldNotBeMade(f"{command[0]} did not end within {_PATIENCE} s") from None
    if status:
        raise CouldNotBeMade(log.read_text(encoding="utf-8", errors="replace")[-1500:])
