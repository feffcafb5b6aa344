"""A backup can be put back, is known to be whole, and old ones make room."""

import hashlib
import json
import sqlite3
from contextlib import closing

import pytest

from demo_erp.backup import KEEP, back_up
from demo_erp.errors import SetupProblem


def manifest_of(path):
    return json.loads(path.read_text(encoding="utf-8"))


def everything(file):
    """All rows of all tables."""
    with closing(sqlite3.connect(file)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}


@pytest.fixture
def fresh(shop):
    """A shop without the backups of its history."""
    for file in shop.state.backups.iterdir():
        file.unlink()
    return shop


def test_the_manifest_tells_what_the_backup_is(fresh):
    path = back_up(fresh.state)
    manifest = manifest_of(path)
    file = fresh.state.backups / manifest["file"]
    assert path.name == f"{file.name}.json" == "rosewood-20260109-1500.sqlite.json"
    assert (manifest["engine"], manifest["status"]) == ("sqlite", "complete")
    assert manifest["bytes"] == file.stat().st_size
    assert manifest["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert manifest["started_at"] == fresh.state.clock.now().isoformat()
    assert manifest["tables"]["sales"] == fresh.value("SELECT count(*) FROM sales")


def test_what_is_put_back_equals_what_was_there(fresh):
    file = back_up(fresh.state).with_suffix("")
    assert everything(file) == everything(fresh.state.folder / "erp.sqlite")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_work_that_goes_on_meanwhile_is_not_kept_waiting(fresh):
    with fresh.state.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE users SET failed_logins = 1 WHERE id = 1")
        file = back_up(fresh.state).with_suffix("")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT failed_logins FROM users WHERE id = 1").fetchone() == (0,)


def test_two_within_a_minute_are_two(fresh):
    assert back_up(fresh.state) != back_up(fresh.state)
    assert len(list(fresh.state.backups.glob("*.sqlite"))) == 2


def test_only_the_newest_six_are_kept(fresh):
    made = []
    for _ in range(KEEP + 2):
        made.append(back_up(fresh.state))
        fresh.pass_time(hours=9)
    left = sorted(file.name for file in fresh.state.backups.iterdir())
    assert left == sorted(name for path in made[-6:] for name in (path.name, path.stem))


def test_the_newest_is_kept_when_several_are_made_within_a_minute(fresh):
    made = [back_up(fresh.state) for _ in range(KEEP + 6)]
    assert made[-1].exists()
    assert sorted(fresh.state.backups.glob("*.json")) == sorted(made[-6:])


def test_a_backup_that_fails_says_so_and_leaves_nothing_behind(fresh):
    (fresh.state.folder / "erp.sqlite").rename(fresh.state.folder / "away")
    for journal in fresh.state.folder.glob("erp.sqlite-*"):
        journal.unlink()
    with pytest.raises(SetupProblem, match="the backup failed: unable to open"):
        back_up(fresh.state)
    assert list(fresh.state.backups.iterdir()) == []
    assert not (fresh.state.folder / "erp.sqlite").exists()
    assert fresh.log("app")[-1]["level"] == "ERROR"
