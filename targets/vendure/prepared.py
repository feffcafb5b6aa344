"""A Vendure that was lived in for two weeks, made once: as it stood at night, and at five on the day after."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from targets.foreign.mariadb import MariaDB, free_port
from targets.tryton import guarded
from targets.vendure.server import INSIDE, Server

DAYS, ZONE, EVENING = 14, "Etc/GMT-1", time(17)
SELLERS = tuple(f"{branch}.{role}" for branch in ("north", "south") for role in ("sales.anna", "sales.bert", "lead"))
CHECKS = tuple(f"check.{branch}.{role}" for branch in ("north", "south", "training") for role in ("sales", "lead"))
_PATIENCE = 3600


class CouldNotBeMade(Exception):
    """A command of Vendure failed; the message holds its last words."""


@dataclass(frozen=True)
class Prepared:
    """`folder` holds a dump and a log for each instant at which copies can begin, and the facts."""

    folder: Path
    passwords: dict[str, str]
    first: datetime
    night: datetime
    evening: datetime

    def dump(self, standing: str) -> Path:
        return self.folder / f"{standing}.sql"

    def log(self, standing: str) -> Path:
        return self.folder / f"{standing}.log"


def prepared(software: Path, mariadb: MariaDB, cache: Path) -> Prepared:
    """Made at the first call, which takes some minutes; whoever comes meanwhile waits.

    Raises:
        CouldNotBeMade: with the last words of what failed.
    """
    mark = hashlib.sha256(f"{software.name} {DAYS} {EVENING} {SELLERS} {CHECKS}".encode())
    for source in sorted(INSIDE.glob("*.js")):
        mark.update(source.read_bytes())
    folder = cache / f"prepared-{mark.hexdigest()[:10]}"
    with (cache / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _make(software, mariadb, cache / "draft")
            for earlier in cache.glob("prepared-*"):
                shutil.rmtree(earlier)
            (cache / "draft").rename(folder)
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    first, night, evening = (datetime.fromisoformat(facts[name]) for name in ("first", "night", "evening"))
    return Prepared(folder, facts["passwords"], first, night, evening)


def _make(software: Path, mariadb: MariaDB, draft: Path) -> None:
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    zone = ZoneInfo(ZONE)
    # The week after it is to be lived before today, too.
    night = datetime.combine(datetime.now(zone).date() - timedelta(days=8), time(0), zone)
    evening = datetime.combine(night.date(), EVENING, zone)
    facts = {
        "passwords": {login: secrets.token_urlsafe(12) for login in (*SELLERS, *CHECKS)},
        "owner": secrets.token_urlsafe(12),
        "east": int((night.utcoffset() or timedelta()).total_seconds()),
        "first": (night - timedelta(days=DAYS)).astimezone(UTC).isoformat(),
        "night": night.astimezone(UTC).isoformat(),
        "evening": evening.astimezone(UTC).isoformat(),
    }
    facts_file = draft / "facts.json"
    facts_file.touch(mode=0o600)
    facts_file.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    database = "vendure_draft"
    mariadb.create(database)
    server = Server(software, mariadb, database, facts_file, draft / "night.log", free_port())
    _fill(server)
    mariadb.dump(database, draft / "night.sql")
    server.log = draft / "evening.log"
    shutil.copy2(draft / "night.log", server.log)
    server.start(night, draft / "clock.json")
    try:
        server.live_until(evening)
    finally:
        server.stop()
    mariadb.dump(database, draft / "evening.sql")
    mariadb.drop(database)


def _fill(server: Server) -> None:
    command = ("node", str(INSIDE / "fill.js"))
    environment = {**server.environment, "SHOP_SYNCHRONIZE": "yes"}
    try:
        status = guarded.run(
            command, server.log, environment={**os.environ, **environment}, patience=_PATIENCE, at=server.software
        )
    except subprocess.TimeoutExpired:
        raise CouldNotBeMade(f"the shop was not filled within {_PATIENCE} s") from None
    if status:
        raise CouldNotBeMade(server.log.read_text(encoding="utf-8", errors="replace")[-1500:])
