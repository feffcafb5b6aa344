"""Backups that are files: found, checked against their manifests, restored, compared."""

import gzip
import hashlib
import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hypercare.backups import Backups
from hypercare.backups.backup import named_time, taken_at
from hypercare.outcome.signals import ChannelDown, CheckFailed, NotCovered
from hypercare.target_file.config import BackupsSection, DatabaseSection
from tests.standins.frozen_target import frozen_target

EVENING = datetime(2026, 1, 15, 16, 0, tzinfo=UTC)  # 17:00 in Berlin
TAKEN = datetime(2026, 1, 15, 15, 30, tzinfo=UTC)  # 16:30 in Berlin, when it was due
HOURS = 200


def fill(path: Path, *, until: datetime, hours: int = HOURS) -> None:
    """A sale each hour up to `until`, and two branches."""
    connection = sqlite3.connect(path)
    connection.executescript(
        "PRAGMA journal_mode=WAL; CREATE TABLE branches (id INTEGER PRIMARY KEY, code TEXT NOT NULL);"
        "CREATE TABLE sales (id INTEGER PRIMARY KEY, total NUMERIC NOT NULL, created_at DATETIME NOT NULL);"
        "CREATE INDEX ix_sales ON sales (created_at); INSERT INTO branches VALUES (1, 'HAR'), (2, 'OLD');"
    )
    times = [until - timedelta(hours=hours - number) for number in range(1, hours + 1)]
    connection.executemany(
        "INSERT INTO sales (total, created_at) VALUES (?, ?)",
        [(number, f"{at:%Y-%m-%d %H:%M:%S}.000000") for number, at in enumerate(times)],
    )
    connection.commit()
    connection.close()


def manifest_of(file: Path, *, finished: datetime = TAKEN, tables=None, **changed) -> None:
    content = {
        "file": file.name,
        "started_at": (finished - timedelta(seconds=2)).isoformat(),
        "finished_at": finished.isoformat(),
        "bytes": file.stat().st_size,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "status": "complete",
        "tables": tables if tables is not None else counts(file),
    }
    file.with_name(file.name + ".json").write_text(json.dumps(content | changed))


def counts(file: Path) -> dict[str, int]:
    connection = sqlite3.connect(file)
    try:
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("branches", "sales")
        }
    except sqlite3.Error:
        return {}
    finally:
        connection.close()


@pytest.fixture
def live(tmp_path):
    path = tmp_path / "live.sqlite"
    fill(path, until=EVENING, hours=HOURS)
    return path


@pytest.fixture
def folder(tmp_path, live):
    """The backup of this afternoon and two before it, all good."""
    home = tmp_path / "backups"
    home.mkdir()
    for name, taken in (
        ("shop-20260114-1630.sqlite", TAKEN - timedelta(hours=24)),
        ("shop-20260115-0130.sqlite", TAKEN - timedelta(hours=15)),
        ("shop-20260115-1630.sqlite", TAKEN),
    ):
        copy_until(live, home / name, taken)
        manifest_of(home / name, finished=taken)
    return home


def copy_until(live: Path, copy: Path, until: datetime) -> None:
    source, destination = sqlite3.connect(live), sqlite3.connect(copy)
    source.backup(destination)
    destination.execute("DELETE FROM sales WHERE created_at > ?", (f"{until:%Y-%m-%d %H:%M:%S}",))
    destination.commit()
    destination.close()
    source.close()


@pytest.fixture
def newest(folder):
    return folder / "shop-20260115-1630.sqlite"


@pytest.fixture
def backups(folder, live, tmp_path):
    target = frozen_target(
        tmp_path,
        now=EVENING,
        backups=BackupsSection(directory=str(folder), at=("01:30", "16:30"), complete_within="20m"),
        database=DatabaseSection(url=f"sqlite:///{live}"),
    )
    looking = Backups(target)
    yield looking
    looking.close()
    scratch = target.state / "scratch"
    assert not scratch.exists() or not list(scratch.iterdir())


