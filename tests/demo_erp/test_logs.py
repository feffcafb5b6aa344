"""The logs: whole lines, rotated in time, safe with several writers."""

import json
import multiprocessing
from datetime import UTC, datetime

import pytest

from demo_erp import logs as logs_module
from demo_erp.clock import Clock
from demo_erp.logs import JsonLines, Logs


@pytest.fixture
def small(monkeypatch):
    """Files rotate at a thousand bytes, and three old ones are kept."""
    monkeypatch.setattr(logs_module, "ROTATE_AT_BYTES", 1000)
    monkeypatch.setattr(logs_module, "KEEP_ROTATED", 3)


def numbers(folder):
    """What was written, oldest first."""
    files = sorted(folder.glob("a.jsonl*"), key=lambda path: int(path.suffix[1:]) if path.suffix[1:].isdigit() else 0)
    return [json.loads(line)["n"] for file in reversed(files) for line in file.read_text().splitlines()]


def test_a_file_is_rotated_before_it_outgrows_its_limit(tmp_path, small):
    lines = JsonLines(tmp_path / "a.jsonl")
    for n in range(30):
        lines.append([{"n": n, "text": "x" * 80}])
    assert all(file.stat().st_size <= 1000 for file in tmp_path.glob("a.jsonl*"))
    assert numbers(tmp_path) == list(range(30))


def test_the_oldest_files_go(tmp_path, small):
    lines = JsonLines(tmp_path / "a.jsonl")
    for n in range(100):
        lines.append([{"n": n, "text": "x" * 80}])
    assert sorted(file.name for file in tmp_path.glob("a*")) == ["a.jsonl", "a.jsonl.1", "a.jsonl.2", "a.jsonl.3"]
    kept = numbers(tmp_path)
    assert kept == list(range(kept[0], 100))


def test_many_lines_at_once_are_rotated_like_single_ones(tmp_path, small):
    JsonLines(tmp_path / "a.jsonl").append({"n": n, "text": "x" * 80} for n in range(30))
    assert all(file.stat().st_size <= 1000 for file in tmp_path.glob("a.jsonl*"))
    assert numbers(tmp_path) == list(range(30))


def test_a_line_longer_than_a_file_still_goes_in_whole(tmp_path, small):
    lines = JsonLines(tmp_path / "a.jsonl")
    for n in range(3):
        lines.append([{"n": n, "text": "x" * 5000}])
    assert numbers(tmp_path) == [0, 1, 2]


def write_many(path, start):
    lines = JsonLines(path)
    for n in range(start, start + 200):
        lines.append([{"n": n, "text": "ü" * 50}])


@pytest.mark.server
def test_two_writers_at_once_lose_and_tear_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(logs_module, "ROTATE_AT_BYTES", 10_000)
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_many, args=(tmp_path / "a.jsonl", start)) for start in (0, 1000)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    found = numbers(tmp_path)
    assert sorted(found) == [*range(200), *range(1000, 1200)]
    assert [n for n in found if n < 1000] == list(range(200))


@pytest.fixture
def logs(tmp_path):
    clock = Clock(tmp_path / "clock.json")
    clock.set(datetime(2026, 1, 15, 12, 30, tzinfo=UTC), rate=0.0)
    (tmp_path / "logs").mkdir()
    return Logs(tmp_path / "logs", clock)


def last(lines):
    return json.loads(lines.path.read_text(encoding="utf-8").splitlines()[-1])


def test_a_line_is_dated_by_the_business_clock(logs):
    logs.app("INFO", "demo_erp.somewhere", "Fräulein Müller hat Grüße")
    assert last(logs.app_lines) == {
        "at": "2026-01-15T12:30:00.000+00:00",
        "level": "INFO",
        "logger": "demo_erp.somewhere",
        "message": "Fräulein Müller hat Grüße",
        "trace_id": "",
    }


def test_a_message_of_several_lines_stays_one_line(logs):
    logs.app("ERROR", "demo_erp.somewhere", "first\nsecond", exception=ValueError("third\nfourth"))
    assert len(logs.app_lines.path.read_text(encoding="utf-8").splitlines()) == 1
    assert last(logs.app_lines)["exception"].endswith("ValueError: third\nfourth\n")


def test_half_a_character_is_logged_escaped(logs):
    logs.app("INFO", "demo_erp.somewhere", "half: \ud800")
    assert last(logs.app_lines)["message"] == "half: \ud800"


def test_a_log_that_cannot_be_written_stops_no_work(logs, capsys):
    logs.app_lines.path.mkdir()
    logs.app("INFO", "demo_erp.somewhere", "unheard")
    assert "cannot be written" in capsys.readouterr().err


def test_a_failing_statement_is_in_the_database_log(shop):
    with pytest.raises(Exception, match="no such table"), shop.state.database.reading() as session:
        session.connection().exec_driver_sql("SELECT * FROM nowhere")
    line = shop.log("database")[-1]
    assert (line["level"], line["error_class"], line["statement"]) == (
        "ERROR",
        "OperationalError",
        "SELECT * FROM nowhere",
    )


def test_a_slow_statement_is_in_the_database_log(shop, monkeypatch):
    monkeypatch.setattr("demo_erp.database.SLOW_STATEMENT_MS", 0.0)
    with shop.state.database.reading() as session:
        session.connection().exec_driver_sql("SELECT 1")
    line = shop.log("database")[-1]
    assert (line["level"], line["message"], line["statement"]) == ("WARNING", "slow statement", "SELECT 1")
    assert line["duration_ms"] >= 0
