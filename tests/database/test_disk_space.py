"""What cannot be seen of a database's room and right to write is said, never passed over."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from hypercare.database.disk_space import short_of_room
from hypercare.database.writing import kept_from_writing
from hypercare.outcome.signals import NotCovered


class PaperDatabase:
    """Answers each question that holds one of the given words with its rows."""

    file = None

    def __init__(self, url: str, **answers: object) -> None:
        self.url = make_url(url)
        self.dialect = self.url.get_backend_name()
        self.address = f"{self.url.host}:{self.url.port}"
        self.section = SimpleNamespace(room=500)
        self.answers = answers
        self.refuses = ""

    @contextmanager
    def snapshot(self):
        yield SimpleNamespace(dialect=SimpleNamespace(name=self.dialect), execute=self.execute)

    @contextmanager
    def translating(self):
        yield

    def value(self, statement):
        return self.execute(statement).scalar()

    def execute(self, statement):
        if self.refuses and self.refuses in str(statement):
            raise DBAPIError(str(statement), {}, Exception("denied"))
        row = next((row for word, row in self.answers.items() if word in str(statement)), (None,))
        return SimpleNamespace(scalar=lambda: row[0], one=lambda: row, all=lambda: [row])


@pytest.mark.parametrize("url", ["mssql+pyodbc://sa@erp-db/shop", "oracle+oracledb://shop@erp-db/shop"])
def test_an_engine_that_is_not_asked_is_not_passed(url):
    database = PaperDatabase(url)
    for look in (short_of_room(database), kept_from_writing(database)):
        assert look.found.count == 0
        with pytest.raises(NotCovered, match=database.dialect):
            look.require_all_seen()


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("postgresql://shop@erp-db:5432/shop", {"pg_stat_activity": (3, 97)}),
        ("postgresql://shop@/shop?host=erp-db", {"pg_stat_activity": (3, 97)}),
        (
            "mysql://shop@erp-db:3306/shop",
            {"Threads_connected": ("Threads_connected", 3), "max_connections": ("max_connections", 151)},
        ),
    ],
)
def test_the_disk_of_another_host_is_said_not_to_be_seen(url, asked):
    look = short_of_room(PaperDatabase(url, **asked))
    assert look.found.count == 0
    with pytest.raises(NotCovered, match=r"another host, .*disk"):
        look.require_all_seen()


def test_what_can_be_seen_of_another_host_still_fails_first():
    look = short_of_room(PaperDatabase("postgresql://shop@erp-db:5432/shop", pg_stat_activity=(96, 97)))
    assert [row["what"] for row in look.found.sample] == ["connections to the database"]


def test_a_folder_on_this_machine_is_looked_at(tmp_path):
    asked = {"pg_stat_activity": (3, 97), "data_directory": (str(tmp_path),)}
    look = short_of_room(PaperDatabase("postgresql://shop@localhost/shop", **asked))
    look.require_all_seen()
    full = PaperDatabase("postgresql://shop@localhost/shop", **asked)
    full.section = SimpleNamespace(room=10**9)
    assert [row["what"] for row in short_of_room(full).found.sample] == ["disk of the database"]


def test_a_folder_that_is_not_ours_to_see_is_said():
    asked = {"pg_stat_activity": (3, 97), "data_directory": ("/no/such/folder",)}
    with pytest.raises(NotCovered, match="cannot be seen"):
        short_of_room(PaperDatabase("postgresql://shop@localhost/shop", **asked)).require_all_seen()


def test_a_copy_does_not_tell_whether_its_origin_may_be_written():
    look = kept_from_writing(PaperDatabase("postgresql://shop@erp-db/shop", pg_is_in_recovery=(True,)))
    with pytest.raises(NotCovered, match="follows another server"):
        look.require_all_seen()
    asked = {"pg_is_in_recovery": (False,), "pg_settings": ("off", "default")}
    kept_from_writing(PaperDatabase("postgresql://shop@erp-db/shop", **asked)).require_all_seen()


@pytest.mark.parametrize(
    ("shown", "is_told"),
    [
        ({}, True),
        ({"aurora_version": "3.04.0"}, False),
        ({"group_replication_group_name": "aaaa"}, False),
        ({"Slaves_running": "1"}, False),
        ({"Slave_running": "ON"}, False),
        ({"Slaves_running": "0", "Slave_running": "OFF"}, True),
    ],
)
def test_a_server_that_only_reads_is_told_of_unless_it_may_be_a_copy(monkeypatch, shown, is_told):
    shown = {"innodb_read_only": "ON", "gtid_slave_pos": "", **shown}

    def named(_, question):
        return {name.lower(): value for name, value in shown.items() if name in str(question)}

    monkeypatch.setattr("hypercare.database.writing.shown_by_name", named)
    database = PaperDatabase("mysql://shop@erp-db/shop")
    database.refuses = "STATUS"
    look = kept_from_writing(database)
    assert (look.found.count, bool(look.unseen)) == (int(is_told), not is_told)


def test_a_folder_in_which_nobody_may_write_is_told(tmp_path):
    file = tmp_path / "shop.db"
    file.touch()
    database = PaperDatabase("sqlite:///shop.db")
    database.file = file
    assert kept_from_writing(database).found.count == 0
    tmp_path.chmod(0o555)
    try:
        assert "nobody may write" in str(kept_from_writing(database).found.sample)
    finally:
        tmp_path.chmod(0o755)