COMPLETED = ("overdue", "unvouched", "implausible_size")
ACCESSIBLE = ("damage", "other_than_manifest", "lacking_live_data")


def seen_by(backups) -> set[str]:
    """Which of the questions find something wrong."""
    wrong = set()
    for question in COMPLETED + ACCESSIBLE:
        try:
            if getattr(backups, question)().count:
                wrong.add(question)
        except (CheckFailed, ChannelDown):
            wrong.add(question)
        except NotCovered:
            pass
    return wrong


def test_good_backups_are_quiet(backups):
    assert seen_by(backups) == set()


def truncated(newest):
    os.truncate(newest, newest.stat().st_size // 2)


def emptied(newest):
    newest.write_bytes(b"")


def one_page_damaged(newest):
    with newest.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 2000)


def damaged_before_the_manifest(newest):
    one_page_damaged(newest)
    manifest_of(newest, tables={"branches": 2, "sales": HOURS})


def encrypted(newest):
    newest.write_bytes(os.urandom(newest.stat().st_size))
    manifest_of(newest, tables={"branches": 2, "sales": HOURS})


def without_manifest(newest):
    newest.with_name(newest.name + ".json").unlink()


def broken_manifest(newest):
    newest.with_name(newest.name + ".json").write_text("{")


def failed_status(newest):
    manifest_of(newest, status="failed")


def from_the_future(newest):
    manifest_of(newest, finished=EVENING + timedelta(hours=2))


def missing(newest):
    newest.unlink()
    without_manifest(newest)


def old_data(newest):
    older = newest.with_name("shop-20260114-1630.sqlite")
    newest.write_bytes(older.read_bytes())
    manifest_of(newest)


def lost_a_table(newest):
    connection = sqlite3.connect(newest)
    connection.execute("DROP TABLE branches")
    connection.commit()
    connection.close()
    manifest_of(newest, tables={"sales": HOURS - 1})


def lost_some_rows(newest):
    rows = counts(newest)
    connection = sqlite3.connect(newest)
    connection.execute("DELETE FROM sales WHERE id BETWEEN 50 AND 52")
    connection.commit()
    connection.close()
    manifest_of(newest, tables=rows)


@pytest.mark.parametrize(
    ("break_it", "completed", "accessible"),
    [
        (truncated, {"unvouched", "implausible_size"}, True),
        (emptied, {"unvouched", "implausible_size"}, True),
        (one_page_damaged, {"unvouched"}, True),
        (damaged_before_the_manifest, set(), True),
        (encrypted, set(), True),
        (without_manifest, {"unvouched"}, False),
        (broken_manifest, {"unvouched"}, False),
        (failed_status, {"unvouched"}, False),
        (from_the_future, {"unvouched"}, False),
        (missing, {"overdue"}, False),
        (old_data, set(), True),
        (lost_a_table, set(), True),
        (lost_some_rows, set(), True),
    ],
)
def test_each_fault_is_seen_where_it_belongs(backups, newest, break_it, completed, accessible):
    break_it(newest)
    wrong = seen_by(backups)
    assert wrong & set(COMPLETED) - {"implausible_size"} == completed - {"implausible_size"}
    assert bool(wrong & set(ACCESSIBLE)) == accessible


def test_rows_lost_without_a_word_in_the_manifest_are_seen(backups, newest):
    lost_some_rows(newest)
    manifest_of(newest)
    assert seen_by(backups) == {"lacking_live_data"}


def test_rows_entered_or_removed_since_are_no_trouble(backups, live):
    connection = sqlite3.connect(live)
    connection.execute("DELETE FROM sales WHERE id < 40")
    connection.execute("INSERT INTO sales (total, created_at) VALUES (1, '2026-01-15 15:59:00.000000')")
    connection.commit()
    connection.close()
    assert seen_by(backups) == set()


