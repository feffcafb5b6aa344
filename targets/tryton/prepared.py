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

from targets.tryton import guarded
from targets.tryton.engines import Engine
from targets.tryton.run import Run
from targets.tryton.software import MODULES, SERIES, Software

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


class CouldNotBeMade(Exception):
    """A command of Tryton failed; the message holds its last words."""


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
    time_of_day = timedelta(hours=clock.hour, minutes=clock.minute)
    passed = now.astimezone(UTC) - now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    hours = (round((time_of_day - passed) / timedelta(hours=1)) + 11) % 24 - 11
    # These names count the other way round: west is plus.
    return Zone(f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT", timedelta(hours=hours))


def prepared(software: Software, engine: Engine, run: Run) -> Prepared:
    """Made at the first call, which takes some minutes; whoever comes meanwhile waits.

    Raises:
        CouldNotBeMade: with Tryton's own last words.
    """
    mark = hashlib.sha256()
    for source in sorted(INSIDE.glob("*.py")):
        mark.update(source.read_bytes())
    mark.update(f"{SERIES} {MODULES} {DAYS} {LAST_HOUR} {PEOPLE} {CHECKS}".encode())
    name = f"tryton_{mark.hexdigest()[:10]}"
    facts_file = run.cache / f"{engine.name}-{name}.json"
    with (run.cache / f"{engine.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (engine.exists(name) and facts_file.exists()):
            _make(software, engine, name, facts_file, run)
            _drop_earlier(engine, name, run.cache)
    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    return Prepared(engine, name, datetime.fromisoformat(facts["last"]), facts["passwords"])


def _drop_earlier(engine: Engine, name: str, cache: Path) -> None:
    """Those that were made from another state of these sources."""
    for other in engine.names():
        if other.startswith("tryton_") and other != name:
            engine.drop(other)
            (cache / f"{engine.name}-{other}.json").unlink(missing_ok=True)


def _make(software: Software, engine: Engine, name: str, facts_file: Path, run: Run) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    last = datetime.combine(yesterday, LAST_HOUR, UTC)
    first = yesterday - timedelta(days=DAYS)
    facts = {
        "passwords": {login: secrets.token_urlsafe(12) for login in (*PEOPLE, *CHECKS, "admin")},
        "first": first.isoformat(),
        "last": last.isoformat(),
        "canary_customer": CANARY_CUSTOMER,
    }
    draft = f"{name}_draft"
    run.will_make(engine=engine.name, database=draft)
    draft_facts = run.folder / "facts.json"
    _write_privately(draft_facts, json.dumps(facts, indent=1))
    _fill(software, engine, draft, draft_facts, facts["passwords"]["admin"], run)  # type: ignore[index]
    opening = datetime.combine(first - timedelta(days=21), time(9))
    engine.date_before(draft, opening, last.replace(tzinfo=None))
    engine.drop(name)
    engine.rename(draft, name)
    draft_facts.rename(facts_file)


def _fill(software: Software, engine: Engine, draft: str, facts: Path, password: str, run: Run) -> None:
    conf, password_file = run.folder / "making.conf", run.folder / "making.pass"
    conf.write_text(configuration(engine), encoding="utf-8")
    _write_privately(password_file, password)
    environment = {**os.environ, **engine.environment, "TZ": "UTC", "TRYTONPASSFILE": str(password_file)}
    # Tryton chooses its engine as it is imported, so the configuration must be known before.
    environment["TRYTOND_CONFIG"] = str(conf)
    admin = (software.programs / "trytond-admin", "-c", conf, "-d", draft)
    engine.create(draft)
    for command in (
        (*admin, "--email", "admin@example.com", "-u", *MODULES, "--activate-dependencies"),
        (software.python, INSIDE / "fill.py", conf, draft, facts),
    ):
        log = run.folder / "making.log"
        try:
            status = guarded.run(command, log, environment=environment, patience=_PATIENCE)
        except subprocess.TimeoutExpired:
            raise CouldNotBeMade(f"Tryton's database was not made on {engine.name} in {_PATIENCE} s") from None
        if status:
            output = log.read_text(encoding="utf-8", errors="replace")[-1500:]
            raise CouldNotBeMade(f"Tryton's database could not be made on {engine.name}:\n{output}")


def _write_privately(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def configuration(engine: Engine, *, listen: str = "", web_root: Path | None = None) -> str:
    """What trytond.conf says."""
    folder = getattr(engine, "folder", None)
    lines = ["[database]", f"uri = {engine.uri}", *([f"path = {folder}"] if folder else [])]
    if listen:
        lines += ["[web]", f"listen = {listen}", f"root = {web_root}", "[session]", "max_attempt = 5"]
    return "\n".join(lines) + "\n"
