"""`hypercare maintenance`: what people type, and what they are told where it cannot be."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hypercare.cli import main
from hypercare.history.opening import open_history
from hypercare.notification.notifier import Notifier
from hypercare.target_file.loading import load_target
from hypercare.target_file.target import clock_of

FILE = """
[target]
name = "Shop"
[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
clock = "clock.json"
hours = [{ branch = "North", days = ["mon", "tue", "wed", "thu", "fri"], opens = "09:00", closes = "18:00" }]
[api]
url = "http://127.0.0.1:9/"
"""
Said = Callable[..., tuple[int, str, str]]


def set_clock(folder: Path, now: str) -> None:
    face = {"set_to": now, "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}
    (folder / "clock.json").write_text(json.dumps(face))


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    (tmp_path / "shop.toml").write_text(FILE)
    set_clock(tmp_path, "2026-01-15T09:00:00+00:00")
    monkeypatch.chdir(tmp_path)

    def said(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["hypercare", "maintenance", *words, "--target", "shop.toml"])
        with pytest.raises(SystemExit) as ended:
            main()
        out = capsys.readouterr()
        return int(ended.value.code or 0), out.out, out.err

    return said


def test_work_begins_now_and_is_over_when_somebody_says_so(said: Said, tmp_path: Path) -> None:
    status, out, _ = said("start", "--by", "Anna", "--why", "new server", "--until", "14:00")
    assert status == 0
    assert out == (
        "Maintenance 1: 15 Jan 10:00 to 15 Jan 14:00, all of it: new server, by Anna. "
        "When it is over: hypercare maintenance end 1 --by NAME --target shop.toml\n"
    )
    set_clock(tmp_path, "2026-01-15T10:00:00+00:00")
    assert said("end", "--by", "Ben")[1].startswith("Maintenance 1 (new server) is over.")
    assert said("list")[1] == "Nothing is announced.\n"
    assert "to 15 Jan 11:00, all of it: new server, by Anna (ended by Ben" in said("list", "--all")[1]


def test_work_to_come_can_be_planned_and_called_off(said: Said) -> None:
    planned = ("--from", "2026-01-18", "--until", "2026-01-18", "--branch", "North", "--way", "api")
    assert (
        "18 Jan 00:00 to 19 Jan 00:00, api and branch North"
        in said("plan", "--by", "Anna", "--why", "move", *planned)[1]
    )
    assert said("end", "1", "--by", "Anna")[1].startswith("Maintenance 1 (move) will not be.")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("start", "--by", "A", "--why", "x", "--way", "apo"), "there is no way 'apo'"),
        (("start", "--by", "A", "--why", "x", "--branch", "Nort"), "there is no branch 'Nort'"),
        (("start", "--by", "A", "--why", "x", "--until", "09:00"), "it ends before it begins"),
        (("start", "--by", "A", "--why", "x", "--until", "soon"), "--until: 'soon' is neither a day nor an instant"),
        (("start", "--by", "A", "--why", "x", "--until", "25:00"), "--until: "),
        (("start", "--by", "A", "--why", "x", "--for", "long"), "--for: 'long'"),
        (("start", "--by", "A", "--why", "x", "--for", "40d"), "it takes longer than 31 days"),
        (("start", "--by", " ", "--why", "x"), "say something"),
        (("plan", "--by", "A", "--why", "x", "--from", "2026-01-10", "--until", "2026-01-11"), "it is over already"),
        (("end", "--by", "A"), "no maintenance that a person began goes on; `hypercare maintenance list --target"),
        (("end", "7", "--by", "A"), "no maintenance 7 goes on or is planned"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(said: Said, words: tuple[str, ...], problem: str) -> None:
    status, out, err = said(*words)
    assert (status, out, err.count("\n")) == (4, "", 1)
    assert problem in err


def test_what_nobody_ended_is_told_once(said: Said, tmp_path: Path) -> None:
    said("start", "--by", "Anna", "--why", "new server", "--for", "2h")
    config = load_target(tmp_path / "shop.toml")
    history = open_history(config, tmp_path / "reports")
    notifier = Notifier(history, config)
    assert notifier.notice_forgotten_maintenance(clock_of(config)) == ()
    set_clock(tmp_path, "2026-01-15T12:00:00+00:00")
    told = notifier.notice_forgotten_maintenance(clock_of(config))
    assert told == ("Nobody said that the maintenance is over: new server.",)
    assert notifier.notice_forgotten_maintenance(clock_of(config)) == ()
    history.close()


def test_what_goes_on_for_more_than_a_day_is_told_once(said: Said, tmp_path: Path) -> None:
    said("plan", "--by", "Anna", "--why", "move", "--from", "2026-01-15T10:00", "--until", "2026-01-18")
    config = load_target(tmp_path / "shop.toml")
    history = open_history(config, tmp_path / "reports")
    notifier = Notifier(history, config)
    set_clock(tmp_path, "2026-01-16T10:00:00+00:00")
    told = notifier.notice_forgotten_maintenance(clock_of(config))
    assert told == ("Under maintenance for more than a day: move.",)
    assert notifier.notice_forgotten_maintenance(clock_of(config)) == ()
    history.close()
