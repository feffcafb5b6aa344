"""Backups of pgBackRest, by its own JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hypercare.backups.backup import Backup, Unreachable, newest_first
from hypercare.backups.manifest import Manifest
from hypercare.backups.program import parsed_json, program, run
from hypercare.backups.repository import Repository, first_line, instant
from hypercare.outcome.signals import NotCovered


class PgBackRest:
    """`pattern` chooses backups by label or type ("full")."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def backups(self) -> list[Backup]:
        section = self._repository.section
        command = [program("pgbackrest", remedy="Install pgBackRest."), "--output=json", "--log-level-console=off"]
        command += ["--log-level-file=off", "--log-level-stderr=error", f"--repo1-path={section.directory}"]
        command += [] if section.stanza is None else [f"--stanza={section.stanza}"]
        password = self._repository.password()
        secret = {} if password is None else {
            "PGBACKREST_REPO1_CIPHER_TYPE": "aes-256-cbc",
            "PGBACKREST_REPO1_CIPHER_PASS": password,
        }  # fmt: skip
        ran = run([*command, "info"], self._repository.timeout, environment=secret)
        stanzas = parsed_json(ran.output)
        if ran.status != 0 or not isinstance(stanzas, list):
            raise self._repository.refused(ran, "pgbackrest")
        if not stanzas:
            raise Unreachable("pgbackrest finds no stanza there")
        return newest_first([one for stanza in stanzas for one in self._of(stanza)])

    def fetch(self, backup: Backup, folder: Callable[[], Path]) -> Path:
        raise NotCovered(
            "a backup of pgBackRest is a whole server, which is not started here",
            remedy="Restore it with pgBackRest on a host of its own once a week, or add a pg_dump for this check.",
        )

    def still_changes(self, backup: Backup) -> bool:
        return False

    def _of(self, stanza: Mapping[str, Any]) -> list[Backup]:
        status = stanza.get("status") or {}
        found = [
            _backup(one, str(stanza.get("name", "")))
            for one in stanza.get("backup") or ()
            if self._repository.is_meant(str(one.get("label")), str(one.get("type")))
        ]
        # "No valid backups" is said by there being none; every other status is why we see nothing.
        if not found and int(status.get("code", 0)) not in {0, 2}:
            raise Unreachable(
                f"pgbackrest says of stanza {stanza.get('name')}: {first_line(str(status.get('message')))}"
            )
        return found


def _backup(one: Mapping[str, Any], stanza: str) -> Backup:
    times = one.get("timestamp") or {}
    started, finished = instant(times.get("start")), instant(times.get("stop"))
    trouble = "pgBackRest found pages in it whose checksum is wrong" if one.get("error") else ""
    return Backup(
        name=str(one["label"]),
        where=f"{stanza} {one['label']}",
        size=int((one.get("info") or {}).get("size") or 0),
        manifest=Manifest(started_at=started, finished_at=finished),
        manifest_trouble="",
        taken_at=started,
        written_at=finished.timestamp() if finished else 0.0,
        trouble=trouble,
    )
