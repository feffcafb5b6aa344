"""Tables that lie elsewhere than an unqualified name leads are looked at like any other, each once."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from hypercare.backups import Backups
from hypercare.database.database import Database
from hypercare.database.disk_space import read_something
from hypercare.history.memory import Memory
from hypercare.history.store import History
from hypercare.integrity import Integrity
from hypercare.outcome.intake import listening
from hypercare.outcome.signals import CheckFailed, MonitorFault, NotCovered
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.target import Target
from tests.engines.mariadb_server import MariaDB
from tests.engines.postgresql_server import PostgreSQL

SCHEMA = (
    "CREATE SCHEMA trade",
    "CREATE SCHEMA goods",
    "CREATE SCHEMA foreign_affairs",
    "CREATE DOMAIN trade.pieces AS int CHECK (VALUE > 0)",
    "CREATE TABLE goods.thing (id int PRIMARY KEY, name text NOT NULL)",
    "CREATE TABLE trade.deal (id int PRIMARY KEY, made timestamp NOT NULL, total numeric CHECK (total >= 0))",
    "CREATE TABLE trade.deal_line (id int PRIMARY KEY, deal int REFERENCES trade.deal, many trade.pieces,"
    " thing int REFERENCES goods.thing)",
    "CREATE TABLE trade.visit (id int, at date, deal int REFERENCES trade.deal) PARTITION BY RANGE (at)",
    "CREATE TABLE trade.visit_2025 PARTITION OF trade.visit FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    "CREATE TABLE trade.visit_2026 PARTITION OF trade.visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    "CREATE FUNCTION trade.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER keeps_stock AFTER INSERT ON trade.deal_line FOR EACH ROW EXECUTE FUNCTION trade.nothing()",
    "INSERT INTO goods.thing SELECT n, 't' || n FROM generate_series(1, 20) n",
    "INSERT INTO trade.deal SELECT n, now() - n * interval '5 hours' - interval '1 day', n"
    " FROM generate_series(1, 80) n",
    "INSERT INTO trade.deal_line SELECT n, n, 1, 1 + n % 20 FROM generate_series(1, 80) n",
    "INSERT INTO trade.visit SELECT n, date '2025-06-01' + n * 5, n FROM generate_series(1, 80) n",
    "CREATE TABLE foreign_affairs.other (id int PRIMARY KEY, owner int)",
)
MAPPING = {"sale": {"table": "trade.deal", "columns": {"id": "id", "created_at": "made", "total": "total"}}}
WITH_A_SELECT = {"sale": {"select": "select d.* from trade.deal d", "columns": {"id": "id", "total": "total"}}}
PAST_ITS_KEYS = "SET session_replication_role = replica; "


@pytest.fixture
def shop(postgresql: PostgreSQL) -> Iterator[PostgreSQL]:
    postgresql.execute("CREATE DATABASE traders")
    postgresql.execute(*SCHEMA, database="traders")
    yield postgresql
    postgresql.execute("DROP DATABASE traders WITH (FORCE)")


def target_of(url: str, mapping: dict[str, Any], state: Path, **sections: Any) -> Target:
    config = TargetConfig.model_validate(
        {
            "target": {"name": "tried"},
            "business": {"timezone": "UTC", "go_live": date(2026, 1, 8)},
            "database": {"url": url},
            "mapping": mapping,
            **sections,
        }
    )
    return Target(config, state, datetime.now(UTC))


def database_of(server: PostgreSQL, mapping: dict[str, Any]) -> Database:
    return Database(target_of(server.url("traders").render_as_string(hide_password=False), mapping, Path("unused")))


def dangling(database: Database) -> tuple[int, int]:
    """How many point to nothing, and how many references were followed."""
    with listening() as heard:
        found = Integrity(database).against_declared_references()
    database.close()
    return found.count, next(one.understood for (_, what), one in heard.items() if what == "references")


@pytest.mark.parametrize("mapping", [MAPPING, WITH_A_SELECT], ids=["table", "select"])
def test_references_of_a_schema_that_the_mapping_names_are_followed(shop: PostgreSQL, mapping: dict[str, Any]) -> None:
    assert dangling(database_of(shop, mapping)) == (0, 3)
    shop.execute(
        PAST_ITS_KEYS + "INSERT INTO trade.deal_line VALUES (900, 1, 1, 888); INSERT INTO trade.visit"
        " VALUES (1, '2025-02-01', 777), (2, '2026-02-01', 777)",
        database="traders",
    )
    assert dangling(database_of(shop, mapping)) == (3, 3)


def test_all_schemas_of_the_search_path_are_the_sessions_own(shop: PostgreSQL) -> None:
    shop.execute("ALTER DATABASE traders SET search_path = goods, trade", database="traders")
    shop.execute(PAST_ITS_KEYS + "INSERT INTO trade.deal_line VALUES (900, 1, 1, 888)", database="traders")
    assert dangling(database_of(shop, {}))[0] == 1


def test_without_any_reference_to_follow_nothing_passes(shop: PostgreSQL) -> None:
    with pytest.raises(NotCovered, match="there are no references to look at"):
        Integrity(database_of(shop, {})).against_declared_references()


def test_a_database_whose_default_schema_is_empty_is_not_empty(shop: PostgreSQL) -> None:
    assert read_something(database_of(shop, {})) == 5


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("ALTER TABLE trade.deal DROP CONSTRAINT deal_total_check", "trade.deal.deal_total_check"),
        ("ALTER TABLE trade.deal_line DROP CONSTRAINT deal_line_thing_fkey", "trade.deal_line.thing → goods.thing.id"),
        ("ALTER TABLE trade.deal_line ALTER many TYPE int", "trade.deal_line.many by pieces"),
        ("DROP TRIGGER keeps_stock ON trade.deal_line", "trade.deal_line, trigger keeps_stock"),
        ("DROP TABLE trade.visit_2025", ""),
        ("ALTER TRIGGER keeps_stock ON trade.deal_line RENAME TO keeps_the_stock", ""),
        ("CREATE TRIGGER pt_osc_deal AFTER INSERT ON trade.deal FOR EACH ROW EXECUTE FUNCTION trade.nothing()", ""),
    ],
)
def test_a_rule_that_is_declared_no_more_is_missed(shop: PostgreSQL, tmp_path: Path, change: str, rule: str) -> None:
    history = History(tmp_path / "history.sqlite", "tried")

    def lost() -> list[str]:
        database = database_of(shop, {**MAPPING, "product": {"table": "goods.thing", "columns": ["id"]}})
        rows = Integrity(database, Memory(lambda: history)).no_longer_declared().sample
        database.close()
        return [str(row["rule"]) for row in rows]

    assert lost() == []
    shop.execute(change, database="traders")
    assert lost() == ([rule] if rule else [])
    shop.execute("DROP TRIGGER IF EXISTS pt_osc_deal ON trade.deal", database="traders")
    assert lost() == ([rule] if rule else [])


def test_a_check_of_a_domain_that_was_never_validated_is_told(shop: PostgreSQL) -> None:
    shop.execute("ALTER DOMAIN trade.pieces ADD CONSTRAINT few CHECK (VALUE < 9) NOT VALID", database="traders")
    found = Integrity(database_of(shop, MAPPING)).not_enforced()
    assert [(row["table"], row["constraint"]) for row in found.sample] == [("pieces", "few")]


@pytest.mark.long
@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("trade.paper.deal", "trade.deal.id"),  # a text against a number
        ("trade.paper.branch+no", "trade.receipt.branch+no"),
        ("trade.paper.receipt", "trade.receipt.id"),  # a text against a uuid
    ],
)
def test_agreed_references_may_differ_in_type_and_be_of_several_columns(
    shop: PostgreSQL, child: str, parent: str
) -> None:
    shop.execute(
        "CREATE TABLE trade.receipt (id uuid PRIMARY KEY, branch int, no int)",
        "INSERT INTO trade.receipt SELECT md5(n::text)::uuid, n % 2, n FROM generate_series(1, 10) n",
        "CREATE TABLE trade.paper (deal varchar(9), branch smallint, no bigint, receipt text)",
        "INSERT INTO trade.paper SELECT n, n % 2, n, md5(n::text)::uuid FROM generate_series(1, 10) n",
        database="traders",
    )
    mapping = {"agreed": {"references": [{"child": child, "parent": parent}]}}
    assert Integrity(database_of(shop, mapping)).against_agreed_references().count == 0
    shop.execute("UPDATE trade.paper SET deal = 999, branch = 1, receipt = 'none' WHERE no = 4", database="traders")
    assert Integrity(database_of(shop, mapping)).against_agreed_references().count == 1


@pytest.fixture
def backups(shop: PostgreSQL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backups]:
    monkeypatch.setenv("PATH", f"{shop.programs}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "b").mkdir()
    url = shop.url("traders").render_as_string(hide_password=False)
    section = {"directory": str(tmp_path / "b"), "manifest": ""}
    looking = Backups(target_of(url, MAPPING, tmp_path / "state", backups=section))
    yield looking
    looking.close()


def dump(shop: PostgreSQL, folder: Path, *words: str) -> Path:
    place = folder / f"traders-{datetime.now(UTC):%Y%m%d-%H%M%S}.dump"
    us = ["-h", str(shop.folder), "-U", "postgres", "-d", "traders", "-f", str(place)]
    subprocess.run([shop.programs / "pg_dump", *us, *words], check=True)
    return place


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        (("-Fc",), set()),
        (("-Fp",), set()),
        (("-Fc", "-N", "trade"), {"trade.deal", "trade.deal_line", "trade.visit"}),
        (("-Fc", "--exclude-table-data=trade.*"), {"trade.deal", "trade.deal_line", "trade.visit"}),
    ],
    ids=["whole", "script", "without a schema", "without its rows"],
)
def test_a_backup_that_lacks_what_is_mapped_elsewhere_is_found(
    shop: PostgreSQL, backups: Backups, tmp_path: Path, words: tuple[str, ...], lacks: set[str]
) -> None:
    dump(shop, tmp_path / "b", *words)
    found = backups.lacking_live_data()
    assert ({row["table"] for row in found.sample}, found.of) == (lacks, 3)


def test_a_dump_of_a_newer_program_restores(shop: PostgreSQL, backups: Backups, tmp_path: Path) -> None:
    script = dump(shop, tmp_path / "b", "-Fp")
    of_18 = "\\restrict x1\n\nSET statement_timeout = 0;\nSET transaction_timeout = 0;\n"
    script.write_text(script.read_text().replace("SET statement_timeout = 0;\n", of_18) + "\\unrestrict x1\n")
    assert backups.lacking_live_data().count == 0


def test_what_only_a_newer_server_could_load_is_our_own_trouble(
    shop: PostgreSQL, backups: Backups, tmp_path: Path
) -> None:
    script = dump(shop, tmp_path / "b", "-Fp")
    text = script.read_text()
    own = shop.programs.parent.name
    broken = text.replace("CREATE SCHEMA trade;", "CREATE SCHEMA trade OF THE FUTURE;")
    script.write_text(broken.replace(f"Dumped from database version {own}", "Dumped from database version 99"))
    with pytest.raises(MonitorFault, match=f"the scratch server is of version {own}, and the backup of 99"):
        backups.lacking_live_data()
    script.write_text(broken)
    with pytest.raises(CheckFailed, match="cannot be restored"):
        backups.lacking_live_data()


def test_a_table_that_our_user_may_not_read_keeps_no_other_from_being_compared(
    shop: PostgreSQL, backups: Backups, tmp_path: Path
) -> None:
    dump(shop, tmp_path / "b", "-Fc", "--exclude-table-data=trade.visit*")
    shop.execute(
        "CREATE ROLE clerk LOGIN",
        "GRANT USAGE ON SCHEMA trade TO clerk",
        "GRANT SELECT ON trade.visit, trade.deal_line TO clerk",
        database="traders",
    )
    url = shop.url("traders").set(username="clerk").render_as_string(hide_password=False)
    scratch = shop.url().render_as_string(hide_password=False)
    section = {"directory": str(tmp_path / "b"), "manifest": "", "scratch": scratch}
    as_clerk = Backups(target_of(url, MAPPING, tmp_path / "clerk", backups=section))
    try:
        with listening() as heard:
            assert [row["table"] for row in as_clerk.lacking_live_data().sample] == ["trade.visit"]
        assert [(one.read, one.understood) for (_, what), one in heard.items() if what == "tables"] == [(3, 2)]
    finally:
        as_clerk.close()
        shop.execute("DROP OWNED BY clerk", "DROP ROLE clerk", database="traders")


def test_tables_of_another_database_of_a_mariadb_are_looked_at(mariadb: MariaDB) -> None:
    mariadb.execute("CREATE DATABASE front", "CREATE DATABASE back_office")
    mariadb.execute(
        "CREATE TABLE front.deal (id int PRIMARY KEY)",
        "CREATE TABLE back_office.bill (id int PRIMARY KEY, state enum('open', 'paid'), total int CHECK (total >= 0))",
        "CREATE TABLE back_office.bill_line (id int PRIMARY KEY, bill int, FOREIGN KEY (bill) REFERENCES bill (id))",
        database="back_office",
    )
    mariadb.execute(
        ["SET foreign_key_checks = 0", "SET check_constraint_checks = 0"][0],
        "INSERT INTO bill_line VALUES (1, 9)",
        "SET check_constraint_checks = 0",
        "INSERT INTO bill VALUES (1, 'open', -5)",
        database="back_office",
    )
    mapping = {"payment": {"table": "back_office.bill", "columns": {"id": "id", "amount": "total"}}}
    url = mariadb.url("front").render_as_string(hide_password=False)
    database = Database(target_of(url, mapping, Path("unused")))
    integrity = Integrity(database)
    try:
        assert [row["table"] for row in integrity.against_declared_references().sample] == ["back_office.bill_line"]
        assert [row["table"] for row in integrity.against_declared_rules().sample] == ["back_office.bill"]
        assert integrity.damaged().count == 0
    finally:
        database.close()
        mariadb.execute("DROP DATABASE front", "DROP DATABASE back_office")
