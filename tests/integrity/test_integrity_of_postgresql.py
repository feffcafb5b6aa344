"""The same on a real PostgreSQL: what the catalogue vouches for, what is scanned, and restores of real dumps."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from hypercare.backups import Backups
from hypercare.database.database import Database
from hypercare.database.disk_space import read_something, short_of_room
from hypercare.database.writing import kept_from_writing
from hypercare.integrity import Integrity, corruption
from hypercare.outcome import evidence
from hypercare.outcome.signals import ChannelDown, CheckFailed, NotCovered
from hypercare.target_file.config import BackupsSection, DatabaseSection, TargetConfig, TargetSection
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.target import Target
from tests.engines.packaged_postgresql import packaged_postgresql

pytestmark = pytest.mark.engine

pgserver = packaged_postgresql()

PROGRAMS = max(Path(pgserver.__file__).parent.glob("pginstall*/bin"))  # of the server's own version
NOW = datetime.now(UTC)
SCHEMA = """
CREATE TABLE branches (id int PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE sales (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    branch_id int NOT NULL REFERENCES branches (id),
    total numeric(12, 2) NOT NULL CHECK (total >= 0),
    created_at timestamptz NOT NULL
);
INSERT INTO branches VALUES (1, 'HAR'), (2, 'OLD');
INSERT INTO sales (branch_id, total, created_at)
    SELECT 1 + n % 2, n, now() - interval '3 hours' - n * interval '10 minutes' FROM generate_series(1, 3000) n;
"""


@pytest.fixture(scope="module")
def server():
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket may not be long
    running = pgserver.get_server(folder / "data")
    yield running
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(server, request):
    """A database of this test's own."""
    name = f"shop_{abs(hash(request.node.name)) % 10**8}"
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    execute(address, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    own = address.set(database=name)
    execute(own, SCHEMA)
    yield own
    execute(address, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def execute(address, *statements):
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def target_of(url, folder: Path) -> Target:
    config = TargetConfig(
        target=TargetSection(name="tried"),
        business=BusinessSection(timezone="Europe/Berlin", go_live="2026-01-08"),
        database=DatabaseSection(url=url.render_as_string(hide_password=False)),
        backups=BackupsSection(directory=str(folder / "backups")),
    )
    return Target(config, folder / "state", NOW)


@pytest.fixture
def integrity(url, tmp_path):
    database = Database(target_of(url, tmp_path))
    yield Integrity(database)
    database.close()


QUESTIONS = ("damaged", "not_enforced", "against_declared_rules", "against_declared_references")


def seen_by(integrity) -> set[str]:
    return {question for question in QUESTIONS if getattr(integrity, question)().count}


@pytest.mark.parametrize(
    ("statements", "seen"),
    [
        ((), set()),
        (("ALTER TABLE sales DISABLE TRIGGER ALL",), {"not_enforced"}),
        (
            (
                "SET session_replication_role = replica",
                "UPDATE sales SET branch_id = 9 WHERE id < 4",
                "SET session_replication_role = origin",
            ),
            {"against_declared_references"},
        ),
        (("ALTER TABLE sales ADD CONSTRAINT small CHECK (total < 1000000) NOT VALID",), {"not_enforced"}),
        (
            ("ALTER TABLE sales ADD CONSTRAINT small CHECK (total < 10) NOT VALID",),
            {"not_enforced", "against_declared_rules"},
        ),
        (
            ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'branches_code_key'::regclass",),
            {"not_enforced", "damaged"},
        ),
    ],
    ids=["sound", "key-switched-off", "orphans", "never-validated", "broken-and-never-validated", "invalid-index"],
)
def test_each_break_is_seen_where_it_belongs(url, integrity, statements, seen):
    execute(url, *statements)
    assert seen_by(integrity) == seen


def test_keys_switched_off_for_a_database_are_seen(url, integrity):
    execute(url, f'ALTER DATABASE "{url.database}" SET session_replication_role = replica')
    assert "not_enforced" in seen_by(integrity)


def file_on_disk(url) -> Path:
    """The file of a table of which the server has nothing in memory: written anew past it, and without an index."""
    execute(url, "CREATE TABLE papers AS SELECT n, repeat('x', 500) AS body FROM generate_series(1, 500) n")
    execute(url, "VACUUM FULL papers", "CHECKPOINT")
    engine = create_engine(url)
    with engine.connect() as connection:
        folder = connection.execute(text("SHOW data_directory")).scalar_one()
        file = connection.execute(text("SELECT pg_relation_filepath('papers')")).scalar_one()
    engine.dispose()
    return Path(folder) / file


def test_a_damaged_page_is_read_and_told(url, integrity):
    with file_on_disk(url).open("r+b") as opened:
        opened.seek(3 * 8192)
        opened.write(b"\x5a" * 64)
    kept = []
    with evidence.collecting(kept.append):
        damaged = integrity.damaged()
    assert [row["table"] for row in damaged.sample] == ["papers"]
    assert "invalid page" in damaged.sample[0]["engine_says"]
    (looked,) = [one.body for one in kept if one.name == "what was looked at"]
    assert "papers,damaged" in looked and "branches,every page read" in looked


def test_a_file_that_is_gone_is_damage(url, integrity):
    file = file_on_disk(url)
    away = file.rename(file.with_suffix(".away"))
    try:
        assert [row["table"] for row in integrity.damaged().sample] == ["papers"]
    finally:
        away.rename(file)


def test_a_locked_table_is_left_out_and_said(url, integrity):
    engine = create_engine(url)
    kept = []
    with engine.connect() as holder, evidence.collecting(kept.append):
        holder.execute(text("LOCK TABLE sales IN ACCESS EXCLUSIVE MODE"))
        assert integrity.damaged().count == 0
    engine.dispose()
    (looked,) = [one.body for one in kept if one.name == "what was looked at"]
    assert "sales,was locked" in looked


def test_where_our_user_may_read_nothing_damage_is_not_covered(url, tmp_path, monkeypatch):
    monkeypatch.setattr(corruption, "_HAS_CHECKSUMS", text("SELECT false"))
    execute(url, "DROP ROLE IF EXISTS reader", "CREATE ROLE reader LOGIN")
    database = Database(target_of(url.set(username="reader"), tmp_path))
    with pytest.raises(NotCovered, match="read none of its tables"):
        Integrity(database).damaged()
    database.close()
    execute(url, "DROP ROLE reader")


def test_a_server_that_drops_us_midway_is_a_way_down(url, integrity):
    with pytest.raises(ChannelDown), integrity._connection() as connection:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        execute(url, f"SELECT pg_terminate_backend({own})")
        corruption.damage(connection, timedelta(seconds=10))


def test_room_and_writing(url, integrity):
    database = integrity._database
    assert read_something(database) == 2
    room, writing = short_of_room(database), kept_from_writing(database)
    assert (room.found.count, writing.found.count) == (0, 0)
    room.require_all_seen()
    writing.require_all_seen()
    database.close()
    execute(url, f'ALTER DATABASE "{url.database}" SET default_transaction_read_only = on')
    assert kept_from_writing(database).found.count == 1


def dump(url, folder: Path, form: str) -> Path:
    file = folder / "backups" / f"shop.{form}"
    file.parent.mkdir(exist_ok=True)
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([PROGRAMS / "pg_dump", f"--format={form}", f"--file={file}", f"--dbname={address}"], check=True)
    taken = datetime.now(UTC)
    manifest(file, taken)
    return file


def manifest(file: Path, taken: datetime) -> None:
    size = file.stat().st_size
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    content = {"started_at": taken.isoformat(), "finished_at": taken.isoformat(), "bytes": size, "sha256": digest}
    content["tables"] = {"branches": 2, "sales": 3000}
    file.with_name(file.name + ".json").write_text(json.dumps(content))


@pytest.fixture
def backups(url, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    looking = Backups(target_of(url, tmp_path))
    yield looking
    looking.close()
    engine = create_engine(url)
    with engine.connect() as connection:
        left = connection.execute(text("SELECT datname FROM pg_database WHERE datname LIKE 'hypercare%'")).all()
    engine.dispose()
    assert left == []


@pytest.mark.parametrize("form", ["custom", "plain", "tar"])
def test_a_dump_restores_and_holds_the_live_data(url, backups, tmp_path, form):
    dump(url, tmp_path, form)
    assert backups.damage().count == 0
    assert backups.other_than_manifest().count == 0
    assert backups.lacking_live_data().count == 0


def cut(file: Path, share: float = 0.6) -> None:
    os.truncate(file, int(file.stat().st_size * share))


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    at = len(content) * 2 // 3
    content[at] ^= 0xFF
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("form", "damage"), [("custom", cut), ("custom", flip), ("plain", cut)], ids=["cut", "bit-flipped", "script-cut"]
)
def test_a_damaged_dump_does_not_restore(url, backups, tmp_path, form, damage):
    file = dump(url, tmp_path, form)
    damage(file)
    manifest(file, datetime.now(UTC))
    assert backups.damage().count == 1
    with pytest.raises(CheckFailed):
        backups.lacking_live_data()


def test_a_script_cut_between_two_statements_is_told_by_its_missing_end(url, backups, tmp_path):
    file = dump(url, tmp_path, "plain")
    content = file.read_bytes()
    file.write_bytes(content[: content.rfind(b"ALTER TABLE")])
    manifest(file, datetime.now(UTC))
    assert backups.damage().count == 1


def test_a_fresh_dump_of_old_data_lacks_rows(url, backups, tmp_path):
    file = dump(url, tmp_path, "custom")
    manifest(file, datetime.now(UTC) + timedelta(minutes=30))
    execute(
        url,
        "INSERT INTO sales (branch_id, total, created_at) SELECT 1, n, now() - interval '1 hour' - n * interval '1 s'"
        " FROM generate_series(1, 60) n",
    )
    assert [row["table"] for row in backups.lacking_live_data().sample] == ["sales"]


def test_without_the_right_to_create_a_database_it_is_not_covered(url, backups, tmp_path):
    dump(url, tmp_path, "custom")
    execute(
        url,
        "DROP ROLE IF EXISTS watcher",
        "CREATE ROLE watcher LOGIN",
        f'GRANT CONNECT ON DATABASE "{url.database}" TO watcher',
    )
    looking = Backups(target_of(url.set(username="watcher"), tmp_path))
    with pytest.raises(NotCovered):
        looking.damage()
    looking.close()
    execute(url, f'REVOKE ALL ON DATABASE "{url.database}" FROM watcher', "DROP ROLE watcher")


def test_a_table_of_another_schema_is_in_nobodys_way(url, integrity):
    old_sales = "CREATE TABLE attic.sales_of_old (id int PRIMARY KEY, branch_id int REFERENCES branches (id))"
    execute(url, "CREATE SCHEMA attic", old_sales)
    assert seen_by(integrity) == set()
