"""`hypercare round --targets`: each target once, each reports folder its own, and every trouble a line of its own."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from click import UsageError
from click.testing import CliRunner

from hypercare.cli import hypercare
from hypercare.commands.round_of_fleet import exit_status_of
from hypercare.fleet.standing import fleet_report
from hypercare.fleet.targets import fleet_of
from hypercare.history.claims import Claim, claim_round, occurrence_of, settle
from hypercare.history.opening import open_history
from hypercare.history.runner import this_runner
from hypercare.target_file.loading import load_target_of
from tests.fleet.conftest import Fleet
from tests.history.remembering import remember

STOPPED = {"set_at": "2026-01-01T00:00:00+00:00", "rate": 0}
ACCOUNT = """
[[accounts]]
username = "anna"
role = "sales"
password = { env = "PASSWORD_OF_ANNA" }
"""


@pytest.mark.long
@pytest.mark.server
def test_each_target_has_its_round_and_its_reports_and_none_keeps_another_from_its_own(fleet: Fleet) -> None:
    fleet.add(1)
    fleet.add(2, database="broken")
    fleet.add(3, more="\n[ruonds]\n")
    (fleet.targets / "torn.toml").write_text("[target\n")
    status, said = fleet.run("--at-once", "2")
    assert status == 1, said
    lines = {line.partition("  ")[2].partition(":")[0]: line for line in said.splitlines()[1:-1]}
    assert "holds; reports/shop-1/latest/index.html" in lines["Shop 1"]
    assert "something failed; reports/shop-2/latest/index.html" in lines["Shop 2"]
    assert "cannot be run; " in lines["Shop 3"] and "unknown key 'ruonds'" in lines["Shop 3"]
    assert "is not TOML" in lines["torn"]
    assert said.splitlines()[-1] == "4 targets: 1 holds, 1 failed and 2 cannot be run."
    assert " sale has no total" in (fleet.reports / "shop-2" / "round.log").read_text()

    again = fleet.run("--at-once", "2")[1]
    assert "Shop 2: something failed (ran before)" in again
    assert _rounds(fleet, "shop-1") == 1, "what has run is not run again"

    status, said = fleet.run("--rehearse")
    assert "Shop 1: holds; " in said and "ran before" not in said
    assert _rounds(fleet, "shop-1") == 1, "a rehearsal claims nothing and leaves nothing"


@pytest.mark.server
@pytest.mark.long
def test_a_round_that_cannot_be_run_says_why_and_is_free_for_the_next_start(fleet: Fleet) -> None:
    fleet.add(1, more=ACCOUNT)
    status, said = fleet.run()
    assert status == 4
    assert "Shop 1: cannot be run; the password of anna is missing" in said
    assert fleet.run(PASSWORD_OF_ANNA="secret")[0] == 0


@pytest.mark.long
@pytest.mark.server
def test_a_check_that_interrupts_its_round_is_not_taken_for_a_claim_that_another_has(fleet: Fleet) -> None:
    """It would be run again and again."""
    fleet.add(1)
    checks = fleet.folder / "test_checks.py"
    checks.write_text(f"{checks.read_text()}    raise KeyboardInterrupt\n")
    status, said = fleet.run()
    assert (status, said.splitlines()[1]) == (2, "1/1  Shop 1: was interrupted; reports/shop-1/round.log")


@pytest.mark.long
@pytest.mark.server
def test_rounds_are_waited_for_by_the_plan_of_the_project(fleet: Fleet) -> None:
    """It has a round in the evening only; the shipped one has more, of which none is missed here."""
    file, clock = fleet.add(1), fleet.targets / "clock.json"
    file.write_text(file.read_text().replace("[business]", '[business]\nclock = "clock.json"'))
    for day in (12, 13):
        clock.write_text(json.dumps({**STOPPED, "set_to": f"2026-01-{day}T17:05:00+01:00"}))
        status, said = fleet.run()
        assert status == 0, said
    summary = json.loads((fleet.reports / "shop-1" / "latest" / "summary.json").read_text())
    assert summary["missed_rounds"] == []
    for hour, status in (("14T16:00", "healthy"), ("14T17:45", "unknown")):
        clock.write_text(json.dumps({**STOPPED, "set_to": f"2026-01-{hour}:00+01:00"}))
        report = fleet_report(fleet_of(fleet.targets), fleet.reports, datetime.now(UTC), fleet.folder)
        assert [one.status for one in report.targets] == [status]


def _rounds(fleet: Fleet, key: str) -> int:
    with sqlite3.connect(fleet.reports / key / "history.sqlite") as history:
        many: int = history.execute("SELECT COUNT(*) FROM rounds").fetchone()[0]
    history.close()
    return many


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--targets", "{}", "--target", "shop.toml"], "give one of them"),
        (["--shard", "1/2"], "name them with --targets"),
        (["--at-once", "2"], "name them with --targets"),
        (["--targets", "{}", "--shard", "3/2"], "is no part of a whole"),
        (["--targets", "{}/nowhere"], "No such file"),
        (["--targets", "{}"], "there is no target file in"),
    ],
)
def test_what_cannot_be_asked_for_is_bad_usage(words: list[str], problem: str, fleet: Fleet) -> None:
    asked = [word.format(fleet.targets) for word in words]
    if "--shard" in words:
        fleet.add(1)
    done = CliRunner().invoke(hypercare, ["round", "evening", *asked], standalone_mode=False)
    assert isinstance(done.exception, UsageError)
    assert problem in done.exception.format_message()


@pytest.mark.parametrize(
    ("statuses", "status"),
    [([], 0), ([0, 0], 0), ([0, 5], 0), ([5, 5], 5), ([0, 4, 3], 3), ([4, 1, 3, 5], 1)],
)
def test_the_exit_status_is_the_worst_and_nothing_to_run_is_none_where_others_ran(
    statuses: list[int], status: int
) -> None:
    assert exit_status_of(statuses) == status


def test_a_part_without_targets_has_nothing_to_do(fleet: Fleet, tmp_path: Path) -> None:
    fleet.add(1)
    words = ["round", "evening", "--targets", str(fleet.targets), "--shard", "2/2", "--project", str(tmp_path)]
    done = CliRunner().invoke(hypercare, words, standalone_mode=False)
    assert (done.return_value, done.output.splitlines()[-1]) == (0, "Nothing to do in this part.")


def test_what_is_loaded_before_is_there() -> None:
    """A name that is wrong would be passed over in silence, and each round load it for itself."""
    preloaded = import_module("hypercare.fleet.preloaded")
    assert all(import_module(name) for name in preloaded.MODULES)


@pytest.mark.long
@pytest.mark.server
def test_what_another_is_at_is_said_once_waited_for_and_not_run_again(fleet: Fleet) -> None:
    """The other is this process, which claims the round and ends it."""
    file = fleet.add(1)
    config = load_target_of(fleet.folder, file)
    history = open_history(config, fleet.reports / config.key)
    today = datetime.now(UTC)
    evening = occurrence_of(config, "evening", today)
    claim = claim_round(history, evening, this_runner(), timedelta(minutes=3))
    assert isinstance(claim, Claim)
    worker = fleet.start()
    assert worker.stdout is not None
    lines = [worker.stdout.readline(), worker.stdout.readline()]
    assert lines[1].startswith("Shop 1: another is at it on ")
    remember(history, "r1", as_of=today, name="evening", status="issues")
    settle(history, claim, 1)
    history.close()
    said = worker.communicate(timeout=120)[0]
    assert worker.returncode == 1
    assert said.splitlines()[0].startswith("1/1  Shop 1: something failed (ran before)")
    assert _rounds(fleet, "shop-1") == 1
