"""A django-ledger built from PyPI and lived in for two weeks on PostgreSQL, made once and copied for every use."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

from targets.foreign.copy import Copy
from targets.foreign.live_system import LiveSystem
from targets.foreign.served import Served
from targets.tryton import guarded
from targets.tryton.engines import Engine
from targets.tryton.run import Run

PACKAGES = ("django-ledger==0.8.5", "psycopg[binary]", "gunicorn", "whitenoise", "time-machine")
CACHE = Path(__file__).parents[2] / ".cache" / "foreign" / "ledger"
INSIDE = Path(__file__).parent / "inside"
DAYS, ZONE = 13, "UTC"
PEOPLE = ("north.lead", "north.clerk", "south.lead", "south.clerk", "training.lead")
CHECKS = ("check.north.clerk", "check.south.clerk", "check.training.clerk")
DATABASE = "ledger"
_PATIENCE = 3600


class CouldNotBeMade(Exception):
    """A registry cannot be reached, or a command of the house failed; the message holds its last words."""


def prepared(run: Run) -> Path:
    """The folder beside the database of what was lived in: log, facts and static files; made at the first call.

    Raises:
        CouldNotBeMade: with the last words of what failed.
    """
    cache = run.cache
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made, engine = cache / "prepared", run.engine("postgresql")
        if not ((made / "facts.json").exists() and engine.exists(DATABASE)):
            _install(cache)
            _live(cache, made, engine)
        return made


def copied(made: Path, folder: Path, run: Run) -> Copy:
    """A copy with its own database, log, backups and target file, of which nothing runs."""
    return _laid_out(made, folder, run, server="http://127.0.0.1:8346", clock="", access="")[0]


def live_system(made: Path, folder: Path, run: Run) -> LiveLedger:
    """A copy that is served and lives on; to be closed.

    Raises:
        DidNotStart: it does not answer.
    """
    engine = run.engine("postgresql")
    served = Served(_python(run.cache), INSIDE, folder, "/ledger/auth/login/")
    clock = f'clock = "{served.clock}"'
    copy, name = _laid_out(made, folder, run, server=served.address, clock=clock, access=served.access_section)
    served.environment = _environment(engine, name, copy.log, made / "static")
    for beside in ("life.json", "facts.json"):
        shutil.copy2(made / beside, folder / beside)
    served.set_clock(copy.last)
    served.start()
    return LiveLedger(copy, served, folder / "facts.json", engine, name)


class LiveLedger(LiveSystem):
    def __init__(self, copy: Copy, served: Served, facts: Path, engine: Engine, name: str) -> None:
        super().__init__(copy, served, facts, served.environment)
        self._engine, self._name = engine, name

    def back_up(self, stamp: str) -> None:
        self._engine.back_up(self._name, self.copy.backups / f"ledger-{stamp}.dump")


def _laid_out(made: Path, folder: Path, run: Run, **running: str) -> tuple[Copy, str]:
    facts = json.loads((made / "facts.json").read_text(encoding="utf-8"))
    engine, name, last = run.engine("postgresql"), run.name(), datetime.fromisoformat(facts["last"])
    run.will_make(engine=engine.name, database=name, folder=folder)
    engine.copy(DATABASE, name)
    copy = Copy(folder, engine.url(name), last, ZONE)
    copy.backups.mkdir(parents=True)
    shutil.copy2(made / "house.log", copy.log)
    for days in range(DAYS, -1, -1):
        night = copy.local(last) - timedelta(days=days)
        shutil.copy2(made / "ledger.dump", copy.backups / f"ledger-{night:%Y%m%d}-013000.dump")
    secret = folder / "secrets.json"
    secret.touch(mode=0o600)
    secret.write_text(json.dumps(facts["passwords"]), encoding="utf-8")
    template = (Path(__file__).parent / "target.toml.template").read_text(encoding="utf-8")
    slugs = _slugs(copy.url)
    written = template.format(
        **slugs,
        zone=ZONE,
        go_live=facts["first"],
        **running,
        database_url=copy.url,
        log=copy.log,
        backups=copy.backups,
        accounts="\n\n".join(_account(login, slugs) for login in CHECKS),
    )
    copy.target_file.write_text(written, encoding="utf-8")
    return copy, name


def _slugs(url: str) -> dict[str, str]:
    """By the first word of its name, in which each company's address is."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, slug FROM django_ledger_entitymodel")).all()
    engine.dispose()
    return {name.split()[0].lower(): slug for name, slug in rows}


def _account(login: str, slugs: dict[str, str]) -> str:
    lines = ["[[accounts]]", f'username = "{login}"', 'role = "clerk"', f'branch = "{slugs[login.split(".")[1]]}"']
    return "\n".join([*lines, f'password = {{ file = "secrets.json", key = "{login}" }}'])


def _install(cache: Path) -> None:
    venv = cache / "venv"
    if not (venv / ".ready").exists():
        shutil.rmtree(venv, ignore_errors=True)
        _run(cache, {}, sys.executable, "-m", "venv", str(venv))
        _run(cache, {}, str(venv / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *PACKAGES)
        (venv / ".ready").touch()


def _live(cache: Path, made: Path, engine: Engine) -> None:
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    last = datetime.now(UTC).replace(hour=17, minute=30, second=0, microsecond=0) - timedelta(days=1)
    passwords = {login: secrets.token_urlsafe(12) for login in (*PEOPLE, *CHECKS)}
    facts = {"passwords": passwords, "zone": ZONE, "last": last.isoformat()}
    facts["first"] = (last.date() - timedelta(days=DAYS)).isoformat()
    facts_file = made / "facts.draft"
    facts_file.touch(mode=0o600)
    facts_file.write_text(json.dumps(facts), encoding="utf-8")
    draft = f"{DATABASE}_draft"
    engine.create(draft)
    environment = _environment(engine, draft, made / "house.log", made / "static")
    environment["PYTHONPATH"] = str(INSIDE)
    manage = (str(_python(cache)), "-m", "django")
    _run(cache, environment, *manage, "migrate", "--verbosity", "0")
    _run(cache, environment, *manage, "collectstatic", "--no-input", "--verbosity", "0")
    _run(cache, environment, str(_python(cache)), str(INSIDE / "fill.py"), str(facts_file))
    engine.back_up(draft, made / "ledger.dump")
    engine.drop(DATABASE)
    engine.rename(draft, DATABASE)
    facts_file.rename(made / "facts.json")


def _python(cache: Path) -> Path:
    return cache / "venv" / "bin" / "python"


def _environment(engine: Engine, name: str, log: Path, static: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "house",
        "HOUSE_DATABASE": name,
        "HOUSE_DATABASE_HOST": engine.environment["PGHOST"],
        "HOUSE_DATABASE_PORT": engine.environment.get("PGPORT", ""),
        "HOUSE_DATABASE_USER": "postgres",
        "HOUSE_DATABASE_PASSWORD": "",
        "HOUSE_LOG": str(log),
        "HOUSE_STATIC": str(static),
        "HOUSE_ZONE": ZONE,
        "TZ": "UTC",
    }


def _run(cache: Path, environment: dict[str, str], *command: str) -> None:
    log = cache / "making.log"
    try:
        status = guarded.run(command, log, environment={**os.environ, **environment}, patience=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise CouldNotBeMade(f"{command[0]} did not end within {_PATIENCE} s") from None
    if status:
        raise CouldNotBeMade(log.read_text(encoding="utf-8", errors="replace")[-1500:])
