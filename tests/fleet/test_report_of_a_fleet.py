"""`hypercare report fleet`: every target of a fleet, worst first, and what is silent is not healthy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click import UsageError
from click.testing import CliRunner, Result
from sqlalchemy import event

from hypercare.cli import hypercare
from hypercare.fleet.standing import fleet_report
from hypercare.fleet.targets import fleet_of
from hypercare.history import tables
from hypercare.history.instants import stored
from hypercare.history.standing import standing_of
from hypercare.history.store import History
from hypercare.outcome.signals import MonitorFault
from hypercare.reports.fleet import FleetReport
from hypercare.reports.fleet_page import fleet_page
from tests.history.conftest import history, lite, place, postgresql, server
from tests.history.remembering import NINE, remember, result

__all__ = ["history", "lite", "place", "postgresql", "server"]

SHOP = """
[target]
name = "{name}"
id = "{key}"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08
clock = "clock.json"

[rounds]
due = {{ morning = "09:00", evening = "17:00" }}

[history]
url = "sqlite:///all.sqlite"
"""
Remembered = Callable[[str], History]


@pytest.fixture
def shops(tmp_path: Path) -> Path:
    """At half past twelve of a Thursday."""
    face = {"set_to": "2026-01-15T12:30:00+01:00", "set_at": "2026-01-01T00:00:00+00:00", "rate": 0}
    (tmp_path / "clock.json").write_text(json.dumps(face))
    return tmp_path


@pytest.fixture
def shop(shops: Path) -> Iterator[Remembered]:
    """Adds a target to the fleet, and is its history."""
    opened: list[History] = []

    def add(name: str) -> History:
        key = name.lower().replace(" ", "-")
        (shops / f"{key}.toml").write_text(SHOP.format(name=name, key=key))
        opened.append(History(shops / "all.sqlite", key))
        return opened[-1]

    yield add
    for one in opened:
        one.close()


def incident(history: History, level: str, sentence: str, *, holds: bool = False, answered: bool = False) -> None:
    row = {
        "target": history.target,
        "cause": sentence,
        "open_cause": sentence,
        "level": level,
        "sentence": sentence,
        "items": [],
        "failing": [],
        "blocked": [],
        "opened": stored(NINE),
        "last_seen": stored(NINE),
        "holding_since": stored(NINE) if holds else None,
        "acknowledged": stored(NINE) if answered else None,
    }
    with history.writing() as connection:
        connection.execute(tables.incidents.insert().values(**row))


def of_all(shops: Path) -> FleetReport:
    return fleet_report(fleet_of(shops), shops / "reports", datetime.now(UTC), shops)


def test_the_worst_comes_first_and_each_says_why(shops: Path, shop: Remembered) -> None:
    remember(shop("Alpha"), "a", result())
    failing = result("own.sales", "failed", sentence="Two sales have no total.")
    remember(shop("Beta"), "b", failing, status="issues")
    down = shop("Gamma")
    remember(down, "c", result("health.web", "failed", level="L3"), status="critical")
    incident(down, "L3", "The web app does not answer.")
    remember(shop("Delta"), "d", result(), as_of=NINE - timedelta(days=1))
    shop("Epsilon")
    (shops / "torn.toml").write_text("[target\n")
    report = of_all(shops)
    assert [(one.target, one.status) for one in report.targets] == [
        ("Gamma", "critical"),
        ("Beta", "issues"),
        ("Delta", "unknown"),
        ("Epsilon", "unknown"),
        ("torn", "unknown"),
        ("Alpha", "healthy"),
    ]
    says = {one.target: one.says for one in report.targets}
    assert says["Gamma"] == "The web app does not answer."
    assert says["Beta"] == "Two sales have no total."
    assert says["Delta"] == "2 rounds did not happen: evening of 14 Jan and morning of 15 Jan."
    assert says["Epsilon"] == "No round has ended yet."
    assert "is not TOML" in says["torn"]
    assert says["Alpha"] == ""
    assert report.words == "6 targets: 1 critical, 1 with issues, 3 unknown and 1 healthy"


@pytest.mark.parametrize(
    ("level", "holds", "status", "says"),
    [
        ("L3", False, "critical", "Something is wrong."),
        ("L3", True, "issues", "Holds again, but not yet for long enough: Something is wrong."),
        ("L1", False, "issues", "Something is wrong."),
    ],
    ids=["felt", "holds again", "of user support"],
)
def test_an_incident_that_came_after_the_round_counts(
    shops: Path, shop: Remembered, level: str, holds: bool, status: str, says: str
) -> None:
    opened = shop("Alpha")
    remember(opened, "a", result())
    incident(opened, level, "Something is wrong.", holds=holds)
    assert [(one.status, one.says) for one in of_all(shops).targets] == [(status, says)]


def test_within_a_status_what_is_more_urgent_comes_first(shops: Path, shop: Remembered) -> None:
    for number, (name, answered, failing) in enumerate([("Alpha", True, 1), ("Beta", False, 1), ("Gamma", True, 3)]):
        opened = shop(name)
        failed = [result(f"own.{one}", "failed") for one in range(failing)]
        remember(opened, f"r{number}", *failed, status="issues")
        incident(opened, "L2", "Something is wrong.", answered=answered)
    assert [one.target for one in of_all(shops).targets] == ["Beta", "Gamma", "Alpha"]


@pytest.mark.long
def test_a_round_that_runs_or_broke_off_or_was_of_some_items_is_not_the_last(history: History) -> None:
    remember(history, "a", result(), as_of=NINE - timedelta(days=1))
    remember(history, "b", result(), status=None)
    remember(history, "c", result(), partial=True)
    for lately in (None, NINE - timedelta(hours=1), NINE - timedelta(days=2)):
        last = standing_of(history, ["shop", "another"], lately)["shop"].last
        assert last is not None and last.id == "a"


def test_a_fleet_is_asked_of_in_as_many_statements_as_one_target(shops: Path, shop: Remembered) -> None:
    asked: list[int] = []
    for number in range(12):
        name = f"Shop {number}"
        remember(shop(name), f"r{number}", result())
        if number in {0, 11}:
            asked.append(_statements(shops, [f"shop-{one}" for one in range(number + 1)]))
    assert asked[0] == asked[1]


def _statements(shops: Path, keys: list[str]) -> int:
    opened = History(shops / "all.sqlite", "any")
    statements: list[str] = []
    with opened.reading() as connection:
        event.listen(connection.engine, "before_cursor_execute", lambda *words: statements.append(words[2]))
    assert len(standing_of(opened, keys)) == len(keys)
    opened.close()
    return len(statements)


def asked(shops: Path, *words: str) -> Result:
    place = ["--targets", str(shops), "--reports", str(shops / "reports")]
    return CliRunner().invoke(hypercare, ["report", "fleet", *place, *words], standalone_mode=False)


def test_the_command_prints_what_is_not_well_and_writes_a_page_and_json_of_all(shops: Path, shop: Remembered) -> None:
    remember(shop("Alpha"), "a", result())
    remember(shop("Beta"), "b", result("own.sales", "failed", sentence="Sale \x1b[31m7 is odd."), status="issues")
    (shops / "reports" / "beta" / "latest").mkdir(parents=True)
    (shops / "reports" / "beta" / "latest" / "index.html").touch()
    done = asked(shops)
    assert done.output.splitlines() == [
        "2 targets: 1 with issues and 1 healthy.",
        "issues     Beta  Sale \ufffd[31m7 is odd.",
        "           1 item failed; Morning round of 15 Jan 09:00",
        str(shops / "reports" / "fleet" / "index.html"),
    ]
    data = json.loads((shops / "reports" / "fleet" / "fleet.json").read_text())
    assert [(one["target"], one["status"]) for one in data["targets"]] == [("Beta", "issues"), ("Alpha", "healthy")]
    assert data["schema"] == 1 and data["counts"] == {"issues": 1, "healthy": 1}
    assert json.loads(asked(shops, "--json").output)["targets"] == data["targets"]
    page = (shops / "reports" / "fleet" / "index.html").read_text()
    assert '<a href="../beta/latest/index.html">Beta</a>' in page
    assert [path.name for path in (shops / "reports" / "fleet").iterdir() if path.name.startswith(".")] == []


def test_the_page_shows_hostile_words_as_they_are_and_runs_nothing(shops: Path, shop: Remembered) -> None:
    failed = result("own.sales", "failed", sentence='<script>alert(1)</script> {{7*7}} " onclick="x')
    remember(shop("Alpha"), "a", failed, status="issues")
    page = fleet_page(of_all(shops))
    assert "<script" not in page and "{{7*7}}" in page and 'onclick="x' not in page
    assert "default-src 'none'" in page


def test_without_targets_it_is_bad_usage(shops: Path) -> None:
    (shops / "empty").mkdir()
    for words in (["report", "fleet"], ["report", "fleet", "--targets", str(shops / "empty")]):
        assert isinstance(CliRunner().invoke(hypercare, words, standalone_mode=False).exception, UsageError)


def test_a_reports_folder_that_cannot_be_written_is_our_own_fault(shops: Path, shop: Remembered) -> None:
    shop("Alpha")
    (shops / "reports").write_text("no folder")
    done = asked(shops)
    assert isinstance(done.exception, MonitorFault)
    assert "cannot be written" in done.exception.reason
