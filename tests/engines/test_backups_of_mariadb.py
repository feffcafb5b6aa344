"""Dumps of a real MariaDB restore into a scratch database that is always removed, and never touch the live one."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from hypercare.backups import Backups
from hypercare.outcome.signals import CheckFailed, MonitorFault, NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import PASSWORD, MariaDB

PROJECT = Path(__file__).parents[2]
SCHEMA = (
    "CREATE TABLE branches (id int PRIMARY KEY, code varchar(20) NOT NULL UNIQUE)",
    "CREATE TABLE sales (id int PRIMARY KEY AUTO_INCREMENT, branch_id int NOT NULL, note varchar(99), paper blob,"
    " created_at datetime NOT NULL, FOREIGN KEY (branch_id) REFERENCES branches (id))",
    "INSERT INTO branches VALUES (1, 'HAR'), (2, 'OLD')",
    "INSERT INTO sales (branch_id, note, paper, created_at) SELECT 1 + seq % 2,"
    " CONCAT('USE `mysql`;\\nDROP DATABASE \\'x\\'; Žofie ', seq), UNHEX('00FF0D0A5C27'),"
    " UTC_TIMESTAMP() - INTERVAL 3 HOUR - INTERVAL seq MINUTE FROM seq_1_to_2000",
    "CREATE VIEW latest AS SELECT max(created_at) AS at FROM sales",
    "CREATE TRIGGER no_more BEFORE INSERT ON branches FOR EACH ROW SIGNAL SQLSTATE '45000'",
    "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM sales",
    "CREATE PROCEDURE tidy() DELETE FROM sales WHERE id < 0",
)


@pytest.fixture(scope="module")
def shop(mariadb: MariaDB) -> Iterator[MariaDB]:
    mariadb.execute("CREATE DATABASE kept CHARACTER SET utf8mb4")
    mariadb.execute(*SCHEMA, database="kept")
    yield mariadb
    mariadb.execute("DROP DATABASE kept", "DROP USER IF EXISTS reader@'127.0.0.1'")


def target_of(shop: MariaDB, folder: Path, *, user: str = "root", **backups: object) -> Target:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            "database": {"url": shop.url("kept", user=user).render_as_string(hide_password=False)},
            "backups": {"directory": str(folder / "backups"), "manifest": "", **backups},
        }
    )
    return Target(config, folder / "state", datetime.now(UTC))


def dump(shop: MariaDB, folder: Path, *words: str, name: str = "kept.sql") -> Path:
    file = folder / "backups" / name
    file.parent.mkdir(exist_ok=True)
    tool = shutil.which("mariadb-dump")
    assert tool is not None
    words = words or ("--routines", "--events", "kept")
    with file.open("wb") as output:
        subprocess.run(
            [tool, "--no-defaults", "--host=127.0.0.1", f"--port={shop.port}", "--user=root", *words],
            stdout=output,
            env={**os.environ, "MYSQL_PWD": PASSWORD},
            check=True,
        )
    return file


@pytest.fixture
def backups(shop: MariaDB, tmp_path: Path) -> Iterator[Backups]:
    before = checksums(shop)
    looking = Backups(target_of(shop, tmp_path))
    yield looking
    looking.close()
    assert not [name for name in shop.databases() if name.startswith("hypercare")]
    assert checksums(shop) == before


def checksums(shop: MariaDB) -> list[object]:
    engine = create_engine(shop.url("kept"))
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text("CHECKSUM TABLE sales, branches"))]
    engine.dispose()
    return found


@pytest.mark.parametrize(
    ("words", "pack"),
    [
        ((), lambda file: None),
        ((), lambda file: file.write_bytes(gzip.compress(file.read_bytes()))),
        (("--databases", "kept", "--add-drop-database", "--triggers", "--events", "--routines"), lambda file: None),
        (("--all-databases", "--events"), lambda file: None),
        (("--compact", "--skip-extended-insert", "kept"), lambda file: None),
    ],
    ids=["plain", "gzip", "names-its-database", "whole-server", "compact"],
)
def test_a_dump_restores_and_holds_the_live_data(
    shop: MariaDB, backups: Backups, tmp_path: Path, words: tuple[str, ...], pack: Callable[[Path], object]
) -> None:
    pack(dump(shop, tmp_path, *words))
    assert (backups.damage().count, backups.damage().sample) == (0, ())
    lacking = backups.lacking_live_data()
    assert (lacking.count, lacking.of) == (0, 2)


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size * 2 // 3)


def cut_between_two_statements(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: content.rfind(b"/*!50003 SET sql_mode")])


def a_broken_word(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"INSERT INTO `sales` VALUES", b"INSERT INTO `sales` VALUEZ", 1))


@pytest.mark.parametrize("damage", [cut, cut_between_two_statements, a_broken_word])
def test_a_damaged_dump_does_not_restore(
    shop: MariaDB, backups: Backups, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    damage(dump(shop, tmp_path))
    assert backups.damage().count == 1
    with pytest.raises(CheckFailed):
        backups.lacking_live_data()


def test_a_dump_that_lacks_a_table_is_told(shop: MariaDB, tmp_path: Path) -> None:
    dump(shop, tmp_path, "kept", "--ignore-table=kept.sales", "--ignore-table=kept.latest")
    looking = Backups(target_of(shop, tmp_path))
    assert [row["trouble"] for row in looking.lacking_live_data().sample] == ["is not in the backup"]
    looking.close()


def test_fresh_dump_of_old_data_lacks_rows(shop: MariaDB, tmp_path: Path) -> None:
    file = dump(shop, tmp_path)
    taken = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    file.with_name(file.name + ".json").write_text(json.dumps({"started_at": taken, "finished_at": taken}))
    shop.execute(
        "INSERT INTO sales (id, branch_id, created_at) SELECT 10000 + seq, 1, UTC_TIMESTAMP() - INTERVAL 2 HOUR"
        " FROM seq_1_to_60",
        database="kept",
    )
    looking = Backups(target_of(shop, tmp_path, manifest=".json"))
    try:
        assert [row["table"] for row in looking.lacking_live_data().sample] == ["sales"]
    finally:
        looking.close()
        shop.execute("DELETE FROM sales WHERE id > 9999", database="kept")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"DROP TABLE `kept`.`sales`;\n", "names a database at its tables"),
        (b"DELETE FROM sales;\n", "does more than build tables"),
        (b"\\! touch somewhere\n", "does more than build tables"),
    ],
)
def test_a_script_that_could_reach_the_live_database_is_not_run(
    shop: MariaDB, backups: Backups, tmp_path: Path, line: bytes, words: str
) -> None:
    file = dump(shop, tmp_path)
    file.write_bytes(file.read_bytes() + line)
    with pytest.raises(NotCovered, match=words):
        backups.damage()


def test_what_belongs_to_the_whole_server_is_left_out(shop: MariaDB, backups: Backups, tmp_path: Path) -> None:
    file = dump(shop, tmp_path)
    file.write_bytes(
        b"-- MariaDB dump 10.19\nSET @@GLOBAL.max_connections = 7;\nCREATE USER intruder@localhost;\n"
        b"SET GLOBAL GTID_SLAVE_POS='0-1-1,\n0-2-2';\n" + file.read_bytes()
    )
    assert backups.damage().count == 0
    engine = create_engine(shop.url())
    with engine.connect() as connection:
        assert connection.execute(text("SELECT @@global.max_connections")).scalar() == 151
        assert not connection.execute(text("SELECT 1 FROM mysql.user WHERE User = 'intruder'")).all()
    engine.dispose()


def test_a_user_with_rights_on_scratch_databases_only_is_enough(shop: MariaDB, tmp_path: Path) -> None:
    dump(shop, tmp_path)
    shop.execute(
        "CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'sesame'",
        "GRANT SELECT ON kept.* TO reader@'127.0.0.1'",
    )
    looking = Backups(target_of(shop, tmp_path, user="reader"))
    with pytest.raises(NotCovered, match="may not create a scratch database"):
        looking.damage()
    shop.execute(r"GRANT ALL ON `hypercare\_scratch\_%`.* TO reader@'127.0.0.1'")
    assert (looking.damage().count, looking.lacking_live_data().count) == (0, 0)
    looking.close()


def test_a_scratch_server_of_its_own_is_used_and_its_outage_is_ours(shop: MariaDB, tmp_path: Path) -> None:
    dump(shop, tmp_path)
    elsewhere = shop.url().set(host="127.0.0.1", port=1).render_as_string(hide_password=False)
    looking = Backups(target_of(shop, tmp_path, scratch=elsewhere))
    with pytest.raises(MonitorFault, match="scratch server does not let us in"):
        looking.damage()
    looking.close()


KILLED = """
import time
from tests.engines import test_backups_of_mariadb as tests
from tests.engines.mariadb_server import MariaDB
from pathlib import Path
from hypercare.backups import Backups
shop = MariaDB([], {port}, Path("unused"))
looking = Backups(tests.target_of(shop, Path({folder!r})))
assert looking.damage().count == 0
print("restored", flush=True)
time.sleep(60)
"""


def test_what_a_killed_run_left_is_swept_at_the_next_start(shop: MariaDB, tmp_path: Path) -> None:
    dump(shop, tmp_path)
    script = KILLED.format(port=shop.port, folder=str(tmp_path))
    run = subprocess.Popen([sys.executable, "-c", script], cwd=PROJECT, stdout=subprocess.PIPE)
    assert run.stdout is not None and run.stdout.readline() == b"restored\n"
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    run.stdout.close()
    left = [name for name in shop.databases() if name.startswith("hypercare")]
    assert len(left) == 1 and list((tmp_path / "state" / "scratch").iterdir())
    looking = Backups(target_of(shop, tmp_path))
    assert looking.damage().count == 0
    assert left[0] not in shop.databases()
    looking.close()
    assert not [name for name in shop.databases() if name.startswith("hypercare")]
    assert not list((tmp_path / "state" / "scratch").iterdir())


OPENSSL = ("openssl", "enc", "-d", "-aes-256-cbc", "-pbkdf2", "-pass")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed on this machine")
@pytest.mark.parametrize(
    ("decrypt", "trouble"),
    [
        ([], "it is encrypted, and we have no key"),
        ([*OPENSSL, "pass:right"], ""),
        ([*OPENSSL, "pass:lost"], "the key that we have does not open it"),
    ],
    ids=["no-key", "right-key", "lost-key"],
)
def test_an_encrypted_dump_is_only_as_good_as_its_key(
    shop: MariaDB, tmp_path: Path, decrypt: list[str], trouble: str
) -> None:
    file = dump(shop, tmp_path)
    sealed = file.with_suffix(".sql.enc")
    subprocess.run(
        ["openssl", "enc", "-aes-256-cbc", "-pbkdf2", "-pass", "pass:right", "-in", file, "-out", sealed], check=True
    )
    file.unlink()
    looking = Backups(target_of(shop, tmp_path, decrypt=decrypt))
    found = looking.damage()
    looking.close()
    assert found.count == bool(trouble)
    assert not trouble or trouble in str(found.sample[0]["trouble"])