def test_a_backup_that_is_due_but_may_still_come_is_not_overdue(folder, live, tmp_path):
    for part in folder.glob("shop-20260115-1630*"):
        part.unlink()
    section = BackupsSection(directory=str(folder), at=("01:30", "16:30"), complete_within="45m")
    looking = Backups(frozen_target(tmp_path, now=EVENING, backups=section))
    assert looking.overdue().count == 0


def test_a_replay_does_not_see_later_backups(folder, live, tmp_path):
    section = BackupsSection(directory=str(folder), at=("01:30", "16:30"), complete_within="20m")
    target = frozen_target(tmp_path, now=EVENING, as_of=EVENING - timedelta(hours=8), backups=section)
    assert Backups(target).newest.name == "shop-20260115-0130.sqlite"


def test_a_missing_folder_is_a_way_down(tmp_path):
    target = frozen_target(tmp_path, backups=BackupsSection(directory=str(tmp_path / "nowhere")))
    with pytest.raises(ChannelDown) as down:
        Backups(target).overdue()
    assert down.value.way == "backups"


def test_an_empty_folder_is_a_finding(tmp_path):
    target = frozen_target(tmp_path, backups=BackupsSection(directory=str(tmp_path)))
    with pytest.raises(CheckFailed):
        Backups(target).overdue()


@pytest.mark.parametrize("cut", [False, True], ids=["whole", "cut"])
def test_a_packed_backup_is_unpacked_first(backups, newest, cut):
    packed = gzip.compress(newest.read_bytes())
    newest.write_bytes(packed[: len(packed) // 2] if cut else packed)
    manifest_of(newest, tables={"branches": 2, "sales": HOURS})
    assert bool(backups.damage().count) == cut


def test_a_checksum_file_serves_as_manifest(backups, newest):
    without_manifest(newest)
    digest = hashlib.sha256(newest.read_bytes()).hexdigest()
    newest.with_name(newest.name + ".json").write_text(f"{digest}  {newest.name}\n")
    assert backups.unvouched().count == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shop-20260115-1630.sqlite", datetime(2026, 1, 15, 15, 30, tzinfo=UTC)),
        ("dump_2026-01-15.sql.gz", datetime(2026, 1, 14, 23, 0, tzinfo=UTC)),
        ("2026-01-15T163005.dump", datetime(2026, 1, 15, 15, 30, 5, tzinfo=UTC)),
        ("nightly.dump", None),
        ("shop-20261315-1630.sqlite", None),
    ],
)
def test_times_in_names(name, expected, tmp_path):
    assert named_time(name, frozen_target(tmp_path).calendar.zone) == expected


@pytest.mark.parametrize(
    ("name", "stored", "expected"),
    [
        ("shop-2026-01-15.sqlite", "2026-01-15T15:50", "2026-01-15T15:50"),  # the day tells no hour, the file does
        ("shop-2026-01-15.sqlite", "2026-01-15T23:40", "2026-01-15T23:40"),  # written until after midnight in Berlin
        ("shop-2026-01-15.sqlite", "2026-01-18T09:00", "2026-01-14T23:00"),  # copied days later
        ("shop-2026-01-15.sqlite", "2026-01-10T09:00", "2026-01-14T23:00"),  # a file older than its own name
        ("shop-2026-01-15.sqlite", None, "2026-01-14T23:00"),  # the target's clock is not that of the disk
        ("shop-20260115-1630.sqlite", "2026-01-15T15:50", "2026-01-15T15:30"),
        ("nightly.dump", "2026-01-15T15:50", "2026-01-15T15:50"),
        ("nightly.dump", None, None),
    ],
)
def test_when_a_backup_was_taken(name, stored, expected, tmp_path):
    told = taken_at(name, None, frozen_target(tmp_path).calendar.zone, stored and instant(stored))
    assert told == (expected and instant(expected))


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
