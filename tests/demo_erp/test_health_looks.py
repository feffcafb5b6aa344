"""The health answer comes from looking, every time, and never keeps one waiting."""

import sqlite3
import threading
from collections import namedtuple
from contextlib import closing

import pytest

from tests.demo_erp.shop import API


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A busy machine may take its time; only what never answers is given up."""
    monkeypatch.setattr("demo_erp.services.health.WAIT_SECONDS", 60.0)


def look(shop):
    answer = shop.visitor().get(f"{API}/health")
    return answer.status_code, answer.json()


def parts(report):
    return {name: component["status"] for name, component in report["components"].items()}


def change(shop, sql):
    with closing(sqlite3.connect(shop.state.folder / "erp.sqlite")) as connection, connection:
        connection.execute(sql)


def test_a_well_system_is_ok_and_tells_when_it_looked(shop):
    status, report = look(shop)
    assert (status, report["status"]) == (200, "ok")
    assert report["checked_at"] == shop.state.clock.now().isoformat()
    assert parts(report) == {"database": "ok", "disk": "ok", "jobs": "ok"}


def test_a_database_that_was_moved_away_is_down_at_once_and_no_new_one_is_made(shop):
    database = shop.state.folder / "erp.sqlite"
    look(shop)
    database.rename(shop.state.folder / "away.sqlite")
    status, report = look(shop)
    assert (status, report["status"], parts(report)["database"]) == (503, "down", "down")
    assert not database.exists()
    (shop.state.folder / "away.sqlite").rename(database)
    assert look(shop)[0] == 200


def test_an_empty_file_in_its_place_is_down(shop):
    for file in shop.state.folder.glob("erp.sqlite*"):
        file.unlink()
    (shop.state.folder / "erp.sqlite").touch()
    assert parts(look(shop)[1])["database"] == "down"


def test_a_damaged_database_is_down(shop):
    for journal in shop.state.folder.glob("erp.sqlite-*"):
        journal.unlink()
    database = shop.state.folder / "erp.sqlite"
    database.write_bytes(b"\0" * 4096 + database.read_bytes()[4096:])
    assert parts(look(shop)[1])["database"] == "down"


def test_without_its_database_the_api_says_503_and_the_process_still_lives(shop):
    owner = shop.api("check.owner")
    (shop.state.folder / "erp.sqlite").rename(shop.state.folder / "away.sqlite")
    assert owner.get("/sales").json()["error"]["code"] == "database_unavailable"
    assert owner.get("/sales").status_code == 503
    assert shop.visitor().get(f"{API}/health/live").status_code == 200
    assert shop.log("database")[-1]["level"] == "ERROR"


@pytest.mark.parametrize(
    ("sql", "status"),
    [
        ("UPDATE jobs SET state = 'failed' WHERE id = (SELECT max(id) FROM jobs WHERE state = 'done')", "degraded"),
        ("UPDATE jobs SET state = 'failed', finished_at = '2026-01-09 12:59:59.000000' WHERE id = 1", "ok"),
        ("UPDATE jobs SET state = 'queued', due_at = '2026-01-09 13:44:59.000000' WHERE id = 1", "degraded"),
        ("UPDATE jobs SET state = 'queued', due_at = '2026-01-09 13:45:01.000000' WHERE id = 1", "ok"),
    ],
)
def test_jobs_that_failed_within_the_hour_or_are_a_quarter_late_degrade_it(shop, sql, status):
    change(shop, sql)
    assert parts(look(shop)[1])["jobs"] == status


def test_a_disk_that_cannot_be_written_is_down(shop):
    shop.state.temporary.rmdir()
    shop.state.temporary.write_text("in the way")
    status, report = look(shop)
    assert (status, parts(report)["disk"]) == (503, "down")


def test_a_disk_that_is_nearly_full_degrades_it(shop, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage(10**12, 10**12 - 10**8, 10**8))
    status, report = look(shop)
    assert (status, report["status"], parts(report)["disk"]) == (200, "degraded", "degraded")


def test_a_part_that_does_not_answer_is_down_and_the_others_are_told(shop, monkeypatch):
    monkeypatch.setattr("demo_erp.services.health.WAIT_SECONDS", 0.1)
    answered = threading.Event()
    monkeypatch.setattr("demo_erp.services.health._disk", lambda _state: ("ok", str(answered.wait())))
    status, report = look(shop)
    answered.set()
    assert (status, parts(report)["disk"]) == (503, "down")
    assert report["components"]["disk"]["detail"] == "no answer within 0.1 s"
