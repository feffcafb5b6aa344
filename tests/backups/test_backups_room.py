"""The next backup has to find room on the disk where the backups are kept."""

from types import SimpleNamespace

import pytest

from hypercare.backups import Backups, folder
from hypercare.outcome.signals import NotCovered
from tests.standins.some_target import some_target

NEWEST = 3_000_000


@pytest.fixture
def backups(tmp_path, monkeypatch):
    """Backups on a disk that has so many bytes left."""

    def on_a_disk_with(free: int, **section: object) -> Backups:
        kept = tmp_path / "backups"
        kept.mkdir()
        (kept / "shop-20260108T163000Z.sqlite").write_bytes(bytes(NEWEST))
        monkeypatch.setattr(folder.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
        return Backups(some_target(tmp_path, backups={"directory": str(kept), "manifest": "", **section}))

    return on_a_disk_with


@pytest.mark.parametrize(("free", "count"), [(0, 1), (NEWEST - 1, 1), (NEWEST, 0), (NEWEST * 9, 0)])
def test_a_disk_has_room_when_one_more_as_large_as_the_newest_fits(backups, free, count):
    assert backups(free).short_of_room().count == count


@pytest.mark.parametrize(("sizes", "count"), [(0, 0), (0.5, 0), (1.5, 1)])
def test_how_much_is_wanted_can_be_said(backups, sizes, count):
    assert backups(NEWEST, room=sizes).short_of_room().count == count


def test_what_is_left_and_what_is_wanted_are_told(backups, tmp_path):
    (row,) = backups(1_400_000).short_of_room().sample
    assert row == {"folder": str(tmp_path / "backups"), "free_mb": 1, "newest_backup_mb": 3}


@pytest.mark.parametrize("section", [{"directory": "s3://shop/backups"}, {"kind": "restic"}])
def test_the_room_of_a_store_elsewhere_cannot_be_seen(backups, section):
    with pytest.raises(NotCovered, match="cannot be seen from here"):
        backups(0, **section).short_of_room()
