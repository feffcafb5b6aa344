"""Corruption, constraints and references of SQLite files, each broken in the way it happens."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.integrity import Integrity
from hypercare.integrity.declared import checks_in
from hypercare.outcome.signals import ChannelDown, CheckFailed, NotCovered
from hypercare.target_file.config import DatabaseSection, TargetConfig, TargetSection
from hypercare.target_file.mapping import MappingConfig
from hypercare.target_file.sections.business import BusinessSection
from hypercare.target_file.target import Target

SCHEMA = """
CREATE TABLE branches (id INTEGER PRIMARY KEY, code VARCHAR(8) NOT NULL UNIQUE);
CREATE TABLE "sales" (
    id INTEGER NOT NULL PRIMARY KEY,
    number VARCHAR(20), -- given when final (a comment with a CHECK ( in it)
    branch_id INTEGER NOT NULL REFERENCES branches (id),
    state VARCHAR(10) NOT NULL,
    total NUMERIC(12, 2) NOT NULL,
    seen_by INTEGER,
    CONSTRAINT state_known CHECK (state IN ('draft', 'final', 'a (strange'' one')),
    CHECK (total >= 0),
    UNIQUE (number)
);
INSERT INTO branches VALUES (1, 'HAR'), (2, 'OLD');
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "shop.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    rows = [(f"N-{number}", 1 + number % 2, "final", number, 1) for number in range(2000)]
    connection.executemany("INSERT INTO sales (number, branch_id, state, total, seen_by) VALUES (?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return path


@pytest.fixture
def integrity(file):
    config = TargetConfig(
        target=TargetSection(name="tried"),
        business=BusinessSection(timezone="Europe/Berlin", go_live="2026-01-08"),
        database=DatabaseSection(url=f"sqlite:///{file}"),
        mapping=MappingConfig.model_validate(
            {
                "agreed": {
                    "references": [{"child": "sales.seen_by", "parent": "branches.id", "where": "state = 'final'"}],
                    "rules": [{"table": "sales", "name": "A total is below a million", "holds": "total < 1000000"}],
                }
            }
        ),
    )
    return Integrity(Database(Target(config, file.parent / "state", datetime(2026, 1, 15, 16, tzinfo=UTC))))


QUESTIONS = (
    "damaged",
    "not_enforced",
    "against_declared_rules",
    "against_agreed_rules",
    "against_declared_references",
    "against_agreed_references",
)


def seen_by(integrity) -> dict[str, int]:
    return {question: count for question in QUESTIONS if (count := getattr(integrity, question)().count)}


def change(file: Path, *statements: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def written_past_not_null(file):
    change(
        file,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'total NUMERIC(12, 2) NOT NULL', 'total NUMERIC(12, 2)')",
    )
    change(file, "UPDATE sales SET total = NULL WHERE id IN (5, 6)")
    change(
        file,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'total NUMERIC(12, 2)', 'total NUMERIC(12, 2) NOT NULL')",
    )


@pytest.mark.parametrize(
    ("break_it", "seen"),
    [
        (lambda file: None, {}),
        (lambda file: change(file, "UPDATE sales SET total = -1 WHERE id = 7"), {"against_declared_rules": 1}),
        (lambda file: change(file, "UPDATE sales SET state = 'lost' WHERE id < 4"), {"against_declared_rules": 3}),
        (lambda file: change(file, "UPDATE branches SET id = 3 WHERE id = 2"), {"against_declared_references": 1000}),
        (
            lambda file: change(file, "UPDATE sales SET seen_by = 'me', state = 'draft' WHERE id = 7"),
            {"against_declared_rules": 1},
        ),
        (written_past_not_null, {"against_declared_rules": 2}),
        (lambda file: change(file, "UPDATE sales SET branch_id = 9 WHERE id < 3"), {"against_declared_references": 2}),
        (lambda file: change(file, "UPDATE sales SET seen_by = 9 WHERE id < 3"), {"against_agreed_references": 2}),
        (lambda file: change(file, "UPDATE sales SET seen_by = 9, state = 'draft' WHERE id < 3"), {}),
        (lambda file: change(file, "UPDATE sales SET total = 2000000 WHERE id = 3"), {"against_agreed_rules": 1}),
    ],
    ids=[
        "sound",
        "negative",
        "unknown-state",
        "parent-renumbered",
        "text-for-a-number",
        "null",
        "orphan",
        "agreed",
        "not-meant",
        "agreed-rule",
    ],
)
def test_each_break_is_seen_where_it_belongs(file, integrity, break_it, seen):
    break_it(file)
    assert seen_by(integrity) == seen


def test_the_sample_says_which_row_and_which_rule(file, integrity):
    change(file, "UPDATE sales SET total = -1 WHERE id = 7")
    assert integrity.against_declared_rules().sample == ({"table": "sales", "rule": "total >= 0", "id": 7},)
    change(file, "UPDATE sales SET branch_id = 9 WHERE id = 8")
    row = integrity.against_declared_references().sample[0]
    assert (row["row"], row["branch_id"], row["missing_in"]) == (8, 9, "branches")


def test_the_sample_of_an_agreed_reference_holds_none_but_what_leads_nowhere(file, integrity):
    change(file, "UPDATE sales SET seen_by = 9 WHERE id IN (7, 8)", "UPDATE sales SET seen_by = NULL WHERE id = 1")
    found = integrity.against_agreed_references()
    assert [row["seen_by"] for row in found.sample] == [9, 9]


def test_doubles_are_seen_past_a_damaged_index(file, integrity):
    # The index loses an entry, so that the engine would let the same number in again.
    change(
        file,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'UNIQUE (number)', 'CHECK (1)')",
        "DELETE FROM sqlite_master WHERE name = 'sqlite_autoindex_sales_1'",
    )
    change(file, "UPDATE sales SET number = 'N-1' WHERE id = 9")
    change(file, "CREATE INDEX ix_number ON sales (number)")
    assert not integrity.against_declared_rules().count  # nothing declares it any more
    change(
        file,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE UNIQUE INDEX ix_number ON sales (number)' WHERE name = 'ix_number'",
    )
    assert integrity.against_declared_rules().count == 1


