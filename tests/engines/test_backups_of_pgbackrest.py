"""What a real pgBackRest says of its backups is read as it is; a whole server is not started to restore one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.backups import Backups
from hypercare.outcome.signals import ChannelDown, CheckFailed, NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.postgresql_server import PostgreSQL, as_account, hand_over


@pytest.fixture(scope="module")
def repository(postgresql: PostgreSQL) -> Iterator[Path]:
    program = shutil.which("pgbackrest")
    if program is None:
        pytest.skip("pgbackrest is not installed on this machine: apt-get install pgbackrest")
    place = postgresql.folder / "repository"
    place.mkdir()
    hand_over(place)
    words = [program, "--stanza=shop", f"--pg1-path={postgresql.data}", f"--repo1-path={place}", "--no-online"]
    words += [f"--lock-path={postgresql.folder / 'lock'}", "--log-level-file=off"]
    postgresql.stop()
    try:
        for command in (["stanza-create"], ["--compress-type=none", "backup"]):
            subprocess.run([*words, *command], check=True, capture_output=True, **as_account())
    finally:
        postgresql.start()
    yield place
    shutil.rmtree(place)


def backups_in(repository: Path, folder: Path, **section: Any) -> Backups:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            "backups": {"directory": str(repository), "kind": "pgbackrest", "at": ["00:00"], **section},
        }
    )
    return Backups(Target(config, folder / "state", datetime.now(UTC) + timedelta(minutes=1)))


@pytest.mark.long
def test_its_own_word_is_taken(repository: Path, tmp_path: Path) -> None:
    looking = backups_in(repository, tmp_path, stanza="shop", pattern="full")
    newest = looking.newest
    assert newest.taken_at is not None and datetime.now(UTC) - newest.taken_at < timedelta(minutes=10)
    assert newest.size > 1_000_000
    assert [getattr(looking, one)().count for one in ("unvouched", "implausible_size")] == [0, 0]
    with pytest.raises(NotCovered, match="a whole server, which is not started here"):
        looking.damage()
    looking.close()


def test_pages_that_were_damaged_when_it_was_made_are_told(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put in front of the real one, a program that repeats its word with one mark set."""
    real = shutil.which("pgbackrest")
    wrapper = tmp_path / "bin" / "pgbackrest"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\n{real} "$@" | sed \'s/"error":false/"error":true/\'\n')
    wrapper.chmod(0o700)
    monkeypatch.setenv("PATH", str(wrapper.parent), prepend=":")
    troubles = backups_in(repository, tmp_path, stanza="shop").unvouched().sample
    assert ["checksum is wrong" in str(row["trouble"]) for row in troubles] == [True]


def test_a_stanza_without_backups_or_a_place_without_stanzas_is_told(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(ChannelDown, match="missing stanza path"):
        backups_in(repository, tmp_path, stanza="other").overdue()
    with pytest.raises(ChannelDown, match="finds no stanza"):
        backups_in(tmp_path, tmp_path).overdue()
    with pytest.raises(CheckFailed, match="no backup at all"):
        backups_in(repository, tmp_path, pattern="diff").overdue()
