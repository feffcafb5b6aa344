"""The state folder: where one running business keeps its settings, clock, database, logs and backups."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from demo_erp.clock import Clock
from demo_erp.database import Database
from demo_erp.errors import SetupProblem
from demo_erp.logs import Logs

DEFAULT_DATABASE_URL = "sqlite:///erp.sqlite"  # relative: a copied state folder is a business of its own

PARTS = ("logs", "backups", "tmp")


@dataclass(frozen=True)
class Settings:
    """What was chosen when the business was set up. ``port`` 0 lets the system choose a free one.

    ``on_paper`` names, by ISO day, the branches whose counters do not use the system that day, and the people who do
    not come into it.
    """

    database_url: str = DEFAULT_DATABASE_URL
    port: int = 0
    seed: int = 1
    go_live: date = date(2026, 1, 8)
    timezone: str = "Europe/Berlin"
    name: str = "Rosewood Bridal"
    currency: str = "EUR"
    on_paper: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "go_live": self.go_live.isoformat()}, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Raises ValueError, KeyError or TypeError when the text is not what ``to_json`` writes."""
        values = json.loads(text)
        return cls(**{**values, "go_live": date.fromisoformat(values["go_live"])})


class State:
    """One business: its folder, and what lives in it, opened when first needed."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.clock = Clock(folder / "clock.json")
        self.logs = Logs(folder / "logs", self.clock)
        self.backups = folder / "backups"
        self.temporary = folder / "tmp"
        self.accounts_file = folder / "accounts.json"
        self.truth_file = folder / "truth.json"
        self.traffic_lock = folder / "traffic.lock"

    @classmethod
    def open(cls, folder: str | Path) -> State:
        """An existing state folder. Raises SetupProblem when it is none."""
        path = Path(folder).resolve()
        settings_file = path / "settings.json"
        if not settings_file.is_file():
            raise SetupProblem(f"{path} is not a state folder (there is no settings.json); make one with: create")
        try:
            state = cls(path, Settings.from_json(settings_file.read_text(encoding="utf-8")))
            ZoneInfo(state.settings.timezone)
        except (OSError, ValueError, KeyError, TypeError, ZoneInfoNotFoundError) as problem:
            raise SetupProblem(f"{settings_file} cannot be read: {problem}") from problem
        state.require_writable()
        return state

    @classmethod
    def create(cls, folder: str | Path, settings: Settings) -> State:
        """A new state folder with empty logs. Raises SetupProblem when one is there or it cannot be written."""
        path = Path(folder).resolve()
        if (path / "settings.json").exists():
            raise SetupProblem(f"{path} holds a business already; choose another folder")
        state = cls(path, settings)
        state.database  # noqa: B018 - a URL that cannot be understood is told before anything is made
        try:
            state._clear_half_made()
            for part in PARTS:
                (path / part).mkdir(parents=True, exist_ok=True)
            state.require_writable()
            for lines in (state.logs.app_lines, state.logs.access_lines, state.logs.database_lines):
                lines.path.touch()
        except OSError as problem:
            raise SetupProblem(f"the state folder {path} cannot be written: {problem.strerror}") from problem
        return state

    def keep_settings(self) -> None:
        """Written last when a business is set up, so that a half-made folder is never taken for one."""
        draft = self.folder / ".settings.json"
        draft.write_text(self.settings.to_json(), encoding="utf-8")
        draft.replace(self.folder / "settings.json")

    def _clear_half_made(self) -> None:
        """What a making that was cut short left in this folder; a clock without settings is the sign of one."""
        if not self.clock.path.exists():
            return
        for part in PARTS:
            shutil.rmtree(self.folder / part, ignore_errors=True)
        for name in ("erp.sqlite", "erp.sqlite-wal", "erp.sqlite-shm"):
            (self.folder / name).unlink(missing_ok=True)
        for file in (self.truth_file, self.accounts_file, self.clock.path):
            file.unlink(missing_ok=True)

    def require_writable(self) -> None:
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise SetupProblem(f"the state folder {self.folder} cannot be written")

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)

    @cached_property
    def database(self) -> Database:
        """The database, with errors and slow statements going to the database log. Connects when first used."""
        return Database(self.settings.database_url, self.folder, self.logs)
