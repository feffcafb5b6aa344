"""Backups in a restic repository, by restic's own JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hypercare.backups.backup import Backup, Unrestorable, newest_first
from hypercare.backups.program import Ran, parsed_json, program, run
from hypercare.backups.repository import SNAPSHOTS_MEASURED, Repository, first_line, instant, snapshot


class Restic:
    """`pattern` chooses snapshots by tag, host or path; `inside` which files of one are restored."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._sizes: dict[str, int] = {}  # a snapshot never changes

    def backups(self) -> list[Backup]:
        ran = self._run("snapshots")
        if ran.status != 0:
            raise self._repository.refused(ran, "restic")
        snapshots = [one for one in parsed_json(ran.output) or () if self._repository.is_meant(*_names_of(one))]
        snapshots.sort(key=lambda one: str(instant(one.get("time"))), reverse=True)
        return newest_first([self._backup(one, number) for number, one in enumerate(snapshots)])

    def fetch(self, backup: Backup, folder: Callable[[], Path]) -> Path:
        place = folder() / "fetched"
        chosen = self._repository.section.inside
        ran = self._run(
            "restore", backup.where, "--target", str(place), *(() if chosen == "*" else ("--include", chosen))
        )
        if ran.status != 0:
            raise Unrestorable(f"restic does not restore it: {first_line(ran.complaint)}", ran.complaint[:2000])
        return place

    def still_changes(self, backup: Backup) -> bool:
        return False

    def _backup(self, one: Mapping[str, Any], number: int) -> Backup:
        name = str(one.get("short_id") or one["id"])
        return snapshot(
            name, str(one["id"]), self._size(one) if number < SNAPSHOTS_MEASURED else 1, instant(one["time"])
        )

    def _size(self, one: Mapping[str, Any]) -> int:
        summary = one.get("summary")  # since restic 0.17
        if isinstance(summary, dict) and "total_bytes_processed" in summary:
            return int(summary["total_bytes_processed"])
        number = str(one["id"])
        if number not in self._sizes:
            ran = self._run("stats", "--mode", "restore-size", number)
            if ran.status != 0:
                raise self._repository.refused(ran, "restic")
            self._sizes[number] = int((parsed_json(ran.output) or {}).get("total_size", 0))
        return self._sizes[number]

    def _run(self, *words: str) -> Ran:
        # Without a lock, since that would be written into the repository, and without a cache in somebody's home.
        command = [program("restic", remedy="Install restic."), "--repo", self._repository.section.directory]
        command += ["--json", "--no-lock", "--no-cache", *words]
        password = self._repository.password()
        return run(
            command, self._repository.timeout, environment={} if password is None else {"RESTIC_PASSWORD": password}
        )


def _names_of(one: Mapping[str, Any]) -> list[str]:
    paths = [str(path) for path in one.get("paths") or ()]
    return [
        *paths,
        *(Path(path).name for path in paths),
        *map(str, one.get("tags") or ()),
        str(one.get("hostname", "")),
    ]
