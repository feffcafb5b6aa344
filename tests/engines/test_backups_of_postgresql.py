"""Every form in which a PostgreSQL is dumped restores, and none of them reaches the live database."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from hypercare.backups import Backups
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.packaged_postgresql import packaged_postgresql

pytestmark = pytest.mark.engine

pgserver = packaged_postgresql()

PROGRAMS = max(Path(pgserver.__file__).parent.glob("pginstall*/bin"))  # of the server's own version
SCHEMA = (
    "CREATE TABLE branches (id int PRIMARY KEY, code text NOT NULL UNIQUE)",
    "CREATE TABLE sales (id int PRIMARY KEY, branch_id int REFERENCES branches (id), note text,"
    " created_at timestamptz)",
    "CREATE FUNCTION odd() RETURNS text LANGUAGE plpgsql AS $$ BEGIN -- it's odd\n RETURN 'it''s'; END $$",
    "INSERT INTO branches VALUES (1, 'HAR'), (2, 'OLD')",
    r"INSERT INTO sales SELECT n, 1 + n % 2, E'\\connect postgres\n\\! x\nDROP TABLE ''sales'';', now() - n * interval"
    " '1 minute' - interval '3 hours' FROM generate_series(1, 500) n",
    "DO $$ BEGIN CREATE ROLE clerk; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    "GRANT SELECT ON sales TO clerk",
    "ALTER TABLE branches OWNER TO clerk",
)


@pytest.fixture(scope="module")
def url() -> Iterator[URL]:
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket may not be long
    server = pgserver.get_server(folder / "data")
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    execute(address, "CREATE DATABASE shop", "CREATE DATABASE wiki")
    execute(address.set(database="shop"), *SCHEMA)
    execute(address.set(database="wiki"), "CREATE TABLE pages (id int)")
    yield address.set(database="shop")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def execute(address: URL, *statements: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement.replace(":", r"\:")))
    engine.dispose()


def asked(address: URL, question: str) -> list[object]:
    engine = create_engine(address)
    with engine.connect() as connection:
        found = list(connection.execute(text(question)).scalars())
    engine.dispose()
    return found


@pytest.fixture
def backups(url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backups]:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "backups").mkdir()
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "Europe/Berlin", "go_live": date(2026, 1, 8)},
            "database": {"url": url.render_as_string(hide_password=False)},
            "backups": {"directory": str(tmp_path / "backups"), "manifest": ""},
        }
    )
    looking = Backups(Target(config, tmp_path / "state", datetime.now(UTC)))
    yield looking
    looking.close()
    assert not asked(url, "SELECT datname FROM pg_database WHERE datname LIKE 'hypercare%'")
    assert asked(url, "SELECT count(*) FROM sales") == [500]


def dump(url: URL, place: Path, *words: str, tool: str = "pg_dump") -> Path:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([PROGRAMS / tool, *words, f"--file={place}", f"--dbname={address}"], check=True)
    return place


def packed(path: Path) -> None:
    path.with_suffix(".gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def bundled(path: Path) -> None:
    with tarfile.open(path.with_suffix(".tar.gz"), "w:gz") as archive:
        archive.add(path, arcname=f"2026-01-15/{path.name}")
    shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize(
    ("words", "tool", "after"),
    [
        (("--format=directory",), "pg_dump", lambda path: None),
        (("--format=directory", "--compress=0"), "pg_dump", bundled),
        (("--format=plain",), "pg_dump", packed),
        (("--format=plain", "--create", "--clean"), "pg_dump", lambda path: None),
        (("--format=plain", "--clean"), "pg_dump", bundled),
        (("--format=plain", "--inserts"), "pg_dump", lambda path: None),
        (("--clean",), "pg_dumpall", lambda path: None),
    ],
    ids=["directory", "directory-in-tar", "plain-gzip", "creates", "cleans", "inserts", "whole-server"],
)
def test_a_dump_restores_and_holds_the_live_data(
    url: URL, backups: Backups, tmp_path: Path, words: tuple[str, ...], tool: str, after: Callable[[Path], None]
) -> None:
    after(dump(url, tmp_path / "backups" / "shop", *words, tool=tool))
    damage = backups.damage()
    assert (damage.count, damage.sample) == (0, ())
    lacking = backups.lacking_live_data()
    assert (lacking.count, lacking.of) == (0, 2)


def test_a_directory_that_lacks_a_file_does_not_restore(url: URL, backups: Backups, tmp_path: Path) -> None:
    folder = dump(url, tmp_path / "backups" / "shop", "--format=directory")
    max(folder.glob("*.dat.gz"), key=lambda file: file.stat().st_size).unlink()
    assert backups.damage().count == 1


def test_a_script_that_gives_commands_is_not_run(url: URL, backups: Backups, tmp_path: Path) -> None:
    file = dump(url, tmp_path / "backups" / "shop", "--format=plain")
    file.write_bytes(b"\\! touch somewhere\n" + file.read_bytes())
    with pytest.raises(NotCovered, match="does more than build tables"):
        backups.damage()


def test_a_copy_of_a_whole_server_is_said_not_to_be_started(backups: Backups, tmp_path: Path) -> None:
    folder = tmp_path / "backups" / "base-20260115"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(NotCovered, match="whole server's files"):
        backups.damage()
