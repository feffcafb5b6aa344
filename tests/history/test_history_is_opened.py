"""Opening a history: made when it is not there, taken over when an earlier version made it, refused in one line."""

import sqlite3
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from hypercare.history import migrating, tables
from hypercare.history.store import History, HistoryProblem
from tests.history.opening_and_writing import open_and_write
from tests.history.remembering import NINE, remember, result

# What the version before revisions made, and what it had remembered.
FIRST_VERSION = """
CREATE TABLE rounds (id VARCHAR(40) NOT NULL, target VARCHAR(120) NOT NULL, round VARCHAR(20) NOT NULL,
    day DATE NOT NULL, as_of VARCHAR(40) NOT NULL, started VARCHAR(40) NOT NULL, finished VARCHAR(40),
    status VARCHAR(20), PRIMARY KEY (id));
CREATE INDEX ix_rounds_target ON rounds (target);
CREATE TABLE results (id INTEGER NOT NULL, round_id VARCHAR(40) NOT NULL, item VARCHAR(80) NOT NULL,
    "check" VARCHAR(300) NOT NULL, outcome VARCHAR(20) NOT NULL, level VARCHAR(2) NOT NULL, sentence TEXT NOT NULL,
    count INTEGER, duration_s FLOAT NOT NULL, ended VARCHAR(40) NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(round_id) REFERENCES rounds (id));
CREATE INDEX ix_results_item ON results (item);
CREATE INDEX ix_results_round_id ON results (round_id);
CREATE TABLE figures (round_id VARCHAR(40) NOT NULL, name VARCHAR(80) NOT NULL, value VARCHAR(40) NOT NULL,
    PRIMARY KEY (round_id, name), FOREIGN KEY(round_id) REFERENCES rounds (id));
CREATE TABLE incidents (id INTEGER NOT NULL, target VARCHAR(120) NOT NULL, cause VARCHAR(200) NOT NULL,
    level VARCHAR(2) NOT NULL, sentence TEXT NOT NULL, items JSON NOT NULL, failing JSON NOT NULL,
    blocked JSON NOT NULL, opened VARCHAR(40) NOT NULL, last_seen VARCHAR(40) NOT NULL, acknowledged VARCHAR(40),
    acknowledged_by VARCHAR(120), note TEXT, resolved VARCHAR(40), PRIMARY KEY (id));
CREATE INDEX ix_incidents_target ON incidents (target);
CREATE TABLE attestations (id INTEGER NOT NULL, target VARCHAR(120) NOT NULL, item VARCHAR(80) NOT NULL,
    day DATE NOT NULL, answer TEXT NOT NULL, "by" VARCHAR(120) NOT NULL, at VARCHAR(40) NOT NULL, PRIMARY KEY (id));
CREATE INDEX ix_attestations_target ON attestations (target);
INSERT INTO rounds VALUES ('r1', 'shop', 'morning', '2026-01-14', '2026-01-14T08:00:00.000000+00:00',
    '2026-01-14T08:00:00.000000+00:00', '2026-01-14T08:02:00.000000+00:00', 'issues');
INSERT INTO results VALUES (1, 'r1', 'health.web', 'test_web', 'failed', 'L3', 'down', NULL, 1.0, ''),
    (2, 'r1', 'health.web', 'test_web', 'failed', 'L3', 'down', NULL, 1.0, '');
INSERT INTO incidents VALUES
    (1, 'shop', 'outage:a', 'L3', 'down', '["health.web"]', '["health.web"]', '[]',
        '2026-01-14T08:00:00.000000+00:00', '2026-01-14T08:00:00.000000+00:00', NULL, NULL, NULL, NULL),
    (2, 'shop', 'outage:b', 'L3', 'down', '[]', '[]', '[]', '2026-01-13T08:00:00.000000+00:00',
        '2026-01-13T08:00:00.000000+00:00', NULL, NULL, NULL, '2026-01-13T12:00:00.000000+00:00');
INSERT INTO attestations VALUES (1, 'shop', 'ops.daily', '2026-01-14', 'yes', 'Anna',
    '2026-01-14T08:00:00.000000+00:00');
"""


def file_with(path: Path, *scripts: str) -> Path:
    with sqlite3.connect(path) as connection:
        for script in scripts:
            connection.executescript(script)
    connection.close()
    return path


def rows_of(path: Path, question: str) -> list[tuple]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute(question).fetchall()
    connection.close()
    return rows


