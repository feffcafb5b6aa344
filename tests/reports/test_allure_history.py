"""Allure's history: the rounds of a day stand in it once, however often the day's report is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hypercare.plan.rounds import Round
from hypercare.reports import allure
from hypercare.reports.allure import RoundResults, write_allure
from hypercare.reports.allure_history import replace_history, without_results_of
from tests.reports.allure_examples import write_results
from tests.reports.report_examples import PROJECT, WORST, at, round_summary

INSTALLED = (PROJECT / "node_modules" / "allure" / "cli.js").is_file() and allure.find_node() is not None


def result(name: str, start: int) -> dict[str, Any]:
    return {"fullName": f"tests.test_it#{name}", "start": start, "stop": start + 5}


def point(*results: dict[str, Any]) -> str:
    return json.dumps({"uuid": "one", "testResults": {one["fullName"]: one for one in results}}) + "\n"


def left_of(tmp_path: Path, history: str, *in_report: dict[str, Any]) -> list[list[str]]:
    """The names that are left in each point."""
    results = tmp_path / "results"
    results.mkdir()
    for number, one in enumerate(in_report):
        (results / f"{number}-result.json").write_text(json.dumps(one), encoding="utf-8")
    (tmp_path / "history.jsonl").write_text(history, encoding="utf-8")
    without_results_of([results], tmp_path / "history.jsonl", tmp_path / "copy.jsonl")
    points = [json.loads(line) for line in (tmp_path / "copy.jsonl").read_text(encoding="utf-8").splitlines()]
    return [[name.rpartition("#")[2] for name in one["testResults"]] for one in points]


def test_what_an_earlier_report_of_the_day_added_is_left_out(tmp_path: Path) -> None:
    morning, midday, yesterday = result("a", 100), result("b", 200), result("a", 1)
    assert left_of(tmp_path, point(yesterday) + point(morning), morning, midday) == [["a"]]


def test_a_round_that_another_of_its_name_replaced_stays_in_it(tmp_path: Path) -> None:
    replaced, midday, again = result("a", 100), result("b", 200), result("a", 300)
    assert left_of(tmp_path, point(replaced, midday), midday, again) == [["a"]]


def test_a_torn_line_costs_that_line_alone(tmp_path: Path) -> None:
    assert left_of(tmp_path, '{"uuid": "tor\n[]\n{"uuid": "x"}\n' + point(result("a", 1)), result("a", 2)) == [["a"]]


def test_without_a_history_there_is_an_empty_one(tmp_path: Path) -> None:
    without_results_of([], tmp_path / "none.jsonl", tmp_path / "copy.jsonl")
    assert (tmp_path / "copy.jsonl").read_text(encoding="utf-8") == ""
    replace_history(tmp_path / "new" / "history.jsonl", tmp_path / "copy.jsonl", at(17))
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["history.jsonl"]


@pytest.mark.server
@pytest.mark.skipif(not INSTALLED, reason="Allure is not installed")
def test_three_reports_of_one_day_are_one_point(tmp_path: Path) -> None:
    summaries = [round_summary(one, WORST) for one in (Round.MORNING, Round.MIDDAY, Round.EVENING)]
    rounds = [RoundResults(one, write_results(one, tmp_path / one.round)) for one in summaries]
    history = tmp_path / "state" / "history.jsonl"
    for number, summary in enumerate(summaries, 1):
        assert write_allure(summary, rounds[:number], tmp_path / "out", history=history) == ""
        (line,) = history.read_text(encoding="utf-8").splitlines()
        assert len(json.loads(line)["testResults"]) == sum(
            len(list(one.folder.glob("*-result.json"))) for one in rounds[:number]
        )
    before = history.read_bytes()
    assert write_allure(summaries[-1], rounds, tmp_path / "out", history=history, append_history=False) == ""
    assert history.read_bytes() == before


def test_what_a_report_adds_is_of_the_hour_as_of_which_it_judged(tmp_path: Path) -> None:
    made, history = tmp_path / "made.jsonl", tmp_path / "history.jsonl"
    made.write_text('{"uuid": "a", "timestamp": 1}\n{"uuid": "b\u2028", "timestamp": 2}\n', encoding="utf-8")
    replace_history(history, made, at(17))
    points = [json.loads(line) for line in history.read_text(encoding="utf-8").splitlines()]
    assert [one["timestamp"] for one in points] == [1, 1768492800000]
