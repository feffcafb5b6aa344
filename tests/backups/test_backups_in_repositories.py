"""Backups in repositories of restic and Borg, made and spoilt for real; and what pgBackRest says of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hypercare.backups import Backups
from hypercare.outcome.signals import ChannelDown, CheckFailed, NotCovered
from hypercare.target_file.config import BackupsSection, DatabaseSection
from tests.standins.frozen_target import frozen_target
from tests.standins.sqlite_shop import NOW, shop

pytestmark = pytest.mark.engine

KEY = "correct-horse"


def restic(repository: Path, *words: str) -> None:
    settings = {"RESTIC_PASSWORD": KEY, "RESTIC_REPOSITORY": str(repository)}
    subprocess.run(
        ["restic", "--no-cache", *words], env={**os.environ, **settings}, check=True, stdout=subprocess.DEVNULL
    )


def borg(repository: Path, *words: str) -> None:
    settings = {"BORG_PASSPHRASE": KEY, "BORG_REPO": str(repository), "BORG_BASE_DIR": str(repository.parent / "own")}
    subprocess.run(["borg", *words], env={**os.environ, **settings}, check=True, stdout=subprocess.DEVNULL)


def make_restic(repository: Path, folder: Path) -> None:
    restic(repository, "init")
    restic(repository, "backup", str(folder), "--tag", "nightly")


def make_borg(repository: Path, folder: Path) -> None:
    borg(repository, "init", "--encryption=repokey")
    borg(repository, "create", "::nightly-1", str(folder))


MAKERS: dict[str, Callable[[Path, Path], None]] = {"restic": make_restic, "borg": make_borg}


@pytest.fixture(scope="module", params=["restic", "borg"])
def kind(request: pytest.FixtureRequest) -> str:
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed on this machine: apt-get install restic borgbackup")
    return str(request.param)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    (folder / "readme.txt").write_text("nothing of use")
    return shop(folder / "live.sqlite")


@pytest.fixture(scope="module")
def repository(kind: str, live: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp(kind) / "repository"
    MAKERS[kind](place, live.parent)
    return place


def backups_in(repository: Path, kind: str, live: Path, folder: Path, **section: Any) -> Backups:
    key = folder / "key.txt"
    key.write_text(section.pop("key", KEY))
    target = frozen_target(
        folder,
        now=NOW + timedelta(minutes=1),
        backups=BackupsSection.model_validate(
            {"directory": str(repository), "kind": kind, "password": {"file": str(key)}, "at": ("00:00",), **section}
        ),
        database=DatabaseSection(url=f"sqlite:///{live}"),
    )
    return Backups(target)


def content(folder: Path) -> dict[str, int]:
    return {str(file.relative_to(folder)): file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}


@pytest.mark.long
def test_the_newest_snapshot_restores_and_nothing_is_written_into_the_repository(
    repository: Path, kind: str, live: Path, tmp_path: Path
) -> None:
    before = content(repository)
    looking = backups_in(repository, kind, live, tmp_path)
    taken_at, a_minute = looking.newest.taken_at, timedelta(minutes=1)
    assert taken_at is not None and NOW - a_minute <= taken_at <= datetime.now(UTC) + a_minute
    assert looking.newest.size > live.stat().st_size
    for question in ("overdue", "unvouched", "implausible_size", "damage", "lacking_live_data"):
        assert getattr(looking, question)().count == 0, question
    looking.close()
    assert content(repository) == before
    assert not list((tmp_path / "state" / "scratch").iterdir())


def test_a_repository_whose_key_is_lost_is_a_finding(repository: Path, kind: str, live: Path, tmp_path: Path) -> None:
    looking = backups_in(repository, kind, live, tmp_path, key="forgotten")
    with pytest.raises(CheckFailed, match="does not open with the key that we have"):
        looking.damage()


@pytest.mark.long
def test_a_damaged_repository_does_not_restore(repository: Path, kind: str, live: Path, tmp_path: Path) -> None:
    repository = shutil.copytree(repository, tmp_path / "spoilt")
    pack = max((repository / "data").rglob("*"), key=lambda file: file.stat().st_size if file.is_file() else 0)
    pack.chmod(0o600)
    spoilt = bytearray(pack.read_bytes())
    at = len(spoilt) // 2
    spoilt[at : at + 64] = bytes(byte ^ 0xFF for byte in spoilt[at : at + 64])
    pack.write_bytes(spoilt)
    looking = backups_in(repository, kind, live, tmp_path)
    try:
        damage = looking.damage()
        assert damage.count == 1
    except (CheckFailed, ChannelDown):
        pass  # it may be so damaged that its snapshots cannot be listed
    looking.close()


@pytest.mark.long
@pytest.mark.skipif(shutil.which("restic") is None, reason="restic is not installed on this machine")
def test_a_snapshot_of_something_else_lacks_the_database(live: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "readme.txt").write_text("nothing of use")
    make_restic(tmp_path / "repository", tmp_path / "other")
    looking = backups_in(tmp_path / "repository", "restic", live, tmp_path)
    assert [row["trouble"] for row in looking.damage().sample] == ["there is no database in it"]
    looking.close()


@pytest.mark.long
def test_only_what_is_meant_is_looked_at(repository: Path, kind: str, live: Path, tmp_path: Path) -> None:
    pattern = "nightly" if kind == "restic" else "nightly-*"
    assert len(backups_in(repository, kind, live, tmp_path, pattern=pattern, inside="*.sqlite").all()) == 1
    with pytest.raises(CheckFailed, match="no backup at all"):
        backups_in(repository, kind, live, tmp_path, pattern="weekly*").overdue()


def test_a_repository_that_is_not_there_is_a_way_down(kind: str, live: Path, tmp_path: Path) -> None:
    with pytest.raises(ChannelDown, match=f"{kind} finds no repository there"):
        backups_in(tmp_path / "nowhere", kind, live, tmp_path).overdue()


def test_without_its_program_a_repository_is_not_covered(
    live: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for kind in ("restic", "borg", "pgbackrest"):
        with pytest.raises(NotCovered, match=f"{kind} is not installed here"):
            backups_in(tmp_path, kind, live, tmp_path).overdue()
