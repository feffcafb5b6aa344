"""A history that is brought up to date is copied before, as it was, and a line says so."""

import logging

import pytest

from hypercare.history import migrating
from hypercare.history.migrating import HEAD, copy_before
from hypercare.history.opening import copy_of
from hypercare.history.store import History, HistoryProblem
from tests.history.remembering import NINE
from tests.history.test_history_is_opened import FIRST_VERSION, file_with, opened, rows_of

COLUMNS = "SELECT name FROM pragma_table_info('incidents')"


@pytest.fixture
def old(tmp_path):
    return file_with(tmp_path / "history.sqlite", FIRST_VERSION)


def test_the_copy_lies_beside_it_and_is_what_it_was(old):
    columns = rows_of(old, COLUMNS)
    opened(old).close()
    copy = copy_before(old, "0001")
    assert copy == old.with_name("history.0001.sqlite")
    assert rows_of(copy, COLUMNS) == columns
    assert rows_of(copy, "SELECT COUNT(*) FROM results") == [(2,)]
    assert rows_of(old, COLUMNS) != columns
    assert sorted(path.name for path in old.parent.glob("*unfinished*")) == []


def test_a_line_says_it_on_standard_error_and_in_the_own_log(old, capfd, caplog):
    with caplog.at_level(logging.WARNING):
        opened(old).close()
    line = (
        f"the history {old} was brought from revision 0001 to {HEAD}; as it was it lies in {copy_before(old, '0001')}"
    )
    assert capfd.readouterr().err == f"hypercare: {line}\n"
    assert line in caplog.messages


def test_what_is_up_to_date_or_new_is_neither_copied_nor_spoken_of(tmp_path, capfd):
    for _ in range(2):
        opened(tmp_path / "history.sqlite").close()
    assert [path.name for path in tmp_path.glob("*.sqlite")] == ["history.sqlite"]
    assert capfd.readouterr().err == ""


def test_a_history_that_cannot_be_copied_is_left_as_it_is(old, monkeypatch):
    columns = rows_of(old, COLUMNS)
    nowhere = old.parent / "nowhere" / "copy.sqlite"
    monkeypatch.setattr(migrating, "copy_before", lambda _file, _revision: nowhere)
    with pytest.raises(HistoryProblem, match=r"is left as it is; .* cannot be copied to") as problem:
        opened(old)
    assert "\n" not in str(problem.value)
    assert rows_of(old, COLUMNS) == columns


def test_a_copy_that_is_thrown_away_is_brought_up_to_date_in_silence(old, tmp_path, capfd):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    history = copy_of(History(old, "shop"), scratch)
    assert history.last_finished_round(NINE) is not None
    history.close()
    assert [path.name for path in scratch.glob("*.sqlite")] == ["history.sqlite"]
    assert capfd.readouterr().err == ""


@pytest.mark.engine
def test_on_a_server_the_backup_is_the_administrators_and_a_line_says_so(postgresql, capfd):
    history = History(postgresql, "shop")
    with history.writing() as connection:
        connection.exec_driver_sql("DROP TABLE acts, answer_links, serve_passwords, serve_sessions, serve_log_ins")
        connection.exec_driver_sql("DROP TABLE summaries")
        connection.exec_driver_sql("DROP TABLE claims")
        connection.exec_driver_sql("DROP TABLE history_revision")
        connection.exec_driver_sql("CREATE TABLE history_revision (version_num VARCHAR(32) PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO history_revision VALUES ('0003')")
        connection.exec_driver_sql("ALTER TABLE rounds DROP COLUMN rules")
        connection.exec_driver_sql("DROP TABLE sealed_days, sealed_months")
    history.close()
    opened(postgresql).close()
    said = capfd.readouterr().err
    assert said.endswith("a backup of it as it was is the matter of whoever runs that server\n")
    assert "from revision 0003" in said


def test_a_copy_that_fails_half_way_gives_back_the_room_that_it_took(old, monkeypatch):
    monkeypatch.setattr(migrating.shutil, "copymode", full_disk)
    with pytest.raises(HistoryProblem, match="No space left"):
        opened(old)
    assert [path.name for path in old.parent.iterdir() if "unfinished" in path.name] == []


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")
