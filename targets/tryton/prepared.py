"""A Tryton that has been lived in for some days, made once for each engine and copied for every use.

The copy is moved in time so that its last hour is the present one, and the business's zone is chosen so that this hour
is late afternoon there: whenever it is looked at, a business day is nearly over.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from targets.tryton.engines import Engine
from targets.tryton.software import CACHE, MODULES, SERIES, Software

INSIDE = Path(__file__).parent / "inside"
DAYS = 8
LAST_HOUR = time(17, 30)
CANARY_CUSTOMER = "Trial customer"
PEOPLE = ("north.sales", "north.workshop", "south.sales", "south.workshop")
CHECKS = (
    "check.north.sales",
    "check.south.sales",
    "check.north.workshop",
    "check.south.workshop",
    "check.training.sales",
    "check.training.workshop",
    "check.owner",
)
_PATIENCE = 1200


@dataclass(frozen=True)
class Prepared:
    """`database` is the name under which it lies; `last` the moment at which its business stopped."""

    engine: Engine
    database: str
    last: datetime
    passwords: dict[str, str]

    def copy(self, name: str, now: datetime) -> Moved:
        """A copy under another name, moved to the present."""
        self.engine.drop(name)
        self.engine.copy(self.database, name)
        by = now - timedelta(minutes=2) - self.last
        zone = zone_in_which_it_is(LAST_HOUR, now)
        today = (now + zone.east).date()
        self.engine.move_in_time(name, by, (today - self.last.date()).days)
        self.engine.execute(name, [f"UPDATE company_company SET timezone = '{zone.name}'"])
        return Moved(zone.name, today - timedelta(days=DAYS))


@dataclass(frozen=True)
class Moved:
    """The zone that the business lives in now, and the local day on which it began."""

    zone: str
    go_live: date


@dataclass(frozen=True)
class Zone:
    name: str
    east: timedelta


def zone_in_which_it_is(clock: time, now: datetime) -> Zone:
    """The zone of whole hours in which this instant is nearest to a time of day."""
    wanted = timedelta(hours=clock.hour, minutes=clock.minute)
    passed = now.astimezone(UTC) - now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    hours = (round((wanted - passed) / timedelta(hours=1)) + 11) % 24 - 11
    # These names count the other way round: west is plus.
    return Zone(f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT", timedelta(hours=hours))


def prepared(software: Software, engine: Engine, cache: Path = CACHE) -> Prepared:
    """Made at the first call, which takes some minutes; whoever comes meanwhile waits."""
    mark = hashlib.sha256()
    for source in sorted(INSIDE.glob("*.py")):
        mark.update(source.read_bytes())
    mark.update(f"{SERIES} {MODULES} {DAYS} {LAST_HOUR} {PEOPLE} {CHECKS}".encode())
    name = f"tryton_{mark.hexdigest()[:10]}"
    facts_file = cache / f"{engine.name}-{name}.json"
    with (cache / f"{engine.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (engine.exists(name) and facts_file.exists()):
            _make(software, engine, name, facts_file, cache)
    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    return Prepared(engine, name, datetime.fromisoformat(facts["last"]), facts["passwords"])


def _make(software: Software, engine: Engine, name: str, facts_file: Path, cache: Path) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    last = datetime.combine(yesterday, LAST_HOUR, UTC)
    first = yesterday - timedelta(days=DAYS)
    facts = {
        "passwords": {login: secrets.token_urlsafe(12) for login in (*PEOPLE, *CHECKS, "admin")},
        "first": first.isoformat(),
        "last": last.isoformat(),
        "canary_customer": CANARY_CUSTOMER,
    }
    draft, draft_facts = f"{name}_draft", facts_file.with_suffix(".draft")
    draft_facts.touch(mode=0o600)
    draft_facts.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    conf = cache / f"{engine.name}-making.conf"
    conf.write_text(configuration(engine), encoding="utf-8")
    password = cache / f"{engine.name}-making.pass"
    password.touch(mode=0o600)
    password.write_text(facts["passwords"]["admin"], encoding="utf-8")  # type: ignore[index]
    engine.create(draft)
    environment = {**os.environ, **engine.environment, "TZ": "UTC", "TRYTONPASSFILE": str(password)}
    # Tryton chooses its engine as it is imported, so the configuration must be known before.
    environment["TRYTOND_CONFIG"] = str(conf)

    def run(*command: object) -> None:
        with (cache / f"{engine.name}-making.log").open("ab") as log:
            subprocess.run(
                [str(part) for part in command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=_PATIENCE,
                check=True,
            )

    admin = (software.programs / "trytond-admin", "-c", conf, "-d", draft)
    run(*admin, "--email", "admin@example.com", "-u", *MODULES, "--activate-dependencies")
    run(software.python, INSIDE / "fill.py", conf, draft, draft_facts)
    opening = datetime.combine(first - timedelta(days=21), time(9))
    engine.date_before(draft, opening, last.replace(tzinfo=None))
    engine.drop(name)
    engine.rename(draft, name)
    draft_facts.rename(facts_file)
    password.unlink()


def configuration(engine: Engine, *, listen: str = "", web_root: Path | None = None) -> str:
    """What trytond.conf says."""
    folder = getattr(engine, "folder", None)
    lines = ["[database]", f"uri = {engine.uri}", *([f"path = {folder}"] if folder else [])]
    if listen:
        lines += ["[web]", f"listen = {listen}", f"root = {web_root}", "[session]", "max_attempt = 5"]
    return "\n".join(lines) + "\n"