def shape_of(history: History) -> dict[str, object]:
    """Columns with whether they may be empty, and indexes, of every table."""
    engine = create_engine(history.url)
    looker = inspect(engine)
    shape = {
        name: (
            {column["name"]: column["nullable"] for column in looker.get_columns(name)},
            {(tuple(index["column_names"]), bool(index["unique"])) for index in looker.get_indexes(name)},
            {tuple(unique["column_names"]) for unique in looker.get_unique_constraints(name)},
            set(looker.get_pk_constraint(name)["constrained_columns"]),
        )
        for name in looker.get_table_names()
    }
    engine.dispose()
    return shape


def opened(path: Path) -> History:
    history = History(path, "shop")
    with history.reading():
        pass
    return history


def test_a_history_of_the_first_version_is_taken_over_with_all_it_holds(tmp_path):
    history = opened(file_with(tmp_path / "old.sqlite", FIRST_VERSION))
    assert history.last_finished_round(NINE).isoformat() == "2026-01-14T08:00:00+00:00"
    assert history.attested("ops.daily", NINE.date().replace(day=14))["by"] == "Anna"
    assert rows_of(tmp_path / "old.sqlite", "SELECT COUNT(*) FROM results") == [(1,)]  # of twins one is left
    assert rows_of(tmp_path / "old.sqlite", "SELECT id, open_cause, flapping FROM incidents ORDER BY id") == [
        (1, "outage:a", 0),
        (2, None, 0),
    ]
    remember(history, "r2", result())
    history.close()


def test_a_history_that_was_taken_over_is_like_one_made_anew(tmp_path):
    old, new = opened(file_with(tmp_path / "old.sqlite", FIRST_VERSION)), opened(tmp_path / "new.sqlite")
    assert shape_of(old) == shape_of(new), "tables.py and the migrations differ: write a revision"


def test_a_history_with_some_of_the_new_tables_and_no_revision_is_completed(tmp_path):
    some = "CREATE TABLE watermarks (target TEXT, name TEXT, value TEXT, at TEXT, PRIMARY KEY (target, name));"
    opened(file_with(tmp_path / "half.sqlite", FIRST_VERSION, some, "ALTER TABLE rounds ADD COLUMN machine TEXT;"))
    assert rows_of(tmp_path / "half.sqlite", "SELECT version_num FROM history_revision") == [(migrating.HEAD,)]


def test_the_newest_revision_is_the_one_that_opening_looks_for():
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == migrating.HEAD


def test_a_fresh_history_is_whole_on_either_engine(history):
    remember(history, "r1", result())
    engine = create_engine(history.url)
    assert set(tables.metadata.tables) | {"history_revision"} == set(inspect(engine).get_table_names())
    engine.dispose()


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.engine)])
def test_a_history_of_a_newer_version_is_one_line(engine, tmp_path, request):
    place = tmp_path / "history.sqlite" if engine == "sqlite" else request.getfixturevalue("postgresql")
    history = History(place, "shop")
    with history.writing() as connection:
        connection.execute(text("UPDATE history_revision SET version_num = '9999'"))
    with pytest.raises(HistoryProblem, match=r"newer version of hypercare \(revision 9999") as problem:
        opened(place)
    assert len(str(problem.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"this is no database, this is a letter to somebody", "file is not a database"),
        (b"SQLite format 3\x00 and then something else" * 100, "cannot be used"),
    ],
)
def test_a_file_that_is_no_history_is_one_line(tmp_path, content, says):
    (tmp_path / "history.sqlite").write_bytes(content)
    with pytest.raises(HistoryProblem, match=says) as problem:
        opened(tmp_path / "history.sqlite")
    assert len(str(problem.value).splitlines()) == 1


def test_a_database_of_something_else_is_left_alone(tmp_path):
    path = file_with(tmp_path / "erp.sqlite", "CREATE TABLE messages (id INTEGER PRIMARY KEY, body TEXT);")
    with pytest.raises(HistoryProblem, match="tables of something else lie there"):
        opened(path)
    assert rows_of(path, "SELECT name FROM sqlite_master") == [("messages",)]


def test_a_server_that_is_not_there_is_one_line_without_its_password(tmp_path):
    address = create_engine("postgresql+psycopg://anna:very-secret@127.0.0.1:9/nothing").url
    with pytest.raises(HistoryProblem, match="@127") as problem:
        opened(address)
    assert "very-secret" not in str(problem.value)
    assert len(str(problem.value).splitlines()) == 1


def test_several_that_take_over_one_file_at_once_do_it_once(tmp_path, at_once):
    path = file_with(tmp_path / "old.sqlite", FIRST_VERSION)
    at_once(open_and_write, [[path, f"p{n}", 3] for n in range(3)])
    assert rows_of(path, "SELECT version_num FROM history_revision") == [(migrating.HEAD,)]
    assert rows_of(path, "SELECT COUNT(*) FROM rounds") == [(4,)]
