"""The Allure report: prepared results, settings, and a page fit to be handed out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.plan.rounds import Round
from hypercare.reports import allure
from hypercare.reports.allure import RoundResults, UnknownShape, ready_to_hand_out, write_allure
from hypercare.reports.allure_config import config_text, report_name
from hypercare.reports.allure_results import prepare_results
from hypercare.reports.summary import Check, ItemResult
from tests.reports.allure_examples import MACHINE, write_results
from tests.reports.report_examples import PROJECT, WORST, critical, healthy, hostile, round_summary

INSTALLED = (PROJECT / "node_modules" / "allure" / "cli.js").is_file() and allure.find_node() is not None


def prepared(tmp_path: Path) -> list[dict[str, Any]]:
    summary = round_summary(Round.MORNING, WORST)
    raw = write_results(summary, tmp_path / "raw")
    (raw / "torn-result.json").write_text('{"uuid": "x", "na', encoding="utf-8")
    number = prepare_results(raw, tmp_path / "ready", summary)
    texts = [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "ready").glob("*-result.json"))]
    assert len(texts) == number
    return [json.loads(text) for text in texts]


def labels(content: dict[str, Any]) -> dict[str, str]:
    return {label["name"]: label["value"] for label in content["labels"]}


def test_no_machine_name_is_left(tmp_path: Path) -> None:
    assert MACHINE not in json.dumps(prepared(tmp_path))
    assert len(list((tmp_path / "ready").glob("*-attachment.txt"))) == len(prepared(tmp_path))


def test_each_result_knows_its_round_its_level_and_its_outcome(tmp_path: Path) -> None:
    found = {(labels(one)["section"], labels(one)["outcome"]): one for one in prepared(tmp_path)}
    web = found["System health", "failed"]
    assert labels(web)["escalation"] == "L3"
    assert labels(web)["severity"] == "blocker"
    assert labels(web)["urgency"] == "1. L3 critical"
    assert labels(web)["round"] == "morning"
    assert web["status"] == "failed"
    assert "Start the web server again" in web["description"]
    assert found["User activity", "blocked"]["status"] == "skipped"
    assert "escalation" not in labels(found["User activity", "passed"])


PATH = ["tests_x", "test_y.py"]


@pytest.mark.parametrize(
    ("written", "nodeid"),
    [
        ({"name": "test_a", "titlePath": PATH}, "tests_x/test_y.py::test_a"),
        ({"name": "test_a[web]", "titlePath": [*PATH, "TestZ"]}, "tests_x/test_y.py::TestZ::test_a[web]"),
        ({"name": "A b[har.sales]", "titlePath": PATH}, "tests_x/test_y.py::test_a_b[har.sales]"),
        ({"name": "A title", "fullName": "x.y#test_a", "titlePath": ["test_y.py"]}, "test_y.py::test_a"),
        ({"name": "x", "labels": [{"name": "check", "value": "a.py::b[c]"}]}, "a.py::b[c]"),
    ],
)
def test_a_result_is_found_by_what_the_plug_in_writes(tmp_path: Path, written: dict[str, Any], nodeid: str) -> None:
    check = Check(nodeid=nodeid, outcome=Outcome.FAILED, level=Level.L3, sentence="It is down.")
    item = ItemResult(
        id="health.web", outcome=Outcome.FAILED, level=Level.L3, checks=[check], runbook="docs/runbook/health.web.md"
    )
    summary = healthy().model_copy(update={"items": [item]})
    written = {**written, "links": [{"url": "docs/runbook/health.web.md", "name": "Runbook"}]}
    (tmp_path / "a-result.json").write_text(json.dumps(written), encoding="utf-8")
    prepare_results(tmp_path, tmp_path / "ready", summary)
    ready = json.loads((tmp_path / "ready" / "a-result.json").read_text(encoding="utf-8"))
    assert ready["statusDetails"]["message"] == "It is down."
    assert ready["links"][0]["url"] == "../runbook/health.web.html"


def test_a_check_that_the_summary_does_not_know_keeps_its_own_labels(tmp_path: Path) -> None:
    own = [{"name": "outcome", "value": "failed"}, {"name": "escalation", "value": "L2"}]
    (tmp_path / "a-result.json").write_text(json.dumps({"name": "x", "labels": own}), encoding="utf-8")
    prepare_results(tmp_path, tmp_path / "ready", healthy())
    ready = json.loads((tmp_path / "ready" / "a-result.json").read_text(encoding="utf-8"))
    assert labels(ready)["urgency"] == "2. L2 technical"


def test_the_name_carries_the_verdict() -> None:
    assert report_name(critical()) == "Critical: 2 × L3 open, 1 × L2 open, 1 × L1 open · Rosewood Bridal, day 8"
    assert report_name(healthy()) == "All is well · Rosewood Bridal, day 8"


def test_the_settings_are_data_even_with_hostile_strings(tmp_path: Path) -> None:
    text = config_text(hostile(), history=tmp_path / "history.jsonl", append_history=True)
    settings = json.loads(text.removeprefix("export default ").removesuffix(";\n"))
    assert [rule["name"] for rule in settings["categories"]["rules"]][:3] == [
        "L3 critical",
        "L2 technical",
        "L1 user support",
    ]
    assert settings["historyPath"] == str(tmp_path / "history.jsonl")


PAGE = """<html><head><meta charset="utf-8"><link rel="icon" href="favicon.ico"></head><body>
<script src="data:text/javascript;base64,AAAA"></script>
<script async src="https://outside.example/gtag/js?id=G"></script>
<script>window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);}</script>
<script async>window.allureReportDataReady = false;</script>
<script defer>Promise.allSettled([d("a","b")])</script></body></html>"""


def test_the_data_stand_before_the_program_and_nothing_calls_outside() -> None:
    page = ready_to_hand_out(PAGE)
    assert page.index("allureReportDataReady") < page.index("Promise.allSettled") < page.index("text/javascript")
    assert "https://" not in page and "dataLayer" not in page and "favicon.ico" not in page
    assert 'name="viewport"' in page and "Content-Security-Policy" in page


def test_a_page_of_another_shape_is_not_handed_out() -> None:
    with pytest.raises(UnknownShape):
        ready_to_hand_out("<html><head></head><body>new and shiny</body></html>")


def test_without_node_or_allure_there_is_a_plain_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = [RoundResults(healthy(), write_results(healthy(), tmp_path / "raw"))]
    if allure.find_node():
        assert "hypercare setup" in write_allure(healthy(), rounds, tmp_path / "out", project=tmp_path)
    monkeypatch.setattr(allure, "find_node", lambda: None)
    assert write_allure(healthy(), rounds, tmp_path / "out") == "Node is not installed"
    assert not (tmp_path / "out").exists()


@pytest.mark.server
@pytest.mark.skipif(not INSTALLED, reason="Allure is not installed")
def test_without_results_or_time_there_is_a_plain_reason(tmp_path: Path) -> None:
    elsewhere = [RoundResults(healthy(), tmp_path / "of a round on another machine")]
    assert "no Allure results" in write_allure(healthy(), elsewhere, tmp_path / "out")
    (tmp_path / "empty").mkdir()
    assert "no Allure results" in write_allure(healthy(), [RoundResults(healthy(), tmp_path / "empty")], tmp_path / "o")
    rounds = [RoundResults(healthy(), write_results(healthy(), tmp_path / "raw"))]
    assert "did not end within" in write_allure(healthy(), rounds, tmp_path / "out", timeout_s=0.05)
    assert not (tmp_path / "out").exists()


def test_node_is_found_on_the_path_or_in_playwright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    found = allure.find_node()
    assert found is None or found.parent.name == "driver"


def test_the_lock_file_names_no_host() -> None:
    lock = (PROJECT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert json.loads(lock)["packages"]["node_modules/allure"]["version"] == "3.18.0"
