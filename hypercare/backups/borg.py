"""Backups in a Borg repository, by Borg's own JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from hypercare.backups.backup import Backup, Unrestorable, newest_first
from hypercare.backups.program import Ran, parsed_json, program, run
from hypercare.backups.repository import SNAPSHOTS_MEASURED, Repository, first_line, instant, snapshot

_LATEST = 50
_WARNING = {1, *range(100, 128)}  # Borg's statuses for what went well but for a remark
_LOST = re.compile(r"integrity|corrupt|missing|all-zero|checksum|never matched", re.IGNORECASE)


class Borg:
    """`pattern` chooses archives by name; `inside` which files of one are restored."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._sizes: dict[str, int] = {}  # an archive never changes

    def backups(self) -> list[Backup]:
        ran = self._run("list", "--json", "--last", str(_LATEST), self._place)
        if ran.status != 0:
            raise self._repository.refused(ran, "borg")
        archives = [
            one for one in (parsed_json(ran.output) or {})["archives"] if self._repository.is_meant(one["name"])
        ]
        archives.sort(key=lambda one: str(one["start"]), reverse=True)
        found = []
        for number, one in enumerate(archives):
            size = self._size(str(one["name"]), str(one["id"])) if number < SNAPSHOTS_MEASURED else 1
            found.append(snapshot(str(one["name"]), str(one["name"]), size, instant(one["start"])))
        return newest_first(found)

    def fetch(self, backup: Backup, folder: Callable[[], Path]) -> Path:
        place = folder() / "fetched"
        place.mkdir()
        chosen = self._repository.section.inside
        only = () if chosen == "*" else (f"sh:**/{chosen.lstrip('/')}",)
        ran = self._run("extract", f"{self._place}::{backup.where}", *only, folder=place)
        if ran.status != 0 and (ran.status not in _WARNING or _LOST.search(ran.complaint)):
            raise Unrestorable(f"borg does not restore it: {first_line(ran.complaint)}", ran.complaint[:2000])
        return place

    def still_changes(self, backup: Backup) -> bool:
        return False

    @property
    def _place(self) -> str:
        return self._repository.section.directory

    def _size(self, name: str, number: str) -> int:
        if number not in self._sizes:
            ran = self._run("info", "--json", f"{self._place}::{name}")
            if ran.status != 0:
                raise self._repository.refused(ran, "borg")
            self._sizes[number] = int((parsed_json(ran.output) or {})["archives"][0]["stats"]["original_size"])
        return self._sizes[number]

    def _run(self, command: str, *words: str, folder: Path | None = None) -> Ran:
        own = self._repository.state / "borg"
        # Past its lock, which would be written into the repository; and what it keeps of its own is not in a home.
        environment = {
            "BORG_BASE_DIR": str(own),
            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
            "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes",
            "BORG_DISPLAY_PASSPHRASE": "no",
            "TZ": "UTC",
        }
        password = self._repository.password()
        if password is not None:
            environment["BORG_PASSPHRASE"] = password
        own.mkdir(parents=True, exist_ok=True)
        borg = program("borg", remedy="Install borgbackup.")
        return run(
            [borg, "--bypass-lock", command, *words], self._repository.timeout, environment=environment, folder=folder
        )
