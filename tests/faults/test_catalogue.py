"""The catalogue itself, and the command line of the lab."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import time
from pathlib import Path
from typing import Protocol

import pytest

from faultlab.catalogue import CATALOGUE
from faultlab.fault import Where
from faultlab.proving.prepared_day import PreparedDay, fingerprint
from hypercare import cli
from hypercare.plan.checklist import read_checklist
from hypercare.plan.item import Kind

PLAN = read_checklist(Path(__file__).parents[2] / "checklist.toml")
CHECKLIST = {item.id: item for item in PLAN.items}
# What only a person can say: it never fails, it waits.
OF_A_PERSON = {item.id for item in PLAN if item.kind is Kind.ATTEST}
# They go by what rounds of several days left in the history, which tests/gates and tests/period_reports write.
BY_HISTORY = {gate.id for gate in PLAN.gates} | {item.id for item in PLAN if item.section == "The watch itself"}
# Whose checks hold or fail by what they find alone, and not by how much of it, how long or how late.
WITHOUT_THRESHOLD = (
    OF_A_PERSON
    | BY_HISTORY
    | {
        "users.login",
        "data.corruption",
        "data.constraints",
        "data.foreign-keys",
        "issues.error-logs",
        "verify.production-progress",
        "verify.branches",
        "errors.review",
        "production.completion",
        "focus.cross-module",
        "focus.integrity",
    }
)


class Run(Protocol):
    """Runs a command line; gives status, output and errors."""

    def __call__(self, *words: object) -> tuple[int, str, str]: ...


def test_ids_are_plain_words_and_each_is_there_once() -> None:
    ids = [fault.id for fault in CATALOGUE]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", one) for one in ids)


def test_every_item_that_is_named_exists() -> None:
    named = {item for fault in CATALOGUE for item in (*fault.noticed_by, *fault.may_notice)}
    assert named <= set(CHECKLIST)


def test_there_are_as_many_as_were_promised() -> None:
    assert len(CATALOGUE) >= 250


def test_every_item_has_four_faults_and_one_of_reports_or_of_some_days_two() -> None:
    noticed = Counter(item for fault in CATALOGUE for item in fault.noticed_by)
    least = {item: 2 if item.startswith(("activity.", "focus.", "resistance.")) else 4 for item in CHECKLIST}
    assert {item for item in CHECKLIST if noticed[item] < least[item]} == OF_A_PERSON | BY_HISTORY


def test_some_faults_are_noticed_by_nobody() -> None:
    assert sum(not fault.noticed_by for fault in CATALOGUE) >= 40


def test_every_item_with_a_threshold_has_a_fault_just_below_it() -> None:
    below = {item for fault in CATALOGUE for item in fault.just_below}
    assert below == set(CHECKLIST) - WITHOUT_THRESHOLD


def test_what_is_just_below_a_threshold_is_not_to_be_noticed() -> None:
    assert not [fault.id for fault in CATALOGUE if fault.just_below & (fault.noticed_by.keys() | fault.may_notice)]


def test_a_fault_behind_the_clients_is_live_and_one_with_a_certificate_stands_there() -> None:
    assert all(fault.live for fault in CATALOGUE if fault.spoil is not None)
    assert all(fault.spoil is not None for fault in CATALOGUE if fault.certificate is not None)


def test_every_place_has_a_fault() -> None:
    assert {fault.where for fault in CATALOGUE} == set(Where)


@pytest.fixture
def hypercare(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["hypercare", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


def test_list_as_json_gives_every_fault(hypercare: Run) -> None:
    status, out, _ = hypercare("faults", "list", "--json")
    faults = json.loads(out)
    assert status == 0
    assert len(faults) == len(CATALOGUE)
    assert all(set(fault) == {"id", "happens", "where", "noticed_by", "may_notice"} for fault in faults)


def test_an_unknown_id_is_told_with_the_nearest(hypercare: Run) -> None:
    status, _, err = hypercare("faults", "inject", "sale-totl-a-cent-more", "--target", "unused.toml")
    assert status == 4
    assert err == "hypercare: no fault is called 'sale-totl-a-cent-more'; did you mean 'sale-total-a-cent-more'?\n"


def test_a_fault_is_put_in_once_and_taken_out_once(day: PreparedDay, state: Path, hypercare: Run) -> None:
    target = day.copy(time(17), state)
    before = fingerprint(state)
    words = ("sale-total-a-cent-more", "--target", target)
    assert hypercare("faults", "inject", *words)[0] == 0
    assert fingerprint(state) != before
    assert hypercare("faults", "inject", *words)[::2] == (
        4,
        "hypercare: the fault sale-total-a-cent-more is in already\n",
    )
    assert hypercare("faults", "undo", *words)[0] == 0
    assert fingerprint(state) == before
    again = hypercare("faults", "undo", *words)
    assert again[::2] == (4, "hypercare: the fault sale-total-a-cent-more is not in\n")


def test_what_was_written_meanwhile_stays(day: PreparedDay, state: Path, hypercare: Run) -> None:
    target = day.copy(time(17), state)
    log = state / "logs" / "app.jsonl"
    before = log.read_bytes()
    hypercare("faults", "inject", "critical-line", "--target", target)
    with log.open("ab") as file:
        file.write(b'{"at": "2026-01-15T16:00:01+00:00", "level": "INFO", "message": "later"}\n')
    hypercare("faults", "undo", "critical-line", "--target", target)
    assert log.read_bytes() == before + b'{"at": "2026-01-15T16:00:01+00:00", "level": "INFO", "message": "later"}\n'


def test_a_fault_that_cannot_be_put_in_leaves_nothing(day: PreparedDay, state: Path, hypercare: Run) -> None:
    target = day.copy(time(17), state)
    (state / "logs" / "app.jsonl").unlink()
    status, _, err = hypercare("faults", "inject", "critical-line", "--target", target)
    assert status == 4
    assert err.count("\n") == 1
    assert not (state / ".faults" / "critical-line").exists()
