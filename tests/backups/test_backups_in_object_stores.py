"""Backups that are kept behind an address: listed, checked and restored as those in a folder are."""

from __future__ import annotations

import hashlib
import importlib.util
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hypercare.backups import Backups
from hypercare.outcome.signals import ChannelDown, CheckFailed, MonitorFault, NotCovered
from hypercare.target_file.config import BackupsSection, DatabaseSection
from tests.standins.frozen_target import frozen_target
from tests.standins.sqlite_shop import NOW, ROWS, manifest, shop

fsspec = pytest.importorskip("fsspec")

TAKEN = NOW - timedelta(minutes=30)
NAME = f"shop-{TAKEN.astimezone(ZoneInfo('Europe/Berlin')):%Y%m%d-%H%M}.sqlite"


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return shop(tmp_path / "live.sqlite")


def backups_at(address: str, live: Path, folder: Path, **section: Any) -> Backups:
    target = frozen_target(
        folder,
        now=NOW,
        backups=BackupsSection.model_validate({"directory": address, "at": ("00:00",), **section}),
        database=DatabaseSection(url=f"sqlite:///{live}"),
    )
    return Backups(target)


@pytest.fixture
def bucket() -> Iterator[Any]:
    files = fsspec.filesystem("memory")
    files.makedirs("/bucket/nightly")
    yield files
    files.rm("/bucket", recursive=True)


def put(files: Any, content: bytes, *, name: str = NAME, stated: bytes | None = None) -> None:
    files.pipe_file(f"/bucket/nightly/{name}", content)
    digest = hashlib.sha256(content).hexdigest()
    files.pipe_file(f"/bucket/nightly/{name}.json", stated or manifest(name, len(content), sha256=digest))


QUESTIONS = ("unvouched", "implausible_size", "damage", "other_than_manifest", "lacking_live_data")


def seen_by(looking: Backups) -> set[str]:
    wrong = set()
    for question in QUESTIONS:
        try:
            wrong |= {question} if getattr(looking, question)().count else set()
        except CheckFailed:
            wrong.add(question)
    looking.close()
    return wrong


def as_it_is(content: bytes) -> bytes:
    return content


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("spoil", "seen"),
    [(as_it_is, set()), (cut, {"damage", "other_than_manifest", "lacking_live_data"})],
)
def test_an_object_is_fetched_and_restored(
    bucket: Any, live: Path, tmp_path: Path, spoil: Callable[[bytes], bytes], seen: set[str]
) -> None:
    put(bucket, spoil(live.read_bytes()))
    looking = backups_at("memory://bucket/nightly", live, tmp_path)
    assert (looking.newest.name, looking.newest.taken_at) == (NAME, TAKEN)
    assert seen_by(looking) == seen
    assert not list((tmp_path / "state" / "scratch").iterdir())


def test_an_object_that_changed_since_its_manifest_was_written_is_told(bucket: Any, live: Path, tmp_path: Path) -> None:
    content = live.read_bytes()
    stated = manifest(NAME, len(content), sha256=hashlib.sha256(content).hexdigest())
    put(bucket, content[:-8] + b"\0\0\0\0\0\0\0\1", stated=stated)
    assert "unvouched" in seen_by(backups_at("memory://bucket/nightly", live, tmp_path))


def test_a_fresh_object_of_old_data_lacks_rows(bucket: Any, live: Path, tmp_path: Path) -> None:
    old = shop(tmp_path / "old.sqlite", older_by=timedelta(hours=4)).read_bytes()
    put(bucket, old, stated=manifest(NAME, len(old), tables={"sales": ROWS - 60}))
    assert seen_by(backups_at("memory://bucket/nightly", live, tmp_path)) == {"lacking_live_data"}


def test_the_newest_is_told_by_its_name_and_of_each_the_size(bucket: Any, live: Path, tmp_path: Path) -> None:
    for day, size in (("20260113", 4000), ("20260114", 4000), ("20260115", 100)):
        bucket.pipe_file(f"/bucket/nightly/shop-{day}.dump", b"x" * size)
        bucket.pipe_file(f"/bucket/nightly/shop-{day}.dump.tmp", b"")
    looking = backups_at("memory://bucket/nightly", live, tmp_path, manifest="", pattern="*.dump*")
    assert [one.name for one in looking.all()] == [f"shop-{day}.dump" for day in ("20260115", "20260114", "20260113")]
    assert looking.implausible_size().count == 1


def test_a_folder_behind_an_address_is_fetched_whole(bucket: Any, live: Path, tmp_path: Path) -> None:
    bucket.pipe_file(f"/bucket/nightly/{NAME}/files/readme.txt", b"nothing of use")
    bucket.pipe_file(f"/bucket/nightly/{NAME}/db/live.sqlite", live.read_bytes())
    looking = backups_at("memory://bucket/nightly", live, tmp_path, manifest="")
    assert looking.newest.size > live.stat().st_size
    assert (looking.damage().count, looking.lacking_live_data().count) == (0, 0)
    looking.close()


@pytest.mark.parametrize("scheme", ["file", "local", "zip"])
def test_other_drivers_work_as_well(scheme: str, live: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    address = f"{scheme}://{home}"
    if scheme == "zip":
        with zipfile.ZipFile(home / "all.zip", "w") as archive:
            archive.write(live, f"nightly/{NAME}")
        address = f"zip://nightly::file://{home / 'all.zip'}"
    else:
        (home / NAME).write_bytes(live.read_bytes())
    looking = backups_at(address, live, tmp_path, manifest="")
    assert looking.newest.name == NAME
    assert (looking.damage().count, looking.lacking_live_data().count) == (0, 0)
    looking.close()


def test_a_place_that_is_not_there_is_a_way_down(live: Path, tmp_path: Path) -> None:
    with pytest.raises(ChannelDown, match="it is not there"):
        backups_at("memory://no-such-bucket", live, tmp_path).overdue()


def test_an_empty_place_is_a_finding(bucket: Any, live: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="no backup at all"):
        backups_at("memory://bucket/nightly", live, tmp_path).overdue()


def test_a_store_without_a_driver_here_is_not_covered(live: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("gcsfs") is not None:
        pytest.skip("the driver of gs:// is installed here")
    with pytest.raises(NotCovered, match="no driver for gs://"):
        backups_at("gs://bucket/nightly", live, tmp_path).overdue()


def test_an_address_that_is_none_is_our_fault(live: Path, tmp_path: Path) -> None:
    with pytest.raises(MonitorFault, match="cannot be understood"):
        backups_at("nonsense://bucket", live, tmp_path).overdue()
