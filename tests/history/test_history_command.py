"""`hypercare history` as a person sees it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from hypercare.cli import hypercare, main
from hypercare.history.store import History
from tests.history.remembering import ELSEWHERE, remember, result

TARGET = """
[target]
name = "Corner Shop"
id = "shop"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
clock = "clock.json"
"""
NOW = datetime(2026, 1, 15, 16, 45, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def shop(tmp_path):
    face = {"set_to": NOW.isoformat(), "set_at": datetime.now(UTC).isoformat(), "rate": 0}
    (tmp_path / "clock.json").write_text(json.dumps(face))
    (tmp_path / "target.toml").write_text(TARGET)
    history = History(tmp_path / "reports" / "history.sqlite", "shop")
    remember(
        history, "r1", result("health.web", "failed", sentence="Nothing\nanswers \x1b[31mhere."), as_of=NOW - 9 * HOUR
    )
    remember(history, "r2", result("health.web", "flaky"), as_of=NOW - 5 * HOUR, name="midday", status="issues")
    remember(history, "r3", as_of=NOW - HOUR, name="evening", status=None, runner=ELSEWHERE)
    history.close()
    return tmp_path


def say(shop, *words):
    command = ["history", *words, "--target", str(shop / "target.toml"), "--reports", str(shop / "reports")]
    return CliRunner().invoke(hypercare, command, standalone_mode=False)


def test_without_a_word_more_it_lists_the_rounds_the_newest_first(shop):
    lines = say(shop).output.splitlines()
    assert [line.split()[3:6] for line in lines] == [
        ["16:45", "evening", "broke"],
        ["12:45", "midday", "issues"],
        ["08:45", "morning", "healthy"],
    ]
    assert lines == say(shop, "rounds").output.splitlines()


def test_a_round_that_did_not_happen_stands_among_those_that_did(shop):
    history = History(shop / "reports" / "history.sqlite", "shop")
    remember(history, "r0", as_of=NOW - 24 * HOUR, name="evening")
    history.close()
    assert "did not happen" not in say(shop).output
    remember(history, "r-1", as_of=NOW - 48 * HOUR, name="evening")
    assert [line.split()[3:5] for line in say(shop).output.splitlines() if "did not happen" in line] == [
        ["12:00", "midday"],
        ["09:00", "morning"],
    ]


def test_an_item_over_time(shop):
    lines = say(shop, "item", "health.web").output.splitlines()
    assert lines[0] == "health.web in the last 28 days: 1 failed and 1 flaky."
    assert lines[1].endswith("midday     flaky L2: health.web is flaky")
    assert lines[2].endswith("morning    failed L2: Nothing answers \ufffd[31mhere.")


def test_an_item_that_nobody_looked_at_is_one_line_with_the_nearest(shop):
    outcome = say(shop, "item", "health.wbe")
    assert "did you mean health.web?" in str(outcome.exception)


def test_items_that_are_not_steady(shop):
    assert say(shop, "flaky").output.startswith(" 50%  health.web")


@pytest.mark.parametrize("words", [["rounds"], ["item", "health.web"], ["flaky"]])
def test_each_answer_is_also_json(shop, words):
    assert json.loads(say(shop, *words, "--json").output)


def test_an_export_says_how_many_rows_there_are(shop):
    to = shop / "rows.csv"
    assert say(shop, "export", "--format", "csv", "--to", str(to)).output == f"2 rows of results in {to}\n"


def test_a_history_that_cannot_be_used_is_one_line_and_our_own_fault(shop, monkeypatch, capsys):
    (shop / "reports" / "history.sqlite").write_text("a letter to somebody, longer than the head of a database is")
    words = ["hypercare", "history", "--target", str(shop / "target.toml"), "--reports", str(shop / "reports")]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("cannot be used: file is not a database")


def test_looking_back_makes_no_history_where_there_is_none(shop, tmp_path):
    (shop / "reports" / "history.sqlite").unlink()
    assert "there is no history at" in str(say(shop).exception)
    assert not (shop / "reports" / "history.sqlite").exists()
