"""The [backups] part of a target file."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Literal

from pydantic import Field

from hypercare.target_file.secrets import SecretReference
from hypercare.target_file.section import Duration, Section


class BackupsSection(Section):
    """Where backups are put, and when. `directory` is a folder, the address of an object store, or a repository.

    `at` are the local times at which a backup is due; `complete_within` how long it may take to be complete. `kind`
    says what the directory holds: files, or the repository of a backup program, which is opened with `password`.
    """

    directory: str
    kind: Literal["files", "restic", "borg", "pgbackrest"] = "files"
    pattern: str = Field(default="*", description="which names are backups, or which snapshots of a repository")
    inside: str = Field(default="*", description="which file in a snapshot, an archive or a folder is the database's")
    manifest: str = ".json"
    at: tuple[time, ...] = (time(1, 30),)
    complete_within: Duration = timedelta(hours=1)
    smallest_share: float = 0.5
    room: float = Field(default=1, ge=0, description="room that must be left, in sizes of the newest backup")
    password: SecretReference | None = None
    stanza: str | None = Field(default=None, description="of pgBackRest")
    options: dict[str, str | int | bool | SecretReference] = Field(
        default_factory=dict, description="what the object store needs beside its address, as fsspec calls it"
    )
    decrypt: tuple[str, ...] = Field(
        default=(), description="a program with its words that reads an encrypted backup and writes the plain one"
    )
    scratch: str | None = Field(
        default=None, description="address of the server to restore into, where it should not be that of [database]"
    )
    scratch_password: SecretReference | None = None