def test_a_damaged_page_is_a_finding_not_a_crash(file, integrity):
    with file.open("r+b") as opened:
        opened.seek(4096 * 5)
        opened.write(b"\xff" * 4096)
    try:
        assert integrity.damaged().count
    except CheckFailed as failed:
        assert failed.finding.cause == "database-damaged"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_file_that_is_no_database_is_damaged_and_in_the_way_of_every_other_question(file, integrity, question):
    file.write_bytes(b"\x17" * 40_000)
    if question == "not_enforced":
        return  # SQLite keeps no catalogue of it, so nothing is read
    with pytest.raises(CheckFailed if question == "damaged" else ChannelDown) as told:
        getattr(integrity, question)()
    assert told.value.finding.cause == "database-damaged"


def test_a_missing_file_is_a_way_down(file, integrity):
    file.unlink()
    with pytest.raises(ChannelDown):
        integrity.damaged()


def test_nothing_agreed_is_not_covered(file, integrity):
    bare = integrity._database.target.config.model_copy(update={"mapping": MappingConfig()})
    target = Target(bare, file.parent / "state", datetime(2026, 1, 15, 16, tzinfo=UTC))
    with pytest.raises(NotCovered):
        Integrity(Database(target)).against_agreed_rules()


@pytest.mark.parametrize(
    ("statement", "conditions"),
    [
        ("CREATE TABLE t (a INT CHECK (a > 0))", ["a > 0"]),
        ('CREATE TABLE t (a INT, CONSTRAINT "odd one" check(a in (1,(2))))', ["a in (1,(2))"]),
        ("CREATE TABLE t (a TEXT DEFAULT 'CHECK (no)', [CHECK (x] INT)", []),
        ("CREATE TABLE t (a INT /* CHECK (no) */, CHECK (a <> ')'))", ["a <> ')'"]),
        ("CREATE TABLE t (a INT CHECK (a > 0), b TEXT DEFAULT 'never closed", ["a > 0"]),
        ("CREATE TABLE t (a INT, CHECK (a >\n  0 AND a < 5))", ["a > 0 AND a < 5"]),
    ],
)
def test_checks_are_read_out_of_statements(statement, conditions):
    assert [check.condition for check in checks_in(statement)] == conditions


def test_numbers_kept_as_blobs_are_numbers(file, integrity):
    change(file, "UPDATE sales SET total = CAST('12.50' AS BLOB) WHERE id = 3")
    assert integrity.against_declared_rules().count == 0
    change(file, "UPDATE sales SET total = CAST('twelve' AS BLOB) WHERE id = 3")
    assert integrity.against_declared_rules().count == 1


def test_a_reference_kept_as_text_is_followed(file):
    change(file, "ALTER TABLE sales ADD origin VARCHAR", "UPDATE sales SET origin = 'branch,1' WHERE id < 5")
    agreed = {"references": [{"child": "sales.origin", "parent": "branches.id", "prefix": "branch,"}]}
    config = TargetConfig(
        target=TargetSection(name="tried"),
        business=BusinessSection(timezone="Europe/Berlin", go_live="2026-01-08"),
        database=DatabaseSection(url=f"sqlite:///{file}"),
        mapping=MappingConfig.model_validate({"agreed": agreed}),
    )
    integrity = Integrity(Database(Target(config, file.parent / "state", datetime(2026, 1, 15, 16, tzinfo=UTC))))
    assert integrity.against_agreed_references().count == 0
    change(
        file, "UPDATE sales SET origin = 'branch,9' WHERE id < 3", "UPDATE sales SET origin = 'other,9' WHERE id = 4"
    )
    assert integrity.against_agreed_references().count == 2
