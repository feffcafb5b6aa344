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
from targets.tryton.engines import Engine, Sqlite
from targets.tryton.run import Run
from targets.tryton.software import MODULES, SERIES, Software

INSIDE = Path(__file__).parent / "inside"
DAYS = 8
LAST_HOUR = time(17, 30)
CANARY_CUSTOMER = "Trial customer"
PEOPLE = tuple(
    f"{branch}.{who}"
    for branch in ("north", "south")
    for who in ("sales", "second.sales", "third.sales", "workshop", "second.workshop", "third.workshop")
)
CHECKS = (
    "check.north.sales",
    "check.south.sales",
    "check.north.workshop",
    "check.south.workshop",
    "check.training.sales",
    "check.training.workshop",
    "check.owner",
)
_PATIENCE = 3600  # seconds; a guard against hanging


class CouldNotBeMade(Exception):
    """A command of Tryton failed; the message holds its last words."""


@dataclass(frozen=True)
class Prepared:
    """`database` is the name under which it lies; `last` the moment at which its business stopped."""

    engine: Engine
    database: str
    first: date
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
        return Moved(zone.name, today - (self.last.date() - self.first))


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


def prepared(
    software: Software, engine: Engine, run: Run, *, days: int = DAYS, seed: int = 0, keeps_days: bool = False
) -> Prepared:
    """Made at the first call, which takes some minutes; whoever comes meanwhile waits.

    `days` is on how many days it has traded before its last; what happens on them follows from `seed`. On SQLite it
    may be kept as each evening left it, too (`day_of`).

    Raises:
        CouldNotBeMade: with Tryton's own last words.
    """
    mark = hashlib.sha256()
    for source in sorted(INSIDE.glob("*.py")):
        mark.update(source.read_bytes())
    mark.update(f"{SERIES} {MODULES} {LAST_HOUR} {PEOPLE} {CHECKS}".encode())
    family = f"tryton_{mark.hexdigest()[:10]}"
    name = f"{family}_{days}_{seed}{'_kept' if keeps_days else ''}"
    facts_file = run.cache / f"{engine.name}-{name}.json"
    with (run.cache / f"{engine.name}-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (engine.exists(name) and facts_file.exists()):
            _make(_Life(software, engine, run, days, seed, keeps_days), name, facts_file)
            _drop_earlier(engine, family, run.cache)
    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    first, last = date.fromisoformat(facts["first"]), datetime.fromisoformat(facts["last"])
    return Prepared(engine, name, first, last, facts["passwords"])


def day_of(prepared: Prepared, number: int) -> str:
    """The name of the database as the evening of a day left it, of a Tryton that keeps its days."""
    return f"{prepared.database}_day{number}"


def _drop_earlier(engine: Engine, family: str, cache: Path) -> None:
    """Those that were made from another state of these sources."""
    for other in engine.names():
        if other.startswith("tryton_") and not other.startswith(family):
            engine.drop(other)
            (cache / f"{engine.name}-{other}.json").unlink(missing_ok=True)


@dataclass(frozen=True)
class _Life:
    """What is to be lived, by what, and whose folder it may use meanwhile."""

    software: Software
    engine: Engine
    run: Run
    days: int
    seed: int
    keeps_days: bool


def _make(life: _Life, name: str, facts_file: Path) -> None:
    engine, run = life.engine, life.run
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    last = datetime.combine(yesterday, LAST_HOUR, UTC)
    first = yesterday - timedelta(days=life.days)
    kept = engine.file(f"{name}_day{{day}}") if life.keeps_days and isinstance(engine, Sqlite) else ""
    facts = {
        "passwords": {login: secrets.token_urlsafe(12) for login in (*PEOPLE, *CHECKS, "admin")},
        "first": first.isoformat(),
        "last": last.isoformat(),
        "canary_customer": CANARY_CUSTOMER,
        "seed": life.seed,
        "kept_days": str(kept),
    }
    draft = f"{name}_draft"
    run.will_make(engine=engine.name, database=draft)
    draft_facts = run.folder / "facts.json"
    _write_privately(draft_facts, json.dumps(facts, indent=1))
    _fill(life.software, engine, draft, draft_facts, facts["passwords"]["admin"], run)  # type: ignore[index]
    opening = datetime.combine(first - timedelta(days=21), time(9))
    for made in (draft, *(f"{name}_day{day}" for day in range(1, life.days + 2) if kept)):
        engine.date_before(made, opening, last.replace(tzinfo=None))
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
